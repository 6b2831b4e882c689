"""One pass over a national extract: what each row is, whose it is and where it lies, 32 bytes a row.

Rows are judged as the register reader does, with the same codes and sentences. Two million lines pass here: they are
judged by whole blocks in numpy, and only what is out of the ordinary is looked at line by line (docs/delta.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.readers.delimited import Table
from connectors.readers.extract.blocks import Block
from connectors.readers.lines import LONGEST, decode, unreadable
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.words import clean

Numbers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Chosen = npt.NDArray[np.bool_]

_IDENTIFICATION = ("id_type", "identifier", "national_id")
_HEAD = len("8|99700000013|899700000013|")  # how nearly every row begins
_63_BITS = (1 << 63) - 1
_TENS = 10 ** np.arange(11, -1, -1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one extract, column by column, in the order of the file.

    `digests`: of the line, the interpreter's keyed 64-bit hash of bytes, the same for all files of one process.
    `persons`: of the national identification, see `person_key`. `starts`, `lengths`: bytes of the text.
    """

    digests: Numbers
    persons: Numbers
    starts: Numbers
    lengths: Numbers

    def __len__(self) -> int:
        return len(self.digests)

    def take(self, chosen: Numbers | Chosen) -> "Rows":
        """Those chosen, by their places in the order given or by one answer per row."""
        return Rows(self.digests[chosen], self.persons[chosen], self.starts[chosen], self.lengths[chosen])


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
    """A number for a person: the identification itself where it is twelve digits, else a 63-bit hash below zero."""
    if len(national_id) == 12 and national_id.isdigit() and not national_id.startswith(b"0"):
        return int(national_id)
    return -1 - (hash(national_id) & _63_BITS)


