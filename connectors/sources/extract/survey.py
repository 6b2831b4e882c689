"""One pass over a national extract: what each row is, whose it is and where it lies, 32 bytes a row.

Rows are judged as for the night, by the same glance at whole blocks and the same look at what it doubts
(docs/delta.md).
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.bytescan.delimited import Table
from connectors.bytescan.glance import Glance, LinesSeen
from connectors.bytescan.identified import settled
from connectors.bytescan.lines import LONGEST, Batch, decode, unreadable
from connectors.bytescan.marks import Marks
from connectors.bytescan.sought.twelve_digits import DIGITS, numbers_at
from connectors.sources.extract.blocks import Block
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reading.source import Wanted
from schemas.words import clean

RowNumbers = npt.NDArray[np.int64]
ChosenRows = npt.NDArray[np.bool_]

_LINE_END = ord("\n")
_NATIONAL = 2  # the column of the identification, wherever a glance finds it
_63_BITS = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one extract, column by column, in the order of the file.

    `digests`: of the line, 64 bits, the same for all files of one process.
    `persons`: of the national identification, see `person_key`. `starts`, `lengths`: bytes of the text.
    """

    digests: RowNumbers
    persons: RowNumbers
    starts: RowNumbers
    lengths: RowNumbers

    def __len__(self) -> int:
        return len(self.digests)

    def take(self, chosen: RowNumbers | ChosenRows) -> "Rows":
        """Return those chosen, by their places in the order given or by one answer per row."""
        return Rows(self.digests[chosen], self.persons[chosen], self.starts[chosen], self.lengths[chosen])


class Gathering:
    """Rows put one behind the other as they come: millions are not to be held twice, as pieces and as a whole."""

    def __init__(self) -> None:
        self._columns = [array("q") for _ in Rows.__slots__]

    def take(self, rows: Rows) -> None:
        """Add these."""
        for column, name in zip(self._columns, Rows.__slots__, strict=True):
            column.frombytes(np.ascontiguousarray(getattr(rows, name), np.int64).view(np.uint8).data)

    def rows(self) -> Rows:
        """Return all that were taken."""
        return Rows(*(np.frombuffer(column, np.int64) for column in self._columns))


@dataclass(frozen=True, slots=True)
class Survey:
    """The rows of one extract; neither the header nor a blank line is one. `rejected` ones are nobody's."""

    accepted: Rows
    rejected: Rows

    @property
    def read(self) -> int:
        """All rows."""
        return len(self.accepted) + len(self.rejected)


def person_key(national_id: bytes) -> int:
    """Return a number for a person: the identification itself where it is twelve digits, else a 63-bit hash
    below zero. Stray spaces make it nobody else's.
    """
    if not national_id.isalnum():
        national_id = clean(decode(national_id)).encode()
    if len(national_id) == DIGITS and national_id.isdigit() and not national_id.startswith(b"0"):
        return int(national_id)
    return -1 - (hash(national_id) & _63_BITS)


class Surveyor:
    """Judges the blocks of one text in turn. `table`: the header and width of that text; it keeps the complaints."""

    def __init__(self, table: Table, header: int) -> None:
        self._table = table
        self._glance = Glance(table.at, table.width, Wanted())
        self._national = table.at["national_id"]
        self._passed = header  # lines at the top that are no rows: the header, and what is blank before it
        self._number = 1

    def survey(self, blocks: Iterator[Block]) -> Survey:
        """Return all rows of a text.

        Raises SourceError: FILE_EMPTY without any, FILE_UNREADABLE where none is usable.
        """
        right, wrong = Gathering(), Gathering()
        for block in blocks:
            for gathering, rows in zip((right, wrong), self._block(block), strict=True):
                gathering.take(rows)
        accepted, rejected = right.rows(), wrong.rows()
        if not len(accepted) + len(rejected):
            raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
        if not len(accepted):
            raise unreadable("nothing_usable", count=len(rejected))
        return Survey(accepted, rejected)

    def _block(self, block: Block) -> tuple[Rows, Rows]:
        passed, self._passed = self._passed, 0
        batch = _batch(block, self._number, passed)
        if batch.begin == batch.end:
            self._number += passed
            return _NONE, _NONE
        seen = self._glance.look(batch)
        self._number = batch.first + len(seen.starts)
        accepted, persons = ~seen.doubtful, _persons(batch, seen)
        for row in settled(self._table, batch, seen):
            at = row.number - batch.first
            accepted[at], persons[at] = True, person_key(row.cells[self._national])
        rows = Rows(seen.hashes, persons, *_places(block, batch, seen, passed))
        if accepted.all():
            return rows, _NONE
        return rows.take(accepted), rows.take(~accepted & (seen.ends > seen.starts))  # a blank line is nothing


def _batch(block: Block, number: int, passed: int) -> Batch:
    """The block without its first lines, if some are no rows."""
    body = block.body.replace(b"\r\n", b"\n") if b"\r" in block.body else block.body
    begin = 0
    for _ in range(passed):
        begin = body.index(b"\n", begin) + 1
    oversized = block.dropped > 0 or (len(body) - begin > LONGEST and body.find(b"\n", begin) == len(body) - 1)
    return Batch(number + passed, body, begin, len(body), oversized)


def _places(block: Block, batch: Batch, seen: LinesSeen, passed: int) -> tuple[RowNumbers, RowNumbers]:
    """(where each line starts in the text, how long it is there), without its LF."""
    if batch.block is block.body:
        starts, ends = seen.starts + batch.begin, seen.ends + batch.begin
    else:  # carriage returns are in the text and no longer in the batch
        ends = Marks(np.frombuffer(block.body, np.uint8) == _LINE_END).places()
        starts = np.concatenate(([0], ends[:-1] + 1))[passed:]
        ends = ends[passed:]
    return starts + block.start, ends - starts + block.dropped


def _persons(batch: Batch, seen: LinesSeen) -> RowNumbers:
    """The person of each line that is not doubtful: nearly always a number of twelve digits."""
    if seen.cells is None:
        return np.zeros(len(seen.starts), np.int64)
    block = np.frombuffer(batch.block, np.uint8, batch.end - batch.begin, batch.begin)
    start, end = seen.cells.start(_NATIONAL), seen.cells.start(_NATIONAL + 1) - 1
    keys = numbers_at(block, start, end)
    for at in np.flatnonzero((keys == 0) & ~seen.doubtful).tolist():
        keys[at] = person_key(block[start[at] : end[at]].tobytes())
    return keys


_NONE = Rows(*(np.empty(0, np.int64) for _ in Rows.__slots__))
