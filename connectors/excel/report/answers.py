"""The drop-down list of each line: its own answers, whichever row it is sorted to.

A list that all lines of a sheet share stands in the rule itself. Where questions differ, each has its row on a hidden
sheet, found by the line's reference: a program sorts cells, and leaves the rules of validation where they are.
"""

from collections.abc import Iterable
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from schemas.nomenclatures import say
from schemas.reports.report import Report, ReportLine

LONGEST_LIST = 255  # characters of a list that stands in the rule: Excel's limit
FIRST_ANSWER = 2  # column of the first answer; before it the reference, and how many there are


class AnswerLists:
    """The answers of a report's lines; `sheet` is made when the first list needs it, and hidden."""

    def __init__(self, book: Workbook, report: Report) -> None:
        lines = [line for sheet in report.sheets if _differ(sheet.lines) for line in sheet.lines]
        self._rows = {line.token: line.offers for line in lines}
        self._book = book
        self._name = say("sheet.answers")

    def write(self) -> None:
        """Write the hidden sheet, one row a line, where any list needs it."""
        if not self._rows:
            return
        sheet = self._book.add_worksheet(self._name)
        for row, (token, offers) in enumerate(self._rows.items()):
            sheet.write_string(row, 0, token)
            sheet.write_number(row, 1, len(offers))
            for at, text in enumerate(offers, FIRST_ANSWER):
                sheet.write_string(row, at, text)
        sheet.protect()
        sheet.hide()

    def source(self, lines: Iterable[ReportLine], first_row: int, token_column: int) -> Any:
        """Return what a validation of the lines from `first_row` on takes as its list."""
        lines = tuple(lines)
        if not _differ(lines):
            return list(lines[0].offers)
        cell = f"${xl_col_to_name(token_column)}{first_row + 1}"
        last = len(self._rows)
        found = f"MATCH({cell},'{self._name}'!$A$1:$A${last},0)"
        first = f"'{self._name}'!${xl_col_to_name(FIRST_ANSWER)}$1"
        return f"=OFFSET({first},{found}-1,0,1,INDEX('{self._name}'!$B$1:$B${last},{found}))"


def _differ(lines: Iterable[ReportLine]) -> bool:
    """Not all lines of a sheet have one short list."""
    lists = {line.offers for line in lines}
    return len(lists) > 1 or any(sum(map(len, one)) + len(one) > LONGEST_LIST or _comma(one) for one in lists)


def _comma(offers: Iterable[str]) -> bool:
    """In a list that stands in the rule a comma parts two answers."""
    return any("," in text for text in offers)


def lock_typing(page: Worksheet, first_row: int, last_row: int, columns: Iterable[int]) -> None:
    """Refuse what is typed into cells that are not to be filled in: to be sorted they may not be locked."""
    rule = {
        "validate": "custom",
        "value": "=FALSE",
        "ignore_blank": False,
        "error_title": say("sheet.not_here_title"),
        "error_message": say("sheet.not_here"),
    }
    for at in columns:
        page.data_validation(first_row, at, last_row, at, rule)
