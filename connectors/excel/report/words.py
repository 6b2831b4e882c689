"""« Mots nouveaux »: the administrator's sheet of wordings that nobody understood, each with the meaning proposed."""

from xlsxwriter import Workbook

from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import COLOURS, Styles, set_up_page
from schemas.nomenclatures import say
from schemas.reports.report import Report

HEADER_ROW = 2
_COLUMNS = (  # name, width, filled by the administrator
    ("wording", 30, False),
    ("meaning", 30, False),
    ("decision", 12, True),
    ("comment", 26, True),
    ("word_field", 18, False),
    ("places", 40, False),
    ("state", 26, False),
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
    page.data_validation(HEADER_ROW + 1, 2, last, 2, {"validate": "list", "source": offered})
    for row, word in enumerate(report.words, HEADER_ROW + 1):
        told = {
            "wording": word.wording,
            "meaning": word.meaning,
            "word_field": word.field,
            "places": word.places,
            "state": word.state,
            "token": word.token,
        }
        for at, (name, _, filled) in enumerate(_COLUMNS):
            if filled:
                page.write_blank(row, at, None, styles("answer"))
            else:
                page.write_string(row, at, told[name], styles("cell", "bold" if at == 0 else "plain"))
        shown = [(told[name], float(width)) for name, width, filled in _COLUMNS if not filled and name != "token"]
        page.set_row(row, row_height(shown, least=2))
