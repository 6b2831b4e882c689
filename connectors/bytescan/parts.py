"""A plain text cut at its line ends into ranges of bytes, each of which can be read by whoever sees the file.

One pass over the bytes finds the ranges, the number of the line each begins with, and the SHA-256 of the whole.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from connectors.bytescan.delimited import Table, fitness
from connectors.bytescan.lines import BLOCK, DAMAGED, TextStream, open_text, tail_of, unreadable
from schemas.reading.source import SourceContract

PIECE = 64 << 20  # bytes of a range: half a second of work, beside which handing it out costs less
_LF = ord("\n")


@dataclass(frozen=True, slots=True)
class Range:
    """Whole lines of a file: bytes `begin`…`end`, of which the first is line `first`; `lines` of them."""

    begin: int
    end: int
    first: int
    lines: int


class PartSurvey:
    """One pass over the bytes of `file` behind its `head` lines.

    `sha256` and `size`: of all of it, once passed; `tail`: its last bytes.
    """

    def __init__(self, file: IO[bytes], head: int, piece: int) -> None:
        self.sha256, self.size, self.tail = "", 0, b""
        self._file = file
        self._head = head
        self._piece = piece

    def ranges(self) -> Iterator[Range]:
        """Yield each as soon as it is found, of `piece` bytes or a little more. Raises SourceError FILE_UNREADABLE."""
        digest = hashlib.sha256()
        begin, first, lines = -1, self._head + 1, 0
        for block in self._blocks():
            digest.update(block)
            self.tail = tail_of(self.tail, block)
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LF)
            if begin < 0 and lines + len(ends) >= self._head:
                begin = self.size + int(ends[self._head - lines - 1]) + 1
            lines += len(ends)
            cut = self.size + int(ends[-1]) + 1 if len(ends) else 0
            if begin >= 0 and cut - begin >= self._piece:
                yield Range(begin, cut, first, lines + 1 - first)
                begin, first = cut, lines + 1
            self.size += len(block)
        self.sha256 = digest.hexdigest()
        if 0 <= begin < self.size:
            unended = block[-1] != _LF
            yield Range(begin, self.size, first, lines + 1 - first + unended)

    def _blocks(self) -> Iterator[bytes]:
        try:
            self._file.seek(0)
            while block := self._file.read(min(BLOCK, self._piece)):
                yield block
        except DAMAGED as error:
            raise unreadable("damaged") from error


class _Slice:
    """The bytes of a range, as a file that ends there."""

    def __init__(self, file: IO[bytes], part: Range) -> None:
        file.seek(part.begin)
        self._file = file
        self._left = part.end - part.begin

    def __enter__(self) -> "_Slice":
        return self

    def __exit__(self, *_: object) -> None:
        """The file is its opener's."""

    def read(self, size: int) -> bytes:
        """The next bytes, b"" at the end of the range."""
        block = self._file.read(min(size, self._left))
        self._left -= len(block)
        return block


def is_plain(text: TextStream) -> bool:
    """Tell whether any part of it can be read alone; not so of an archive's member."""
    return text.text is text.file


@contextmanager
def open_part(path: Path, rules: SourceContract, source: str, part: Range) -> Iterator[Table]:
    """Open the rows of one range of a text, under the header of the whole.

    Raises SourceError FILE_UNREADABLE, also where the file is not the one the range is of.
    """
    with open_text(path, fitness(rules)) as text:
        table = Table(text, rules, source)
        table.turn_to(TextStream(text.file, _Slice(text.file, part), part.end - part.begin), part.first)  # type: ignore[arg-type]  # reads as IO[bytes] does
        yield table
        if table.tally().line_ends != part.lines:
            raise unreadable("changed")
