"""Lists of leavers that are no table: names below a title of departures, or on a sheet of that name without a header.

Nobody leaves by them: whoever stands there, and in the table too, is asked about (contract §6a).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from pipelines import names
from pipelines.dates import date_in
from pipelines.phrase import place_text
from pipelines.sources.workbook.beside.blocks import blocks_at_right
from pipelines.sources.workbook.beside.sentences import LONGEST, InPost, in_post, question
from pipelines.sources.workbook.row.departures import listed
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.reading.sheet_meaning import may_mean_leavers
from schemas.words import clean, holds, label_key

_BY = re.compile(r"\b(?:par|successeur\w*|replaced by)\b.*$", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:m|mr|mme|mlle|dr|pr|docteur|professeur|monsieur|madame)\b", re.IGNORECASE)


def listed_as_gone(
    lines: Sequence[WorkbookLine], asked: set[str], written: Sequence[WrittenRow], day: date
) -> Iterator[UnreadRow]:
    """Yield a question for each person of the table who stands in such a list too; `asked`: rows asked about already,
    whose people need no second question.
    """
    read = {line.location for line in lines}
    people = [(line, last) for line, last in in_post(lines) if line.location not in asked]
    aside: dict[str, set[int]] = {}
    told: set[str] = set()
    apart = blocks_at_right(written) if people else {}
    for row in written if people else ():
        for head, cells in _at_right(row, apart.get(row.sheet)):
            for line in named(cells, people, day):
                if line.location not in told:
                    told.add(line.location)
                    yield question(line, line.location, "listed", head)
        if not row.leavers or row.note or row.line in read or row.line in asked:
            continue
        columns = aside.setdefault(row.leavers, _of_successors(row))
        texts = [clean(text) for at, text in enumerate(row.cells) if at not in columns]
        for line in named(list(filter(None, texts)), people, day):
            if line.location not in told:
                told.add(line.location)
                yield question(line, line.location, "listed", row.leavers)


def _at_right(row: WrittenRow, apart: int | None) -> Iterator[tuple[str, list[str]]]:
    """(header, cells from there on) of a block of leavers at the right of the people: « Départs | Date »."""
    if apart is None or row.note:
        return
    head = next((text for at, text in sorted(row.heads.items()) if at > apart and may_mean_leavers(text)), "")
    cells = [text for text in map(clean, row.cells[apart + 1 :]) if text]
    if head and cells:
        yield head, cells


def told_twice(lines: Sequence[WorkbookLine], asked: set[str]) -> Iterator[UnreadRow]:
    """Yield a question for each person whom one row has in a function, and a later row of the same sheet as gone from
    it: a departure written below, the first row left as it was.
    """
    there: dict[tuple[str, object, str], WorkbookLine] = {}
    for line in lines:
        if not line.left:
            there.update(dict.fromkeys(_keys(line), line))
            continue
        before = next((there[key] for key in _keys(line) if key in there), None)
        if before and before.location not in asked:
            yield question(before, before.location, "twice", place_text(line.location))


def _keys(line: WorkbookLine) -> Iterator[tuple[str, object, str]]:
    sheet = line.location.rpartition("!")[0]
    if line.number.usable:
        yield sheet, line.assignment, line.number.number
    yield sheet, line.assignment, names.full_key(line.last_name, line.first_name)


def _of_successors(head: WrittenRow) -> set[int]:
    """The columns of such a list, by its first row, in which those stand who came after."""
    cells = [label_key(text) for text in head.cells]
    return {at for at, text in enumerate(cells) if holds(text, listed("successor"))}


def named(cells: list[str], people: InPost, day: date) -> Iterator[WorkbookLine]:
    """Yield those of the table whom the first cell with such a name names, with the first name or alone; not in a row
    of what is to come.
    """
    text = _BY.sub("", " ".join(cells))
    when, _ = date_in(text)
    if len(text) > LONGEST or (when and when > day):
        return
    for at, cell in enumerate(cells):
        here, beside = _sounds(cell), _sounds(" ".join(cells[max(0, at - 1) : at + 2]))
        found = [line for line, last in people if last <= here and _is_meant(line, last, cell, here, beside)]
        if found:  # who is named further on took their place, or says so
            yield from found
            return


def _is_meant(line: WorkbookLine, last: frozenset[str], cell: str, here: set[str], beside: set[str]) -> bool:
    first = _sounds(line.first_name)
    both = "".join(word[0] for word in names.words_of(line.first_name))  # « HOAREAU JP »
    if len(both) > 1 and both in label_key(cell).split():
        return True
    initials = {word for word in label_key(cell).split() if len(word) == 1}
    initial = any(word.startswith(one) for word in first for one in initials)
    return bool(first & beside) or initial or last == here or (last <= here and _TITLE.search(cell) is not None)


def _sounds(text: str) -> set[str]:
    return {names.sound(word) for word in names.words_of(_BY.sub("", text))}
