"""A delimited text without quoting: header by name, rows of the right width, the rest counted and said."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from connectors.bytescan.compiled import different_of
from connectors.bytescan.complaints import Complaints, ComplaintTold
from connectors.bytescan.lines import LONGEST, TAIL, Batch, Lines, OnBytes, TextStream, decode, unreadable
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reading.footprint import Ending, ending_of
from schemas.reading.source import RowCount, SourceContract
from schemas.words import clean, header_key, label_key

MOST_HEADERS, LONGEST_LABEL = 12, 40  # of what was read instead of a missing column
NEAR = 80  # of 100, from which a label is as good as the same
SAMPLE = 200  # rows that show whether lines end with a delimiter
BOM = b"\xef\xbb\xbf"


def some_of(labels: Sequence[str], most: int = 10, longest: int = 60) -> str:
    """Return labels as a sentence can name them: the first few, each cut where it is no label but a page."""
    shown = [label if len(label) <= longest else label[: longest - 1] + "…" for label in labels[:most]]
    return ", ".join([*shown, "…"] if len(labels) > most else shown)


@dataclass(frozen=True, slots=True)
class Width:
    """How many delimiters a row has: with a trailing one (usual, formats.md) or without, per file."""

    cells: int
    delimiters: int
    trailing: bool

    def ending(self, tail: bytes, delimiter: bytes) -> Ending:
        """Tell how a text ends, by its last bytes; a line too long for them has all its fields, for all one knows."""
        *_, line = tail.rstrip(b"\r\n").split(b"\n")
        held = len(line) < len(tail.rstrip(b"\r\n")) or len(tail) < TAIL
        fits = line.count(delimiter) == self.delimiters and (not self.trailing or line.endswith(delimiter))
        return ending_of(closed=tail.endswith(b"\n"), full=not held or fits or self.tolerates(line, delimiter))

    def tolerates(self, line: bytes, delimiter: bytes) -> bool:
        """Tell whether a row is whole although it lacks the trailing delimiter of the others."""
        return self.trailing and line.count(delimiter) == self.cells - 1 and not line.endswith(delimiter)


def width_of(labels: int, header_trails: bool, sample: list[bytes], delimiter: bytes) -> Width:
    """Tell whether lines are closed by a delimiter, trailing or not, as most rows of the sample show; the header
    decides where none does.
    """
    trails = sum(line.count(delimiter) == labels and line.endswith(delimiter) for line in sample)
    bare = sum(line.count(delimiter) == labels - 1 and not line.endswith(delimiter) for line in sample)
    trailing = header_trails if trails == bare else trails > bare
    return Width(labels, labels if trailing else labels - 1, trailing)


def labels_of(header: bytes, delimiter: str) -> list[str]:
    """Return the column names of a first line: BOM, quotes and the trailing delimiter aside."""
    try:
        text = decode(header.removeprefix(BOM))
    except UnicodeDecodeError:
        text = header.decode("latin-1")
    labels = [clean(label.strip().strip('"')) for label in text.split(delimiter)]
    return labels[:-1] if len(labels) > 1 and not labels[-1] else labels


def fitness(rules: SourceContract) -> Callable[[bytes], int]:
    """Return what chooses for choosing among the members of a zip: 1, or 0 where a needed column is missing."""

    def fit(header: bytes) -> int:
        _, missing = rules.positions(labels_of(header.rstrip(b"\r\n"), rules.delimiter))
        return 0 if missing else 1

    return fit


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted and found wrong in a part of a text; small enough to be sent from one machine to another."""

    hashes: bytes
    rejected: int
    blank: int
    line_ends: int
    complaints: Complaints


