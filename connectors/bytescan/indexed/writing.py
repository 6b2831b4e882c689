"""Writes the index of an extract while the extract is read, block by block; a file appears whole or not at all.

The form of the file is in docs/bytescan.md. It is a convenience: a disk that refuses costs the index alone.
"""

import hashlib
import os
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.bytescan.glance import LinesSeen
from connectors.bytescan.lines import Batch
from connectors.bytescan.marks import Flags
from schemas.reading.extraction import Extraction
from schemas.reading.source import Wanted

MAGIC, END = b"EFITIDX3", b"3XDITIFE"
FRAME = struct.Struct("<q32s8s")  # bytes of what is told, SHA-256 of all before it, END
COUNTS = struct.Struct("<qq")  # lines and pieces of a chunk
CHUNK = 1 << 16  # lines, about: fewer would be asked for at the cost of the asking
NOTHING, PLAIN, ODD, REJECTED = range(4)  # what a line is: blank; a row with keys; a row without; quarantined
_BEGUN = 3600  # seconds, after which nobody is writing any more
_LINE_END = ord("\n")
_LOW_BITS = 32


@dataclass(frozen=True, slots=True)
class IndexPlace:
    """Where the index of an extract lies, and for which edition of our readers; `writes`: it may be made there."""

    path: Path
    edition: str
    writes: bool = True

    @property
    def before(self) -> "IndexPlace":
        """Return where the index of the extract before lies, kept when another one's took its place."""
        return replace(self, path=self.path.with_suffix(f".before{self.path.suffix}"), writes=False)


class IndexTold(BaseModel):
    """What an index says of itself: whose it is, how many keys a line has, what reading the whole file found."""

    model_config = ConfigDict(frozen=True)

    edition: str
    contract_name: str
    keys: int
    whole: Extraction


@dataclass(frozen=True, slots=True)
class IndexPiece:
    """Lines that follow one another: the number and the place of the first, and what each of them is.

    `numbers`: the twelve digits that the national identification of a row is, or 0.
    """

    first: int
    offset: int
    lengths: npt.NDArray[np.uint32]
    kinds: npt.NDArray[np.uint8]
    digests: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.int64]


