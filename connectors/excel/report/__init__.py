"""The updater's workbook (contract §9): the sheets of changes, what is printed for a visit, how to use it.

The same report gives the same bytes.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

import xlsxwriter

from connectors.excel.own_texts import FACTS, marks_of, marks_of_cells, plain
from connectors.excel.report.answers import AnswerLists
from connectors.excel.report.columns import closed_values, texts_of_lines
from connectors.excel.report.establishments import write_places
from connectors.excel.report.guide import write_guide
from connectors.excel.report.lines import in_parts, write_lines
from connectors.excel.report.pages import QuickBook
from connectors.excel.report.remarks import write_remarks
from connectors.excel.report.styles import FONT, Styles
from connectors.excel.report.summary import write_summary
from connectors.excel.report.words import write_words
from connectors.system.private_file import write_private
from schemas.nomenclatures import say
from schemas.reports.report import Report

LOT_COLUMN = 20  # of the last sheet, hidden: « Mode d'emploi » has two
_TITLES = 2  # rows over the heads of the lines


def _options() -> dict[str, object]:
    """Anew for each workbook: XlsxWriter writes into them, and the second of a process would be another."""
    return {
        "in_memory": True,
        # a cell that begins with = + - @ is what somebody typed, never a formula
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": 10},
    }


def write_report(report: Report, path: Path) -> None:
    """Write the workbook whole or not at all, for its owner alone. Raises DeliveryError when it cannot."""
    write_private(path, render_report(report))


def render_report(report: Report) -> bytes:
    """Return the workbook: Synthèse, the five sheets of changes, « Par établissement » where anybody is at one, what
    came back and the words that somebody has to explain (the administrator's), the answers (hidden), Mode d'emploi, and
    the lot in its hidden columns.
    """
    memory = BytesIO()
    book = QuickBook(memory, _options())
    _say_what_it_is(book, report)
    styles = Styles(book)
    rows = write_summary(book, styles, report)
    book.set_custom_property(say("column.summary_rows"), str(rows), "text")
    lists = AnswerLists(book, report)
    for sheet in report.sheets:
        for part in in_parts(sheet):
            write_lines(book, styles, report, part, lists)
    write_places(book, styles, report)
    write_remarks(book, styles, report)
    if report.words:
        write_words(book, styles, report)
    lists.write()
    write_guide(book, styles, report)
    _hide_lot(book, report, rows)
    book.close()
    book.take_apart()
    return memory.getvalue()


def _say_what_it_is(book: xlsxwriter.Workbook, report: Report) -> None:
    book.set_properties(
        {
            "title": report.title,
            "subject": say("report.lot", lot=report.lot),
            "author": "efit-annuaire",
            # the day of the report, not of the writing: the same report gives the same bytes
            "created": datetime.combine(report.as_of, time()),
        }
    )
    book.set_custom_property(say("column.lot"), report.lot, "text")
    book.set_custom_property(say("column.updater"), report.name, "text")


def _hide_lot(book: xlsxwriter.Workbook, report: Report, rows: int) -> None:
    """The lot a second time, and how many rows of « Synthèse » are ours: some programs drop custom properties."""
    sheet = book.worksheets()[-1]
    sheet.set_column(LOT_COLUMN, LOT_COLUMN + 1, None, None, {"hidden": True})
    told = [("column.lot", report.lot), ("column.updater", report.name), ("column.summary_rows", str(rows))]
    labels = (say(f"column.{fact}") for fact in FACTS)
    told += [("column.texts", piece) for piece in marks_of((*book.str_table.string_table, *labels))]
    titles = {part.title for one in report.sheets for part in in_parts(one)}
    texts = (*texts_of_lines(report), *_texts_by_row(book, titles))
    told += [("column.cells", piece) for piece in marks_of_cells(closed_values(report), texts)]
    for row, (label, value) in enumerate(told):
        sheet.write_string(row, LOT_COLUMN, say(label))
        sheet.write_string(row, LOT_COLUMN + 1, value)


def _texts_by_row(book: xlsxwriter.Workbook, lines: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (first text of its row, text) of every sheet; of those of `lines` what stands over them."""
    texts = [plain(text) for text in book.str_table.string_table]
    for sheet in book.worksheets():
        last = _TITLES if sheet.get_name() in lines else sheet.dim_rowmax + 1
        for cells in (one for row, one in sheet.table.items() if row < last):
            numbers = (getattr(cell, "string", None) for _, cell in sorted(cells.items()))
            found = [texts[number] for number in numbers if isinstance(number, int)]
            yield from ((found[0], text) for text in found)