class Table:
    """One delimited text being read. Each row that `rows()` gives must go to `accept` or `reject`.

    `at` is our column → position; `first` is the number of the line behind the header. Raises SourceError
    COLUMN_MISSING or FILE_EMPTY when made.
    """

    def __init__(
        self,
        text: TextStream,
        rules: SourceContract,
        source: str,
        progress: OnBytes | None = None,
        told: ComplaintTold | None = None,
    ) -> None:
        self.complaints = Complaints(source, told=told)
        self.on_reject: Callable[[bytes], None] = lambda _line: None
        self._delimiter = rules.delimiter.encode()
        self._hashes = array("q")
        self._rejected = 0
        self._blank = 0
        self._lines = Lines(text, progress)
        self._batches = self._lines.batches()
        self._elsewhere = 0  # line ends of the head and of the parts that were added
        self._source = source
        self._opening, header = self._open()
        self.first = self._opening.first
        labels = labels_of(header, rules.delimiter)
        if b"\r" in header.rstrip(b"\r"):  # a row would be taken for more of its columns
            raise SourceError("FILE_UNREADABLE", say("reading.header_ends_otherwise"))
        self.at, missing = rules.positions(labels)
        if missing:
            raise _column_missing(missing, labels)
        known = {header_key(label) for rule in rules.columns.values() for label in rule.labels}
        known.update(header_key(label) for label in rules.ignored)
        self.undecided = tuple(rules.undecided(self.at))
        self._renamed = rules.renamed(labels, self.at)
        known.update(header_key(label) for label, _ in self._renamed)
        self.extra = tuple(label for label in labels if header_key(label) not in known) if rules.ignored else ()
        self._chosen = text.chosen
        sample = [line for line in self._opening.lines[:SAMPLE] if line]
        self.width = width_of(len(labels), header.endswith(self._delimiter), sample, self._delimiter)
        self.accept = self._hashes.append

    @property
    def notes(self) -> tuple[str, ...]:
        """Which text of an archive it is; what is new in the header, and what is missing in it that much hangs on."""
        return (
            *chosen_note(self._chosen),
            *(say("reading.renamed_column", found=some_of([label]), label=name) for label, name in self._renamed),
            *((say("reading.extra_columns", found=some_of(self.extra)),) if self.extra else ()),
            *((self.uncertain,) if self.undecided else ()),
        )

    @property
    def uncertain(self) -> str:
        """Why nothing is certain that hangs on a column of ours which was not recognised; "" when all are there."""
        if not self.undecided:
            return ""
        near = [one for one in self.extra if any(_is_near(one, label) for label in self.undecided)]
        said = say("reading.near_column", found=some_of(near)) if near else ""
        return say("reading.undecided", expected=some_of(self.undecided), near=said)

    def ending(self, tail: bytes) -> Ending:
        """Tell how the text ends, by its last bytes."""
        return self.width.ending(tail, self._delimiter)

    def accept_all(self, hashes: npt.NDArray[np.int64]) -> None:
        """Take the hashes of many accepted rows."""
        self._hashes.frombytes(hashes.view(np.uint8).data)

    def _open(self) -> tuple[Batch, bytes]:
        batch = next(self._batches, None)
        lines = batch.lines if batch else []
        blank = next((at for at, line in enumerate(lines) if line != b""), len(lines))
        if batch is None or blank == len(lines):
            raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
        header = lines[blank] or b""
        self._blank = blank
        number = batch.first + blank
        if not batch.is_utf8():
            self.complaints.decodable(number, header)
        begin = batch.end if batch.oversized else batch.begin + blank + len(header) + 1
        raw = batch.raw.split(b"\n", blank + 1)[-1] if batch.raw else b""
        passed = len(batch.raw) - len(raw) if batch.raw else begin - batch.begin
        return Batch(number + 1, batch.block, begin, batch.end, offset=batch.offset + passed, raw=raw), header

    def turn_to(self, text: TextStream, first: int) -> None:
        """Read only the lines of `text`, which begins with this line of the file; the head counts elsewhere."""
        self.complaints, self._blank = Complaints(self._source), 0
        self._lines = Lines(text, first=first)
        self._batches = self._lines.batches()
        self._opening = Batch(first, b"", 0, 0)

    def tally(self) -> Tally:
        """Return the account of the lines turned to, once they are read."""
        return Tally(self._hashes.tobytes(), self._rejected, self._blank, self._lines.line_ends, self.complaints)

    def leave(self) -> None:
        """Leave the rows to be read elsewhere, in parts; here counts the head alone."""
        self._elsewhere = self.first - 1

    def add(self, part: Tally) -> None:
        """Add the account of a part; the parts in the order of the file."""
        self._elsewhere += part.line_ends
        self._hashes.frombytes(part.hashes)
        self._rejected += part.rejected
        self._blank += part.blank
        self.complaints.extend(part.complaints)

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, blank lines among them; whom one too long to be a row may be about is looked for in it."""
        if self._opening.begin < self._opening.end:
            yield self._opening
        for batch in self._batches:
            if batch.oversized:
                self.on_reject(batch.block[batch.begin : batch.end - 1][:LONGEST])
            yield batch

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield (line number, line) of every row of the right width that is text; blank lines are nothing."""
        for batch in self.batches():
            yield from self.fitting(enumerate(batch.lines, batch.first), is_utf8=batch.is_utf8())

    def fitting(self, lines: Iterable[tuple[int, bytes | None]], *, is_utf8: bool) -> Iterator[tuple[int, bytes]]:
        """Yield those of numbered lines that are rows; the others are quarantined. `is_utf8`: all of them are known to
        be.
        """
        delimiter, delimiters, trailing = self._delimiter, self.width.delimiters, self.width.trailing
        last = delimiter[0]
        for number, line in lines:
            if line is None or line.count(delimiter) != delimiters or (trailing and line[-1] != last):
                if line == b"":
                    self._blank += 1
                    continue
                if line is None or not self.width.tolerates(line, delimiter):
                    self._reject_width(number, line)
                    continue
            if not is_utf8 and not line.isascii() and not self.complaints.decodable(number, line):
                self._rejected += 1
                self.on_reject(line)
                continue
            yield number, line

    def _reject_width(self, number: int, line: bytes | None) -> None:
        self._rejected += 1
        if line is None:
            self.complaints.add(number, "ROW_WIDTH", key="reading.oversized", limit=LONGEST)
            return
        found = line.count(self._delimiter) + (0 if line.endswith(self._delimiter) and self.width.trailing else 1)
        self.complaints.add(number, "ROW_WIDTH", found=found, expected=self.width.cells)
        self.on_reject(line)

    def reject(self, number: int, line: bytes, code: str, field: str = "", *, key: str = "", **values: object) -> None:
        """Quarantine a row, with its line number."""
        self._rejected += 1
        self.complaints.add(number, code, field, key=key, **values)
        self.on_reject(line)

    def count(self) -> RowCount:
        """Return the exact account once all rows are read; `accept` was given the hash of each accepted line.

        Raises SourceError: FILE_EMPTY without any row, FILE_UNREADABLE where no row was usable, or where rows
        and line ends differ (stack.md « Speed, measured »: whatever reads the register, assert it).
        """
        read = (self._elsewhere or self._lines.line_ends) - self._blank - 1
        if read != len(self._hashes) + self._rejected:
            raise unreadable("miscounted", found=len(self._hashes) + self._rejected, expected=read)
        if not read:
            raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
        if not self._hashes:
            raise unreadable("nothing_usable", count=read)
        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        different = different_among(hashes)
        return RowCount(read, different, self._rejected, len(self._hashes) - different)


