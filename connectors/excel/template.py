"""The standard workbook, empty: what a region, an ETS or a national body fills in (contract §3)."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from schemas.nomenclatures import code_of, ets, label_of, regions, rows, say, terms
from schemas.people.workbook_line import DATE_FIELDS

ROWS = 1000  # with lists and formats
TEXT_FIELDS = ("structure_code", "cpx_number", "phone")
NOT_STANDARD = (
    "region",
    "legal_entity",
    "gone",
)  # read where people have them; the code of a région stands under FINESS
WIDTHS = {
    "structure_code": 13, "structure_name": 34, "structure_type": 20, "function": 14, "rank": 13,
    "civility": 9, "last_name": 22, "first_name": 18, "profession": 24, "cpx_number": 18, "card_type": 13,
    "email": 32, "phone": 16, "bills": 12, "efs_convention": 15, "status": 10, "comment": 40,
}  # fmt: skip


def standard_columns() -> dict[str, str]:
    """Return field → French header of the standard columns, in their order."""
    return {row["field"]: row["label"] for row in rows("workbook_columns") if row["field"] not in NOT_STANDARD}


def choices() -> dict[str, list[str]]:
    """Return field → what its drop-down list offers: labels of the code tables, codes for cards, Oui and Non."""
    yes_no = [say("answer.yes"), say("answer.no")]
    return {
        "structure_type": _labels("structure_types"),
        "function": _labels("functions"),
        "rank": _labels("ranks"),
        "civility": _labels("civilities"),
        "profession": _labels("professions"),
        "card_type": list(terms("card_types")),
        "bills": yes_no,
        "efs_convention": yes_no,
        "status": [say("answer.active"), say("answer.left")],
    }


def _labels(table: str) -> list[str]:
    return [term.label for term in terms(table).values()]


def write_template(path: Path, *, region: str | None = None, structures: Sequence[tuple[str, str, str]] = ()) -> None:
    """Write the standard workbook for a région sanitaire, an ETS (their code) or anyone.

    `structures`: (code, name, type as code or label) of rows to begin with. Raises OSError where nothing can
    be written.
    """
    scope = regions().get(region or "") or ets().get(region or "") or say("template.national")
    title = say("template.title", scope=f"{region} {scope}" if region else scope)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        book.set_properties({"title": title})
        formats = _formats(book)
        sheet = book.add_worksheet(say("template.data_sheet"))
        ranges = _write_lists(book)
        _write_help(book, title, formats)
        _write_header(sheet, title, formats)
        _write_rules(sheet, ranges)
        for number, (code, name, kind) in enumerate(structures, start=1):
            label = label_of("structure_types", code_of("structure_types", kind)) or kind
            for column, text in enumerate((code, name, label)):
                sheet.write_string(number, column, text, formats["text"])
        sheet.activate()
    finally:
        _close(book)


def _close(book: Any) -> None:
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from error


def _formats(book: Any) -> dict[str, Any]:
    font = {"font_name": "Calibri", "font_size": 11}
    return {
        "header": book.add_format(
            {**font, "bold": True, "bg_color": "#1F4E79", "font_color": "white", "border": 1,
             "text_wrap": True, "valign": "vcenter"}
        ),
        "text": book.add_format({**font, "num_format": "@"}),
        "date": book.add_format({**font, "num_format": "dd/mm/yyyy", "align": "left"}),
        "plain": book.add_format({**font, "text_wrap": True, "valign": "top"}),
        "title": book.add_format({**font, "bold": True, "font_size": 14}),
    }  # fmt: skip


def _write_lists(book: Any) -> dict[str, str]:
    """The hidden sheet of the lists; field → the range that its validation refers to."""
    name = say("template.lists_sheet")
    sheet = book.add_worksheet(name)
    ranges = {}
    for column, (field, texts) in enumerate(choices().items()):
        sheet.write_column(0, column, texts)
        letter = chr(ord("A") + column)
        ranges[field] = f"='{name}'!${letter}$1:${letter}${len(texts)}"
    sheet.hide()
    return ranges


def _write_header(sheet: Any, title: str, formats: dict[str, Any]) -> None:
    for column, (field, label) in enumerate(standard_columns().items()):
        kind = "date" if field in DATE_FIELDS else "text" if field in TEXT_FIELDS else None
        sheet.set_column(column, column, WIDTHS.get(field, 15), formats[kind] if kind else None)
        sheet.write_string(0, column, label, formats["header"])
    last = len(standard_columns()) - 1
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, ROWS, last)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(2, 0)  # twenty columns on one page could not be read
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)
    sheet.set_header("&L&B" + title.replace("&", "&&"))
    sheet.set_footer("&R" + say("template.footer"))
    sheet.print_area(0, 0, 40, last)


def _write_rules(sheet: Any, ranges: dict[str, str]) -> None:
    for column, field in enumerate(standard_columns()):
        for rule in _rules(field, ranges):
            sheet.data_validation(1, column, ROWS, column, rule)


def _rules(field: str, ranges: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Lists and dates warn, they do not forbid: what the reader understands may be written."""
    if field in ranges:
        yield {"validate": "list", "source": ranges[field], **_warning("bad_choice")}
    if field in DATE_FIELDS:
        yield {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), **_warning("bad_date")}
    if field == "cpx_number":
        hint = {
            "input_title": say("template.number_hint_title"),
            "input_message": say("template.number_hint"),
        }
        yield {"validate": "any", **hint}


def _warning(key: str) -> dict[str, str]:
    title, text = say(f"template.{key}_title"), say(f"template.{key}")
    return {"error_type": "warning", "error_title": title, "error_message": text}


def _write_help(book: Any, title: str, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(say("sheet.guide"))
    sheet.set_column(0, 0, 105)
    sheet.write_string(0, 0, title, formats["title"])
    lines = [
        *say("template.help").strip().splitlines(),
        "",
        *(say(f"help.{key}") for key in ("ans", "efit", "cards")),
    ]
    for row, line in enumerate(lines, start=2):
        sheet.set_row(row, 32 if len(line) > 112 else 18)
        sheet.write_string(row, 0, line, formats["plain"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