class IndexWriter:
    """Told of every block that is read (`add`), and at the end of what was found (`finish`); else nothing remains."""

    def __init__(self, place: IndexPlace, keys: int) -> None:
        self._place, self._keys = place, keys
        self._partial = place.path.with_name(f".{place.path.name}.{os.getpid()}.part")
        self._pieces: list[IndexPiece] = []
        self._waiting = 0
        self._digest = hashlib.sha256()
        self._file: IO[bytes] | None = None
        with suppress(OSError):
            for folder in (place.path.parent.parent, place.path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            _sweep(place.path)
            self._file = os.fdopen(os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            self._write([MAGIC])

    def add(self, batch: Batch, seen: LinesSeen, accepted: Flags) -> None:
        """Add the lines of a block, and which of them are rows. Of a text with a line too long to be held none is made:
        whom that line may be about is found by reading it.
        """
        if batch.oversized:
            self.drop()
        else:
            self.take(index_piece(batch, seen, accepted, self._keys))

    def take(self, piece: IndexPiece) -> None:
        """Add lines; they come in the order of the text."""
        if self._file is None:
            return
        self._pieces.append(piece)
        self._waiting += len(piece.lengths)
        if self._waiting >= CHUNK:
            self._put()

    def finish(self, contract_name: str, whole: Extraction) -> None:
        """Put the index in its place, for this file and no other: everything was read."""
        self._put()
        bare = replace(whole, wanted=Wanted(), lines=(), unread=())
        told = IndexTold(edition=self._place.edition, contract_name=contract_name, keys=self._keys, whole=bare)
        text = told.model_dump_json().encode()
        self._write([text])
        if self._file is None:
            return
        try:
            self._file.write(FRAME.pack(len(text), self._digest.digest(), END))
            self._file.close()
            _keep(self._place, whole.report.sha256)
            self._partial.replace(self._place.path)
        except OSError:
            self.drop()

    def drop(self) -> None:
        """Remove it: nothing of it remains."""
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self._file = None
        with suppress(OSError):
            self._partial.unlink(missing_ok=True)

    def _put(self) -> None:
        pieces, lines = self._pieces, self._waiting
        self._pieces, self._waiting = [], 0
        if not lines:
            return
        spans = np.array([(len(one.lengths), one.first, one.offset) for one in pieces], np.int64)
        numbers = np.concatenate([one.numbers for one in pieces])  # of forty bits
        columns: list[npt.NDArray[np.generic]] = [
            np.concatenate([one.digests for one in pieces]),
            np.concatenate([one.lengths for one in pieces]),
            *np.concatenate([one.keys for one in pieces], axis=1),
            numbers.astype(np.uint32),
            (numbers >> _LOW_BITS).astype(np.uint8),
            np.concatenate([one.kinds for one in pieces]),
        ]
        self._write([COUNTS.pack(lines, len(pieces)), spans.tobytes(), *(one.tobytes() for one in columns)])

    def _write(self, parts: Sequence[bytes]) -> None:
        if self._file is None:
            return
        try:
            for part in parts:
                self._digest.update(part)
                self._file.write(part)
        except OSError:
            self.drop()


def index_piece(batch: Batch, seen: LinesSeen, accepted: Flags, keys: int, begin: int = 0) -> IndexPiece:
    """Return what the index holds of the lines of a block, `keys` a line; the text it is of begins at `begin`."""
    count = len(seen.starts)
    plain = seen.plain if seen.plain is not None else np.zeros(count, bool)
    kinds = np.where(seen.ends > seen.starts, REJECTED, NOTHING).astype(np.uint8)
    kinds[accepted] = np.where(plain[accepted], PLAIN, ODD)
    keyed = seen.keys if seen.keys is not None else np.zeros((keys, count), np.uint32)
    numbers = seen.numbers if seen.numbers is not None else np.zeros(count, np.int64)
    return IndexPiece(batch.first, begin + batch.offset, _lengths(batch, seen), kinds, seen.hashes, keyed, numbers)


def _lengths(batch: Batch, seen: LinesSeen) -> npt.NDArray[np.uint32]:
    """How long each line is in the text, with its end."""
    if not batch.raw:
        return (seen.ends - seen.starts + 1).astype(np.uint32)
    ends = np.flatnonzero(np.frombuffer(batch.raw, np.uint8) == _LINE_END)
    return np.diff(ends, prepend=-1).astype(np.uint32)


def told_by(path: Path) -> IndexTold | None:
    """Return what an index says of itself, by its end alone: whether the rest is whole, `open_index` tells."""
    try:
        if not path.is_file():  # a pipe of that name would never be opened
            return None
        with path.open("rb") as file:
            size = file.seek(-FRAME.size, os.SEEK_END)
            length, _, end = FRAME.unpack(file.read(FRAME.size))
            if end != END or not 0 < length <= size:
                return None
            file.seek(size - length)
            return IndexTold.model_validate_json(file.read(length))
    except (OSError, ValidationError):
        return None


def _keep(place: IndexPlace, sha256: str) -> None:
    """Let what lies there be the index before, where it is another extract's: two are compared by theirs."""
    told = told_by(place.path)
    if told and told.edition == place.edition and told.whole.report.sha256 != sha256:
        with suppress(OSError):
            place.before.path.unlink(missing_ok=True)
            place.before.path.hardlink_to(place.path)


def _sweep(path: Path) -> None:
    """What killed processes left half-written; not what another one is writing."""
    for partial in path.parent.glob(f".{path.name}.*.part"):
        if partial.stat().st_mtime < time.time() - _BEGUN or partial.name.endswith(f".{os.getpid()}.part"):
            partial.unlink(missing_ok=True)


def forget_indexes(folder: Path) -> int:
    """Take all of them away, begun ones too; how many there were. Raises OSError."""
    found = [*folder.glob("*.idx"), *folder.glob(".*.idx.*.part")] if folder.is_dir() else []
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
