"""The glance in C, where it was compiled on this machine; whoever asks for it and has none uses numpy.

`glance.c` says what `glance.py`, `marks.py` and `encoding.py` say in numpy, which stay the definition.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from connectors.bytescan.compiled.build import left_over, library

MOST_COLUMNS = 256
MOST_TESTS = 3
_Address = ctypes.c_void_p
_Number = ctypes.c_int64


class _Sieve(ctypes.Structure):
    """As in glance.c."""

    _fields_ = [("bits", _Address), ("shift", _Number)]  # ctypes reads it from the class


class _Exact(ctypes.Structure):
    """As in glance.c."""

    _fields_ = [*((name, _Address) for name in ("texts", "ends", "slots")), ("mask", _Number)]


class _Among(ctypes.Structure):
    """As in glance.c."""

    _fields_ = [("column", _Number), ("empty_too", _Number), ("sieve", _Sieve), ("exact", _Exact)]


class _Rules(ctypes.Structure):
    """As in glance.c."""

    _fields_ = [
        *((name, _Number) for name in ("delimiters", "trailing", "columns", "tests")),
        ("among", _Among * MOST_TESTS),
        *((name, _Number) for name in ("names", "last_name", "first_name")),
        ("name", _Sieve),
        ("exact_names", _Exact),
        ("keyed", _Number),
        ("keyed_columns", _Number * MOST_TESTS),
        ("keyed_names", _Number),
        *((name, _Address) for name in ("weights", "letters", "separates", "folded")),
    ]


class _Found(ctypes.Structure):
    """As in glance.c."""

    _fields_ = [
        ("room", _Number),
        *((name, _Address) for name in ("starts", "ends", "hashes", "kinds", "doubtful", "plain", "wanted")),
        *((name, _Address) for name in ("keys", "numbers", "cells")),
        ("encoding", _Number),
        ("strays", _Address),
        ("bare", _Number),
    ]


_FUNCTIONS: dict[str, tuple[Any, Sequence[Any]]] = {
    "efit_count": (_Number, [_Address, _Number, _Number, _Number, _Address]),
    "efit_fill": (None, [ctypes.POINTER(_Exact), _Number]),
    "efit_look": (_Number, [_Address, _Number, ctypes.POINTER(_Rules), ctypes.POINTER(_Found)]),
    "efit_different": (_Number, [_Address, _Number]),
    "efit_numbers": (None, [_Address, _Number, _Address, _Address, _Number, _Address]),
}


@cache
def compiled() -> Any:
    """Return the functions of glance.c; None where it was not compiled, or cannot be loaded."""
    path = library()
    try:
        loaded = ctypes.CDLL(str(path)) if path.exists() else None
        for name, (gives, takes) in _FUNCTIONS.items() if loaded else ():
            function = getattr(loaded, name)
            function.restype, function.argtypes = gives, takes
    except (OSError, AttributeError):
        return None
    return loaded


def is_outdated() -> bool:
    """Tell whether numpy looks at the lines although something was compiled here: of another version, or broken."""
    return compiled() is None and bool(left_over() or library().exists())


class Exact:
    """The texts themselves, one behind the other, where each ends, and a table of where to look for one."""

    def __init__(self, texts: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> None:
        self._texts, self._ends = texts, ends
        self._slots = np.zeros(1 << max(4, (2 * len(ends)).bit_length()), np.int32)
        compiled().efit_fill(ctypes.byref(self.told()), len(ends))

    def told(self) -> _Exact:
        """Return it as C has it; its memory is read while this one lives."""
        texts, ends, slots = (one.ctypes.data for one in (self._texts, self._ends, self._slots))
        return _Exact(texts, ends, slots, len(self._slots) - 1)


@dataclass(frozen=True, slots=True)
class Among:
    """A column in which one of the texts of a sieve may stand: its slots as bits, and how far a key is shifted."""

    column: int
    empty_too: bool
    bits: npt.NDArray[np.uint8]
    shift: int
    exact: Exact


@dataclass(frozen=True, slots=True)
class NamedLines:
    """Where last and first name stand, and the sieve of the names that are looked for."""

    last_name: int
    first_name: int
    bits: npt.NDArray[np.uint8]
    shift: int
    exact: Exact


@dataclass(frozen=True, slots=True)
class Keyed:
    """Columns of which every line gets a key, whoever is looked for; where last and first name stand, if these do."""

    columns: tuple[int, ...] = ()
    names: tuple[int, int] | None = None

    def __len__(self) -> int:
        return len(self.columns) + (self.names is not None)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Of each byte: its small letter, and whether it may stand within a name; the weights of `line_hashes`; what is
    left in a name of the letters beyond ASCII.
    """

    letters: npt.NDArray[np.uint8]
    separates: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.uint64]
    folded: npt.NDArray[np.uint32]


