"""Lines of a file as bytes, in batches: plain, gzip or the fitting member of a zip, whatever the bytes are.

The national files have no quoting at all (formats.md « Physical format »): a line end ends a row, always.
Memory stays within a few megabytes, even where a « line » never ends.
"""

import codecs
import gzip
import hashlib
import lzma
import os
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import IO

from connectors.bytescan.compiled import count_of
from connectors.bytescan.inflate import quickened
from connectors.bytescan.stamps import stamp_of
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.words import visible

BLOCK = 1 << 20  # bytes; less, and the calls cost more than the work; more, and it leaves the processor's cache
LONGEST = 1 << 20  # bytes of a line, no less than a block; a longer one is passed over without being held
_LF, _CR = b"\n\r"
TAIL = 1 << 16  # bytes of the end that are kept, by which one sees whether a text was read to its end
SETTLED = 3.0  # seconds; the clocks of file systems tick every two at the worst
ZIP_MAGIC, GZIP_MAGIC = b"PK\x03\x04", b"\x1f\x8b"
ENCRYPTED = 0x1  # bit of a zip entry's flags

# What zipfile, gzip and the disk raise over bytes that are not what they say they are.
DAMAGED = (
    OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip

OnBytes = Callable[[int, int], None]
"""Told (bytes done, bytes in all) now and then."""


def unreadable(why: str, **values: object) -> SourceError:
    """Return FILE_UNREADABLE for a national file: the reason `unreadable.<why>` of the catalogue, and what to do."""
    return SourceError("FILE_UNREADABLE", say("reading.unreadable", found=say(f"unreadable.{why}", **values)))


@dataclass(slots=True)
class TextStream:
    """The bytes of the text itself; `file` is what lies on disk, and what the SHA-256 is of; `tail`: the last bytes
    before those that wait to be passed.

    `chosen`: of several members of a zip that could be meant the one that is read, and the others, by name.
    """

    file: BufferedReader
    text: IO[bytes]
    size: int
    chosen: tuple[str, ...] = ()
    done: int = 0
    ahead: bytes = b""
    digest: "hashlib._Hash | None" = None  # of the file, fed while a plain text is read: the bytes pass once
    tail: bytes = b""
    waiting: memoryview = field(default_factory=lambda: memoryview(b""))

    def peek(self) -> bytes:
        """Return the next bytes, which `read` will give again. Raises as `read` does."""
        self.ahead = self.ahead or self.read()
        return self.ahead

    def read(self, size: int = 0) -> bytes:
        """Return the next bytes, b"" at the end. Raises SourceError FILE_UNREADABLE where the archive is damaged."""
        if self.ahead:
            block, self.ahead = self.ahead, b""
            return block
        self._pass()
        try:
            block = self.text.read(size or BLOCK)
        except DAMAGED as error:
            raise unreadable("damaged") from error
        self.done += len(block)
        self.waiting = memoryview(block)
        return block

    def give_back(self, count: int) -> bool:
        """Let so many of the bytes read last be read again; False, and nothing is done, where that would be dear.

        Raises SourceError FILE_UNREADABLE where the disk refuses.
        """
        if self.text is not self.file or self.ahead or count >= len(self.waiting):
            return False
        try:
            self.file.seek(-count, os.SEEK_CUR)
        except OSError as error:
            raise unreadable("damaged") from error
        self.done -= count
        self.waiting = self.waiting[: len(self.waiting) - count]
        return True

    def identified(self) -> tuple[str, int]:
        """Return (SHA-256, size) of the file as it lies on disk, once its text was read to the end.

        Raises SourceError FILE_UNREADABLE where it is not there any more.
        """
        self._pass()
        if self.digest:
            return self.digest.hexdigest(), self.done
        try:
            self.file.seek(0)
            return hashlib.file_digest(self.file, "sha256").hexdigest(), self.file.tell()
        except OSError as error:
            raise unreadable("not_opened") from error

    def _pass(self) -> None:
        """Take what was read, and not given back."""
        block, self.waiting = self.waiting, memoryview(b"")
        self.tail = tail_of(self.tail, block)
        if self.digest:
            self.digest.update(block)


@contextmanager
def open_text(path: Path, fit: Callable[[bytes], int], *, identify: bool = False) -> Iterator[TextStream]:
    """Open the text in a file, a gzip or a zip. Of a zip's members the one whose first line fits (`fit` > 0).

    Of several that fit the newest by the stamp in its name. `identify`: it will be asked for its SHA-256, once it is
    read to the end. Raises SourceError FILE_UNREADABLE: not there, not readable, damaged, encrypted, no fitting member,
    or several of which none is the newest.
    """
    with _opened(path) as file:
        try:
            text, size, chosen = _inside(file, path.suffix.lower(), fit)
        except DAMAGED as error:
            raise unreadable("damaged") from error
        with text:
            digest = hashlib.sha256() if identify and text is file else None
            yield TextStream(file, text, size, chosen, digest=digest)


def tail_of(before: bytes, block: bytes | memoryview) -> bytes:
    """Return the last bytes of a text, one block later."""
    return bytes(block[-TAIL:]) if len(block) >= TAIL else (before + block)[-TAIL:]


def sha256_of(path: Path) -> tuple[str, int]:
    """Return (SHA-256, size) of a file as it lies on disk. Raises SourceError FILE_UNREADABLE."""
    with _opened(path) as file:
        return TextStream(file, file, 0).identified()


def mark_of(path: Path) -> str:
    """Return what tells, without reading it, that a file is the one it was; "" where it does not.

    Device, inode, size, and to the nanosecond when content and entry last changed. A file changed within the last
    seconds could change again within the same tick of its clock, and has none.
    """
    try:
        facts = path.stat()
    except OSError:
        return ""
    settled = max(facts.st_mtime, facts.st_ctime) < time.time() - SETTLED
    known = facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
    return ":".join(map(str, known)) if settled else ""


def _opened(path: Path) -> BufferedReader:
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for without end, a device read without end
            raise unreadable("no_file")
        return path.open("rb")
    except FileNotFoundError as error:
        raise unreadable("missing") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise unreadable("not_opened") from error


def _inside(file: IO[bytes], suffix: str, fit: Callable[[bytes], int]) -> tuple[IO[bytes], int, tuple[str, ...]]:
    """(the text, its size, the names of the members it was chosen among)."""
    magic = file.read(len(ZIP_MAGIC))
    size = file.seek(0, 2)
    file.seek(0)
    if suffix == ".zip" or magic == ZIP_MAGIC:
        archive = zipfile.ZipFile(file)
        member, *others = _fitting_members(archive, fit)
        names = tuple(visible(info.filename) for info in (member, *others)) if others else ()
        return quickened(archive.open(member)), member.file_size, names
    if magic.startswith(GZIP_MAGIC):
        return gzip.GzipFile(fileobj=file), size, ()  # type: ignore[return-value]  # reads as IO[bytes] does
    return file, size, ()


def _fitting_members(archive: zipfile.ZipFile, fit: Callable[[bytes], int]) -> list[zipfile.ZipInfo]:
    """The texts whose header fits, the one that is meant first; the same bytes under two names are one text."""
    texts = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not info.filename.startswith("__MACOSX/") and not info.filename.endswith(".zip")
    ]
    open_ones = [info for info in texts if not info.flag_bits & ENCRYPTED]
    if len(open_ones) < len(texts) and not open_ones:
        raise unreadable("password")
    if len(open_ones) == 1:  # its header is judged by the reader, which says what is missing
        return open_ones
    fitting = {
        (info.CRC, info.file_size): info
        for info in sorted(open_ones, key=lambda info: info.filename)
        if fit(_first_line(archive, info)) > 0
    }
    if not fitting:
        raise unreadable("no_member", found=", ".join(visible(info.filename) for info in archive.infolist()[:5]))
    return _newest_first(list(fitting.values()))


