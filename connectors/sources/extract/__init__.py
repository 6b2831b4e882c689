"""One national extract, for comparing it with another: surveyed in one pass, any of its rows fetched again by place."""

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from connectors.bytescan.delimited import Table, fitness, labels_of
from connectors.bytescan.indexed.held import ExtractIndex
from connectors.bytescan.lines import LONGEST, OnBytes, TextStream, decode, open_text, unreadable
from connectors.bytescan.marks import digests_of
from connectors.sources.extract.blocks import Block, blocks_of
from connectors.sources.extract.indexed import indexed_survey
from connectors.sources.extract.survey import Rows, Survey, Surveyor
from schemas.errors import SourceError
from schemas.reading.issue import Issue
from schemas.reading.source import SourceContract, contract
from schemas.words import label_key

KINDS = ("register_persons", "register_cards")
BLOCK = 1 << 20  # bytes surveyed at once: a few thousand lines are worth numpy's while
_PART = 4096  # rows fetched and checked together: numbers of so many at a time, for each weighs 32 bytes in Python
WINDOW = 1 << 12  # bytes fetched at once: a page of the disk, and ten rows where they lie together


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract while its file is open. `columns`: field → official label, in the order of the file."""

    path: Path
    kind: str
    columns: Mapping[str, str]
    survey: Survey
    issues: tuple[Issue, ...]
    delimiter: str
    _trailing: bool
    _file: IO[bytes]

    def lines(self, rows: Rows) -> Iterator[str]:
        """Yield accepted rows in the order given, as text: one cell a column, delimited, nothing after the last one.

        Raises SourceError FILE_UNREADABLE, its location the path, when the file is no longer what was surveyed.
        """
        after = self.delimiter if self._trailing else ""
        for first in range(0, len(rows), _PART):
            part = rows.take(np.arange(first, min(first + _PART, len(rows))))
            lines = list(self._fetched(part))
            if not np.array_equal(digests_of(lines), part.digests):
                raise _at(self.path, unreadable("changed"))
            for line in lines:
                yield decode(line).removesuffix(after)

    def _fetched(self, rows: Rows) -> Iterator[bytes]:
        window, at = b"", 0
        for start, length in zip(rows.starts.tolist(), rows.lengths.tolist(), strict=True):
            if not at <= start <= start + length <= at + len(window):
                window, at = self._fetch(start, max(length, WINDOW)), start
            yield window[start - at : start - at + length].removesuffix(b"\r")

    def chosen(self, fields: Sequence[str]) -> Callable[[str], str]:
        """Return what makes of a line the cells of these fields in this order, delimited as well."""
        columns, delimiter = list(self.columns), self.delimiter
        if columns == list(fields):
            return str
        places = [columns.index(name) for name in fields]

        def choose(line: str) -> str:
            cells = line.split(delimiter)
            return delimiter.join([cells[at] for at in places])

        return choose

    def scraps(self, rows: Rows) -> Iterator[str]:
        """Yield whatever might be an identification in rejected rows: each cell, and each cell joined to the next."""
        for start, length in zip(rows.starts.tolist(), rows.lengths.tolist(), strict=True):
            before = rest = ""
            for at in range(start, start + length, LONGEST):  # an oversized line is not held either
                piece = self._fetch(at, min(LONGEST, start + length - at)).decode("latin-1")
                *cells, rest = (rest[-LONGEST:] + piece).split(self.delimiter)
                for cell in cells:
                    yield from (cell, before + cell)
                    before = cell
            yield from (rest.rstrip("\r"), before + rest.rstrip("\r"))

    def _fetch(self, start: int, length: int) -> bytes:
        try:
            return os.pread(self._file.fileno(), length, start)
        except OSError as error:
            raise _at(self.path, unreadable("damaged")) from error


FindIndex = Callable[[Path, str], ExtractIndex | None]
"""Gives the index of an extract that keeps a contract, where there is one of this very file."""


def no_index(_path: Path, _contract_name: str) -> ExtractIndex | None:
    """Return None: there is none of any file."""
    return None


@contextmanager
def open_extract(
    path: Path, source: str, progress: OnBytes | None = None, find_index: FindIndex = no_index
) -> Iterator[Extract]:
    """Survey an extract of persons or of cards: text, gzip or zip, whatever the order of its columns; by its index,
    where `find_index` has one.

    An archive is unpacked once, into a nameless file of the temporary folder that is gone with the process.
    Raises SourceError: FILE_UNREADABLE, FILE_EMPTY or COLUMN_MISSING; its location is the path.
    """
    with ExitStack() as stack:
        try:
            extract = _opened(path, source, stack, progress, find_index)
        except SourceError as error:
            raise _at(path, error) from error
        yield extract


def _opened(path: Path, source: str, stack: ExitStack, progress: OnBytes | None, find_index: FindIndex) -> Extract:
    rules, number, labels = _header(path)
    with open_text(path, fitness(rules)) as text:
        table = Table(text, rules, source)
    text = stack.enter_context(open_text(path, fitness(rules)))
    spool = stack.enter_context(_spool()) if text.text is not text.file else None
    read, file = _reading(text, spool, progress), spool or text.file
    index = find_index(path, rules.name)
    if index and spool:  # rows are fetched from there all the same
        deque(iter(read, b""), maxlen=0)
        spool.seek(0)
        read = partial(spool.read, BLOCK)
    survey = indexed_survey(index, lambda start, length: os.pread(file.fileno(), length, start)) if index else None
    if index and survey:
        issues = tuple(replace(one, source=source) for one in index.whole.issues)
    else:
        survey = Surveyor(table, number).survey(blocks_of(read))
        issues = table.complaints.all()
    columns = columns_of(labels, rules)
    return Extract(path, rules.name, columns, survey, issues, rules.delimiter, table.width.trailing, file)


def _at(path: Path, error: SourceError) -> SourceError:
    return SourceError(error.code, error.message, str(path))


def columns_of(labels: list[str], rules: SourceContract) -> dict[str, str]:
    """Return field → label: our name where the contract has one, else the label in small letters, underscores
    between.
    """
    positions, _ = rules.positions(labels)
    ours = {position: name for name, position in positions.items()}
    found: dict[str, str] = {}
    for position, label in enumerate(labels):
        name = ours.get(position) or label_key(label).replace(" ", "_") or "colonne"
        found[name if name not in found else f"{name}_{position + 1}"] = label
    return found


def _header(path: Path) -> tuple[SourceContract, int, list[str]]:
    """(contract, line number, column names) of the first line that is not blank.

    The contract is the persons' where the columns are none's, so as to say what is missing.
    """
    kinds = [contract(kind) for kind in KINDS]

    def fit(header: bytes) -> int:
        return max(fitness(rules)(header) for rules in kinds)

    with open_text(path, fit) as text:
        block = next(blocks_of(text.read), Block(0, b""))
    lines = block.body.replace(b"\r\n", b"\n").split(b"\n")
    number, header = next(((number, line) for number, line in enumerate(lines, 1) if line), (1, b""))
    rules = max(kinds, key=lambda rules: fitness(rules)(header))
    return rules, number, labels_of(header, rules.delimiter)


def _spool() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _reading(text: TextStream, spool: IO[bytes] | None, progress: OnBytes | None) -> Callable[[], bytes]:
    def read() -> bytes:
        chunk = text.read(BLOCK)
        if progress:
            progress(text.done, max(text.size, text.done))
        if spool:
            try:
                spool.write(chunk)
                spool.flush()
            except OSError as error:
                raise unreadable("no_room", found=tempfile.gettempdir()) from error
        return chunk

    return read
