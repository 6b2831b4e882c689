"""Looking at a whole block of text at once: where its lines end, what stands in a column, a hash of each line.

Places are byte positions in the block. Everything here is arrays over all lines; nothing decides anything.
How much each costs, and what else was measured: docs/performance.md.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
MarkWords = npt.NDArray[np.uint64]
ShortKeys = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WORD = 8  # bytes
_END = ord("|")  # of a cell
_WIDEST = 4096
FOLDED_LESS = 2 * _WIDEST  # bytes of a line whose hash is folded, or fewer than a word: the others are digested
_ONE = np.uint64(1)
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIXED = np.uint64(32)
_SHORTENS = np.uint64(0xA0761D6478BD642F)


class Marks:
    """The places of one kind of byte, a bit for each byte: counted and found 64 bytes at a time."""

    def __init__(self, found: Flags) -> None:
        self._bits = np.zeros(len(found) // 64 * WORD + 2 * WORD, dtype=np.uint8)
        packed = np.packbits(found, bitorder="little")
        self._bits[: len(packed)] = packed
        self._words = self._bits.view("<u8")
        self._from_each = np.ndarray((len(self._bits) - WORD + 1,), dtype="<u8", buffer=self._bits, strides=(1,))

    def places(self) -> Places:
        """Return all of them, in order."""
        at = np.flatnonzero(self._words)
        words = self._words[at]
        rounds = []
        while at.size:  # once where no two are within a word, as for line ends
            rounds.append(at * 64 + lowest(words))
            words &= words - _ONE
            more = np.flatnonzero(words)
            at, words = at[more], words[more]
        if not rounds:
            return np.empty(0, dtype=np.int64)
        return rounds[0] if len(rounds) == 1 else np.sort(np.concatenate(rounds))

    def per_line(self, ends: Places) -> Places:
        """Tell how many in each of the lines that follow one another and end there."""
        counts = np.bitwise_count(self._words)
        before = np.cumsum(counts, dtype=np.int64) - counts
        words = self._words[ends >> 6] & ((_ONE << (ends & 63).astype(np.uint64)) - _ONE)
        until = before[ends >> 6] + np.bitwise_count(words)
        counted: Places = np.diff(until, prepend=0)
        return counted

    def sight(self, places: Places) -> MarkWords:
        """Return those within some 57 bytes of each place, as bits from the lowest on."""
        words: MarkWords = self._from_each[np.minimum(places >> 3, len(self._from_each) - 1)]
        return words >> (places & 7).astype(np.uint64)


def lowest(words: MarkWords) -> Places:
    """Return the position of the lowest bit."""
    return np.bitwise_count((words & (~words + _ONE)) - _ONE).astype(np.int64)


def words_at(block: Bytes, places: Places) -> MarkWords:
    """Return the eight bytes from each place on; a place too near the end of the block gives its last eight."""
    last = len(block) - WORD
    return np.ndarray((last + 1,), dtype="<u8", buffer=block, strides=(1,))[np.minimum(places, last)]


def bytes_at(block: Bytes, places: Places, width: int) -> Bytes:
    """Return the bytes from each place on, a row for the first of each, one for the second…; else as `words_at`.

    So laid out, since numpy compares a few long rows ten times faster than many short ones.
    """
    last = len(block) - width
    texts = np.ndarray((last + 1,), dtype=f"V{width}", buffer=block, strides=(1,))[np.minimum(places, last)]
    return np.ascontiguousarray(texts.view(np.uint8).reshape(-1, width).T)


def text_keys(block: Bytes, starts: Places, ends: Places) -> MarkWords:
    """Return a key of each text of at least eight bytes; equal texts have equal keys."""
    lengths = (ends - starts).astype(np.uint64)
    return (words_at(block, starts) * _ODD) ^ (words_at(block, ends - WORD) + lengths)


UNSURE, RESERVED = np.uint32(1), np.uint32(2)  # the key of a text that has none of its own; 0: of an empty one


def short_keys(keys: MarkWords) -> ShortKeys:
    """Return keys half as long: enough to find a few thousand among millions, where each that is found is looked at."""
    found = (keys * _SHORTENS >> _MIXED).astype(np.uint32)
    found[found < RESERVED] += RESERVED
    return found


_SMALL = bytes(range(ord("a"), ord("z") + 1))
LETTERS = bytes.maketrans(_SMALL.upper(), _SMALL).translate(
    bytes(code if code == _END or chr(code).lower().encode() in _SMALL else 0 for code in range(256))
)
SEPARATES = np.array([code < 128 and code != _END and not chr(code).isalnum() for code in range(256)])
_LOW_BITS, _HIGH_BITS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_ENDS = _LOW_BITS * np.uint64(_END)
_PARTS = 3


def first_letters(block: Bytes, places: Places, most: int) -> MarkWords:
    """Return up to `most` (at most 8) letters from each place on, in lower case, to the first digit or byte beyond
    ASCII.

    A « | » is the last of them. Hyphens, apostrophes and spaces are passed over, a few of them; a shorter answer is
    not wrong.
    """
    letters, counts = _letters_of(words_at(block, places))
    ends = places + counts
    rows = np.flatnonzero((counts < most) & ~_barred(letters, counts))
    for _ in range(_PARTS):
        rows = rows[SEPARATES[block[np.minimum(ends[rows], len(block) - 1)]]]
        more, count = _letters_of(words_at(block, ends[rows] + 1))
        letters[rows] |= more << (8 * counts[rows]).astype(np.uint64)
        ends[rows] += 1 + count
        counts[rows] += count
        rows = rows[(counts[rows] < most) & ~_barred(more, count)]
    return letters & np.uint64((1 << 8 * most) - 1)


def _letters_of(words: MarkWords) -> tuple[MarkWords, Places]:
    letters = np.frombuffer(words.tobytes().translate(LETTERS), dtype="<u8")
    none = (letters - _LOW_BITS) & ~letters & _HIGH_BITS  # the lowest bit is right: in the first byte that is 0
    barred = letters ^ _ENDS
    bar = (barred - _LOW_BITS) & ~barred & _HIGH_BITS
    stop = none >> np.uint64(7) | bar << _ONE  # a bar is kept, what follows it is not
    kept = (stop & (~stop + _ONE)) - _ONE  # without a stop: all bits
    return letters & kept, np.bitwise_count(kept).astype(np.int64) >> 3


def _barred(letters: MarkWords, counts: Places) -> npt.NDArray[np.bool_]:
    """Whether a « | » is the last of them: the next letter is another column's."""
    last = letters >> (8 * np.maximum(counts - 1, 0)).astype(np.uint64)
    barred: npt.NDArray[np.bool_] = last & np.uint64(255) == _END
    return barred


