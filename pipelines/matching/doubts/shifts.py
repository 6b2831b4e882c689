"""What must have happened to a column of a workbook: moved by a row, exchanged, filled down, dragged (+1, +2, +3).

Each cell beside what the annuaire has of the same person; no register is asked, for of these columns none tells.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rapidfuzz.distance import OSA

LEAST_RUN = 3  # rows of one value, or of a series, the one that it was drawn from included
LEAST_CHANGED = 2  # of them that would change somebody
SCATTERED = "scattered"
_FEWEST_SCATTERED = 5  # rows
_MOST_ROWS = 0.6  # of those of which both values are known
_SAME_VALUES = 0.75  # of the values stand in the column, in whatever rows
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d{1,15})$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of one column: what the annuaire has (`old`, "" nothing known), what stands there (`new`), and whether
    something would be entered because of it.
    """

    old: str
    new: str
    changed: bool


@dataclass(frozen=True, slots=True)
class MovedCells:
    """Rows, by their place, with what must have happened: shifted, swapped, filled and so on."""

    pattern: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is told of a column: `common`: many people have one value, so two rows prove nothing; `series`: it may be
    dragged; `filled`: so many rows that would change to one value say that it was filled down (0: none), `of_one`
    though they all had one and the same before; `borders`: it stands in blocks, of which a shift changes the borders;
    `drawn`: beside one row that stays, also those that all had one value before were filled; `sorted`: it may be told
    of as a whole that it was sorted alone.
    """

    common: bool = False
    series: bool = False
    filled: int = LEAST_CHANGED
    of_one: bool = False
    borders: bool = False
    drawn: bool = False
    sorted: bool = True


def blocks(cells: Sequence[Cell], kind: Kind) -> list[MovedCells]:
    """Return the blocks of rows that visibly moved, in their order; a row is in one of them at most."""
    apart = sum(one.old != one.new and bool(one.old and one.new) for one in cells)
    if apart < LEAST_CHANGED:  # no pattern is of fewer
        return []
    if offset := _offset(cells):
        return [MovedCells("offset", offset)]
    if kind.sorted and (scattered := _scattered(cells)):
        return [MovedCells(SCATTERED, scattered)]
    if retyped := _retyped(cells):
        return [MovedCells("retyped", retyped)]
    if sum(one.changed for one in cells) < LEAST_CHANGED:
        return []
    found: list[MovedCells] = []
    taken: set[int] = set()
    for block in _every(cells, kind):
        if taken.isdisjoint(block.rows):
            taken |= set(block.rows)
            found.append(block)
    return sorted(found, key=lambda one: one.rows)


def _offset(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Nearly every day is the same number of days off what is known: another calendar, or the hour of another country.
    Whole lives of a card are none: cards that were ordered together are renewed together.
    """
    days = {at: (_day(one.old), _day(one.new)) for at, one in enumerate(cells)}
    apart = {at: (new - old).days for at, (old, new) in days.items() if old and new}
    if len(apart) < _FEWEST_SCATTERED:
        return ()
    by, count = Counter(apart.values()).most_common(1)[0]
    whole = any(abs(by - years * _YEAR) <= _NEAR_A_LIFE for years in range(-_LIFE, _LIFE + 1, _LIFE))
    if not by or (whole and abs(by) > _NEAR_A_LIFE) or count < _NEARLY * len(apart):
        return ()
    return tuple(at for at, one in apart.items() if one == by)


_YEAR, _LIFE, _NEAR_A_LIFE = 365.25, 3, 2
_NEARLY = 0.8


