"""A file that grows in its folder until it is whole, and what was noted beside it, so that another process goes on.

A process that is killed leaves a part and its note. Whoever comes next takes the part up where it is certain: the same
file under the same boot is as long as it says, since what a process wrote outlives it; after another boot only what was
noted to be on the disk counts.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from io import BufferedRandom
from pathlib import Path

from pydantic import ValidationError

from connectors.system.private_file import make_private_folder, write_private
from schemas.errors import DeliveryError, FetchError, OtherVersionError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text
from schemas.reading.arrival import SEAM, Begun, ServerAnswer

LOCK = ".fetch.lock"
LONGEST_KEPT = timedelta(days=3)  # the national files are another one every day
NOTED_EVERY = 64_000_000  # bytes: what another boot costs at most
LEAST_KEPT = SEAM  # bytes: fewer are not worth it
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PART, _NOTE = ".part", ".json"


class GrowingFile:
    """A file that grows. `begun`: what an earlier process noted of what lies in it, None where nothing does.

    Bytes for a place where some lie already are those, or of another version: nothing of the latter is written.
    """

    def __init__(self, file: BufferedRandom, note_path: Path, begun: Begun | None = None) -> None:
        self.file, self.begun = file, begun
        self._note_path, self._noted = note_path, begun
        self._size = file.seek(0, os.SEEK_END)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self._size

    def begin(self, url: str, answer: ServerAnswer, now: datetime) -> None:
        """Empty it for this answer, and note that it is begun. Raises OSError."""
        self.file.seek(0)
        self.file.truncate()  # before the note: never the name of one version upon the bytes of another
        self._size, self.begun = 0, None
        self._note(Begun(url=url, answer=answer, begun_at=now, place=_place(self.file)))

    def go_to(self, at: int) -> None:
        """Put there what is written next."""
        self.file.seek(at)

    def tell(self) -> int:
        """Return where the next byte belongs."""
        return self.file.tell()

    def write(self, block: bytes) -> None:
        """Write the next bytes. Raises OSError, OtherVersionError."""
        at = self.file.tell()
        if at < self._size:
            there = self.file.read(min(len(block), self._size - at))
            if there != block[: len(there)]:
                raise OtherVersionError(say("fetch.other_version"))
            block = block[len(there) :]
        self.file.write(block)
        self._size += len(block)

    def flush(self) -> None:
        """Hand it to the system. Raises OSError."""
        self.file.flush()

    def grown(self) -> None:
        """Make sure, now and then, that what came is on the disk. Raises OSError."""
        if self._noted and self._size >= self._noted.kept + NOTED_EVERY:
            self.file.flush()
            os.fsync(self.file.fileno())
            self._note(self._noted.model_copy(update={"kept": self._size}))

    def over(self) -> None:
        """Tell that nobody is to go on with it: it is whole, or of no use."""
        self._noted = None

    @property
    def worth_keeping(self) -> bool:
        """Tell whether another process can go on with it."""
        return bool(self._noted and self._noted.answer.validator) and self._size > LEAST_KEPT

    def _note(self, begun: Begun) -> None:
        """Where it cannot be noted the file comes all the same, and nobody goes on with it."""
        self._noted = None
        with suppress(DeliveryError):
            write_private(self._note_path, begun.model_dump_json().encode())
            self._noted = begun


@contextmanager
def growing(folder: Path, source: str, url: str, now: datetime) -> Iterator[GrowingFile]:
    """Open the part of a source, mode 0600, in the folder, which is ours alone meanwhile: as an earlier process left
    it, else empty. At the end nothing is left but what the next one can go on with.

    Raises FetchError when the folder refuses or somebody else brings something in.
    """
    path = folder / f".{source.replace(':', '-').replace('/', '-')}{_PART}"
    try:
        make_private_folder(folder)
        with open(folder / LOCK, "a", opener=_ours_alone) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise FetchError(say("fetch.busy", folder=folder.name), may_pass=True) from error
            _clear(folder)
            part = _taken_up(path, url, now) or _empty(path)
            try:  # while it is ours: whoever finds the folder taken leaves the other's part alone
                yield part
                part.over()
            except OSError:  # a disk without room is not filled by what did not fit
                part.over()
                raise
            finally:
                _leave(part, path)
    except OSError as error:
        raise FetchError(say("fetch.disk", folder=folder.name, found=refusal_text(error)), may_pass=True) from error


def _leave(part: GrowingFile, path: Path) -> None:
    """Close it; it stays with its note where another process can go on with it."""
    try:
        part.file.close()
    except OSError:
        part.over()
    if not part.worth_keeping:
        _remove(path, _note_of(path))


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + _NOTE)


def _empty(path: Path) -> GrowingFile:
    _remove(path, _note_of(path))
    file = open(path, "x+b", opener=_ours_alone)  # noqa: SIM115
    return GrowingFile(file, _note_of(path))


def _ours_alone(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _taken_up(path: Path, url: str, now: datetime) -> GrowingFile | None:
    """What an earlier process left, cut to what is certain of it; None where nothing is."""
    try:
        begun = Begun.model_validate_json(_note_of(path).read_bytes())
        file = open(path, "r+b", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW))  # noqa: SIM115
    except (OSError, ValidationError):
        return None
    state = os.fstat(file.fileno())
    fresh = timedelta(0) <= now - begun.begun_at <= LONGEST_KEPT
    plain = stat.S_ISREG(state.st_mode) and state.st_uid == os.geteuid() and state.st_nlink == 1
    certain = state.st_size if begun.place and begun.place == _place(file) else min(begun.kept, state.st_size)
    if begun.url == url and begun.answer.validator and fresh and plain and certain > LEAST_KEPT:
        file.truncate(certain)
        return GrowingFile(file, _note_of(path), begun)
    file.close()
    return None


def _place(file: BufferedRandom) -> str:
    """Which file it is, and of which boot; "" where that cannot be told."""
    state = os.fstat(file.fileno())
    with suppress(OSError):
        return f"{_BOOT.read_text('ascii').strip()} {state.st_dev} {state.st_ino}"
    return ""


def _clear(folder: Path) -> None:
    """Remove parts that are too old, of whatever source: it may be configured no more."""
    for note in folder.glob(f".*{_PART}{_NOTE}"):
        if note.lstat().st_mtime < time.time() - LONGEST_KEPT.total_seconds():
            _remove(note.with_name(note.name.removesuffix(_NOTE)), note)


def _remove(*paths: Path) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)
