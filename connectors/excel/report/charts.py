"""The two pictures of « Synthèse »: accesses that end by week, lines that wait by age.

Their numbers stand in plain sight beside the page, so that a picture is never the only place to read them; dark,
hatched and pale are told apart in grey.
"""

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from connectors.excel.report.styles import COLOURS, FONT
from connectors.excel.report.top_down_sheet import Page
from schemas.glyphs import pair
from schemas.nomenclatures import say
from schemas.reports.report import Bar

ALARM = {"fg_color": COLOURS["alarm"], "bg_color": COLOURS["paper"], "pattern": "wide_upward_diagonal"}
UNKNOWN = {"fg_color": COLOURS["grey"], "bg_color": COLOURS["paper"], "pattern": "wide_downward_diagonal"}
TEXT = {"name": FONT, "size": 9, "color": COLOURS["ink"]}
# a bar of nothing has no number on it
LABELS = {"value": True, "num_format": "0;;;", "font": {**TEXT, "bold": True}}


def write_data(page: Page, at: int, bars: Sequence[Bar], heads: Sequence[str]) -> list[tuple[int, int, int]]:
    """Write the numbers of a picture from column `at` of the present row on; (first row, last row, column) of each
    series.
    """
    for shift, head in enumerate(heads):
        page.sheet.write_string(page.row, at + shift, head, page.styles("header"))
    for row, bar in enumerate(bars, page.row + 1):
        page.sheet.write_string(row, at, bar.label, page.styles("label"))
        for shift, number in enumerate((bar.access, bar.others)[: len(heads) - 1], 1):
            if number is None:
                page.sheet.write_string(row, at + shift, say("chart.unknown"), page.styles("number"))
            else:
                page.sheet.write_number(row, at + shift, number, page.styles("number"))
    return [(page.row + 1, page.row + len(bars), at + shift) for shift in range(1, len(heads))]


def calendar_chart(book: Workbook, sheet: str, bars: Sequence[Bar], place: tuple[int, int, int]) -> Chart:
    """Return a column per week; the first, hatched, are those who have lost their access already; the last, hatched the
    other
    way and grey, those of whom nobody knows."""
    first, last, column = place
    points: list[dict[str, Any] | None] = [None] * len(bars)
    points[0] = {"pattern": ALARM, "border": {"color": COLOURS["alarm"]}}
    if bars[-1].unknown:
        points[-1] = {"pattern": UNKNOWN, "border": {"color": COLOURS["grey"]}}
    chart = _chart(book, {"type": "column"})
    chart.add_series(
        {
            "name": say("report.calendar_heading"),
            "categories": [sheet, first, column - 1, last, column - 1],
            "values": [sheet, first, column, last, column],
            "fill": {"color": COLOURS["navy"]},
            "border": {"color": COLOURS["navy"]},
            "points": points,
            "data_labels": LABELS,
            "gap": 40,
        }
    )
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": TEXT, "line": {"color": COLOURS["grey"]}, "major_tick_mark": "none"})
    chart.set_y_axis(_hidden(max(bar.access or 0 for bar in bars)))
    return chart


def age_chart(book: Workbook, sheet: str, bars: Sequence[Bar], places: Sequence[tuple[int, int, int]]) -> Chart:
    """Return a bar per age: what threatens an access, hatched, then the rest."""
    chart = _chart(book, {"type": "bar", "subtype": "stacked"})
    alarm: dict[str, Any] = {"pattern": ALARM, "border": {"color": COLOURS["alarm"]}}
    # its number stands on a plain ground: hatching makes digits hard to read
    alarm["data_labels"] = {**LABELS, "fill": {"color": COLOURS["paper"]}}
    rest = {
        "fill": {"color": COLOURS["amber"]},
        "border": {"color": COLOURS["amber_ink"]},
        "data_labels": LABELS,
    }
    for (first, last, column), look in zip(places, (alarm, rest), strict=True):
        chart.add_series(
            {
                "name": [sheet, first - 1, column],
                "categories": [sheet, first, places[0][2] - 1, last, places[0][2] - 1],
                "values": [sheet, first, column, last, column],
                "gap": 40,
                **look,
            }
        )
    chart.set_legend({"position": "bottom", "font": TEXT})
    chart.set_y_axis({"num_font": TEXT, "reverse": True, "line": {"color": COLOURS["grey"]}, "major_tick_mark": "none"})
    chart.set_x_axis(_hidden(max(map(_height, bars))))
    return chart


def alternative(key: str, bars: Sequence[Bar]) -> str:
    """Return what a screen reader says of a picture."""
    counts = ", ".join(pair(bar.label, str(_height(bar))) for bar in bars if _height(bar))
    return say(f"chart.{key}_alt", counts=counts)


def _height(bar: Bar) -> int:
    return (bar.access or 0) + bar.others


def _chart(book: Workbook, kind: dict[str, str]) -> Chart:
    chart = book.add_chart(kind)
    chart.set_title({"none": True})  # the heading above it says so
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": COLOURS["paper"]}})
    return chart


def _hidden(most: int) -> dict[str, Any]:
    """An axis whose numbers stand on the bars themselves; it begins at zero and leaves room for them."""
    return {"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": max(most * 1.2, 1.2)}
