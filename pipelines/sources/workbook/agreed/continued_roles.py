"""A function written once for several rows: in the title above them, or in the first of them (contract §3)."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from pipelines.sources.cells.known_people import Record, thresholds
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.cells.role import role_of
from schemas.nomenclatures import rows
from schemas.people.role_words import ROLE_TITLE, role_said
from schemas.people.workbook_line import NAME_FIELDS

ROLE = ("function", "rank")
TITLED, HERE, ELSEWHERE = "titled", "here", "elsewhere"


class _Plan(NamedTuple):
    """A row without a function, what it would continue, and whether the annuaire has its person so; None: not there.

    `way`: what says the function: a title, the row above at the same structure, or one at another.
    """

    record: Record
    given: Record
    way: str
    fits: bool | None


def continued_roles(
    records: list[Record], around: Surroundings, resolve: Callable[[Record], str]
) -> Iterator[tuple[Record, str]]:
    """Give blank functions that of the title above, else of the row above at the same structure, else, of a list sorted
    by function, at another; each (row, field) told. Whom the annuaire has there in another function stays without one,
    and is asked about.

    Whom it does not have there continues a title where it contradicts none, a row above where it bears out two as well.
    """
    plans = list(_plans(records, around, resolve))
    for way in (TITLED, HERE, ELSEWHERE):
        theirs = [one for one in plans if one.way == way]
        fit = sum(one.fits is True for one in theirs)
        against = any(one.fits is False for one in theirs)
        if way == ELSEWHERE and against:
            continue
        of_all = not against and (way == TITLED or fit >= thresholds()["least"])
        for one in theirs:
            if one.fits or (one.fits is None and of_all):
                one.record.update(one.given)
                yield one.record, "function"


def _plans(records: list[Record], around: Surroundings, resolve: Callable[[Record], str]) -> Iterator[_Plan]:
    last: dict[str, tuple[Record, str]] = {}  # place → the last row with a function, its structure
    for record in records:
        if "_alone" in record or "|" in record["_place"]:
            continue
        if record["function"]:
            last[record["_place"]] = record, ""
            continue
        if not any(record[name] for name in (*NAME_FIELDS, "cpx_number")):
            continue
        code = resolve(record)
        structure = around.structures.get(code)
        if structure is None or role_of("", record["rank"], structure.type)[0]:
            continue
        given, way = _given(record, last.get(record["_place"]), code, resolve)
        role = role_of(given.get("function", ""), given.get("rank", ""), structure.type)
        if not role[0] or (role[0], structure.type) not in _places():
            continue
        person = around.people.who(record)
        held = [(function, rank) for place, function, rank in person.held if place == code] if person else []
        same = any(function == role[0] and role[1] in ("", rank) for function, rank in held)
        yield _Plan(record, given, way, same if held else None)


def _given(
    record: Record, above: tuple[Record, str] | None, code: str, resolve: Callable[[Record], str]
) -> tuple[Record, str]:
    """(the cells that the row means, what says them)."""
    function, rank = role_said(record.get(ROLE_TITLE, ""))
    if function or rank:
        return {"function": function or rank, "rank": record["rank"] or (rank if function else "")}, TITLED
    if above:
        way = HERE if (above[1] or resolve(above[0])) == code else ELSEWHERE
        return {"function": above[0]["function"], "rank": record["rank"] or above[0]["rank"]}, way
    return {}, HERE


@cache
def _places() -> frozenset[tuple[str, str]]:
    return frozenset((row["function"], row["structure_type"]) for row in rows("roles"))