def line_hashes(block: Bytes, starts: Places, ends: Places) -> npt.NDArray[np.int64]:
    """Return 64 bits of each line, every byte counted: the widest power of two of its bytes from both ends, and its
    length.
    """
    lengths = ends - starts
    hashes = lengths.astype(np.uint64) * _ODD
    scale = np.minimum(np.frexp(lengths)[1] - 1, _WIDEST.bit_length())
    for power in np.flatnonzero(np.bincount(np.maximum(scale, 0))).tolist():
        rows = np.flatnonzero(np.maximum(scale, 0) == power)
        if not WORD <= 1 << power <= _WIDEST:
            hashes[rows] += digests_at(block, starts[rows], ends[rows])
            continue
        hashes[rows] += _folded(block, starts[rows], 1 << power, 0)
        hashes[rows] += _folded(block, ends[rows] - (1 << power), 1 << power, _WIDEST // WORD)
    return hashes.view(np.int64)


def digests_of(lines: Sequence[bytes]) -> npt.NDArray[np.int64]:
    """Return the hashes of lines that were fetched again."""
    lengths = np.fromiter(map(len, lines), np.int64, len(lines))
    ends = np.cumsum(lengths + 1) - 1
    block = np.frombuffer(b"\n".join([*lines, bytes(WORD)]), np.uint8)
    return line_hashes(block, ends - lengths, ends)


def digests_at(block: Bytes, starts: Places, ends: Places) -> MarkWords:
    """Return a digest of each text, for those too short or too long to be folded."""
    texts = (block[start:end].tobytes() for start, end in zip(starts, ends, strict=True))
    return np.fromiter(map(_digest, texts), dtype=np.uint64, count=len(starts))


def _digest(text: bytes) -> int:
    """Not `hash`, which differs from one process to the next: the parts of a file may be read by several."""
    return int.from_bytes(blake2b(text, digest_size=WORD).digest(), "little")


def _folded(block: Bytes, places: Places, width: int, salt: int) -> MarkWords:
    texts = np.ndarray((len(block) - width + 1,), dtype=f"V{width}", buffer=block, strides=(1,))[places]
    words = texts.view("<u8").reshape(len(places), width // WORD)
    words ^= words >> _MIXED  # a byte high in its word would otherwise touch eight bits alone
    summed: MarkWords = np.einsum("ij,j->i", words, WEIGHTS[salt : salt + width // WORD])
    return summed


def _scrambled(count: int) -> MarkWords:
    """SplitMix64 of 1, 2, 3…, made odd: fixed, so that a file gives the same account every night."""
    state = np.arange(1, count + 1, dtype=np.uint64) * _ODD
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (state ^ (state >> np.uint64(31))) | _ONE


WEIGHTS = _scrambled(2 * _WIDEST // WORD)
