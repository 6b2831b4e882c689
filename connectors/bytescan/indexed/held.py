"""An index as it lies there: believed when it is whole and of this edition, else as if it were not there."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from connectors.bytescan.indexed.writing import COUNTS, END, FRAME, MAGIC, IndexPlace, IndexTold, told_by
from schemas.reading.extraction import Extraction

_PIECE = 1 << 20  # bytes
_EACH = 8 + 4 + 5 + 1  # bytes of a line beside its keys: digest, length, number, kind
_SPAN = 3 * 8


@dataclass(frozen=True, slots=True)
class IndexedLines:
    """Some lines of the extract, in their order: number, place and length in the text, digest, what each is."""

    numbers: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    digests: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.numbers)

    def part(self, begin: int, end: int) -> "IndexedLines":
        """Return those from one to the other."""
        return IndexedLines(*(getattr(self, name)[begin:end] for name in IndexedLines.__slots__))


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some ten thousand lines: `kinds` says what each is (`writing.py`), `keys` has a row for each key there is.

    `low`, `high`: the number of each row's person, in 32 bits and eight.
    """

    spans: npt.NDArray[np.int64]
    digests: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.uint32]
    keys: npt.NDArray[np.uint32]
    low: npt.NDArray[np.uint32]
    high: npt.NDArray[np.uint8]
    kinds: npt.NDArray[np.uint8]

    def numbers(self) -> npt.NDArray[np.int64]:
        """Return of each line the twelve digits that its national identification is, or 0."""
        found: npt.NDArray[np.int64] = self.high.astype(np.int64) << 32 | self.low
        return found

    def starts(self) -> npt.NDArray[np.int64]:
        """Return where each line starts in the text."""
        counts, _, offsets = self.spans.T
        places = np.cumsum(self.lengths, dtype=np.int64) - self.lengths
        found: npt.NDArray[np.int64] = places + np.repeat(offsets - places[np.cumsum(counts) - counts], counts)
        return found

    def chosen(self, chosen: npt.NDArray[np.bool_]) -> IndexedLines:
        """Return the lines that are chosen, one answer a line."""
        at = np.flatnonzero(chosen)
        counts, firsts, _ = self.spans.T
        before = np.cumsum(counts) - counts
        span = np.searchsorted(before, at, side="right") - 1
        lengths = self.lengths[at].astype(np.int64)
        return IndexedLines(
            firsts[span] + at - before[span], self.starts()[at], lengths, self.digests[at], self.kinds[at]
        )


@dataclass(frozen=True, slots=True)
class ExtractIndex:
    """What is known of every line of an extract; `whole`: what reading all of it found, for nobody in particular."""

    path: Path
    whole: Extraction
    _keys: int
    _until: int

    def chunks(self) -> Iterator[Chunk]:
        """Yield all lines but those too long to be held, in the order of the file. Raises OSError."""
        with self.path.open("rb") as file:
            file.seek(len(MAGIC))
            while file.tell() < self._until:
                lines, spans = COUNTS.unpack(file.read(COUNTS.size))
                body = file.read(_SPAN * spans + (_EACH + 4 * self._keys) * lines)
                yield _chunk(body, lines, spans, self._keys)


def open_index(place: IndexPlace, source: str, contract_name: str) -> ExtractIndex | None:
    """Return the index there, if it is of this source, contract and edition, and every byte is as it was written."""
    try:
        found = _opened(place.path) if place.path.is_file() else None  # a pipe of that name would never be opened
    except (OSError, ValidationError):
        return None
    if found is None:
        return None
    told, until = found
    of_this = (told.edition, told.contract_name, told.whole.report.name) == (place.edition, contract_name, source)
    return ExtractIndex(place.path, told.whole, told.keys, until) if of_this else None


def mark_told(place: IndexPlace) -> str:
    """Return the mark of the extract whose index lies there, as it says itself; "" of none, and of another edition."""
    told = told_by(place.path)
    return told.whole.mark if told and told.edition == place.edition else ""


def _opened(path: Path) -> tuple[IndexTold, int] | None:
    """What the index tells, and where that begins; None for what is no whole index."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size < len(MAGIC) + FRAME.size:
            return None
        file.seek(size - FRAME.size)
        length, digest, end = FRAME.unpack(file.read(FRAME.size))
        until = size - FRAME.size - length
        file.seek(0)
        if end != END or not len(MAGIC) <= until <= size or file.read(len(MAGIC)) != MAGIC:
            return None
        file.seek(0)
        if _digest(file, size - FRAME.size) != digest:
            return None
        file.seek(until)
        return IndexTold.model_validate_json(file.read(length)), until


def _digest(file: IO[bytes], length: int) -> bytes:
    digest = hashlib.sha256()
    while length > 0 and (piece := file.read(min(_PIECE, length))):
        digest.update(piece)
        length -= len(piece)
    return digest.digest()


def _chunk(body: bytes, lines: int, spans: int, keys: int) -> Chunk:
    at = _SPAN * spans
    return Chunk(
        np.frombuffer(body, np.int64, 3 * spans).reshape(spans, 3),
        np.frombuffer(body, np.int64, lines, at),
        np.frombuffer(body, np.uint32, lines, at + 8 * lines),
        np.frombuffer(body, np.uint32, keys * lines, at + 12 * lines).reshape(keys, lines),
        np.frombuffer(body, np.uint32, lines, at + (12 + 4 * keys) * lines),
        *np.frombuffer(body, np.uint8, 2 * lines, at + (16 + 4 * keys) * lines).reshape(2, lines),
    )
