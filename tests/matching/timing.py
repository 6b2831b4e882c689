"""How the time of the matching grows with the lines; printed, never asserted."""

import time
from collections.abc import Iterator, Sequence

from pipelines.matching.match import match
from tests.matching.labelled import FRESH, labelled_set

LINES_PER_SIZE = 2040


def growth(sizes: Sequence[int]) -> Iterator[str]:
    """A row per number of lines: seconds, and microseconds a line."""
    if sizes:
        yield "\n| lines | accounts | seconds | µs a line |\n|---|---|---|---|"
    for lines in sizes:
        snapshot = labelled_set(FRESH, lines / LINES_PER_SIZE).snapshot
        before = time.process_time()
        match(snapshot)
        took = time.process_time() - before
        lines = len(snapshot.lines)
        yield f"| {lines} | {len(snapshot.accounts)} | {took:.1f} | {1e6 * took / lines:.0f} |"
