"""Numbers that stand on each other's lines: exchanged, moved by a line, filled down. Seen as a whole, told once."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.matching.candidates import Match
from pipelines.matching.doubts.sharing import components

_PLACE = re.compile(r"(?P<sheet>.*)!\D*(?P<row>\d+)$")


@dataclass(frozen=True, slots=True)
class Tangle:
    """Lines of one workbook, in their order, each with a number that the register gives to somebody else.

    `pattern`: alone, swapped, shifted, filled or mixed.
    """

    lines: tuple[Match, ...]
    pattern: str


def tangles(matches: Iterable[Match], group: Mapping[int, object], resolve: Callable[[str], str]) -> list[Tangle]:
    """Return the doubts about numbers, put together where one hangs on another. `group`: by the place of a match, what
    only lines of one tangle have in common: a workbook and an updater. `resolve`: the number that a person has now.
    """
    found: dict[object, list[Match]] = defaultdict(list)
    for at, one in enumerate(matches):
        if one.reason == "number_of_another":
            found[group[at]].append(one)
    return [tangle for lines in found.values() for tangle in _tangled(sorted(lines, key=place_of), resolve)]


def place_of(found: Match) -> tuple[str, str, int]:
    """Return workbook, sheet, row: the order in which a person reads."""
    parts = _PLACE.match(found.line.location)
    return (found.line.source, parts["sheet"], int(parts["row"])) if parts else (found.line.source, "", 0)


def _tangled(lines: Sequence[Match], resolve: Callable[[str], str]) -> list[Tangle]:
    typed = [resolve(one.line.number.number) for one in lines]
    right: dict[str, str] = {}
    first_of: dict[str, str] = {}
    keys = [f"{at:09d}" for at in range(len(lines))]
    for key, one, number in zip(keys, lines, typed, strict=True):
        if one.proposed:
            right.setdefault(one.proposed, key)
        first_of.setdefault(number, key)
    neighbours = {key: right.get(number) or first_of[number] for key, number in zip(keys, typed, strict=True)}
    groups = ([int(key) for key in part] for part in components(neighbours))
    return [
        Tangle(
            tuple(lines[at] for at in part), _pattern([typed[at] for at in part], [lines[at].proposed for at in part])
        )
        for part in groups
    ]


def _pattern(typed: Sequence[str], right: Sequence[str]) -> str:
    """What must have happened to the numbers of these lines: as typed, resolved, and the ones that would be right."""
    if len(typed) == 1:
        return "alone"
    if len(set(typed)) == 1:
        return "filled"
    if len(typed) == 2 and typed == right[::-1]:
        return "swapped"
    if typed[1:] == right[:-1] or typed[:-1] == right[1:]:
        return "shifted"
    return "mixed"
