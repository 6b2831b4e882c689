"""A file that somebody is writing is read again once they are done: by its size and its time, before and after."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectors.sources.result import Reading

PATIENCE = 10.0  # seconds in all; a copy that takes longer is for another night
PAUSE = 0.5  # between two readings
QUIET = 1.0  # seconds since the last change before two equal looks mean that nobody writes

Glimpse = tuple[int, int] | None  # (size, time) of a file; None where there is none to see


@dataclass(slots=True)
class Patience:
    """Seconds that may still be spent on waiting for whoever writes."""

    left: float = field(default_factory=lambda: PATIENCE)

    def wait(self, seconds: float) -> bool:
        """Wait; False, and at once, where so much is not left: it would be of no use."""
        if seconds > self.left:
            return False
        self.left -= seconds
        time.sleep(seconds)
        return True


_SHARED: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def one_patience() -> Iterator[Patience]:
    """Let all that is read inside wait ten seconds together, and not each file for itself."""
    patience = Patience()
    token = _SHARED.set(patience)
    try:
        yield patience
    finally:
        _SHARED.reset(token)


def read_steadily(paths: Sequence[Path], read: Callable[[], Reading]) -> Reading:
    """What `read` gives of files that stay as they are meanwhile; not `steady` where they never did.

    Raises what `read` raises.
    """
    patience = _SHARED.get() or Patience()
    first = True
    while True:
        started = time.monotonic()
        before = [look(path) for path in paths]
        reading = read()
        steady = _settled(paths, before, patience)
        if not first:  # what is read again is waited for
            patience.left -= time.monotonic() - started
        if steady or not patience.wait(PAUSE):
            return replace(reading, report=replace(reading.report, steady=steady))
        first = False


def look(path: Path) -> Glimpse:
    """Tell how big a file is, and when it was last written."""
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return None
    return facts.st_size, facts.st_mtime_ns


def fresh_for(seen: Glimpse, seconds: float) -> float:
    """For how long still a file will have been written less than so many seconds ago; 0: it was not."""
    age = time.time() - seen[1] / 1e9 if seen else seconds
    return seconds - age if 0 <= age < seconds else 0.0


def _settled(paths: Sequence[Path], before: Sequence[Glimpse], patience: Patience) -> bool:
    """A file written a moment ago is looked at a moment later: between two blocks of a copy it looks at rest."""
    still = max((fresh_for(look(path), QUIET) for path in paths), default=0.0)
    if still:
        patience.wait(still)
    return [*before] == [look(path) for path in paths]
