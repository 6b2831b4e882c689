"""« Par établissement »: each establishment whole on a page, small ones together, for a visit or a call."""

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import Styles, set_up_page
from schemas.nomenclatures import say
from schemas.reports.report import Report
from schemas.reports.visit import ReportPlace, VisitPage

WIDTHS = (30, 20, 50, 26, 52, 6)
HEADS = ("person", "function", "contact", "card", "to_do", "seen")
_CONTACT = HEADS.index("contact")
_ADDRESSES = 8  # characters: an address has no spaces, and wide letters
PAGE = 620.0  # points of an A4 page, at the scale at which the columns fill its width
TITLE, NOTE, HEAD, AIR = 28.0, 15.0, 22.0, 15.0  # heights of the rows around the people
MOST_BREAKS = 1_000  # Excel takes 1,023 of a sheet; the establishments after go on without


def write_places(book: Workbook, styles: Styles, report: Report) -> None:
    """Write the sheet; none where the report is about no establishment."""
    if not report.places:
        return
    sheet = book.add_worksheet(say("sheet.places"))
    set_up_page(sheet, report)
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    sheet.ignore_errors({"number_stored_as_text": "A1:F1048576"})
    row, used, breaks = 0, 0.0, []
    for place in report.places:
        needed = _height(place)
        if row and used + needed > PAGE:
            breaks.append(row)
            used = 0.0
        used += needed
        row = _write_place(sheet, styles, report, place, row)
    sheet.set_h_pagebreaks(breaks[:MOST_BREAKS])


def _height(place: ReportPlace) -> float:
    """Points that an establishment takes."""
    texts = sum(row_height([(text, sum(WIDTHS))]) for text in place.to_do)
    return TITLE + NOTE + texts + HEAD + sum(map(_visit_height, place.people)) + AIR


def _texts(visit: VisitPage) -> tuple[str, ...]:
    return (visit.person, visit.function, visit.contact, visit.card, "\n".join(visit.to_do))


def _visit_height(visit: VisitPage) -> float:
    widths = (float(width - _ADDRESSES if at == _CONTACT else width) for at, width in enumerate(WIDTHS))
    return row_height(list(zip(_texts(visit), widths, strict=False)), least=2)


def _write_place(sheet: Worksheet, styles: Styles, report: Report, place: ReportPlace, row: int) -> int:
    """One establishment from a row on; the row after it."""
    sheet.write_string(row, 0, place.name, styles("page title"))
    sheet.set_row(row, TITLE)
    note = say("report.place_note", code=place.code, date=f"{report.as_of:%d/%m/%Y}")
    sheet.write_string(row + 1, 0, note, styles("subtitle"))
    row += 2
    for text in place.to_do:
        sheet.merge_range(row, 0, row, len(WIDTHS) - 1, text, styles("paragraph", "bold"))
        sheet.set_row(row, row_height([(text, sum(WIDTHS))]))
        row += 1
    for at, name in enumerate(HEADS):
        sheet.write_string(row, at, say(f"column.{name}"), styles("header"))
    sheet.set_row(row, HEAD)
    for at, visit in enumerate(place.people, row + 1):
        _write_visit(sheet, styles, visit, at)
    return row + len(place.people) + 2


def _write_visit(sheet: Worksheet, styles: Styles, visit: VisitPage, row: int) -> None:
    texts = _texts(visit)
    for at, text in enumerate(texts):
        sheet.write_string(row, at, text, styles("cell", "bold" if at == 0 else "plain"))
    sheet.write_string(row, len(texts), say("report.box"), styles("cell", "box"))
    sheet.set_row(row, _visit_height(visit))
