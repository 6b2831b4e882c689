"""The folders where the national files arrive: which file of a pattern is the newest."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from connectors.bytescan.lines import sha256_of, unreadable
from connectors.bytescan.stamps import stamp_of
from connectors.system.names_on_disk import lying_there, matching
from schemas.reading.arrival import FURTHEST


@dataclass(frozen=True)
class Found:
    """A file of the catalogue. `stamp` is the day in its name; without one, or with one of another age, `day` is its
    mtime's.
    """

    path: Path
    shown: str
    stamp: date | None
    moment: datetime
    size: int

    @property
    def day(self) -> date:
        """The day the file is of."""
        return self.moment.date()

    @cached_property
    def sha256(self) -> str:
        """Of the file as it lies there. Raises SourceError FILE_UNREADABLE when it went away meanwhile."""
        return sha256_of(self.path)[0]


def find_newest(pattern: str, root: Path) -> Found:
    """Find the newest file of a glob or name, relative to `root` or absolute; equals are decided by name.

    Raises SourceError FILE_UNREADABLE when nothing matches.
    """
    return find_all(pattern, root)[-1]


def find_all(pattern: str, root: Path) -> list[Found]:
    """Find every file of a glob or name, oldest first. Raises SourceError FILE_UNREADABLE when none is seen."""
    try:
        found = [one for path in _matching(pattern, root) if (one := _found(path, root))]
    except PermissionError as error:  # a folder that is closed to us
        raise unreadable("not_opened") from error
    if not found:
        raise unreadable("no_match", pattern=pattern)
    return sorted(found, key=lambda one: (one.moment, one.path.name))


def holds(pattern: str, root: Path, path: Path) -> bool:
    """Tell whether a file is among those of a glob or name."""
    return any(one.resolve() == path.resolve() for one in _matching(pattern, root))


def age_in_days(found: Found, day: date) -> int:
    """Return days from the file's own day to `day`."""
    return (day - found.day).days


def _matching(pattern: str, root: Path) -> list[Path]:
    if (named := lying_there(root / pattern)).is_file():  # a name may hold [brackets]
        return [named]
    return [root / name for name in matching(pattern, root)]


def _found(path: Path, root: Path) -> Found | None:
    try:
        if not path.is_file():
            return None
        facts = path.stat()
    except OSError:  # went away between listing and looking
        return None
    written = datetime.fromtimestamp(facts.st_mtime)
    stamp = stamp_of(path.name)
    stamp = None if stamp and stamp - written > FURTHEST else stamp  # 2030: it would be the newest for years
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return Found(path, shown.as_posix(), stamp.date() if stamp else None, stamp or written, facts.st_size)
