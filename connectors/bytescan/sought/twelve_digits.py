"""The numbers of twelve digits that stand in a column, of many lines at once."""

import numpy as np
import numpy.typing as npt

from connectors.bytescan.compiled import compiled, numbers_in
from connectors.bytescan.marks import Bytes, Places, bytes_at

DIGITS = 12
_TENS = 10 ** np.arange(DIGITS - 1, -1, -1)


def numbers_at(block: Bytes, starts: Places, ends: Places) -> npt.NDArray[np.int64]:
    """Return of each text the number that it is, where it has twelve digits and begins with no 0; else 0."""
    return numbers_in(block, starts, ends) if compiled() else _numbers_at(block, starts, ends)


def _numbers_at(block: Bytes, starts: Places, ends: Places) -> npt.NDArray[np.int64]:
    digits = bytes_at(block, starts, DIGITS) - ord("0")
    numbers = (ends - starts == DIGITS) & (digits.max(axis=0) < 10) & (digits[0] > 0)
    return np.where(numbers, _TENS @ digits, 0)
