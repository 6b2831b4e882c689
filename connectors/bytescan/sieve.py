"""A set of keys in a few megabytes, for asking of millions of lines whether one of them may be of somebody wanted."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from connectors.bytescan.marks import (
    WORD,
    Bytes,
    Flags,
    MarkWords,
    Places,
    ShortKeys,
    first_letters,
    short_keys,
    text_keys,
)

KeyForm = TypeVar("KeyForm", np.uint32, np.uint64)
SPREADS = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
LAST, FIRST = 8, 4  # letters of last and first name looked at
_TOGETHER = 65_536  # names of which the beginnings are worked out at once
_BITS = 16, 22, 27  # 64 kilobytes of memory at least, four megabytes where two thousand are wanted, 128 at most


class Sieve:
    """A set of keys that may say yes to one it does not hold, and never no to one it does (a Bloom filter)."""

    def __init__(self, keys: MarkWords) -> None:
        least, usual, most = _BITS
        roomy = min((2048 * len(keys)).bit_length(), usual)
        bits = min(max(least, roomy, (16 * len(keys)).bit_length()), most)
        self.shift = 64 - bits
        self._shift = np.uint64(self.shift)
        self._holds = np.zeros(1 << bits, dtype=bool)
        for spread in SPREADS:
            self._holds[self._slots(keys, spread)] = True

    @classmethod
    def everything(cls) -> "Sieve":
        """Return one that says yes of every key, for lines of which most are known to be of somebody wanted."""
        sieve = cls.__new__(cls)
        sieve.shift = 63
        sieve._shift, sieve._holds = np.uint64(63), np.ones(2, dtype=bool)
        return sieve

    def as_bits(self) -> Bytes:
        """Return a bit for each slot: an eighth, so that more of it stays in the processor's cache."""
        return np.packbits(self._holds, bitorder="little")

    def may_hold(self, keys: MarkWords) -> Flags:
        """Tell, key by key, key by key."""
        first, second = SPREADS
        held = self._holds[self._slots(keys, first)]
        rows = np.flatnonzero(held)
        held[rows] = self._holds[self._slots(keys[rows], second)]
        return held

    def _slots(self, keys: MarkWords, spread: np.uint64) -> Places:
        return (keys * spread >> self._shift).view(np.int64)


def wanted_keys(texts: Collection[str]) -> ShortKeys:
    """Return the keys of the cells that hold one of these texts, in order; one too short to have any is asked for
    anyway.
    """
    block, starts, ends = joined([text for text in texts if len(text.encode()) >= WORD])
    return different_keys(short_keys(text_keys(block, starts, ends)))


def wanted_name_keys(names: frozenset[str]) -> ShortKeys:
    """Return the keys of the rows whose names begin like one of these `last|first`, in order."""
    return different_keys(short_keys(beginnings(names))) if names else np.empty(0, np.uint32)


def name_keys(last: MarkWords, first: MarkWords) -> MarkWords:
    """Return the keys of the letters with which last and first names begin."""
    return last * SPREADS[0] ^ first


@lru_cache(maxsize=1)
def beginnings(names: frozenset[str]) -> MarkWords:
    """Return the keys of every beginning of the wanted names: `last|first`, up to so many letters of each."""
    rest, found = iter(names), [np.empty(0, np.uint64)]
    while part := [*islice(rest, _TOGETHER)]:
        found.append(_beginnings(part))
    keys = np.concatenate(found)
    del found  # there may be millions of names, and a dozen keys of each
    keys.sort()
    return _each_once(keys)


def _beginnings(names: Sequence[str]) -> MarkWords:
    block, starts, _ = joined([name + "|" for name in names])
    middles = np.fromiter((name.index("|") + 1 for name in names), dtype=np.int64, count=len(names)) + starts
    lasts = [first_letters(block, starts, most) for most in range(LAST + 1)]
    firsts = [first_letters(block, middles, most) for most in range(FIRST + 1)]
    # Each once, before they stand side by side: a million names have many beginnings in common.
    return different_keys(
        np.concatenate([different_keys(name_keys(last, first)) for last in lasts for first in firsts])
    )


def different_keys(keys: npt.NDArray[KeyForm]) -> npt.NDArray[KeyForm]:
    """Return each once, in order; five times faster than np.unique, which hashes them."""
    return _each_once(np.sort(keys))


def _each_once(ordered: npt.NDArray[KeyForm]) -> npt.NDArray[KeyForm]:
    different = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=different[1:])
    return ordered[different]


def sieve_of(texts: Collection[str]) -> Sieve:
    """Return the sieve of those long enough to have a key; the others are doubted anyway."""
    block, starts, ends = joined([text for text in texts if len(text.encode()) >= WORD])
    return Sieve(text_keys(block, starts, ends))


def joined(texts: Collection[str]) -> tuple[Bytes, Places, Places]:
    """Return (all texts one behind the other, where each starts, where each ends)."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)))
    starts = np.concatenate(([0], ends[:-1])) if encoded else ends
    return np.frombuffer(b"".join([*encoded, bytes(2 * WORD)]), dtype=np.uint8), starts, ends
