"""A cell of a name that is no name: « rien à signaler », « NSP », « J.K. »: no person, and no absence (contract §6a).

What the annuaire knows of, or what is written as people's names are in the rest of the sheet, is somebody; all else is
asked, and the place keeps whom the annuaire has. « En cours de désignation », « xxx » are asked about too where the
annuaire has somebody in that very function whom no row names: the post may be vacant, or not filled in. By a name that
was not loaded, « #N/A », « #REF! », « Chargement… » of a sheet that is linked elsewhere, nobody is invented, and nobody
ended.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from pipelines.names import bag, full_key, last_names, words_of
from pipelines.normalize import strip_title
from pipelines.sources.cells.known_people import Known, People, Record
from pipelines.sources.cells.presence import has_departure
from pipelines.sources.cells.role import role_of
from pipelines.sources.workbook.nobody import UNSPOKEN, names_nobody
from schemas.nomenclatures import rows
from schemas.people.workbook_line import NAME_FIELDS
from schemas.reading.mark import is_not_loaded
from schemas.table_words import words_where
from schemas.words import clean, label_key

UNNAMED = "_unnamed"
_NO_NAME = re.compile(r"[0-9?!=:…]|\.\.")
_VALUE = re.compile(r"[\d@]")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 3  # letters of a word that is more than initials
_PLACE = ("structure_code", "structure_name")
_HALF = 0.5  # of the rows of a sheet: how its names are written
# cells that make a row somebody's, whatever stands in place of the name
_OF_SOMEBODY = ("cpx_number", "email", "ended_on", "gone")


def mark_not_loaded(records: Iterable[Record]) -> bool:
    """Mark the rows whose names were not loaded; return whether of one of them even the place is unknown."""
    lost = False
    for record in records:
        names = [record[name] for name in NAME_FIELDS if record[name]]
        if "_alone" in record or not names or not any(map(is_not_loaded, names)):
            continue
        record[UNNAMED] = " ".join(names)
        for name in _PLACE:
            record[name] = "" if is_not_loaded(record[name]) else record[name]
        lost = lost or not any(record[name] for name in _PLACE)
    return lost


def mark_unnamed(records: Iterable[Record], people: People) -> None:
    """Mark the rows, of all sheets, whose cells of a name name nobody as far as anybody can tell."""
    of_sheet: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if "_alone" not in record and any(record[name] for name in NAME_FIELDS):
            of_sheet[record["_sheet"]].append(record)
    bare = {sheet: list(filter(_is_bare, theirs)) for sheet, theirs in of_sheet.items()}
    if not any(bare.values()):
        return
    there = _there(people)
    named = {bag((record["last_name"], record["first_name"])) for theirs in of_sheet.values() for record in theirs}
    for sheet, theirs in bare.items():
        style = _Style(of_sheet[sheet])
        for record in theirs:
            here = there[record["structure_code"]]
            said = " ".join(filter(None, map(record.get, NAME_FIELDS)))
            if label_key(said) in _kind("vague"):
                asked = any(_is_missing(one, record, named) for one in here)
            elif nobody := names_nobody(record):
                asked = nobody == UNSPOKEN and _excepts(said)
            else:
                known = _is_known(record, people, here) and not _is_a_sentence(record)
                asked = not style.is_name(record) and not known
            if asked:
                record[UNNAMED] = said


def _excepts(said: str) -> bool:
    """« Sans changement sauf l'assistant », « idem, M. X parti »."""
    return has_departure(said) or not _kind("except").isdisjoint(label_key(said).split())


def _there(people: People) -> dict[str, list[Known]]:
    """Structure → who has a function there."""
    found: dict[str, list[Known]] = defaultdict(list)
    for one in people.by_words.values():
        for place in one.places:
            found[place].append(one)
    return found