class Surveyor:
    """Judges the blocks of one text in turn. `table`: the header and width of that text; it keeps the complaints."""

    def __init__(self, table: Table, delimiter: str, header: int) -> None:
        self._complaints = table.complaints
        self._width = table.width
        self._delimiter = delimiter.encode()
        self._at = tuple(table.at[name] for name in _IDENTIFICATION)
        self._header = header
        self._number = 1

    def survey(self, blocks: Iterator[Block]) -> Survey:
        """All rows of a text. Raises SourceError: FILE_EMPTY without any, FILE_UNREADABLE where none is usable."""
        parts = [self._block(block) for block in blocks]
        accepted, rejected = (_joined([part[side] for part in parts]) for side in (0, 1))
        if not len(accepted) + len(rejected):
            raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
        if not len(accepted):
            raise unreadable("nothing_usable", count=len(rejected))
        return Survey(accepted, rejected)

    def _block(self, block: Block) -> tuple[Rows, Rows]:
        body = block.body
        lines = _lines(body)
        starts, lengths = _places(lines)
        where, extents = starts + block.start, lengths
        if block.dropped:
            where[1:] += block.dropped
            extents = lengths + np.eye(1, len(lines), dtype=np.int64)[0] * block.dropped
        if b"\r" in body:
            body = body.replace(b"\r\n", b"\n")
            lines = _lines(body)
            starts, lengths = _places(lines)
        accepted, persons = self._at_a_glance(body, starts, lengths)
        rejected = self._look_closer(lines, accepted, persons, _is_utf8(body))
        self._number += len(lines)
        rows = Rows(np.fromiter(map(hash, lines), np.int64, len(lines)), persons, where, extents)
        return rows if accepted.all() else rows.take(accepted), rows.take(np.flatnonzero(rejected))

    def _at_a_glance(self, body: bytes, starts: Numbers, lengths: Numbers) -> tuple[Chosen, Numbers]:
        """(which lines are certainly right, the person of each): as wide as they should be, a number of 12 digits."""
        text, mark, width = np.frombuffer(body, np.uint8), self._delimiter[0], self._width
        delimiters = text == mark
        seen = np.add.reduceat(delimiters.view(np.uint8), starts, dtype=np.uint8)  # modulo 256, four times faster
        certain: Chosen = (seen == width.delimiters) & (lengths >= _HEAD) & (lengths <= LONGEST)
        if seen.sum(dtype=np.int64) != np.count_nonzero(delimiters):  # so some line has more than 255
            certain &= False
        if width.trailing:
            certain &= text[starts + lengths - 1] == mark
        persons = np.zeros(len(starts), np.int64)
        places = np.flatnonzero(certain)
        if self._at != (0, 1, 2) or not len(places):
            return certain & False, persons
        # Every place of the text as the head of a row, of which only those are copied where one starts; then a byte a
        # line, for numpy compares long lines ten times faster than many short ones.
        heads = np.ndarray(len(text) - _HEAD + 1, f"S{_HEAD}", body, strides=(1,))[starts[places]]
        head = np.ascontiguousarray(heads.view(np.uint8).reshape(-1, _HEAD).T)
        digits = head[14:26] - ord("0")
        right = (head[[1, 13, 26]] == mark).all(axis=0) & (digits < 10).all(axis=0) & (digits[0] > 0)
        right &= (head[0] == head[14]) & (head[2:13] == head[15:26]).all(axis=0)
        certain[places] = right
        persons[places] = _TENS @ digits
        return certain, persons

    def _look_closer(self, lines: list[bytes], accepted: Chosen, persons: Numbers, is_utf8: bool) -> Chosen:
        """Settle the lines that are not certain, all of them where some are not UTF-8; which ones are not usable."""
        rejected = np.zeros(len(lines), bool)
        for at in np.flatnonzero(~accepted).tolist() if is_utf8 else range(len(lines)):
            number, line = self._number + at, lines[at]
            if not line or number == self._header:
                continue
            right = bool(accepted[at]) or self._wide_enough(number, line)
            right = right and (is_utf8 or line.isascii() or self._complaints.decodable(number, line))
            if right and not accepted[at]:
                national_id = self._national_id(number, line)
                right = national_id is not None
                persons[at] = person_key(national_id or b"")
            accepted[at], rejected[at] = right, not right
        return rejected

    def _wide_enough(self, number: int, line: bytes) -> bool:
        width, delimiter = self._width, self._delimiter
        if len(line) > LONGEST:
            self._complaints.add(number, "ROW_WIDTH", key="reading.oversized", limit=LONGEST)
            return False
        count, trails = line.count(delimiter), line.endswith(delimiter)
        if count == width.delimiters and (trails or not width.trailing):
            return True
        if width.tolerates(line, delimiter):
            return True
        found = count + (0 if trails and width.trailing else 1)
        self._complaints.add(number, "ROW_WIDTH", found=found, expected=width.cells)
        return False

    def _national_id(self, number: int, line: bytes) -> bytes | None:
        """Whom a row is about, stray spaces aside; None once its fault is noted."""
        cells = line.split(self._delimiter, 1 + max(self._at))
        kind, identifier, national = (cells[at] for at in self._at)
        if kind + identifier == national and identifier:
            return national if national.isalnum() else clean(decode(national)).encode()
        kind, identifier, national = (clean(decode(cell)).encode() for cell in (kind, identifier, national))
        if not identifier or not national:
            self._complaints.add(number, "CPX_MISSING", "national_id", key="row.id_missing")
            return None
        if kind + identifier != national:
            self._complaints.add(number, "CPX_FORMAT", "national_id", key="row.id_mismatch")
            return None
        return national


def _joined(parts: list[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__slots__))


def _lines(body: bytes) -> list[bytes]:
    lines = body.split(b"\n")
    lines.pop()  # what follows the last line end: nothing
    return lines


def _places(lines: list[bytes]) -> tuple[Numbers, Numbers]:
    """(where each line starts, how long it is), without its end."""
    lengths = np.fromiter(map(len, lines), np.int64, len(lines))
    return np.cumsum(lengths + 1) - lengths - 1, lengths


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
