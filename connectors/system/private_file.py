"""Writes files that only their owner may read, whole or not at all: reports and mails name people."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TextIO

from schemas.errors import DeliveryError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text

_UNPACKED = ".retours-"
_A_DAY = 86_400.0  # seconds: nobody is at work for longer


def write_private(path: Path, data: bytes) -> None:
    """Put `data` at `path`, mode 0600, in folders of mode 0700 where they have to be made.

    The file appears complete or not at all. Raises DeliveryError when the disk or the rights refuse.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        make_private_folder(path.parent)
        _write(partial, data)
        partial.replace(path)
    except OSError as refusal:
        with suppress(OSError):
            partial.unlink()
        raise DeliveryError(say("report.unwritable", path=path.name, found=refusal_text(refusal))) from refusal


@contextmanager
def stream_private(path: Path) -> Iterator[IO[bytes]]:
    """Open the same for what is too much to hold: it appears when the block ends well, else not at all.

    Raises DeliveryError when the disk or the rights refuse.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        make_private_folder(path.parent)
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as refusal:
        raise DeliveryError(say("report.unwritable", path=path.name, found=refusal_text(refusal))) from refusal
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def make_private_folder(folder: Path) -> None:
    """Make the folder and what is missing above it, each of mode 0700: `mkdir` forgets the parents."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _write(partial: Path, data: bytes) -> None:
    partial.unlink(missing_ok=True)  # left by a crash of a process of the same number
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def append_private(path: Path) -> Iterator[TextIO]:
    """Open `path` for lines added to its end, mode 0600; a line that the disk refuses raises OSError once, as it is
    written and not again as it is closed.

    Raises DeliveryError when the disk or the rights refuse the file.
    """
    try:
        make_private_folder(path.parent)
        stream = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")
    except OSError as refusal:
        raise DeliveryError(say("report.unwritable", path=path.name, found=refusal_text(refusal))) from refusal
    try:
        yield stream
    finally:
        with suppress(OSError):
            stream.close()


def sweep(folder: Path) -> None:
    """Remove what a killed process left half-written: it names people, and nobody will look for it."""
    for partial in folder.glob(".*.part"):
        partial.unlink(missing_ok=True)


@contextmanager
def unpacked_in(folder: Path) -> Iterator[Path]:
    """Make a folder in it, mode 0700, for what came in a mail or an archive. It is gone when the block ends; where the
    process is killed `forget_unpacked` removes it. Raises OSError when the disk or the rights refuse.
    """
    make_private_folder(folder)
    with TemporaryDirectory(dir=folder, prefix=f"{_UNPACKED}{os.getpid()}-") as place:
        yield Path(place)


def forget_unpacked(folder: Path) -> None:
    """Remove what killed processes left there of returned files: it names people, and nobody will look for it."""
    for one in folder.glob(f"{_UNPACKED}*"):
        number = one.name.removeprefix(_UNPACKED).partition("-")[0]
        with suppress(OSError):
            if not _is_at_work(number) or one.stat().st_mtime < time.time() - _A_DAY:
                shutil.rmtree(one, ignore_errors=True)


def _is_at_work(number: str) -> bool:
    try:
        with suppress(PermissionError):  # another account's
            os.kill(int(number), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    return True
