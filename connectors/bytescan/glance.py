"""Which lines of an extract are certainly in order, and certainly concern somebody wanted or nobody, a block at a time.

A glance decides nothing else: every other line goes through `identified.py` and its callers, line by line, which are
the definition of what a row is and whom it concerns. So a glance may doubt too much, and never too little.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from connectors.bytescan.compiled import MOST_COLUMNS, Alphabet, Among, Exact, Eye, Keyed, NamedLines, compiled
from connectors.bytescan.delimited import Width
from connectors.bytescan.encoding import encodings
from connectors.bytescan.lines import Batch
from connectors.bytescan.marks import (
    FOLDED_LESS,
    LETTERS,
    SEPARATES,
    UNSURE,
    WEIGHTS,
    WORD,
    Bytes,
    Flags,
    Marks,
    Places,
    ShortKeys,
    digests_at,
    first_letters,
    line_hashes,
    short_keys,
    text_keys,
    words_at,
)
from connectors.bytescan.sieve import FIRST, LAST, Sieve, beginnings, joined, name_keys
from connectors.bytescan.sought.among import SMALLEST, SoughtName, Test, among_of
from connectors.bytescan.sought.cells import Cells
from connectors.bytescan.sought.concerning import FOLDED
from connectors.bytescan.sought.twelve_digits import numbers_at
from schemas.reading.source import Wanted

_LINE_END, _DELIMITER = ord("\n"), ord("|")
_IDENTIFICATION = {"id_type": 0, "identifier": 1, "national_id": 2}  # the only order in which a glance finds them
_CONCERNING = "content_id", "serial", "last_name", "first_name"
KEYED = "national_id", "content_id", "serial"
_ONE = np.uint64(1)
# Once a piece of so many bytes has come and gone, glibc keeps smaller ones for the next block; without that, giving
# each block's arrays back to the system and asking for them again costs a sixth of the time.
_KEPT = 30 << 20
_KEPT_IN_C = 4 << 20  # whose arrays are few: the rest goes back to the system
_NONE = np.empty(0, np.int64)
_ALPHABET = Alphabet(np.frombuffer(LETTERS, np.uint8), SEPARATES.view(np.uint8), WEIGHTS, np.array(FOLDED, np.uint32))


@dataclass(frozen=True, slots=True)
class LinesSeen:
    """The lines of a batch. `doubtful` are to be read line by line; hashes and the rest are of all lines.

    `strays`: of the others, how many are Windows-1252; `first_stray`: the index of the first. `wanted`: those of the
    others that are rows of somebody wanted; None where none is. `cells`: where the cells start, counted from the first
    line; None where all lines are doubtful, or nobody asks. `keys`: a row for each column that was to
    have them, and one of the names; `numbers`, beside keys: the twelve digits that the national identification is,
    or 0; right of the `plain` lines alone.
    """

    starts: Places
    ends: Places
    hashes: npt.NDArray[np.int64]
    doubtful: Flags
    is_utf8: bool
    strays: int = 0
    first_stray: int = 0
    cells: Cells | None = None
    keys: ShortKeys | None = None
    numbers: Places | None = None
    plain: Flags | None = None
    wanted: Flags | None = None


class Glance:
    """Looks at the batches of one file. `at`: our column → position; `unsound`: column → a test more of its cell;
    `keyed`: every line gets its keys, whoever is wanted (`keyed_columns`). `all_alike`: most lines are of somebody
    wanted, or begin like one, so that no sieve would pass over any.
    """

    def __init__(
        self,
        at: Mapping[str, int],
        width: Width,
        wanted: Wanted,
        unsound: Mapping[str, Test] | None = None,
        *,
        keyed: bool = False,
        all_alike: bool = False,
    ) -> None:
        self._width = width
        self._keyed = keyed_columns(at) if keyed else Keyed()
        asked = [at[name] for name in (*_IDENTIFICATION, *_CONCERNING, *(unsound or ())) if name in at]
        misplaced = any(at[name] != place for name, place in _IDENTIFICATION.items())
        self._blind = wanted.everyone or misplaced or max(asked) >= width.delimiters
        self._more = list((unsound or {}).values())
        sieve = Sieve.everything() if all_alike else None
        self._among = list(among_of(at, wanted, sieve))
        self._named = (
            SoughtName(at["last_name"], at["first_name"], sieve or Sieve(beginnings(wanted.names)), wanted.names)
            if ("last_name" in at and "first_name" in at and wanted.names)
            else None
        )
        self._eye = None if self._blind else self._compiled([at[name] for name in unsound or ()])
        np.empty(_KEPT_IN_C if self._eye else _KEPT, np.uint8)  # none of it is touched
        if self._eye:  # it has them as bits, an eighth
            self._among, self._named = [], None

    def _compiled(self, more: list[int]) -> Eye | None:
        """The same in C, where there is one here; `more`: columns that are looked at besides."""
        named = self._named
        last = max(len(_IDENTIFICATION), *(one + 1 for one in (*more, *(test.column for test in self._among))), 0)
        last = max(last, named.last_name + 1, named.first_name + 1) if named else last
        last = max(last, *(self._keyed.names or (0,)), *(one + 1 for one in self._keyed.columns), 0)
        if compiled() is None or last >= MOST_COLUMNS:
            return None
        among = [
            Among(one.column, one.empty_too, one.sieve.as_bits(), one.sieve.shift, _exactly(one.texts))
            for one in self._among
        ]
        bits = (named.sieve.as_bits(), named.sieve.shift, _exactly(named.texts)) if named else ()
        told = NamedLines(named.last_name, named.first_name, *bits) if named else None
        return Eye((self._width.delimiters, self._width.trailing), last + 1, among, told, _ALPHABET, self._keyed)

    @property
    def keys(self) -> int:
        """How many each line gets; 0 where all lines are doubted, and none is looked at."""
        return 0 if self._blind else len(self._keyed)

    def look(self, batch: Batch, *, placed: bool = True) -> LinesSeen:
        """Look at all lines of a batch at once; `placed`: somebody asks where their cells start."""
        block = np.frombuffer(batch.block, np.uint8, batch.end - batch.begin, batch.begin)
        if self._eye and len(block) >= SMALLEST:
            return self._look(batch, block, self._eye, placed=placed or bool(self._more))
        ends = Marks(block == _LINE_END).places()
        starts = np.concatenate(([0], ends[:-1] + 1))
        hashes = line_hashes(block, starts, ends)
        if self._blind or len(ends) == 1 or len(block) < SMALLEST:
            return LinesSeen(starts, ends, hashes, np.ones(len(ends), dtype=bool), batch.is_utf8())
        utf8, stray, unsure = encodings(batch, block, ends)
        delimiters = Marks(block == _DELIMITER)
        cells = Cells(delimiters, starts)
        right = self._right(block, delimiters, cells, ends)
        keys = self._keys(block, cells)
        doubtful, wanted = self._doubts(block, cells, right)
        plain = right & cells.known
        keys[:, ~plain] = 0
        numbers = self._numbers(block, cells, plain)
        found = LinesSeen(
            starts, ends, hashes, doubtful | unsure, utf8, cells=cells, keys=keys, numbers=numbers, plain=plain
        )
        return _seen(found, stray, wanted)

    def _look(self, batch: Batch, block: Bytes, eye: Eye, *, placed: bool) -> LinesSeen:
        """The same, by what is compiled."""
        seen = eye.look(block, placed=placed)
        starts, ends, doubtful = seen.starts, seen.ends, seen.doubtful
        if seen.bare:
            lengths = ends - starts
            others = np.flatnonzero((lengths < WORD) | (lengths >= FOLDED_LESS))
            seen.hashes[others] += digests_at(block, starts[others], ends[others])
        hashes = seen.hashes.view(np.int64)
        if len(ends) == 1:
            return LinesSeen(starts, ends, hashes, np.ones(1, dtype=bool), batch.is_utf8())
        cells = None
        if placed:
            cells = Cells.found(seen.cells)
            for test in self._more:
                doubtful |= test(block, cells)
        utf8, stray, unsure = seen.encoding or encodings(batch, block, ends)
        if unsure is not None:
            doubtful |= unsure
        found = LinesSeen(
            starts, ends, hashes, doubtful, utf8, cells=cells, keys=seen.keys, numbers=seen.numbers, plain=seen.plain
        )
        return _seen(found, stray, seen.wanted)

    def _right(self, block: Bytes, delimiters: Marks, cells: Cells, ends: Places) -> Flags:
        """As wide as it has to be, and identified."""
        right: Flags = delimiters.per_line(ends) == self._width.delimiters
        if self._width.trailing:
            right &= block[ends - 1] == _DELIMITER
        return right & _agrees(block, cells)

    def _keys(self, block: Bytes, cells: Cells) -> ShortKeys:
        """A row for each column that has keys, then one of the names."""
        rows = [_cell_keys(block, cells, column) for column in self._keyed.columns]
        if self._keyed.names:
            rows.append(_short_name_keys(block, *map(cells.start, self._keyed.names)))
        return np.array(rows, np.uint32).reshape(len(rows), len(cells.known))

    def _numbers(self, block: Bytes, cells: Cells, plain: Flags) -> Places:
        """None of any line without keys."""
        if not self._keyed:
            return np.empty(0, np.int64)
        national = _IDENTIFICATION["national_id"]
        return np.where(plain, numbers_at(block, cells.start(national), cells.start(national + 1) - 1), 0)

    def _doubts(self, block: Bytes, cells: Cells, right: Flags) -> tuple[Flags, Flags]:
        """(lines that are to be read one by one; those of the others that are certainly of somebody wanted)."""
        tests = [*self._among, *([self._named] if self._named else ())]
        perhaps = [test(block, cells) for test in tests]
        doubts = ~right
        for test in self._more:
            doubts |= test(block, cells)
        doubts |= ~cells.known  # now that all cells were asked for
        wanted, unsure = np.zeros(len(right), bool), np.zeros(len(right), bool)
        for test, found in zip(tests, perhaps, strict=True):
            for line in np.flatnonzero(found & right & cells.known).tolist():
                certain = test.certain(block, cells, line)
                wanted[line] |= certain is True
                unsure[line] |= certain is None
        return doubts | (unsure & ~wanted), wanted


def _exactly(texts: frozenset[str]) -> Exact:
    block, _, ends = joined(texts)
    return Exact(block, ends)


def _seen(seen: LinesSeen, stray: Flags | None, wanted: Flags) -> LinesSeen:
    """With the lines that are wanted and that are Windows-1252, of those that are not doubtful."""
    certain = wanted & ~seen.doubtful
    strays = np.flatnonzero(stray & ~seen.doubtful) if stray is not None else _NONE
    first = int(strays[0]) if strays.size else 0
    return replace(seen, strays=len(strays), first_stray=first, wanted=certain if certain.any() else None)


def keyed_columns(at: Mapping[str, int]) -> Keyed:
    """Return the columns of a file by which somebody may be wanted."""
    names = (at["last_name"], at["first_name"]) if "last_name" in at and "first_name" in at else None
    return Keyed(tuple(at[name] for name in KEYED if name in at), names)


def _cell_keys(block: Bytes, cells: Cells, column: int) -> ShortKeys:
    start, end = cells.start(column), cells.start(column + 1) - 1
    keys = short_keys(text_keys(block, start, end))
    return np.where(end - start < WORD, (end > start).astype(np.uint32), keys)


def _short_name_keys(block: Bytes, last: Places, first: Places) -> ShortKeys:
    keys = short_keys(name_keys(first_letters(block, last, LAST), first_letters(block, first, FIRST)))
    return np.where(np.maximum(last, first) > len(block) - SMALLEST, UNSURE, keys)


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
