"""Which lines of a block are UTF-8, told from its bytes at once; what is not sure is left to be decoded.

In French text accents are sequences of two bytes: a block in which every lead byte is followed by one continuation,
and nothing else is above ASCII, is UTF-8. That is looked at first, and costs half of decoding.
"""

from codecs import utf_8_decode

import numpy as np

from connectors.bytescan.lines import Batch
from connectors.bytescan.marks import Bytes, Flags, Marks, Places

_ASCII, _LEAD, _LONG_LEAD = 0x80, 0xC0, 0xE0  # where ASCII ends, leads begin, leads of three bytes begin
_CONTINUED = -64  # a continuation byte, 80–BF, is less than this as a signed number
_FEW = 4  # lines of a block to be looked at on their own; the cost of each is that of copying the block
_NEVER_LEADS = b"\xc0", b"\xc1"
_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # of Windows-1252


def encodings(batch: Batch, block: Bytes, ends: Places) -> tuple[bool, Flags, Flags]:
    """Return (whether all is UTF-8, lines that are Windows-1252 instead, lines of which neither is sure).

    `block` is the bytes of the batch, `ends` where its lines end.
    """
    none = np.zeros(len(ends), dtype=bool)
    highest = block.max()
    if highest < _ASCII:
        return True, none, none
    leads, continues = block >= _LEAD, block.view(np.int8) < _CONTINUED
    if not continues.any():
        return False, _any(leads, ends), none  # every accent stands alone
    never = any(batch.block.find(byte, batch.begin, batch.end) >= 0 for byte in _NEVER_LEADS)
    if highest < _LONG_LEAD and not never and not continues[0] and np.array_equal(leads[:-1], continues[1:]):
        return True, none, none
    wrong = _wrong_lines(batch, ends)
    if wrong is None:
        return False, *_strays(block, leads, continues, ends)
    unsure = none.copy()
    unsure[wrong] = True
    return not wrong, none, unsure


def _wrong_lines(batch: Batch, ends: Places) -> list[int] | None:
    """Which lines are not UTF-8, by decoding all; None where there are more than a few."""
    text, begin, wrong = memoryview(batch.block)[batch.begin : batch.end], 0, list[int]()
    while len(wrong) < _FEW:
        try:
            utf_8_decode(text[begin:], "strict", True)
        except UnicodeDecodeError as error:
            wrong.append(int(np.searchsorted(ends, begin + error.start)))
            begin = int(ends[wrong[-1]]) + 1
        else:
            return wrong
    return None


def _strays(block: Bytes, leads: Flags, continues: Flags, ends: Places) -> tuple[Flags, Flags]:
    follows = np.append(continues[1:], False)
    after_ascii = np.concatenate(([True], block[:-1] < _ASCII))
    broken = _any((leads & ~follows) | (continues & after_ascii), ends)
    unsure = _any((block >= _LONG_LEAD) | (block >> 1 == _LEAD >> 1) | (continues & follows), ends)
    undefined = _any(np.isin(block, _UNDEFINED), ends)
    return broken & ~undefined, (broken & undefined) | (unsure & ~broken)


def _any(found: Flags, ends: Places) -> Flags:
    return Marks(found).per_line(ends) > 0
