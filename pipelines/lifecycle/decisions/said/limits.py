"""What takes something back from an answer: an exception, a part, a day that is still to come."""

import re
from datetime import date
from functools import cache

from pipelines.lifecycle.decisions.written_dates import DATE_WORD, JUST_PAST, DatedText
from schemas.nomenclatures import rows
from schemas.table_words import words_where
from schemas.words import clean, label_key


def is_ahead(dated: DatedText, day: date, *, plain: bool = False) -> bool:
    """Tell whether a text names a day to come. `plain`: it says that something is done, « fait le 3/12 », where only a
    year or what leads to the day (« pour le 15/12 ») makes it one to come.
    """
    parts = dated.text.split(DATE_WORD)
    for before, one in zip(parts, dated.days, strict=False):
        if one.day <= day:
            continue
        if one.whole or (one.day - day < JUST_PAST and (not plain or _led_by("ahead", before))):
            return True
    return False


def is_limited(text: str) -> bool:
    """Tell whether a reason begins with « mais », « pas pour », or has « sauf » in it: the answer is not whole."""
    key = f" {label_key(text)} "
    return any(f" {one} " in key for one in _words("but", "anywhere")) or any(
        key.startswith(f" {one} ") for one in _words("but", "")
    )


def is_share(text: str) -> bool:
    """Tell whether « 1/2 » stands alone behind an answer: a half, no day."""
    shares = "|".join(map(re.escape, _days("share")))
    found = re.search(rf"(?<![\d/])(?:{shares})(?![\d/])", clean(text))
    return found is not None and not _led_by("dated", clean(text)[: found.start()])


def _led_by(kind: str, before: str) -> bool:
    words = f" {label_key(before)}"
    return any(words.endswith(f" {one}") for one in _days(kind))


@cache
def _words(reads: str, question: str) -> tuple[str, ...]:
    found = (row for row in rows("answer_words") if row["reads"] == reads and row["question"] == question)
    return tuple(words for row in found for words in row["words"].split("|"))


@cache
def _days(kind: str) -> tuple[str, ...]:
    return words_where("answer_dates", kind=kind)
