"""Whether lines may concern somebody wanted, many at once by a sieve; and whether one does, by the texts themselves."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from connectors.bytescan.marks import WORD, Bytes, Flags, first_letters, text_keys
from connectors.bytescan.sieve import FIRST, LAST, Sieve, name_keys, sieve_of
from connectors.bytescan.sought.cells import Cells, cell_of
from connectors.bytescan.sought.concerning import is_certain, name_bytes
from schemas.reading.source import Wanted

Test = Callable[[Bytes, Cells], Flags]
"""May a line concern somebody wanted, or be wrong in a cell that matters?"""

SMALLEST = 64  # bytes; the lines of a smaller block are doubted, as is a line alone: to split it is quicker


@dataclass(frozen=True)
class SoughtCell:
    """The cell of a column is one of the texts, perhaps; where it is too short to tell, too."""

    column: int
    sieve: Sieve
    texts: frozenset[str]

    @property
    def empty_too(self) -> bool:
        """An empty cell is one of them."""
        return "" in self.texts

    def __call__(self, block: Bytes, cells: Cells) -> Flags:
        """Line by line."""
        start, end = cells.start(self.column), cells.start(self.column + 1) - 1
        length, keys = end - start, text_keys(block, start, end)
        found: Flags = np.where(length < WORD, (length > 0) | self.empty_too, self.sieve.may_hold(keys))
        return found

    def certain(self, block: Bytes, cells: Cells, line: int) -> bool | None:
        """Tell whether a line is of somebody wanted, by this cell; None: nobody can tell at a glance."""
        return cell_of(block, cells, self.column, line) in self._encoded

    @cached_property
    def _encoded(self) -> frozenset[bytes]:
        return frozenset(text.encode() for text in self.texts)


def among_of(at: Mapping[str, int], wanted: Wanted, sieve: Sieve | None = None) -> Iterator[SoughtCell]:
    """Yield the columns in which somebody wanted may stand; `sieve`: instead of one of those who are."""
    looked_for = {"national_id": wanted.national_ids, "content_id": wanted.national_ids, "serial": wanted.serials}
    for name, texts in looked_for.items():
        if name in at and texts:
            yield SoughtCell(at[name], sieve or sieve_of(texts), texts)


@dataclass(frozen=True)
class SoughtName:
    """The letters with which last and first name begin are those of somebody wanted.

    Up to the first byte that is no letter of ASCII, so whatever accents, case and hyphens become in
    `schemas.words.name_key`, it begins with them.
    """

    last_name: int
    first_name: int
    sieve: Sieve
    texts: frozenset[str]

    def __call__(self, block: Bytes, cells: Cells) -> Flags:
        """Line by line."""
        last, first = cells.start(self.last_name), cells.start(self.first_name)
        cells.start(max(self.last_name, self.first_name) + 1)
        keys = name_keys(first_letters(block, last, LAST), first_letters(block, first, FIRST))
        return self.sieve.may_hold(keys) | (np.maximum(last, first) > len(block) - SMALLEST)

    def certain(self, block: Bytes, cells: Cells, line: int) -> bool | None:
        """Tell whether a line is of somebody wanted; None where a letter is one that others decide of."""
        last, first = (cell_of(block, cells, column, line) for column in (self.last_name, self.first_name))
        if not (is_certain(last) and is_certain(first)):
            return None
        return name_bytes(last) + b"|" + name_bytes(first) in self._encoded

    @cached_property
    def _encoded(self) -> frozenset[bytes]:
        return frozenset(text.encode() for text in self.texts)
