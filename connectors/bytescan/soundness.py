"""Which rows of a whole block may be wrong in a cell that the verbs judge: keys of RPPS numbers, dates of cards.

As with every glance, too much may be doubted and never too little: what is doubted is judged by
`pipelines/sources/national/register.py`, which is the definition (a test compares the two on every oddity we know).
"""

from calendar import monthrange
from collections.abc import Mapping

import numpy as np

from connectors.bytescan.marks import Bytes, Flags, Places, bytes_at
from connectors.bytescan.sought.among import Test
from connectors.bytescan.sought.cells import Cells

_RPPS, _LENGTH = ord("8"), 11
_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.uint8)  # twice a digit, its own digits added: Luhn
_FIRST_VISIBLE, _LAST_VISIBLE = ord("!"), ord("~")
_SHORTEST = 8  # bytes of an identifier that a glance accepts; the longest is twice as long
_DATE = len("2026-11-22")
_DASHES, _NUMERALS = [4, 7], [0, 1, 2, 3, 5, 6, 8, 9]
_TENS = 10 ** np.arange(7, -1, -1)
_YEARS = 1990, 2099
_SOME_YEAR = 2001  # 29 February is left to whoever knows the year


def _days() -> Flags:
    """Whether a day exists, by 100 × month + day."""
    found = np.zeros(10_000, dtype=bool)
    for month in range(1, 13):
        found[100 * month + 1 : 100 * month + 1 + monthrange(_SOME_YEAR, month)[1]] = True
    return found


_DAYS = _days()


def unsound(contract_name: str, at: Mapping[str, int]) -> dict[str, Test]:
    """Return column → whether that cell of a line may be wrong; `at`: column → position in the file."""
    if contract_name == "register_persons":
        return {"identifier": _number_in_doubt}
    wanted = {"starts_on": True, "ends_on": False, "opposed_on": True}
    return {name: _date_in_doubt(at[name], may_be_empty=empty) for name, empty in wanted.items() if name in at}


def _number_in_doubt(block: Bytes, cells: Cells) -> Flags:
    """An RPPS number that is not eleven digits with their key; another one that is not made of visible ASCII."""
    start, length = cells.start(1), cells.start(2) - 1 - cells.start(1)
    digits = bytes_at(block, start, _LENGTH) - ord("0")
    sums = digits[::2].sum(axis=0, dtype=np.uint8) + _DOUBLED[np.minimum(digits[1::2], 9)].sum(axis=0, dtype=np.uint8)
    doubted: Flags = (length != _LENGTH) | (digits.max(axis=0) > 9) | (sums % 10 != 0)
    others = np.flatnonzero(block[cells.start(0)] != _RPPS)
    if others.size:
        doubted[others] = _invisible(block, start[others], length[others])
    return doubted


def _invisible(block: Bytes, start: Places, length: Places) -> Flags:
    """Of identifiers of 8 to 16 bytes."""
    text = np.concatenate([bytes_at(block, place, _SHORTEST) for place in (start, start + length - _SHORTEST)])
    found: Flags = (text.min(axis=0) < _FIRST_VISIBLE) | (text.max(axis=0) > _LAST_VISIBLE)
    return found


def _date_in_doubt(column: int, *, may_be_empty: bool) -> Test:
    """A cell that is not AAAA-MM-JJ, a day of the calendar between 1990 and 2099."""

    def test(block: Bytes, cells: Cells) -> Flags:
        start = cells.start(column)
        length = cells.start(column + 1) - 1 - start
        text = bytes_at(block, start, _DATE)
        digits = (text - ord("0"))[_NUMERALS]
        numbers = _TENS @ digits  # AAAAMMJJ, where all are digits
        years, days = numbers // 10_000, numbers % 10_000
        sound: Flags = length == _DATE
        sound &= (text[_DASHES] == ord("-")).all(axis=0) & (digits.max(axis=0) < 10)
        sound &= (years >= _YEARS[0]) & (years <= _YEARS[1]) & _DAYS[days]
        if may_be_empty:
            sound |= length == 0
        return ~sound

    return test
