"""The five sheets of changes: one table each, access first, then by establishment; they sort and filter."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from connectors.excel.report.answers import AnswerLists, lock_typing
from connectors.excel.report.columns import (
    CANDIDATES,
    COLUMNS,
    EMAIL,
    FORM,
    GUIDANCE,
    LETTER,
    LOST,
    PERSON,
    STRUCTURE,
    TOKEN,
    URGENCY,
    VALUES,
    Column,
    Piece,
)
from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import COLOURS, Styles, set_up_page
from schemas.nomenclatures import say
from schemas.reports.report import Deadline, FormLink, Report, ReportLine, ReportSheet

HEADER_ROW = 2
MOST_ROWS = 1_048_575
MOST_LINES = 50_000  # of one sheet
LONGEST = 32_767  # characters in a cell: past that, the program that opens the file repairs it
LONGEST_LINK = 2_079
VALUES_SCALE = 62  # in hundredths: the values beside the person fill an A4 page


def in_parts(sheet: ReportSheet) -> Iterator[ReportSheet]:
    """Yield the sheet itself; one that nobody could scroll through as « À modifier », « À modifier (2) »…

    No part has as many lines as Excel shows, nor as `decisions_sheet` takes back.
    """
    yield replace(sheet, lines=sheet.lines[:MOST_LINES])
    for number, start in enumerate(range(MOST_LINES, len(sheet.lines), MOST_LINES), start=2):
        lines = sheet.lines[start : start + MOST_LINES]
        yield replace(sheet, title=say("sheet.part", title=sheet.title, number=number), lines=lines)


def write_lines(book: Workbook, styles: Styles, report: Report, sheet: ReportSheet, lists: AnswerLists) -> None:
    """Write one sheet of changes; an empty one says so."""
    page = book.add_worksheet(sheet.title)
    columns = (*COLUMNS[sheet.key], TOKEN)
    set_up_page(page, report)
    page.ignore_errors({"number_stored_as_text": f"A1:Z{MOST_ROWS}"})
    _write_head(page, styles, report, sheet, columns)
    last = HEADER_ROW + max(len(sheet.lines), 1)
    if sheet.key == "cards" and report.weeks:
        _write_weeks(page, styles, report.weeks, last + 2)
    if not sheet.lines:
        answered = report.answered if sheet.key == "cards" else ""
        page.write_string(HEADER_ROW + 1, 0, answered or say("report.nothing_to_do"), styles("nothing"))
        page.set_row(HEADER_ROW + 1, 24)
        return
    page.autofilter(HEADER_ROW, 0, last, len(columns) - 1)  # the hidden reference is sorted with its line
    _offer_answers(page, report, sheet, columns, lists)
    previous = None
    for row, line in enumerate(sheet.lines, HEADER_ROW + 1):
        _write_line(page, styles, row, line, columns, previous)
        previous = line


def _write_head(page: Worksheet, styles: Styles, report: Report, sheet: ReportSheet, columns: Sequence[Column]) -> None:
    page.write_string(0, 0, sheet.title, styles("title"))  # alone: of a second page only this column is repeated
    page.write_string(0, 1, report.addressee, styles("title"))
    page.set_row(0, 24)
    page.write_string(1, 1, say(f"sheet_note.{sheet.key}"), styles("subtitle"))
    page.set_row(1, 18)
    for at, column in enumerate(columns):
        style = styles("header answer" if column.filled else "header")
        page.write_string(HEADER_ROW, at, say(f"column.{column.name}"), style)
        page.set_column(at, at, column.width, None, {"hidden": column is TOKEN})
    page.set_row(HEADER_ROW, 30)
    page.freeze_panes(HEADER_ROW + 1, 1)  # more would leave a telephone, or a small screen, nothing to scroll
    page.repeat_rows(HEADER_ROW)
    if sheet.key == "create":  # on one page twenty-two columns are read by nobody: who and why, then what to type in
        page.set_print_scale(VALUES_SCALE)
        page.repeat_columns(0)
        page.set_v_pagebreaks([columns.index(VALUES[0])])
    page.print_area(0, 0, HEADER_ROW + max(len(sheet.lines), 1), _last_printed(columns))
    page.set_tab_color(_tab_colour(sheet))


def _last_printed(columns: Sequence[Column]) -> int:
    """The last column of a page: of what one reads to decide, to type in or to call; what stands behind is said of the
    person already, or is read on the screen.
    """
    return max(at for at, column in enumerate(columns) if column in (GUIDANCE, EMAIL, CANDIDATES, VALUES[-1]))


def _write_weeks(page: Worksheet, styles: Styles, weeks: Sequence[Deadline], row: int) -> None:
    """Below the lines, so that they keep their filter: how many accesses end in which week.

    On the screen alone: printed, it would stand under the header of the lines, and « Synthèse » prints it.
    """
    page.merge_range(row, 0, row, 2, say("week.heading"), styles("heading"))
    page.set_row(row, 22)
    page.merge_range(row + 1, 0, row + 1, 1, say("week.when"), styles("header"))
    page.write_string(row + 1, 2, say("week.accounts"), styles("header centred"))
    page.set_row(row + 1, 20)
    for at, week in enumerate(weeks, row + 2):
        look = "access" if week.now else "plain"
        page.merge_range(at, 0, at, 1, week.label, styles("label", look))
        page.write_number(at, 2, week.count, styles("number", look))
        page.set_row(at, 18)


def _tab_colour(sheet: ReportSheet) -> str:
    if not sheet.lines:
        return COLOURS["line"]
    return COLOURS["alarm" if sheet.lines[0].severity == "access" else "amber"]


def _offer_answers(
    page: Worksheet, report: Report, sheet: ReportSheet, columns: Sequence[Column], lists: AnswerLists
) -> None:
    names = [column.name for column in columns]
    first, last = HEADER_ROW + 1, HEADER_ROW + len(sheet.lines)
    offers: dict[str, dict[str, Any]] = {
        "decision": {
            "validate": "list",
            "source": lists.source(sheet.lines, first, len(columns) - 1),
            "input_message": say(f"decision.prompt_{sheet.key}"),
            "error_message": say("decision.error"),
        },
        "postponed_to": {
            "validate": "date",
            "criteria": ">=",
            "value": report.as_of,
            "input_message": say("decision.date_prompt"),
            "error_message": say("decision.date_error"),
        },
    }
    for name, offer in offers.items():
        title = say(f"column.{name}")
        at = names.index(name)
        page.data_validation(
            first, at, last, at, {**offer, "input_title": title, "error_title": title, "error_type": "warning"}
        )
    lock_typing(page, first, last, [at for at, column in enumerate(columns) if not column.filled])


def _write_line(
    page: Worksheet, styles: Styles, row: int, line: ReportLine, columns: Sequence[Column], before: ReportLine | None
) -> None:
    """One row. What repeats the row above stays, in grey, so that a filter still finds it; an establishment begins
    with a rule."""
    same_place = before is not None and _place(before) == _place(line)
    same_change = before is not None and before.change_id == line.change_id
    rule = "plain" if same_place or same_change else "group"
    cells: list[tuple[str, float]] = []
    for at, column in enumerate(columns):
        if column.filled:
            style = "answer day" if column.name == "postponed_to" else "answer"
            page.write_blank(row, at, None, styles(style, rule))
        elif column is LOST and line.lost_on:
            page.write_datetime(row, at, line.lost_on, styles("day", "free", rule))
        elif column is FORM and line.form:
            _write_form(page, styles, row, at, line.form, rule)
        elif column is LETTER and line.letter:
            _write_form(page, styles, row, at, line.letter, rule)
        else:
            pieces = column.pieces(line)
            again = (same_change and column is PERSON) or (same_place and column is STRUCTURE)
            look = _look(column, line, again)
            _write_pieces(page, styles, row, at, _joined(pieces) if again else pieces, (look, rule))
            if column is not TOKEN:
                cells.append(("".join(text for text, _ in pieces), column.width))
    page.set_row(row, row_height(cells, least=3))


def _place(line: ReportLine) -> tuple[str, str, str]:
    return line.severity, line.structure_code, line.structure


def _look(column: Column, line: ReportLine, again: bool) -> str:
    if again:
        return "again"
    if column is URGENCY:
        return line.severity
    if column is PERSON and line.severity == "access":
        return "marked"
    return "bold" if column is STRUCTURE else "plain"


def _joined(pieces: list[Piece]) -> list[Piece]:
    return [("".join(text for text, _ in pieces), "plain")]


def _write_form(page: Worksheet, styles: Styles, row: int, at: int, form: FormLink, rule: str) -> None:
    """One touch away; for the printed page the address stands in the steps too."""
    if len(form.address) > LONGEST_LINK:
        page.write_string(row, at, form.label[:LONGEST], styles("cell", "free", rule))
    else:
        page.write_url(row, at, form.address, styles("cell link", "free", rule), form.label)


def _write_pieces(
    page: Worksheet, styles: Styles, row: int, at: int, pieces: list[Piece], look: tuple[str, str]
) -> None:
    """A cell of text: rich where its pieces differ in style, a plain string otherwise, blank when empty."""
    whole = "".join(text for text, _ in pieces)
    if not whole:
        page.write_blank(row, at, None, styles("cell", "free", *look))
    elif len(pieces) > 1 and len(whole) <= LONGEST:
        fragments = [item for text, style in pieces for item in (styles("piece", look[0], style), text)]
        page.write_rich_string(row, at, *fragments, styles("cell", "free", *look))
    else:
        style = pieces[0][1] if len(pieces) == 1 else "plain"
        page.write_string(row, at, whole[:LONGEST], styles("cell", "free", *look, style))
