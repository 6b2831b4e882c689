"""« Mots nouveaux »: the administrator's sheet of wordings that nobody understood, each with the meaning proposed."""

from xlsxwriter import Workbook

from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import COLOURS, Styles, set_up_page
from schemas.nomenclatures import say
from schemas.reports.report import Report

HEADER_ROW = 2
_COLUMNS = (  # name, width, filled by the administrator
    ("word_field", 18, False),
    ("wording", 34, False),
    ("meaning", 34, False),
    ("places", 40, False),
    ("state", 26, False),
    ("decision", 12, True),
    ("comment", 26, True),
    ("token", 12, False),
)


def write_words(book: Workbook, styles: Styles, report: Report) -> None:
    """Write one row a word; what comes back is read like the other sheets, by its reference."""
    page = book.add_worksheet(say("sheet.words"))
    set_up_page(page, report)
    page.ignore_errors({"number_stored_as_text": "A1:H1048576"})
    page.write_string(0, 0, say("sheet.words"), styles("title"))
    page.set_row(0, 24)
    page.write_string(1, 0, say("word.note"), styles("subtitle"))
    page.set_row(1, 18)
    for at, (name, width, filled) in enumerate(_COLUMNS):
        page.write_string(HEADER_ROW, at, say(f"column.{name}"), styles("header answer" if filled else "header"))
        page.set_column(at, at, width, None, {"hidden": name == "token"})
    page.set_row(HEADER_ROW, 30)
    page.freeze_panes(HEADER_ROW + 1, 1)
    page.set_tab_color(COLOURS["amber"])
    last = HEADER_ROW + len(report.words)
    page.print_area(0, 0, last, len(_COLUMNS) - 2)
    offered = [say(f"decision.{code}") for code in ("accepted", "refused")]
    page.data_validation(HEADER_ROW + 1, 5, last, 5, {"validate": "list", "source": offered})
    for row, word in enumerate(report.words, HEADER_ROW + 1):
        texts = (word.field, word.wording, word.meaning, word.places, word.state)
        for at, text in enumerate(texts):
            page.write_string(row, at, text, styles("cell", "bold" if at == 1 else "plain"))
        page.write_blank(row, 5, None, styles("answer"))
        page.write_blank(row, 6, None, styles("answer"))
        page.write_string(row, 7, word.token, styles("cell"))
        page.set_row(row, row_height([(text, _COLUMNS[at][1]) for at, text in enumerate(texts)], least=2))
