"""Which lines of an extract are certainly in order and certainly concern nobody wanted, a block at a time.

A glance decides nothing else: every other line goes through `identified.py` and its callers, line by line, which are
the definition of what a row is and whom it concerns. So a glance may doubt too much, and never too little.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.bytescan.delimited import Width
from connectors.bytescan.encoding import encodings
from connectors.bytescan.lines import Batch
from connectors.bytescan.marks import (
    WORD,
    Bytes,
    Flags,
    Marks,
    MarkWords,
    Places,
    first_letters,
    line_hashes,
    lowest,
    text_keys,
    words_at,
)
from schemas.reading.source import Wanted

_LINE_END, _DELIMITER = ord("\n"), ord("|")
_SMALLEST = 64  # bytes; the lines of a smaller block are doubted, as is a line alone: to split it is quicker
_IDENTIFICATION = {"id_type": 0, "identifier": 1, "national_id": 2}  # the only order in which a glance finds them
_CONCERNING = "content_id", "serial", "last_name", "first_name"
_LAST, _FIRST = 8, 4  # letters of last and first name looked at
_SPREADS = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
_ONE = np.uint64(1)
# Once a piece of so many bytes has come and gone, glibc keeps smaller ones for the next block; without that, giving
# each block's arrays back to the system and asking for them again costs a sixth of the time.
_KEPT = 30 << 20
_SIEVE_BITS = 22, 28  # four megabytes of memory at least, 256 at most


@dataclass(frozen=True, slots=True)
class LinesSeen:
    """The lines of a batch. `doubtful` are to be read line by line; hashes and the rest are of all lines.

    `strays`: of the others, how many are Windows-1252; `first_stray`: the index of the first. `cells`: where the cells
    start, counted from the first line; None where all lines are doubtful.
    """

    starts: Places
    ends: Places
    hashes: npt.NDArray[np.int64]
    doubtful: Flags
    is_utf8: bool
    strays: int = 0
    first_stray: int = 0
    cells: "Cells | None" = None


class Sieve:
    """A set of keys that may say yes to one it does not hold, and never no to one it does (a Bloom filter)."""

    def __init__(self, keys: MarkWords) -> None:
        bits = min(max(_SIEVE_BITS[0], (32 * len(keys)).bit_length()), _SIEVE_BITS[1])
        self._shift = np.uint64(64 - bits)
        self._holds = np.zeros(1 << bits, dtype=bool)
        for spread in _SPREADS:
            self._holds[self._slots(keys, spread)] = True

    def may_hold(self, keys: MarkWords) -> Flags:
        """Key by key."""
        first, second = _SPREADS
        held = self._holds[self._slots(keys, first)]
        rows = np.flatnonzero(held)
        held[rows] = self._holds[self._slots(keys[rows], second)]
        return held

    def _slots(self, keys: MarkWords, spread: np.uint64) -> Places:
        return (keys * spread >> self._shift).view(np.int64)


Test = Callable[[Bytes, "Cells"], Flags]
"""May a line concern somebody wanted, or be wrong in a cell that matters?"""


class Cells:
    """Where the cells of each line start, found from the left; `known`: all that were asked for were in sight."""

    def __init__(self, delimiters: Marks, starts: Places) -> None:
        self.known = np.ones(len(starts), dtype=bool)
        self._delimiters = delimiters
        self._starts = [starts]
        self._from = starts.copy()
        self._seen = delimiters.sight(starts)

    def start(self, column: int) -> Places:
        """Of this column; only right where `known` afterwards."""
        while len(self._starts) <= column:
            spent = np.flatnonzero(self._seen == 0)
            if spent.size:
                self._from[spent] = self._starts[-1][spent]
                self._seen[spent] = self._delimiters.sight(self._from[spent])
                self.known[spent] &= self._seen[spent] != 0
            self._starts.append(self._from + lowest(self._seen) + 1)
            self._seen &= self._seen - _ONE
        return self._starts[column]


class Glance:
    """Looks at the batches of one file. `at`: our column → position; `unsound`: column → a test more of its cell."""

    def __init__(
        self, at: Mapping[str, int], width: Width, wanted: Wanted, unsound: Mapping[str, Test] | None = None
    ) -> None:
        bytearray(_KEPT)
        self._width = width
        looked_at = (*_IDENTIFICATION, *_CONCERNING, *(unsound or ()))
        out_of_sight = any(at.get(name, 0) >= width.delimiters for name in looked_at)
        misplaced = any(at[name] != place for name, place in _IDENTIFICATION.items())
        self._blind = wanted.everyone or misplaced or out_of_sight
        self._tests: list[Test] = list((unsound or {}).values())
        if wanted.national_ids:
            self._tests.append(_cell_among(at["national_id"], wanted.national_ids))
        if "content_id" in at and wanted.national_ids:
            self._tests.append(_cell_among(at["content_id"], wanted.national_ids))
        if "serial" in at and wanted.serials:
            self._tests.append(_cell_among(at["serial"], wanted.serials))
        if "last_name" in at and "first_name" in at and wanted.names:
            self._tests.append(_name_among(at["last_name"], at["first_name"], wanted.names))

    def look(self, batch: Batch) -> LinesSeen:
        """All lines of a batch at once."""
        block = np.frombuffer(batch.block, np.uint8, batch.end - batch.begin, batch.begin)
        ends = Marks(block == _LINE_END).places()
        starts = np.concatenate(([0], ends[:-1] + 1))
        hashes = line_hashes(block, starts, ends)
        if self._blind or len(ends) == 1 or len(block) < _SMALLEST:
            return LinesSeen(starts, ends, hashes, np.ones(len(ends), dtype=bool), batch.is_utf8())
        utf8, stray, unsure = encodings(batch, block, ends)
        delimiters = Marks(block == _DELIMITER)
        cells = Cells(delimiters, starts)
        doubtful = self._doubts(block, delimiters, cells, ends) | unsure
        strays = np.flatnonzero(stray & ~doubtful)
        return LinesSeen(starts, ends, hashes, doubtful, utf8, len(strays), int(strays[0]) if strays.size else 0, cells)

    def _doubts(self, block: Bytes, delimiters: Marks, cells: Cells, ends: Places) -> Flags:
        right: Flags = delimiters.per_line(ends) == self._width.delimiters
        if self._width.trailing:
            right &= block[ends - 1] == _DELIMITER
        right &= _agrees(block, cells)
        doubts = ~right
        for test in self._tests:
            doubts |= test(block, cells)
        doubts |= ~cells.known
        return doubts


def _agrees(block: Bytes, cells: Cells) -> Flags:
    """A type of one byte, an identifier of one or two words of bytes, and both again as the national identification."""
    kind, identifier, national, end = (cells.start(column) for column in range(4))
    length = end - national - 2  # of the identifier, if the parts agree
    agrees: Flags = (
        (identifier - kind == 2)
        & (national - identifier == length + 1)
        & (length >= WORD)
        & (length <= 2 * WORD)
        & (block[kind] == block[np.minimum(national, len(block) - 1)])
        & (words_at(block, identifier) == words_at(block, national + 1))
        & (words_at(block, national - 1 - WORD) == words_at(block, end - 1 - WORD))
    )
    return agrees


def _cell_among(column: int, texts: Collection[str]) -> Test:
    """The cell is one of the texts, perhaps; where it is too short to tell, too."""
    sieve, empty_too = _sieve_of(texts), "" in texts

    def test(block: Bytes, cells: Cells) -> Flags:
        start, end = cells.start(column), cells.start(column + 1) - 1
        length = end - start
        found: Flags = np.where(length < WORD, (length > 0) | empty_too, sieve.may_hold(text_keys(block, start, end)))
        return found

    return test


def _name_among(last_name: int, first_name: int, names: Collection[str]) -> Test:
    """The letters with which last and first name begin are those of somebody wanted.

    Up to the first byte that is no letter of ASCII, so whatever accents, case and hyphens become in
    `schemas.words.name_key`, it begins with them.
    """
    sieve = Sieve(_beginnings(names))

    def test(block: Bytes, cells: Cells) -> Flags:
        last, first = cells.start(last_name), cells.start(first_name)
        keys = _name_keys(first_letters(block, last, _LAST), first_letters(block, first, _FIRST))
        return sieve.may_hold(keys) | (np.maximum(last, first) > len(block) - _SMALLEST)

    return test


def _name_keys(last: MarkWords, first: MarkWords) -> MarkWords:
    return last * _SPREADS[0] ^ first


def _beginnings(names: Collection[str]) -> MarkWords:
    """The keys of every beginning of the wanted names: `last|first`, up to so many letters of each."""
    block, starts, _ = _joined([name + "|" for name in names])
    middles = np.fromiter((name.index("|") + 1 for name in names), dtype=np.int64, count=len(names)) + starts
    lasts = [first_letters(block, starts, most) for most in range(_LAST + 1)]
    firsts = [first_letters(block, middles, most) for most in range(_FIRST + 1)]
    # Each once, before they stand side by side: a million names have many beginnings in common.
    return _different(np.concatenate([_different(_name_keys(last, first)) for last in lasts for first in firsts]))


def _different(keys: MarkWords) -> MarkWords:
    """Each once; five times faster than np.unique, which hashes them."""
    ordered = np.sort(keys)
    different: MarkWords = ordered[np.diff(ordered, prepend=~ordered[:1]) != 0]
    return different


def _sieve_of(texts: Collection[str]) -> Sieve:
    """Of those long enough to have a key; the others are doubted anyway."""
    block, starts, ends = _joined([text for text in texts if len(text.encode()) >= WORD])
    return Sieve(text_keys(block, starts, ends))


def _joined(texts: Collection[str]) -> tuple[Bytes, Places, Places]:
    """(all texts one behind the other, where each starts, where each ends)."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)))
    starts = np.concatenate(([0], ends[:-1])) if encoded else ends
    return np.frombuffer(b"".join([*encoded, bytes(2 * WORD)]), dtype=np.uint8), starts, ends
