"""Whose files are: what rights refuse is said with the owner; what root wrote among others' files is given to them."""

import getpass
import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from shlex import quote

from schemas.nomenclatures import say
from schemas.os_errors import refusal_text

ROOT = 0


def owner_of(path: Path) -> int | None:
    """Return the number of the account that the path belongs to, or the nearest folder above that can be asked."""
    for one in (path.absolute(), *path.absolute().parents):
        with suppress(OSError):
            return one.stat().st_uid
    return None


def account_name(number: int) -> str:
    """Return the account's name; its number where it has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def own_name() -> str:
    """Return who plays: by USER or LOGNAME, else the account; its number where it has no name, as in a container that
    gives it any.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return account_name(os.getuid())


def no_access(error: PermissionError) -> Iterator[str]:
    """Yield the file with its owner and ours, then the ways out."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else Path()
    owner, ours = owner_of(path), os.geteuid()
    yield say("cli.no_access", path=path, found=refusal_text(error), user=account_name(ours))
    if owner is not None and owner != ours:
        yield say(
            "cli.no_access_owner", owner=account_name(owner), user=account_name(ours), folder=quote(str(path.parent))
        )


def hand_over(folder: Path, places: Iterable[Path], since: float) -> int:
    """Give to the owner and group of `folder` what is root's in these places and was written since; how many entries.

    A link is given away itself, never what it points to: the owner may have put it there meanwhile.
    """
    told = folder.stat()
    to, count = (told.st_uid, told.st_gid), 0
    for place in places:
        with suppress(OSError):
            if place.is_dir():
                count += _all_given(place, to, since)
            at = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                count += _given(place.name, at, to, since)
            finally:
                os.close(at)
    return count


def _all_given(place: Path, to: tuple[int, int], since: float) -> int:
    count = 0
    for _, folders, files, at in os.fwalk(place, follow_symlinks=False):
        for name in (*folders, *files):
            with suppress(OSError):
                count += _given(name, at, to, since)
    return count


def _given(name: str, at: int, to: tuple[int, int], since: float) -> bool:
    found = os.stat(name, dir_fd=at, follow_symlinks=False)
    one_name = stat.S_ISDIR(found.st_mode) or found.st_nlink == 1
    if found.st_uid != ROOT or found.st_ctime < since or not one_name:
        return False
    os.chown(name, *to, dir_fd=at, follow_symlinks=False)
    return True