def _is_bare(record: Record) -> bool:
    """No number, address or day: whatever else stands there, « Chargement… », makes it nobody's row; or a name of none
    but ordinary words, and no number: « Secrétariat hémovigilance » has an address, and is nobody.
    """
    words = [word for name in NAME_FIELDS for word in label_key(record[name]).split() if not _is_particle(word)]
    if len(words) > 1 and not record["cpx_number"] and _ordinary().issuperset(words):
        return True
    return not any(_VALUE.search(record.get(name, "")) for name in _OF_SOMEBODY)


def _is_missing(one: Known, record: Record, named: set[str]) -> bool:
    """They have the function of the row there, and no row of the file names them."""
    function, rank = role_of(record["function"], record["rank"], record["structure_type"])
    posts = [held for held in one.held if held[0] == record["structure_code"] and function in ("", held[1])]
    return any(rank in ("", held[2]) for held in posts) and bag((one.last_name, one.first_name)) not in named


class _Style:
    """How the names of a sheet are written: in two words or cells, and with capitals."""

    def __init__(self, records: list[Record]) -> None:
        texts = [" ".join(record[name] for name in NAME_FIELDS) for record in records]
        self._in_two = _share(len(_WORD.findall(text)) > 1 for text in texts)
        self._with_capitals = _share(_has_capital(text) for text in texts)

    def is_name(self, record: Record) -> bool:
        """Tell whether the cells read as a name of somebody."""
        titled, last = strip_title(record["last_name"])
        first = clean(record["first_name"])
        text = clean(f"{last} {first}")
        words = _WORD.findall(text)
        ordinary = [word for word in label_key(text).split() if word in _ordinary()]
        if _NO_NAME.search(text) or len(ordinary) > (1 if first else 0):
            return False
        long = [word for word in words if len(word) >= _LEAST]
        if not long or (self._with_capitals and not all(word[0].isupper() for word in long if not _is_particle(word))):
            return False
        return bool(titled or first or record["civility"]) or len(words) > 1 or not self._in_two


def _is_a_sentence(record: Record) -> bool:
    """« À voir avec le Dr Vasseur »: in the one cell, two ordinary words and more, the first of all."""
    words = label_key(record["last_name"]).split()
    ordinary = sum(word in _ordinary() for word in words)
    return not record["first_name"] and ordinary >= _FEWEST_ORDINARY and words[0] in _ordinary()


_FEWEST_ORDINARY = 2


def _share(answers: Iterable[bool]) -> bool:
    said = list(answers)
    return sum(said) > _HALF * len(said)


def _has_capital(text: str) -> bool:
    return any(word[0].isupper() for word in _WORD.findall(text))


def _is_particle(word: str) -> bool:
    return label_key(word) in _particles()


def _is_known(record: Record, people: People, there: list[Known]) -> bool:
    """The annuaire has the name, or a near one at this place."""
    last, first = (record[name] for name in NAME_FIELDS)
    text = f"{last} {first}".strip()
    if full_key(last, first) in people.names:
        return True
    return any(
        last_names(said, one.last_name) not in ("other", "missing")
        or last_names(said, one.first_name) not in ("other", "missing")
        or last_names(said, f"{one.last_name} {one.first_name}") not in ("other", "missing")
        for one in there
        for said in dict.fromkeys((last, text, *(word for word in words_of(text) if len(word) >= _LEAST)))
    )


@cache
def _particles() -> frozenset[str]:
    """Words that stand in a name: « LE GOFF », « DE LA ROCHE »."""
    particles = {
        word for row in rows("name_words") if row["kind"] == "particle" for word in label_key(row["words"]).split()
    }
    return frozenset(particles | _kind("article"))


@cache
def _kind(kind: str) -> frozenset[str]:
    return frozenset(words_where("nobody_words", kind=kind))


@cache
def _ordinary() -> frozenset[str]:
    """Words that a sentence is made of, and no name: those that stand in a name, or between two, aside."""
    found = {
        word
        for row in rows("nobody_words")
        if row["kind"] not in ("vague", "article")
        for word in row["words"].split("|")
    }
    between = {row["words"] for row in rows("name_words") if row["kind"] == "between"}
    return frozenset(found - _particles() - between)
