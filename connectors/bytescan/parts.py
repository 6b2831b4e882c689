"""A text cut at its line ends into ranges of bytes, each of which can be read by whoever sees the file.

One pass over the bytes finds the ranges, the number of the line each begins with, and the SHA-256 of the whole. What
lies in an archive is cut too: whoever reads a range unpacks what lies before it and throws it away.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from connectors.bytescan.delimited import Table, fitness
from connectors.bytescan.lines import BLOCK, DAMAGED, TextStream, open_text, unreadable
from schemas.reading.source import SourceContract

PIECE = 64 << 20  # bytes of a range: half a second of work, beside which handing it out costs less
MOST_UNPACKED = 6  # ranges of an archive: each costs unpacking all before it, three times the whole for six of them
_LF = ord("\n")


@dataclass(frozen=True, slots=True)
class Range:
    """Whole lines of a file: bytes `begin`…`end`, of which the first is line `first`; `lines` of them."""

    begin: int
    end: int
    first: int
    lines: int


class PartSurvey:
    """One pass over the text of a file, opened anew, behind its `head` lines: `opened` is what these were read of.

    `sha256`, `size` (of the file as it lies there) and `tail` (the last bytes of the text): known once it is passed;
    `done`: bytes of the text passed by now.
    """

    def __init__(self, path: Path, opened: TextStream, fit: Callable[[bytes], int], head: int, piece: int) -> None:
        self.sha256, self.size, self.tail, self.done = "", 0, b"", 0
        self._path, self._fit, self._head = path, fit, head
        self._opened = os.fstat(opened.file.fileno())
        self._piece = piece if is_plain(opened) else max(piece, opened.size // MOST_UNPACKED)

    def ranges(self) -> Iterator[Range]:
        """Yield each as soon as it is found, of `piece` bytes or a little more.

        Raises SourceError FILE_UNREADABLE, also where another file has taken its place.
        """
        with open_text(self._path, self._fit, identify=True) as text:
            if not os.path.samestat(os.fstat(text.file.fileno()), self._opened):
                raise unreadable("changed")
            yield from self._cut(text)
            self.sha256, self.size = text.identified()
            self.tail = text.tail

    def _cut(self, text: TextStream) -> Iterator[Range]:
        begin, first, lines, block = -1, self._head + 1, 0, b""
        while read := text.read(min(BLOCK, self._piece)):
            block = read
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LF)
            if begin < 0 and lines + len(ends) >= self._head:
                begin = self.done + int(ends[self._head - lines - 1]) + 1
            lines += len(ends)
            cut = self.done + int(ends[-1]) + 1 if len(ends) else 0
            self.done = text.done
            if begin >= 0 and cut - begin >= self._piece:
                yield Range(begin, cut, first, lines + 1 - first)
                begin, first = cut, lines + 1
        if 0 <= begin < self.done:
            unended = block[-1] != _LF
            yield Range(begin, self.done, first, lines + 1 - first + unended)


class _Slice:
    """The bytes of a range, as a file that ends there."""

    def __init__(self, file: IO[bytes], part: Range) -> None:
        try:
            file.seek(part.begin)
        except DAMAGED as error:
            raise unreadable("damaged") from error
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
    """Tell whether any part of it can be read without what lies before it; not so of an archive's member."""
    return text.text is text.file


@contextmanager
def open_part(path: Path, rules: SourceContract, source: str, part: Range) -> Iterator[Table]:
    """Open the rows of one range of a text, under the header of the whole.

    Raises SourceError FILE_UNREADABLE, also where the file is not the one the range is of.
    """
    fit = fitness(rules)
    with open_text(path, fit) as head, open_text(path, fit) as body:  # an archive's member is not read backwards
        table = Table(head, rules, source)
        table.turn_to(TextStream(body.file, _Slice(body.text, part), part.end - part.begin), part.first)  # type: ignore[arg-type]  # reads as IO[bytes] does
        yield table
        if table.tally().line_ends != part.lines:
            raise unreadable("changed")
