"""« KÖNIG Jürgen, secrétaire », « MARTIN Thomas (titulaire) », « ROUX* »: what stands behind a name is none of it."""

import re
from datetime import date

from pipelines.names import bag, last_names, tells_of_birth
from pipelines.sources.cells.bare_number import numbers_in
from pipelines.sources.cells.known_people import Known, People, Record
from pipelines.sources.cells.presence import LEFT, UNKNOWN, departs, presence_of
from pipelines.sources.cells.second_person import part_names
from schemas.nomenclatures import code_of
from schemas.people.workbook_line import NAME_FIELDS
from schemas.words import clean

_BEHIND = re.compile(r"^(?P<name>[^,(;]+?)\s*(?:[,;]|\s[-–]\s|\()\s*(?P<tail>[^,;()]+?)\s*\)?\s*$")
_TITLE_BEHIND = re.compile(r"^(?P<name>.*\S)\s*\((?P<title>m|mr|mme|mlle|dr|pr|monsieur|madame)\.?\)$", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s*(?:\*+|\(\d{1,2}\)|\[\d{1,2}\]|[¹²³⁴⁵⁶⁷⁸⁹§‡]+)\s*$")
_BETWEEN = re.compile(r"\s[/|\-–]\s|[;|\n]|/(?=\s*\S+@)|(?<=\d)\s+(?=\S+@)")
_CAPITAL = re.compile(r"\b[A-ZÀ-ÖØ-Þ]")
_PHONE = re.compile(r"(?:\d[ .\-]?){9,}")
_NUMBERED = re.compile(
    r"[(\[]?\s*(?:\b(?:rpps|adeli|cps|cpx|cpe|n°|no|num[ée]ro)\b\s*|n°\s*|[:=]\s*)*\d[\d .\-/]*\d\s*[)\]]?", re.I
)
_TABLES = {"profession": "professions", "function": "functions", "rank": "ranks"}


def take_appended(record: Record) -> None:
    """Put a profession, function or rank that stands behind the name where it belongs, and leave out footnote marks."""
    for name in NAME_FIELDS:
        cell = _FOOTNOTE.sub("", clean(record[name])) if record[name] else ""
        titled = _TITLE_BEHIND.match(cell)
        if titled:
            cell = record[name] = titled["name"]
            record["civility"] = record["civility"] or titled["title"]
            part_names(record)
        found = _BEHIND.match(cell)
        field = _field_of(found["tail"]) if found else ""
        if found and field:
            cell = found["name"]
            record[field] = record[field] or found["tail"]
        if cell:
            record[name] = cell


def take_number(record: Record) -> None:
    """Put the one national number that stands beside the name in its cell where it belongs, when nothing stands there:
    « NOUVELLE (99 700 003 017) », « MARTIN Anne RPPS 99… ».
    """
    for name in NAME_FIELDS:
        found = numbers_in(record[name]) if any(map(str.isdigit, record[name])) else ()
        if len(found) == 1 and not clean(record["cpx_number"]):
            named = clean(_NUMBERED.sub(" ", record[name])).strip(" -–:,;/")
            if named and not any(map(str.isdigit, named)):
                record["cpx_number"], record[name] = f"({found[0]})", named
                part_names(record)


def take_contacts(record: Record) -> None:
    """Put a telephone or an address that stands beside the name where it belongs, if nothing stands there."""
    for name in NAME_FIELDS:
        cell = record[name]
        if "@" not in cell and sum(map(str.isdigit, cell)) < _PHONE_DIGITS:
            continue
        for field, pattern in (("email", _ADDRESS), ("phone", _TOLD_PHONE)):
            if found := pattern.search(cell):
                record[field] = record[field] or found[0].strip()
                cell = pattern.sub(" ", cell)
        if left := clean(cell).strip(" -–:,;/()|"):
            record[name] = left
            part_names(record)


_PHONE_DIGITS = 10
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_TOLD_PHONE = re.compile(
    r"(?:\b(?:t[ée]l(?:[ée]phone)?|port(?:able)?|mob(?:ile)?|gsm)\b\W*)?(?<!\d)0[1-9](?:[ .\-]?\d{2}){4}(?!\d)", re.I
)


def take_remarks(record: Record, people: People, day: date) -> None:
    """Put « (nouveau) », « - en congé mat. » behind a name among the remarks; a departure stays where it is asked of.

    Words that may be a name stay too, but for those in brackets behind the very name that the annuaire has.
    """
    for name in NAME_FIELDS:
        found = _BEHIND.match(record[name])
        if not found or tells_of_birth(record[name]) or departs(record[name]):
            continue
        said = presence_of(found["tail"], day)
        known = people.who(record) if record[name].rstrip().endswith(")") else None
        own = known is not None and _is_named(found["name"], known)
        if said == LEFT or (said == UNKNOWN and not own) or (not own and _CAPITAL.search(found["tail"])):
            continue
        record["comment"] = " ; ".join(filter(None, (record["comment"], found["tail"])))
        record[name] = found["name"]
        part_names(record)


def _is_named(text: str, known: Known) -> bool:
    """Last or first name of somebody known, or both in one cell."""
    same = ("same", "particle")
    if last_names(text, known.last_name) in same or last_names(text, known.first_name) in same:
        return True
    return bag((text, "")) == bag((known.last_name, known.first_name))


def part_contacts(record: Record) -> None:
    """Put the telephones that stand among addresses, in a column of contacts, where no other column has one."""
    cell = record["email"]
    if record["phone"] or not any(sign.isdigit() for sign in cell):
        return
    parts = [part.strip() for part in _BETWEEN.split(cell) if part.strip()]
    phones = [part for part in parts if "@" not in part and _PHONE.search(part)]
    if phones:
        record["phone"] = " ; ".join(phones)
        record["email"] = " ; ".join(part for part in parts if part not in phones)


def _field_of(tail: str) -> str:
    return next((field for field, table in _TABLES.items() if len(tail) > 2 and code_of(table, tail)), "")