def _newest_first(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """By the stamps in their names; SourceError where two could be the one that is meant: nobody is to guess."""
    if len(members) == 1:
        return members
    stamps = {info.filename: stamp_of(PurePosixPath(info.filename).name) for info in members}
    newest = max((stamp for stamp in stamps.values() if stamp), default=None)
    first = [info for info in members if newest and stamps[info.filename] == newest]
    if len(first) != 1 or None in stamps.values():
        raise unreadable("several_members", found=", ".join(visible(info.filename) for info in members[:5]))
    return [*first, *(info for info in members if info is not first[0])]


def _first_line(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as member:
        return member.readline(LONGEST)


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive whole lines, each with its LF, at `begin`…`end` of `block`; `first` is a line number.

    `oversized`: its one line is too long to be looked at. `offset`: of its first byte in the text; `raw`: as its lines
    lie there, where carriage returns were taken away.
    """

    first: int
    block: bytes
    begin: int
    end: int
    oversized: bool = False
    offset: int = 0
    raw: bytes = b""

    @property
    def lines(self) -> list[bytes | None]:
        """The lines without their ends, None for one that is too long."""
        return [None] if self.oversized else [*self.block[self.begin : self.end - 1].split(b"\n")]

    def is_utf8(self) -> bool:
        """Tell whether all of it is."""
        try:
            self.block[self.begin : self.end].decode()
        except UnicodeDecodeError:
            return False
        return True


class Lines:
    """The lines of a stream that begins with line `first`.

    `line_ends` counts ends in the raw bytes, apart from the lines handed out.
    """

    def __init__(self, stream: TextStream, progress: OnBytes | None = None, first: int = 1) -> None:
        self.line_ends = 0
        self._stream = stream
        self._progress = progress
        self._first = first

    def batches(self) -> Iterator[Batch]:
        """Yield all lines, LF or CRLF, the last one even without end. Raises SourceError as `read` does."""
        number, tail, skipping = self._first, b"", False
        while block := self._stream.read():
            begin, end, offset = 0, block.rfind(b"\n") + 1, self._stream.done - len(block)
            if end and (tail or skipping):  # a line that began in an earlier block is a batch of its own
                begin = block.find(b"\n") + 1
                yield _batch(number, tail + block[:begin], 0, offset - len(tail), skipping=skipping)
                number, tail, skipping = number + 1, b"", False
            ends, returns = count_of(block, _LF, _CR)
            # What is begun of a line is read again with the next block, instead of being put together with it.
            whole = end == len(block) or (end > 0 and self._stream.give_back(len(block) - end))
            if begin < end:
                yield _batch(number, block, begin, offset + begin, returns=returns)
                number += ends - (begin > 0)
            self.line_ends += ends
            if not skipping and not whole:
                tail += block[end:]
            if len(tail) > LONGEST:
                tail, skipping = tail[:LONGEST], True  # of one too long the beginning says whom it may be about
            if self._progress:
                self._progress(self._stream.done, max(self._stream.size, self._stream.done))
        if tail or skipping:
            self.line_ends += 1
            yield _batch(number, tail + b"\n", 0, self._stream.done - len(tail), skipping=skipping)


def _batch(first: int, block: bytes, begin: int, offset: int, *, skipping: bool = False, returns: bool = True) -> Batch:
    """The whole lines of a block from `begin` on; no copy is made of two hundred kilobytes."""
    end, raw = block.rfind(b"\n") + 1, b""
    if returns and block.find(b"\r", begin, end) >= 0:
        raw = block[begin:end]
        block = raw.replace(b"\r\n", b"\n")
        begin, end = 0, len(block)
    oversized = skipping or (end - begin - 1 > LONGEST and block.find(b"\n", begin) == end - 1)
    return Batch(first, block, begin, end, oversized, offset, raw)


def decode(line: bytes) -> str:
    """Return UTF-8, and what is not, byte by byte, Windows-1252 (formats.md): one stray byte does not garble the
    others.

    Raises UnicodeDecodeError where it is neither.
    """
    try:
        return line.decode()
    except UnicodeDecodeError:
        return decode_stray(line)


def decode_stray(line: bytes) -> str:
    """Return the same of a line that is not UTF-8. Raises UnicodeDecodeError where it is neither."""
    return line.decode("utf-8", errors=_STRAY) if _LETTERS.search(line) else line.decode("cp1252")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252"), error.end


_LETTERS = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")  # without any, every byte stands alone
_STRAY = "windows-1252-for-strays"
codecs.register_error(_STRAY, _as_windows_1252)
