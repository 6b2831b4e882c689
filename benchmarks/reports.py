"""`make bench-reports`: a report of 2,000 lines, from changes to bytes; beside it the same cells by openpyxl, bare.

Processor seconds, the median of several; openpyxl is given the values alone: no style, no mark, no list of answers.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import openpyxl

from connectors.excel.report import render_report
from pipelines.reports.report import build_reports
from schemas.changes.change import Change
from schemas.reports.report import Report
from tests.invented_changes import DAY, LOT, STRUCTURES, invented_changes, sign

LINES = 2000
TIMES = 5


def main() -> None:
    """Measure and print."""
    changes = many_changes()
    report = report_of(changes)
    content = render_report(report)
    book = openpyxl.load_workbook(BytesIO(content))
    cells: dict[str, list[list[object]]] = {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book
    }
    print(f"{sum(len(sheet.lines) for sheet in report.sheets)} lines, {len(content) // 1024} kB")
    ours = seconds(lambda: render_report(report))
    print(f"changes to report       {seconds(lambda: report_of(changes)):.2f} s")
    print(f"report to .xlsx         {ours:.2f} s")
    print(f"openpyxl, values alone  {(theirs := seconds(lambda: bare(cells))):.2f} s (ours : it {ours / theirs:.2f})")


def many_changes() -> list[Change]:
    """The invented night of one CRH-ST over and over, each time of other people, until there are enough lines."""
    mine = [change for change in invented_changes() if change.updater.scope == "24"]
    found: list[Change] = []
    lines = 0
    while lines < LINES:
        turn = len(found)
        for change in mine:
            found.append(change.model_copy(update={"id": f"{change.id}{turn}", "linked_to": ()}))
            lines += max(len(change.fields), 1) if change.kind == "update_account" else 1
    return found


def report_of(changes: list[Change]) -> Report:
    """One updater's."""
    [made] = build_reports(changes, as_of=DAY, lot=LOT, structures=STRUCTURES, rejects=[], notices={}, sign=sign)
    return made


def bare(cells: Mapping[str, Sequence[Sequence[object]]]) -> None:
    """The same values, written by openpyxl."""
    book = openpyxl.Workbook()
    for title, lines in cells.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(BytesIO())


def seconds(work: Callable[[], object]) -> float:
    """The median processor time."""
    spent = []
    for turn in range(TIMES):
        print(f"  {turn + 1}/{TIMES}", end="\r", file=sys.stderr)
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
