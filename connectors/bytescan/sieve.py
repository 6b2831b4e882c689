"""A set of keys in a few megabytes, for asking of millions of lines whether one of them may be of somebody wanted."""

import numpy as np

from connectors.bytescan.marks import Bytes, Flags, MarkWords, Places

SPREADS = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
_BITS = 22, 28  # four megabytes of memory at least, 256 at most


class Sieve:
    """A set of keys that may say yes to one it does not hold, and never no to one it does (a Bloom filter)."""

    def __init__(self, keys: MarkWords) -> None:
        bits = min(max(_BITS[0], (32 * len(keys)).bit_length()), _BITS[1])
        self.shift = 64 - bits
        self._shift = np.uint64(self.shift)
        self._holds = np.zeros(1 << bits, dtype=bool)
        for spread in SPREADS:
            self._holds[self._slots(keys, spread)] = True

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
