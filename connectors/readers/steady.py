"""A file that somebody is writing is read again once they are done: by its size and its time, before and after."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from connectors.readers.result import Reading

PATIENCE = 10.0  # seconds in all; a copy that takes longer is for another night
PAUSE = 0.5  # between two readings
QUIET = 1.0  # seconds since the last change before two equal looks mean that nobody writes


def read_steadily(paths: Sequence[Path], read: Callable[[], Reading]) -> Reading:
    """What `read` gives of files that stay as they are meanwhile; not `steady` where they never did.

    Raises what `read` raises.
    """
    last = time.monotonic() + PATIENCE
    while True:
        before = [_look(path) for path in paths]
        reading = read()
        _let_settle(paths)
        steady = before == [_look(path) for path in paths]
        if steady or time.monotonic() + PAUSE >= last:
            return replace(reading, report=replace(reading.report, steady=steady))
        time.sleep(PAUSE)


def _look(path: Path) -> tuple[int, int] | None:
    """(size, time) of a file; None where there is none to see."""
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return None
    return facts.st_size, facts.st_mtime_ns


def _let_settle(paths: Sequence[Path]) -> None:
    """A file written a moment ago is looked at a moment later: between two blocks of a copy it looks at rest."""
    ages = [time.time() - found[1] / 1e9 for path in paths if (found := _look(path))]
    youngest = min(ages, default=QUIET)
    if 0 <= youngest < QUIET:
        time.sleep(QUIET - youngest)
