"""The lines that are taken out of a file: in memory while they are few, else in a nameless file that ends with us."""

import os
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import IO, overload

MOST = 30_000  # lines in memory; an ordinary night keeps half as many, a country of millions of accounts millions
_AT_ONCE = 1 << 20  # bytes of them that are written, or read again, together


class KeptLines(Sequence[bytes]):
    """Lines in their order, each found again by its place: the first ones in a file once they are many, the last ones
    in memory; all of them there where the file has no room.
    """

    def __init__(self, lines: Iterable[bytes] = ()) -> None:
        self._lines: list[bytes] = []
        self._ends = array("q")
        self._file: IO[bytes] | None = None
        self._away = 0  # lines in the file
        self._least = MOST  # lines at which some are put there
        for line in lines:
            self.add(line)

    def add(self, line: bytes) -> None:
        """Take one more."""
        self._ends.append(len(line) + (self._ends[-1] if self._ends else 0))
        self._lines.append(line)
        if len(self._ends) > self._least and self._ends[-1] - self._before(self._away) >= _AT_ONCE:
            self._put_away()

    def _before(self, at: int) -> int:
        """How many bytes stand before a line."""
        return self._ends[at - 1] if at else 0

    def _put_away(self) -> None:
        try:
            if self._file is None:
                self._file = _nameless()
                weakref.finalize(self, _close, self._file)
            self._file.seek(self._before(self._away))
            self._file.write(b"".join(self._lines))
            self._file.flush()
        except OSError:
            self._least *= 2  # these stay; perhaps there is room later
            return
        self._away, self._lines = len(self._ends), []

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> list[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | list[bytes]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if self._file is None or at >= self._away:
            return self._lines[at - self._away]
        begin = self._before(at)
        return os.pread(self._file.fileno(), self._ends[at] - begin, begin)

    def __iter__(self) -> Iterator[bytes]:
        return chain(self._read(self._file.fileno()) if self._file else (), self._lines)

    def _read(self, file: int) -> Iterator[bytes]:
        block, begin, first = b"", 0, 0  # `first`: where the block begins in the file
        for end in self._ends[: self._away]:
            if end > first + len(block):
                block, first = os.pread(file, max(_AT_ONCE, end - begin), begin), begin
            yield block[begin - first : end - first]
            begin = end

    def __len__(self) -> int:
        return len(self._ends)

    def __reduce__(self) -> tuple[object, ...]:
        return KeptLines, (list(self),)  # a file is nobody else's


class Gathered:
    """Lines with their numbers, in the order of their file; of equal ones the first."""

    def __init__(self, rows: Iterable[tuple[bytes, int]] = ()) -> None:
        self.lines, self.numbers = KeptLines(), array("q")
        self._known: dict[int, int] = {}  # hash of a line → the first that has it: a quarter of what the line takes
        self._others: set[bytes] = set()  # that have the hash of another one
        self.take((number, line) for line, number in rows)

    def take(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Take (number, line) of lines that stand behind all that were taken, but for those that are among them."""
        here, first, add = len(self.numbers), self._known.setdefault, self.lines.add
        for number, line in rows:
            at = first(hash(line), here)
            if at != here:
                if self.lines[at] == line or line in self._others:
                    continue
                self._others.add(line)
            add(line)
            self.numbers.append(number)
            here += 1

    def items(self) -> Iterator[tuple[bytes, int]]:
        """Yield each with its number."""
        return zip(self.lines, self.numbers, strict=True)

    def __len__(self) -> int:
        return len(self.numbers)

    def __reduce__(self) -> tuple[object, ...]:
        return Gathered, ([*self.items()],)


def _nameless() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):
        file.close()
