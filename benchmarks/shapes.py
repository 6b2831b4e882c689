"""Every shape of `tests/shapes`, alone and two by two, over one invented region: harmless, harmful, rows used.

A shape is harmless where its nights find no change but the questions that a careful human would ask, too. Fails only
where a change is found that somebody would enter.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from connectors.sources.guard import Opener
from tests.shapes.every import ASKED, SHAPES, pairs, told

TOLD_EVERY = 100  # nights


@dataclass(slots=True)
class Count:
    """The nights in which a shape took part: how many, with a change that is not true, with questions, rows used."""

    nights: int = 0
    harmful: int = 0
    asked: int = 0
    used: float = 0.0

    def add(self, harmful: bool, asked: bool, used: float) -> None:
        """One more night."""
        self.nights += 1
        self.harmful += harmful
        self.asked += asked
        self.used += used


Night = tuple[tuple[str, ...], bool, bool, float]


def played(shapes: tuple[str, ...], opener: Opener) -> Night:
    """(the shapes, whether harmful, whether somebody is asked for nothing, the share of rows used)."""
    found = told(shapes, opener)
    expected = sum(name in ASKED for name in shapes)
    return shapes, bool(found.harmful), len(found.changes) - len(found.harmful) > expected, found.used


def nights() -> list[tuple[str, ...]]:
    """Nothing, each shape alone, and two by two."""
    return [(), *((name,) for name in SHAPES), *pairs()]


def table(found: Iterable[Night]) -> tuple[str, int]:
    """(the table as Markdown, how many nights were harmful); the shapes with the least rows used first."""
    counts: dict[str, Count] = defaultdict(Count)
    whole = Count()
    for shapes, harmful, asked, used in found:
        for name in shapes:
            counts[name].add(harmful, asked, used)
        whole.add(harmful, asked, used)
    ordered = sorted(counts.items(), key=lambda one: (-one[1].harmful, one[1].used / one[1].nights, one[0]))
    lines = [_line(name, count) for name, count in ordered]
    head = ["| shape | nights | harmless | harmful | asked for nothing | rows used |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *lines, _line("all", whole)]), whole.harmful


def _line(name: str, count: Count) -> str:
    fair = count.nights - count.harmful
    return f"| {name} | {count.nights} | {fair} | {count.harmful} | {count.asked} | {count.used / count.nights:.1%} |"


def _all_of(wanted: Sequence[tuple[str, ...]]) -> Iterator[Night]:
    """Each night in this process, the workbooks opened by forks of one other; how far it is goes to stderr."""
    began = monotonic()
    with Opener() as opener:
        for at, shapes in enumerate(wanted, 1):
            yield played(shapes, opener)
            if at % TOLD_EVERY == 0 or at == len(wanted):
                print(f"{at} of {len(wanted)} nights, {monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Print the table and whatever night is not as it should be; 1 where one is harmful. `alone`: no pairs."""
    wanted = [one for one in nights() if "alone" not in arguments or len(one) < 2]
    found = list(_all_of(wanted))
    text, harmful = table(found)
    print(text)
    for shapes, bad, asked, used in found:
        if bad or asked or used < 1:
            print(f"- {' + '.join(shapes)}: {'harmful' if bad else 'asked' if asked else 'unread'}, {used:.0%} used")
    return 1 if harmful else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
