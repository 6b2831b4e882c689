"""Who did it, told behind an answer: « fait par Paul », « Fait le 3/12 – AM ». It says nothing of what was done."""

import re
from functools import cache

from schemas.nomenclatures import rows
from schemas.words import label_key

_BY = re.compile(
    r"(?:\(\s*|\s)(?i:par)\s+(?:(?i:mme|mlle|mr|m|dr|pr|le dr|ma|mon|la|le)\.?\s+)?"
    r"(?P<who>[^\W\d_][\w'’-]*(?:\s+[A-ZÀ-Ý][\w'’-]*)?)\s*\)?"
)
_INITIALS = re.compile(r"(?:\s*[-–—/(]\s*|\s+)(?P<who>[A-Z]{2})\)?(?=\s*$|\s+\d)")
_SAYING = ("accepted", "refused", "postponed", "ask")


def unsigned(text: str) -> str:
    """Return the answer without its « par … » and without initials; as it is where what follows may be no person."""
    by = _BY.search(text)
    if by and not _no_person("not_by").intersection(label_key(by["who"]).split()):
        text = f"{text[: by.start()]} {text[by.end() :]}"
    signed = _INITIALS.search(text)
    if signed and text != text.upper() and signed["who"].lower() not in _no_person("not_signed"):
        text = f"{text[: signed.start()]} {text[signed.end() :]}"
    return text.strip()


def by_somebody(text: str) -> bool:
    """Tell whether a text says by whom: behind a bare yes, that is who agrees and not who did it."""
    return bool(_BY.search(text))


@cache
def _no_person(reads: str) -> frozenset[str]:
    found = (words for row in rows("answer_words") if row["reads"] in (reads, *_SAYING) for words in [row["words"]])
    return frozenset(word for words in found for word in words.split("|"))
