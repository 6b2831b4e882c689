"""The five sheets of changes: one table each, identity on the left, decisions on the right."""

from collections.abc import Sequence
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from connectors.spreadsheet.columns import (
    COLUMNS,
    DUE,
    PERSON,
    PLAIN,
    STRUCTURE,
    TOKEN,
    URGENCY_COLUMN,
    Column,
    Piece,
)
from connectors.spreadsheet.heights import row_height
from connectors.spreadsheet.styles import (
    CELL,
    GREY,
    HEADER,
    HEADING,
    INPUT,
    SUBTITLE,
    TITLE,
    URGENCY,
    Props,
    Styles,
    set_up_page,
)
from schemas.nomenclatures import say
from schemas.report import Deadline, Report, ReportLine, ReportSheet
from schemas.typography import typeset

DATE: Props = {"num_format": "dd/mm/yyyy", "align": "center", "indent": 0}
# what a person types here stays text, whatever it begins with
TYPED: Props = {"num_format": "@"}
HEADER_ROW = 2
MOST_ROWS = 1_048_575


def write_lines(book: Workbook, styles: Styles, report: Report, sheet: ReportSheet) -> None:
    """One sheet of changes; an empty one says so."""
    page = book.add_worksheet(sheet.title)
    columns = (*COLUMNS[sheet.key], TOKEN)
    set_up_page(page, report)
    page.ignore_errors({"number_stored_as_text": f"A1:Z{MOST_ROWS}"})
    _write_head(page, styles, report, sheet, columns)
    last = HEADER_ROW + max(len(sheet.lines), 1)
    if sheet.key == "cards" and report.weeks:
        _write_weeks(page, styles, report.weeks, last + 2)
    if not sheet.lines:
        page.write_string(HEADER_ROW + 1, 0, say("report.nothing_to_do"), styles(SUBTITLE, italic=True))
        page.set_row(HEADER_ROW + 1, 24)
        return
    page.autofilter(HEADER_ROW, 0, last, len(columns) - 2)
    _offer_answers(page, report, columns, last)
    previous = ""
    for row, line in enumerate(sheet.lines, HEADER_ROW + 1):
        _write_line(page, styles, row, line, columns, goes_on=line.change_id == previous)
        previous = line.change_id


def _write_head(page: Worksheet, styles: Styles, report: Report, sheet: ReportSheet, columns: Sequence[Column]) -> None:
    page.write_string(0, 0, f"{sheet.title} – {report.addressee}", styles(TITLE))
    page.set_row(0, 24)
    page.write_string(1, 0, typeset(say(f"sheet_note.{sheet.key}")), styles(SUBTITLE))
    page.set_row(1, 18)
    for at, column in enumerate(columns):
        colour = {"bg_color": "#7A5C00"} if column.filled else PLAIN
        page.write_string(HEADER_ROW, at, say(f"column.{column.name}"), styles(HEADER, colour))
        page.set_column(at, at, column.width, None, {"hidden": column is TOKEN})
    page.set_row(HEADER_ROW, 30)
    page.freeze_panes(HEADER_ROW + 1, 2)
    page.repeat_rows(HEADER_ROW)
    below = len(report.weeks) + 3 if sheet.key == "cards" and report.weeks else 0
    page.print_area(0, 0, HEADER_ROW + max(len(sheet.lines), 1) + below, len(columns) - 2)
    page.set_tab_color(_tab_colour(sheet))


def _write_weeks(page: Worksheet, styles: Styles, weeks: Sequence[Deadline], row: int) -> None:
    """Below the lines, so that they keep their filter: how many accesses end in which week."""
    page.write_string(row, 0, say("week.heading"), styles(HEADING))
    page.set_row(row, 22)
    for at, name in ((1, "when"), (2, "accounts")):
        page.write_string(row + 1, at, say(f"week.{name}"), styles(HEADER))
    page.set_row(row + 1, 20)
    for at, week in enumerate(weeks, row + 2):
        look = URGENCY["access"] if week.now else PLAIN
        page.write_string(at, 1, week.label, styles(CELL, look))
        page.write_number(at, 2, week.count, styles(CELL, look, {"quote_prefix": False, "align": "center"}))
        page.set_row(at, 18)


def _tab_colour(sheet: ReportSheet) -> str:
    if not sheet.lines:
        return "#C9D1DA"
    return "#9B1C1C" if sheet.lines[0].severity == "access" else "#E0A800"


def _offer_answers(page: Worksheet, report: Report, columns: Sequence[Column], last: int) -> None:
    names = [column.name for column in columns]
    decision, postponed = names.index("decision"), names.index("postponed_to")
    page.data_validation(
        HEADER_ROW + 1,
        decision,
        last,
        decision,
        {
            "validate": "list",
            "source": [say(f"decision.{code}") for code in ("accepted", "refused", "postponed")],
            "input_title": say("column.decision"),
            "input_message": typeset(say("decision.prompt")),
            "error_title": say("column.decision"),
            "error_message": say("decision.error"),
        },
    )
    page.data_validation(
        HEADER_ROW + 1,
        postponed,
        last,
        postponed,
        {
            "validate": "date",
            "criteria": ">=",
            "value": report.as_of,
            "input_title": say("column.postponed_to"),
            "input_message": typeset(say("decision.date_prompt")),
            "error_title": say("column.postponed_to"),
            "error_message": say("decision.date_error"),
        },
    )


def _write_line(
    page: Worksheet, styles: Styles, row: int, line: ReportLine, columns: Sequence[Column], goes_on: bool
) -> None:
    """One row; further fields of a change repeat who it is in grey, so that a filter still finds them."""
    cells: list[tuple[str, float]] = []
    for at, column in enumerate(columns):
        if column.filled:
            dates = DATE if column.name == "postponed_to" else TYPED
            page.write_blank(row, at, None, styles(INPUT, dates))
        elif column is DUE and line.due_on:
            _write_day(page, styles, row, at, line.due_on)
        else:
            pieces = column.pieces(line)
            again = goes_on and column in (URGENCY_COLUMN, PERSON, STRUCTURE)
            look = {"font_color": GREY} if again else URGENCY[line.severity] if column is URGENCY_COLUMN else PLAIN
            _write_pieces(page, styles, row, at, _faded(pieces) if again else pieces, look)
            if column is not TOKEN:
                cells.append(("".join(text for text, _ in pieces), column.width))
    page.set_row(row, row_height(cells, least=3))


def _write_day(page: Worksheet, styles: Styles, row: int, at: int, day: date) -> None:
    page.write_datetime(row, at, day, styles(CELL, **DATE, quote_prefix=False))


def _faded(pieces: list[Piece]) -> list[Piece]:
    return [("".join(text for text, _ in pieces), PLAIN)]


def _write_pieces(page: Worksheet, styles: Styles, row: int, at: int, pieces: list[Piece], look: Props) -> None:
    """A cell of text: rich where its pieces differ in font, a plain string otherwise, blank when empty."""
    if len(pieces) > 1:
        fragments = [item for text, font in pieces for item in (styles(look, font), text)]
        page.write_rich_string(row, at, *fragments, styles(CELL, look))
    elif pieces and pieces[0][0]:
        page.write_string(row, at, pieces[0][0], styles(CELL, look, pieces[0][1]))
    else:
        page.write_blank(row, at, None, styles(CELL, look))