def _retyped(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Several addresses of which the same sign of the domain is another one: « Remplacer tout » was there."""
    found: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(cells):
        (name, _, old), (other, _, new) = one.old.rpartition("@"), one.new.rpartition("@")
        if one.changed and name and name == other and OSA.distance(old, new, score_cutoff=1) == 1:
            found.setdefault((old, new), []).append(at)
    return next((tuple(rows) for rows in found.values() if len(rows) >= LEAST_RUN), ())


def _scattered(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Most rows have the value of another row, and all of them together those that they should: a column that was
    sorted alone, or pushed by several rows.
    """
    known = [at for at, one in enumerate(cells) if one.old and one.new]
    wrong = [at for at in known if cells[at].old != cells[at].new]
    if len(wrong) < _FEWEST_SCATTERED or len(wrong) < _MOST_ROWS * len(known):
        return ()
    told, held = Counter(cells[at].new for at in known), Counter(cells[at].old for at in known)
    same = sum((told & held).values()) >= _SAME_VALUES * len(known)
    return tuple(wrong) if same and len(held) > 1 and not _one_step(cells, wrong) else ()


def _one_step(cells: Sequence[Cell], wrong: Sequence[int]) -> bool:
    """Nearly every one has the value of the row above, or every one that of the row below: it is told so."""
    return any(
        sum(0 <= at - step < len(cells) and cells[at].new == cells[at - step].old for at in wrong) >= len(wrong) - 1
        for step in (1, -1)
    )


def _every(cells: Sequence[Cell], kind: Kind) -> Iterator[MovedCells]:
    for step in (1, -1):
        yield from _shifted(cells, step, LEAST_CHANGED + (kind.common and not kind.borders))
    if not kind.common:
        yield from _swapped(cells)
    if kind.series:
        yield from _dragged(cells)
    if kind.filled:
        yield from _filled(cells, kind)


def _shifted(cells: Sequence[Cell], step: int, least: int) -> Iterator[MovedCells]:
    """Rows that have the value which the annuaire has for the row above (`step` 1) or below."""

    def moved(at: int) -> bool:
        return 0 <= at - step < len(cells) and bool(cells[at].new) and cells[at].new == cells[at - step].old

    def may_have(at: int) -> bool:
        """Of a newcomer, or an empty cell, nothing can be told."""
        return moved(at) or (0 <= at - step < len(cells) and not (cells[at].new and cells[at - step].old))

    for rows in _runs(range(len(cells)), may_have):
        proven = [at for at in rows if moved(at) and cells[at].changed]
        block = _with_borders(cells, proven[0], proven[-1]) if len(proven) >= LEAST_CHANGED else ()
        if sum(cells[at].changed for at in block) >= least:
            yield MovedCells("shifted", block)


def _with_borders(cells: Sequence[Cell], first: int, last: int) -> tuple[int, ...]:
    """And the row before or after, into which another value was pushed."""
    first -= first > 0 and cells[first - 1].changed
    last += last + 1 < len(cells) and cells[last + 1].changed
    return tuple(range(first, last + 1))


def _swapped(cells: Sequence[Cell]) -> Iterator[MovedCells]:
    for at in range(len(cells) - 1):
        one, other = cells[at], cells[at + 1]
        if one.changed and other.changed and (one.new, other.new) == (other.old, one.old):
            yield MovedCells("swapped", (at, at + 1))


def _filled(cells: Sequence[Cell], kind: Kind) -> Iterator[MovedCells]:
    """One value on several rows, of which two, one under the other, were known by others. Who had one value before may
    well have another one together: cards ordered the same day, a mailbox that moves.
    """
    for value, run in groupby(range(len(cells)), lambda at: cells[at].new):
        rows = tuple(run)
        together = any(cells[at].changed and cells[at + 1].changed for at in rows[:-1])
        before = [cells[at].old for at in rows if cells[at].changed]
        several = len(before) >= kind.filled and (
            kind.of_one or len(set(before)) > 1 or (kind.drawn and _drawn(cells, rows))
        )
        if value and len(rows) >= LEAST_RUN and together and several:
            yield MovedCells("filled", rows)


def _drawn(cells: Sequence[Cell], rows: Sequence[int]) -> bool:
    """The row at one end has the value in the annuaire too, and all the others had another one: it was drawn from."""
    changed = [cells[at].changed for at in rows]
    return changed in ([False, *[True] * (len(rows) - 1)], [*[True] * (len(rows) - 1), False]) and any(
        cells[at].old == cells[at].new for at in (rows[0], rows[-1])
    )


def _dragged(cells: Sequence[Cell]) -> Iterator[MovedCells]:
    """A series by one: what a spreadsheet makes of a cell that is dragged down, beginning with one that stays. Numbers
    may follow each other by nature: where the annuaire has for one what stands beside another, that is what is wrong.
    """
    told = {one.new for one in cells}
    at = 0
    while at < len(cells) - 1:
        step = step_of(cells[at].new, cells[at + 1].new)
        end = at + 1
        while step and end + 1 < len(cells) and step_of(cells[end].new, cells[end + 1].new) == step:
            end += 1
        rows = tuple(range(at, end + 1))
        before = [cells[one].old for one in rows if cells[one].changed and cells[one].old not in told]
        drawn = any(cells[one].old in ("", cells[one].new) for one in (rows[0], rows[-1]))
        if step and drawn and len(rows) >= LEAST_RUN and len(set(before)) >= LEAST_CHANGED:
            yield MovedCells("dragged", rows)
        at = end


def _runs(places: Sequence[int], holds: Callable[[int], bool]) -> Iterator[list[int]]:
    return (list(run) for held, run in groupby(places, holds) if held)


def step_of(one: str, other: str) -> tuple[str, int] | None:
    """Tell by what the second value follows the first: a number, a day, a month or a year more or less; None by
    nothing.
    """
    days = _day(one), _day(other)
    if days[0] and days[1]:
        return _step_of_days(days[0], days[1])
    found = _NUMBERED.fullmatch(one), _NUMBERED.fullmatch(other)
    if not found[0] or not found[1] or found[0]["before"] != found[1]["before"]:
        return None
    by = int(found[1]["number"]) - int(found[0]["number"])
    return (found[0]["before"], by) if abs(by) == 1 else None


def _step_of_days(one: date, other: date) -> tuple[str, int] | None:
    if abs(by := (other - one).days) == 1:
        return "day", by
    months = 12 * (other.year - one.year) + other.month - one.month
    if one.day != other.day or months == 0:
        return None
    return ("month", months) if abs(months) == 1 else ("year", months // 12) if abs(months) == 12 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-22") and text[4] == "-" else None
    except ValueError:
        return None
