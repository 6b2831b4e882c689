"""How cells look: one palette that survives grey printing, and formats made once each."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.nomenclatures import say
from schemas.report import Report

FONT = "Arial"
NAVY, GREY, LINE, PALE = "#1F3A5F", "#5F6B7A", "#C9D1DA", "#F3F5F8"
YELLOW, BEFORE, AFTER = "#FFF8CC", "#8C1D18", "#0B4F2E"

Props = dict[str, Any]

CELL: Props = {
    "align": "left",
    "valign": "top",
    "text_wrap": True,
    "indent": 1,
    "bottom": 1,
    "bottom_color": LINE,
    "quote_prefix": True,
}
INPUT: Props = {**CELL, "bg_color": YELLOW, "locked": False, "border": 1, "border_color": "#D9C46A"}
# Words say it; the shade only helps: dark, pale, white are told apart in grey too.
URGENCY: dict[str, Props] = {
    "access": {"bold": True, "bg_color": "#9B1C1C", "font_color": "#FFFFFF"},
    "important": {"bold": True, "bg_color": "#FCE8B2", "font_color": "#3D2E00"},
    "info": {"bg_color": "#FFFFFF", "font_color": "#333333"},
}
HEADER: Props = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": NAVY,
    "valign": "vcenter",
    "text_wrap": True,
    "indent": 1,
    "border": 1,
    "border_color": "#FFFFFF",
}
TITLE: Props = {"bold": True, "font_size": 15, "font_color": NAVY, "valign": "vcenter"}
SUBTITLE: Props = {"font_color": GREY, "valign": "vcenter"}
HEADING: Props = {"bold": True, "font_size": 12, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY}


class Styles:
    """Formats of one workbook, each made once whatever the number of cells."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[frozenset[tuple[str, Any]], Format] = {}

    def __call__(self, *layers: Props, **more: Any) -> Format:
        """The format of these properties, later layers over earlier ones."""
        props: Props = {}
        for layer in (*layers, more):
            props.update(layer)
        key = frozenset(props.items())
        if key not in self._made:
            self._made[key] = self._book.add_format(props)
        return self._made[key]


def set_up_page(sheet: Worksheet, report: Report) -> None:
    """A4 landscape, one page wide, footer with whom it is for, lot and page; locked without a password."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.65)
    sheet.hide_gridlines(2)

    def quoted(text: str) -> str:
        return text.replace("&", "&&")

    page = say("report.page", lot=quoted(report.lot))
    left = f"&L&8{quoted(report.addressee)}"
    sheet.set_footer(f"{left}&C&8{say('report.confidential')}&R&8{page}")
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
