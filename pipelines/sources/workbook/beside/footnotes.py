"""Footnotes: « KÖNIG* » in the table, « * a quitté l'établissement » below it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from pipelines.sources.workbook.beside.sentences import few_cells, question
from pipelines.sources.workbook.row.departures import contradicts, leaves
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.words import clean

_SMALL = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789")
_MARK = r"(?:\*{1,4}|\(\s?(?:\*{1,3}|\d{1,2}|[a-z])\s?\)|\[\s?\d{1,2}\s?\]|[¹²³⁴⁵⁶⁷⁸⁹§‡#]{1,2})"
_BEHIND = re.compile(rf"({_MARK})\s*$")
_NOTE = re.compile(rf"^\s*({_MARK}|\d{{1,2}}\s?[).:])\s*[:.\-–=]?\s*(\S.*)$", re.DOTALL)
_MOST_CELLS = 2  # of a footnote: its mark may have a cell of its own


def footnotes(
    lines: Sequence[WorkbookLine], asked: set[str], written: Sequence[WrittenRow], day: date
) -> Iterator[UnreadRow]:
    """Yield a question for each person whose row bears the mark of a footnote that tells of a departure."""
    told = {
        mark: text for row in written for mark, text in _note_of(row) if leaves(text, day) or contradicts(text, day)
    }
    if not told:
        return
    marks = {row.line: _marks_in(row) for row in written if not row.note}
    for line in lines:
        mark = next((one for one in marks.get(line.location, ()) if one in told), "")
        if mark and not line.left and line.location not in asked:
            yield question(line, line.location, "footnote", told[mark])


def _note_of(row: WrittenRow) -> Iterator[tuple[str, str]]:
    cells = [] if row.note else few_cells(row, _MOST_CELLS)
    found = _NOTE.match(" ".join(cells)) if cells else None
    if found:
        yield _mark(found[1]), clean(found[2])


def _marks_in(row: WrittenRow) -> set[str]:
    """The marks behind the words of a row's cells, or alone in one."""
    found = (_BEHIND.search(text.strip()) for text in row.cells)
    return {_mark(one[1]) for one in found if one}


def _mark(text: str) -> str:
    return re.sub(r"[\s()\[\].:]", "", text.translate(_SMALL))
