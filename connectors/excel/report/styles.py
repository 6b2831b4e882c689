"""How cells look: one palette that survives grey printing and colour-blind eyes, and one table of styles by name.

XlsxWriter writes no named cell styles of Excel's own; the names live here, and a sheet asks for them alone.
"""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.nomenclatures import say
from schemas.reports.report import Report

Props = dict[str, Any]

FONT = "Arial"
# tests/connectors/test_palette.py: contrast, greys and colour blindness.
COLOURS = {
    "ink": "#1B222B",
    "paper": "#FFFFFF",
    "navy": "#1F3A5F",
    "grey": "#56616F",
    "line": "#C9D1DA",
    "pale": "#F3F5F8",
    "alarm": "#9B1C1C",
    "amber": "#F7DA8B",
    "amber_ink": "#3D2E00",
    "input": "#FFF8CC",
    "input_line": "#D9C46A",
    "input_head": "#6B5000",
    "before": "#8C1D18",
    "after": "#0B4FA0",
}

_CELL: Props = {
    "align": "left",
    "valign": "top",
    "text_wrap": True,
    "indent": 1,
    "font_color": COLOURS["ink"],
    "bottom": 1,
    "bottom_color": COLOURS["line"],
    "quote_prefix": True,
}
_HEADER: Props = {
    "bold": True,
    "font_color": COLOURS["paper"],
    "bg_color": COLOURS["navy"],
    "valign": "vcenter",
    "text_wrap": True,
    "indent": 1,
    "border": 1,
    "border_color": COLOURS["paper"],
}
_CENTRED: Props = {"align": "center", "indent": 0}
_LABEL: Props = {**_CELL, "valign": "vcenter"}
_BANNER: Props = {"bold": True, "font_size": 13, "text_wrap": True, "valign": "vcenter", "indent": 1}

STYLES: dict[str, Props] = {
    # a page
    "title": {"bold": True, "font_size": 15, "font_color": COLOURS["navy"], "valign": "vcenter"},
    "page title": {"bold": True, "font_size": 18, "font_color": COLOURS["navy"], "valign": "vcenter"},
    "subtitle": {"font_color": COLOURS["grey"], "valign": "vcenter"},
    "nothing": {"font_color": COLOURS["grey"], "valign": "vcenter", "italic": True},
    "heading": {
        "bold": True,
        "font_size": 12,
        "font_color": COLOURS["navy"],
        "bottom": 2,
        "bottom_color": COLOURS["navy"],
    },
    "paragraph": {**_CELL, "bottom": 0, "valign": "vcenter"},
    "banner access": {**_BANNER, "bg_color": COLOURS["alarm"], "font_color": COLOURS["paper"]},
    "banner unknown": {**_BANNER, "bg_color": COLOURS["grey"], "font_color": COLOURS["paper"]},
    "banner calm": {**_BANNER, "bg_color": COLOURS["pale"], "font_color": COLOURS["ink"]},
    # a table
    "header": _HEADER,
    "header centred": {**_HEADER, **_CENTRED},
    "header answer": {**_HEADER, "bg_color": COLOURS["input_head"]},
    "cell": _CELL,
    "term": {**_CELL, "bold": True},
    "label": _LABEL,
    "link": {**_LABEL, "font_color": COLOURS["after"], "underline": 1},
    "cell link": {**_CELL, "font_color": COLOURS["after"], "underline": 1},
    # a 0 that is known is there, and is not shown: what counts stands alone
    "number": {**_LABEL, **_CENTRED, "quote_prefix": False, "num_format": "0;-0;;@"},
    "day": {**_CELL, **_CENTRED, "num_format": "dd/mm/yyyy", "quote_prefix": False},
    "total": {"bold": True, "bg_color": COLOURS["pale"]},
    "total label": {**_LABEL, "bold": True, "bg_color": COLOURS["pale"]},
    # what a person types stays text, whatever it begins with
    "answer": {
        **_CELL,
        "bg_color": COLOURS["input"],
        "locked": False,
        "border": 1,
        "border_color": COLOURS["input_line"],
        "num_format": "@",
    },
    "answer day": {
        **_CELL,
        **_CENTRED,
        "bg_color": COLOURS["input"],
        "locked": False,
        "border": 1,
        "border_color": COLOURS["input_line"],
        "num_format": "dd/mm/yyyy",
    },
    # urgencies: words say it, the shade only helps; dark, pale and white are told apart in grey too
    "access": {"bold": True, "bg_color": COLOURS["alarm"], "font_color": COLOURS["paper"]},
    "important": {"bold": True, "bg_color": COLOURS["amber"], "font_color": COLOURS["amber_ink"]},
    # what nobody knows is hatched, never white
    "unknown": {"bold": True, "pattern": 14, "fg_color": COLOURS["line"], "bg_color": COLOURS["paper"]},
    "info": {"bg_color": COLOURS["paper"], "font_color": COLOURS["ink"]},
    # text within a cell
    "piece": {"font_color": COLOURS["ink"]},
    "plain": {},
    "bold": {"bold": True},
    "small": {"font_color": COLOURS["grey"], "font_size": 8},
    "note": {"italic": True, "font_color": COLOURS["grey"]},
    "again": {"font_color": COLOURS["grey"]},
    "gone": {"font_strikeout": True, "font_color": COLOURS["before"]},
    "new": {"bold": True, "underline": 1, "font_color": COLOURS["after"]},
    "box": {**_CENTRED, "font_size": 14},
    # cells of a line are not locked: a protected sheet sorts no others
    "free": {"locked": False},
    # whose access is threatened: a bar beside the name, which is there when the column is the only one in sight
    "marked": {"left": 5, "left_color": COLOURS["alarm"]},
    # the first line of an establishment
    "group": {"top": 2, "top_color": COLOURS["navy"]},
}


class Styles:
    """Formats of one workbook, by the names of STYLES, each made once whatever the number of cells."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Format] = {}

    def __call__(self, *names: str) -> Format:
        """The format of these styles, later ones over earlier ones. Raises KeyError for a name that is none."""
        if names not in self._made:
            props: Props = {}
            for name in names:
                props.update(STYLES[name])
            self._made[names] = self._book.add_format(props)
        return self._made[names]


def set_up_page(sheet: Worksheet, report: Report) -> None:
    """Set A4 landscape, one page wide, footer with whom it is for, lot and page; locked without a password."""
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
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
