"""« Commentaires et refus », in the administrator's report: what came back that is no decision."""

from xlsxwriter import Workbook

from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import Styles, set_up_page
from schemas.nomenclatures import say
from schemas.reports.report import RemarkLine, Report

WIDTHS = {"day": 12, "post": 22, "sender": 24, "about": 30, "asked": 34, "answer": 22, "text": 40, "todo": 40}
HEADER_ROW = 2
LONGEST = 32_767


def write_remarks(book: Workbook, styles: Styles, report: Report) -> None:
    """Write one line each, the newest first; no sheet where there is none."""
    if not report.remarks:
        return
    page = book.add_worksheet(say("sheet.remarks"))
    set_up_page(page, report)
    page.write_string(0, 0, say("sheet.remarks"), styles("title"))
    page.set_row(0, 24)
    page.write_string(1, 0, say("remark.note"), styles("subtitle"))
    page.set_row(1, 18)
    for at, (name, width) in enumerate(WIDTHS.items()):
        page.write_string(HEADER_ROW, at, say(f"remark_column.{name}"), styles("header"))
        page.set_column(at, at, width)
    page.set_row(HEADER_ROW, 30)
    page.freeze_panes(HEADER_ROW + 1, 0)
    page.repeat_rows(HEADER_ROW)
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + len(report.remarks), len(WIDTHS) - 1)
    for row, line in enumerate(report.remarks, HEADER_ROW + 1):
        cells = _cells(line)
        for at, text in enumerate(cells):
            page.write_string(row, at, text[:LONGEST], styles("cell", "plain"))
        page.set_row(row, row_height(list(zip(cells, WIDTHS.values(), strict=True)), least=1))


def _cells(line: RemarkLine) -> list[str]:
    return [f"{line.day:%d/%m/%Y}", line.post, line.sender, line.about, line.asked, line.answer, line.text, line.todo]
