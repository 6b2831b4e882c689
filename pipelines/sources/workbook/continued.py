"""Cells that mean the one above: ditto marks in any column, a blank or a title for the establishment (contract §3)."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from pipelines.sources.cells.known_people import NOBODY, People, Record, Votes
from pipelines.sources.cells.sites import place_in
from schemas.nomenclatures import code_of, structure_levels
from schemas.reading.mark import is_ditto, is_vacancy, may_be_a_name
from schemas.words import label_key

PLACE = ("structure_code", "structure_name")
_PERSON = ("last_name", "first_name", "cpx_number")
_BESIDE = {"last_name": "first_name", "first_name": "last_name"}
_NEVER = frozenset({"cpx_number", "email", "phone"})  # somebody else's number is nobody's evidence

_OWN = frozenset({"profession", "civility", "card_type", "card_expires_on", "card_issued_on"})

Resolve = Callable[[Record], str]


def repeated(records: list[Record], people: People = NOBODY) -> Iterator[tuple[Record, str]]:
    """Put what ditto marks stand for in their place, from the row above in the same sheet; each (row, field) told.

    « Idem » beside somebody known, where each has a value of their own, means that theirs is unchanged.
    """
    places: dict[str, Record] = {}
    for record in records:
        fields = _may_repeat(tuple(record))
        marks = [name for name in fields if record[name] and is_ditto(record[name])]
        for name in _OWN.intersection(marks):
            if label_key(record[name]) and people.who(record):
                record[name] = ""
        continued = [name for name in marks if record[name] and _continues(record, name)]
        above = places.setdefault(record["_place"], {})
        for name in continued:
            if above.get(name):
                record[name] = above[name]
                yield record, name
        above.update({name: record[name] for name in fields})


@lru_cache(maxsize=256)  # the rows of a sheet have the same columns
def _may_repeat(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in columns if not name.startswith("_") and name.partition("~")[0] not in _NEVER)


def _continues(record: Record, name: str) -> bool:
    """A ditto mark stands where one may; « DO » beside a name of its own is a name."""
    field, _, column = name.partition("~")
    if field in _BESIDE and label_key(record[name]).split()[:1] in (["cf"], ["voir"]):
        return False  # « cf ci-dessus » for a name: whose, is to be asked
    if field not in _BESIDE or not may_be_a_name(record[name]):
        return True
    other = record.get("~".join(filter(None, (_BESIDE[field], column))), "")
    return not other or is_ditto(other) or is_vacancy(other)


def filled_down(records: list[Record], people: People, resolve: Resolve) -> Iterator[tuple[Record, str]]:
    """Give blank establishments the one above or of the title above; each (row, field) told.

    Not where the type says that no number is needed, nor in a file whose people the annuaire has elsewhere.
    `resolve`: a row → the code of its structure, "" when unknown.
    """
    plans = list(_plans(records, resolve))
    votes = Votes()
    for record, given in plans:
        known = people.who(record)
        code = resolve({**record, **given})
        if known and known.places and code:
            votes.add(["fits"] if code in known.places else ["contradicts"])
    if votes.given.get("contradicts", 0) > votes.given.get("fits", 0):
        return
    for record, given in plans:
        record.update(given)
        yield record, "structure_code" if record["structure_code"] else "structure_name"


def _plans(records: list[Record], resolve: Resolve) -> Iterator[tuple[Record, Record]]:
    """(a row without an establishment, the cells it means)."""
    last: dict[str, Record] = {}
    titles: dict[str, str] = {}
    for record in records:
        sheet, title = record["_sheet"], record.get("_title", "")
        if any(record[name] for name in PLACE):
            last[sheet], titles[sheet] = record, title
            continue
        if not _blank_place(record) or not any(record[name] for name in _PERSON):
            continue
        above = last.get(sheet)
        if title and title != titles.get(sheet):
            code, name = place_in(title)
            given = {"structure_code": code, "structure_name": name}
            if resolve({**record, **given}):
                yield record, given
            continue
        if above and _same_type(record, above) and _same_entity(record, above):
            yield record, {name: above[name] for name in (*PLACE, "structure_type", "region") if above[name]}


def _blank_place(record: Record) -> bool:
    typed = code_of("structure_types", record["structure_type"])
    return not typed or structure_levels()[typed][1] == "finess"


def _same_entity(record: Record, above: Record) -> bool:
    return record.get("legal_entity", "") in ("", above.get("legal_entity", ""))


def _same_type(record: Record, above: Record) -> bool:
    return not record["structure_type"] or record["structure_type"] == above["structure_type"]
