"""A sheet written from top to bottom: the first and the last of the workbook."""

from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import Styles


@dataclass(slots=True)
class Page:
    """A sheet, its styles, its column widths and the row where the next thing goes."""

    sheet: Worksheet
    styles: Styles
    widths: tuple[float, ...]
    row: int = 0

    def __post_init__(self) -> None:
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width)

    @property
    def last(self) -> int:
        """The last column of the page."""
        return len(self.widths) - 1

    def across(self, text: str, style: str, height: float) -> None:
        """Write one text over the width of the page."""
        self.over(0, self.last, text, style)
        self.next(height)

    def over(self, first: int, last: int, text: str, style: str) -> None:
        """Write a text over some columns of the present row."""
        if last > first:
            self.sheet.merge_range(self.row, first, self.row, last, "", self.styles(style))
        self.sheet.write_string(self.row, first, text, self.styles(style))

    def paragraph(self, text: str) -> None:
        """Write a wrapped text over the width of the page."""
        self.across(text, "paragraph", row_height([(text, sum(self.widths))]) + 2)

    def gap(self, height: float = 8) -> None:
        """Leave some air."""
        self.next(height)

    def next(self, height: float) -> None:
        """Go on below the present row, which is so high."""
        self.sheet.set_row(self.row, height)
        self.row += 1
