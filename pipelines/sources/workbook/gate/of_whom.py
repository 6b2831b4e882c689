"""Whom a departure in a row is told of, where its words name another role than the row's: « Suppléant parti le 30/09 ».

The row's own person does not leave by it; those of that role at the same establishment are asked about (contract §6a).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from pipelines.dates import date_in
from pipelines.names import words_of
from pipelines.sources.cells.presence import departure_in
from pipelines.sources.mentions import told_as_gone
from pipelines.sources.workbook.beside.sentences import LONGEST, question
from pipelines.sources.workbook.gate.apart import NAMED
from pipelines.sources.workbook.row.of_role import is_own, role_that_left
from schemas.nomenclatures import label_of
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.words import clean, label_key

_BY = re.compile(
    r"\b(?:par|remplac\w*|successeu\w*|succ[èe]de\w*|rel[èe]ve|avec|rejoint)\W*(?:l[ea]\s+)?$", re.IGNORECASE
)
_READ = ("status", "comment")


def names_another(text: str, line: WorkbookLine) -> bool:
    """Tell whether a departure is told of somebody with a title and another name: « Parti : Dr LE GOFF »."""
    own = {*words_of(line.last_name), *words_of(line.first_name)}
    for one in NAMED.finditer(text):
        if own.isdisjoint(words_of(one[1])) and not _BY.search(text[: one.start()]):
            return bool(told_as_gone(text, (one[1], ""))) or bool(
                departure_in(label_key(text[: one.start()]).split())[0]
            )
    return False


def asked_of_others(
    lines: Sequence[WorkbookLine], written: Iterable[WrittenRow], asked: Collection[str], day: date
) -> Iterator[UnreadRow]:
    """Yield the question about those of another role at its place whose departure a row tells. `asked`: the rows of
    which something is asked.
    """
    at = {line.location: line for line in lines}
    for row in written:
        line = at.get(row.line)
        if line is None:
            continue
        for text in _texts(row):
            role = role_that_left(text, line.assignment.function, line.assignment.rank)
            when = date_in(text)[0]
            if not role or (when is not None and when > day):
                continue
            theirs = [one for one in lines if one is not line and _has(one, role, line.assignment.structure_code)]
            for one in theirs or [line]:
                if not one.left and one.location not in asked:
                    yield question(one, row.location, "sentence", text)
            break


def _has(line: WorkbookLine, role: str, code: str) -> bool:
    """The line is of this role at this structure."""
    rank = label_key(label_of("ranks", line.assignment.rank)).split()
    return line.assignment.structure_code == code and is_own(role, rank or label_key(line.assignment.function).split())


def _texts(row: WrittenRow) -> Iterator[str]:
    cells = (
        [row.text] if row.note else [text for at, text in enumerate(row.cells) if row.read.get(at, "comment") in _READ]
    )
    yield from (text for text in map(clean, cells) if text and len(text) <= LONGEST)