def different_among(hashes: npt.NDArray[np.int64]) -> int:
    """Return how many different ones there are; they are put into another order where they lie, for they may be
    millions.
    """
    found = different_of(hashes)
    if found < 0:
        hashes.sort()  # three times faster than np.unique
        found = 1 + int(np.count_nonzero(hashes[1:] != hashes[:-1]))
    return found


def chosen_note(chosen: Sequence[str]) -> tuple[str, ...]:
    """Return what is said of an archive of several texts that could be meant: which one is read, and why."""
    return (say("reading.chosen_member", found=chosen[0], others=some_of(chosen[1:])),) if chosen else ()


def _is_near(label: str, official: str) -> bool:
    """A person would take the one for the other: a typing error, another case, a word more."""
    return fuzz.token_set_ratio(label_key(label), label_key(official)) >= NEAR


def _column_missing(missing: list[str], labels: list[str]) -> SourceError:
    seen = ["".join(c if c.isprintable() else "�" for c in label[:LONGEST_LABEL]) for label in labels[:MOST_HEADERS]]
    if len(labels) > MOST_HEADERS:
        seen.append("…")
    message = say("issue.COLUMN_MISSING", expected=", ".join(missing), found=", ".join(seen) or "–")
    return SourceError("COLUMN_MISSING", message)
