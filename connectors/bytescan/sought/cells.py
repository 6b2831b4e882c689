"""Where the cells of many lines start."""

import numpy as np

from connectors.bytescan.marks import Bytes, Marks, Places, lowest

_ONE = np.uint64(1)


class Cells:
    """Where the cells of each line start, found from the left; `known`: all that were asked for were in sight."""

    def __init__(self, delimiters: Marks, starts: Places) -> None:
        self.known = np.ones(len(starts), dtype=bool)
        self._delimiters = delimiters
        self._starts = [starts]
        self._from = starts.copy()
        self._seen = delimiters.sight(starts)

    @classmethod
    def found(cls, places: Places) -> "Cells":
        """Return of places that were found: a row for each column."""
        cells = cls.__new__(cls)
        cells.known = np.ones(places.shape[1], dtype=bool)
        cells._starts = list(places)
        return cells

    def start(self, column: int) -> Places:
        """Return the first byte of this column in each line; only right where `known` afterwards."""
        while len(self._starts) <= column:
            spent = np.flatnonzero(self._seen == 0)
            if spent.size:
                self._from[spent] = self._starts[-1][spent]
                self._seen[spent] = self._delimiters.sight(self._from[spent])
                self.known[spent] &= self._seen[spent] != 0
            self._starts.append(self._from + lowest(self._seen) + 1)
            self._seen &= self._seen - _ONE
        return self._starts[column]


def cell_of(block: Bytes, cells: Cells, column: int, line: int) -> bytes:
    """Return what stands in a column of a line."""
    return block[cells.start(column)[line] : cells.start(column + 1)[line] - 1].tobytes()