class BlockSeen(NamedTuple):
    """The lines of a block: where each starts and ends, its hash; which are doubtful; which have keys; which are
    certainly of somebody wanted. The keys of each line, a row for each; the number that its national identification is,
    or 0; where its cells start, a row for each column, if they were asked for.

    `encoding`: (whether all is UTF-8, which lines are Windows-1252 instead, of which lines neither is sure), None for
    none; None where that takes a closer look.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint64]
    doubtful: npt.NDArray[np.bool_]
    plain: npt.NDArray[np.bool_]
    wanted: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int64]
    encoding: tuple[bool, npt.NDArray[np.bool_] | None, npt.NDArray[np.bool_] | None] | None
    bare: int


class Eye:
    """Looks at the blocks of one file. The arrays it gives are those of numpy."""

    def __init__(
        self,
        width: tuple[int, bool],
        columns: int,
        among: Sequence[Among],
        named: NamedLines | None,
        alphabet: Alphabet,
        keyed: Keyed = Keyed(),
    ) -> None:
        self._functions = compiled()
        self._columns = columns
        self._kept = (tuple(among), named, alphabet)  # their memory is read while this one lives
        delimiters, trailing = width
        tests = [
            _Among(one.column, one.empty_too, _Sieve(one.bits.ctypes.data, one.shift), one.exact.told())
            for one in among
        ]
        last, first, sieve, exact = (
            (named.last_name, named.first_name, _Sieve(named.bits.ctypes.data, named.shift), named.exact.told())
            if named
            else (*(keyed.names or (0, 0)), _Sieve(None, 0), _Exact(None, None, None, 0))
        )
        self._keyed = len(keyed)
        self._rules = _Rules(
            delimiters, trailing, columns, len(tests), (_Among * MOST_TESTS)(*tests),
            named is not None, last, first, sieve, exact,
            len(keyed.columns), (_Number * MOST_TESTS)(*keyed.columns), keyed.names is not None,
            alphabet.weights.ctypes.data, alphabet.letters.ctypes.data, alphabet.separates.ctypes.data,
            alphabet.folded.ctypes.data,
        )  # fmt: skip

    def look(self, block: npt.NDArray[np.uint8], *, placed: bool = True) -> BlockSeen:
        """Return what is found of each line; where its cells start if they are to be `placed`.

        To the hashes of lines shorter than a word, and of the longest, the caller is to add its own digest, where
        there are `bare` ones.
        """
        room = len(block) // _LINE + 1
        while True:
            made = self._room(room, placed=placed)
            at = [one.ctypes.data for one in made]
            found = _Found(room, *at[:9], at[9] if placed else None, 0, at[10], 0)
            lines = self._functions.efit_look(
                block.ctypes.data, len(block), ctypes.byref(self._rules), ctypes.byref(found)
            )
            if lines < room:
                break
            room = 1 + count_of(block.tobytes(), _LINE_END)[0]
        self._shortest = max(1, len(block) * 7 // 8 // max(lines, 1))  # of the next block, mostly
        starts, ends, hashes, _, doubtful, plain, wanted, keys, numbers, cells, strays = made
        strays = strays[:lines]
        told = {0: (False, strays, None), 1: (True, None, None), 2: (False, None, strays)}.get(found.encoding)
        return BlockSeen(
            starts[:lines],
            ends[:lines],
            hashes[:lines],
            doubtful[:lines],
            plain[:lines],
            wanted[:lines],
            keys[:, :lines],
            numbers[:lines],
            cells[:, :lines],
            told,
            found.bare,
        )

    def _room(self, lines: int, *, placed: bool) -> list[npt.NDArray[Any]]:
        """What C writes of so many lines, in the order of its `Found`."""
        numbers = [np.empty(lines, kind) for kind in (np.int64, np.int64, np.uint64)]
        flags = [np.empty(lines, kind) for kind in (np.uint8, np.bool_, np.bool_, np.bool_)]
        keys = np.zeros((self._keyed, lines), np.uint32), np.zeros(lines if self._keyed else 0, np.int64)
        return [*numbers, *flags, *keys, np.empty((self._columns * placed, lines), np.int64), np.empty(lines, np.bool_)]


def numbers_in(
    block: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return the same as `numbers_at` in sought/twelve_digits.py."""
    found = np.empty(len(starts), np.int64)
    starts, ends = np.ascontiguousarray(starts), np.ascontiguousarray(ends)
    compiled().efit_numbers(
        block.ctypes.data, len(block), starts.ctypes.data, ends.ctypes.data, len(starts), found.ctypes.data
    )
    return found


def different_of(numbers: npt.NDArray[np.int64]) -> int:
    """Return how many different numbers there are, which are put into another order; -1 where that is left to the
    caller.
    """
    functions = compiled()
    found: int = functions.efit_different(numbers.ctypes.data, len(numbers)) if functions else -1
    return found


def count_of(block: bytes, byte: int, other: int = 0) -> tuple[int, bool]:
    """Return (how often a byte stands in a block, whether another one does)."""
    functions = compiled()
    if functions:
        besides = ctypes.c_uint8()
        found: int = functions.efit_count(block, len(block), byte, other, ctypes.addressof(besides))
        return found, besides.value > 0
    count = int(np.count_nonzero(np.frombuffer(block, np.uint8) == byte))  # ten times faster than bytes.count
    return count, other in block


_LINE_END = ord("\n")
_LINE = 64  # bytes that a line has at least, mostly: those of cards have 170
