"""Rows that are about nobody: vacancies, totals, titles between the rows (contract §3: never persons)."""

import re
from collections import defaultdict
from functools import cache

from pipelines.dates import months
from pipelines.normalize import strip_title
from pipelines.sources.cells.bare_number import read_number
from pipelines.sources.cells.known_people import Record, values_of
from schemas.nomenclatures import code_of
from schemas.people.role_words import ROLE_TITLE, TitlesAbove, says_only_a_role
from schemas.people.workbook_line import NAME_FIELDS
from schemas.reading.mark import begins_vacant, is_example, is_hint, is_total, is_vacancy
from schemas.table_words import words_where
from schemas.words import clean, label_key

TITLE, TOTAL, VACANCY = "TITLE", "TOTAL_ROW", "VACANCY"
ALONE_TEXT = "_alone_text"
UNSPOKEN = "UNSPOKEN"  # the place is named, and nothing is said of its people
_FEWEST_WORDS = 3  # of a sentence that need not be made of known words alone
_TOTALLED = ("structure_code", "structure_name", "region", "function", "rank", "last_name", "first_name", "civility")
_FEWEST_HINTS = 2
_TO_THIS_DAY = re.compile(
    r"\b[aà] (?:ce jour|l.heure actuelle)|\bpour (?:le moment|l.instant)|\bactuellement", re.IGNORECASE
)
_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")


def mark_titles(records: list[Record]) -> None:
    """Mark the rows that are one cell alone; the rows below have it as their title, an establishment's name aside.

    A title of a role, « Assistants », is no establishment, wherever it stands.
    """
    titles: dict[str, TitlesAbove] = defaultdict(TitlesAbove)
    for record in records:
        above = titles[record["_sheet"]]
        written = [name for name, text in record.items() if text and not name.startswith("_")]
        if len(written) == 1 and "|" not in record["_place"] and written[0] != "efs_convention":
            record["_alone"], text = written[0], record[written[0]]
            record[ALONE_TEXT] = text
            of_a_place = written[0] in ("structure_code", "structure_name")
            if not of_a_place:
                above.take(text)
            elif says_only_a_role(text):
                above.take(text)
                record[written[0]] = ""  # no establishment that the rows below would continue
            else:
                above.take_place()
            continue
        if above.title:
            record["_title"] = above.title
        record[ROLE_TITLE] = above.role or record.get(ROLE_TITLE, "")
        above.pass_row()


def names_nobody(record: Record) -> str:
    """Return TITLE, TOTAL_ROW, VACANCY or UNSPOKEN; "" for a row that is about somebody, or may be."""
    if "_alone" in record:
        return TOTAL if is_total(record[record["_alone"]]) else TITLE
    if any(map(_is_called_an_example, (record[name] for name in NAME_FIELDS))) or _is_of_the_author(record):
        return TITLE
    if read_number(values_of(record, "cpx_number")).numbers:
        return ""
    if any(is_example(record[name]) for name in _TOTALLED if name not in NAME_FIELDS) or _tells_how(record):
        return TITLE
    if any(is_total(record[name]) for name in _TOTALLED):
        return TOTAL
    if is_example(record["last_name"]) and is_hint(record["first_name"]):
        return TITLE
    names = [record[name] for name in NAME_FIELDS if record[name]]
    if names and all(map(says_nothing_of_people, names)) and not any(map(_is_plainly_vacant, names)):
        return UNSPOKEN
    if names:
        whole = " ".join(names)  # « À | DÉSIGNER »
        return VACANCY if all(map(_is_vacant, names)) or _is_vacant(whole) or names_a_role(whole) else ""
    return VACANCY if is_vacancy(record["function"]) or is_vacancy(record["status"]) else ""


def _is_called_an_example(text: str) -> bool:
    """« DUPOND (exemple) »."""
    behind = _BEHIND.search(text)
    return behind is not None and is_example(behind[1])


def _is_of_the_author(record: Record) -> bool:
    """« Rédacteur | CARPENTIER | Louis » below the table: who wrote the list."""
    return any(label_key(record[name]) in _words("author") for name in _OF_THE_PLACE if record[name])


_BEHIND = re.compile(r"\(([^()]*)\)\s*$")
_OF_THE_PLACE = ("structure_code", "structure_name")


def _tells_how(record: Record) -> bool:
    """Below the header, what is to be written in each column: two such cells and more, and no name."""
    if not all(is_hint(record[name]) for name in NAME_FIELDS if record[name]):
        return False
    return sum(is_hint(text) for name, text in record.items() if not name.startswith("_")) >= _FEWEST_HINTS


def names_a_role(text: str) -> bool:
    """Tell whether it is « le CHV », « assuré par le titulaire », « pas d'assistant »: words for a role, and nobody."""
    words = set(label_key(text).split()) - {"st"}
    roles, aside = words & _words("role"), words & _words("aside")
    return bool(roles) and len(words) > 1 and words == roles | aside


def says_nothing_of_people(text: str) -> bool:
    """Tell whether it is « sans changement », « pas de réponse », « cf. 2025 », « ? » where a name is expected: it is
    no person, and no vacancy.
    """
    words = [word for word in label_key(text).split() if not word.isdigit() and word not in months()]
    if not words:
        return (bool(clean(text)) and "?" in text) or any(map(str.isdigit, text))
    core = _words("unspoken")
    if not core.isdisjoint(words) and all(word in core or word in _words("unspoken_aside") for word in words):
        return True
    return len(words) >= _FEWEST_WORDS and words[0] in _words("unspoken_first") and not core.isdisjoint(words)


def _is_plainly_vacant(text: str) -> bool:
    """« Personne à ce jour », « non pourvu à ce jour »: the day makes it no less vacant."""
    bare = _TO_THIS_DAY.sub(" ", text)
    return bare != text and is_vacancy(bare)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(words_where("nobody_words", kind=kind))


def _is_vacant(text: str) -> bool:
    bare = _ASIDE.sub("", strip_title(text)[1])
    return (is_vacancy(bare) and not code_of("functions", bare)) or begins_vacant(text) or _is_plainly_vacant(text)
