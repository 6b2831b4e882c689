"""A workbook that is written in less time is the one that XlsxWriter writes, byte for byte."""

import warnings
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.excel.report.pages import QuickBook

ODD = ["", " ", "a", " a", "a\n", "\n", "é ", "a\u00a0", "\u00a0b", "x_x0041_y", "_x000D_", "\x00\x1f", "<b>&\"'",
       "\ufffe", "\uffff", "<r>x</r>", "💩" * 3, "a" * 16_001, "💩" * 16_400, "=1+1", "@x", "a\tb", "\r\n"]  # fmt: skip
TEXT = st.sampled_from(ODD) | st.text(max_size=12)
CELL = st.tuples(
    st.sampled_from(["string", "rich", "odd rich", "blank", "number", "day", "merged", "formula", "bool"]),
    st.lists(TEXT, min_size=1, max_size=4),
    st.integers(0, 3),
)


def written(kind: type, cells: list[Any], *, by_row: bool) -> bytes:
    """The workbook."""
    memory = BytesIO()
    book = kind(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2026, 11, 30)})
    looks = [None, *(book.add_format(look) for look in ({"bold": True}, {"font_color": "#123456"}, {"italic": 1}))]
    for sheet in range(2):
        page = book.add_worksheet(f"Feuille {sheet}")
        page.set_column(1, 2, 20, looks[2] if sheet else None)
        for at, (what, texts, look) in enumerate(cells):
            row, col = (2 * at, sheet) if by_row else (0, at)
            page.set_row(row, 20, looks[3] if sheet and at % 3 == 1 else None)
            _write(page, what, texts, (row, col), looks[look:] + looks[:look])
    book.close()
    return memory.getvalue()


def _write(page: Any, what: str, texts: list[str], place: tuple[int, int], looks: list[Any]) -> None:
    if what == "string":
        page.write_string(*place, texts[0], looks[0])
    elif what == "rich":
        styles = [look for look in (*looks, *looks) if look]
        page.write_rich_string(*place, *(part for pair in zip(styles, texts, strict=False) for part in pair), styles[0])
    elif what == "odd rich":  # a style that is missing, or none behind the last text
        page.write_rich_string(*place, *(part for pair in zip(looks, texts, strict=True) for part in pair if part))
    elif what == "merged":
        page.merge_range(place[0] + 20, place[1], place[0] + 21, place[1], texts[0], looks[1])
    elif what == "formula":
        page.write_formula(*place, "=XLOOKUP(A1,B1:B2,C1:C2)", looks[0], texts[0])
    else:
        values = {"blank": None, "number": len(texts[0]), "day": date(2026, 11, 30), "bool": bool(texts[0])}
        page.write(*place, values[what], looks[0])


@settings(max_examples=150, deadline=None)
@given(st.lists(CELL, max_size=12), st.booleans())
def test_any_cells_are_written_as_the_library_writes_them(cells: list[Any], by_row: bool):
    cells = [(what, [*texts, "x", "y", "z"][:4] if "rich" in what else texts, look) for what, texts, look in cells]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, other = (written(kind, cells, by_row=by_row) for kind in (xlsxwriter.Workbook, QuickBook))
    assert one == other


def test_every_odd_text_is_written_as_the_library_writes_it():
    cells = [("string", [text], look) for text in ODD for look in range(4)]
    cells += [("rich", [text, "x", text, "y"], 1) for text in ODD if text]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert written(xlsxwriter.Workbook, cells, by_row=True) == written(QuickBook, cells, by_row=True)


def test_a_cell_outside_of_the_sheet_is_refused():
    found = []
    for kind in (xlsxwriter.Workbook, QuickBook):
        memory = BytesIO()
        book = kind(memory, {"in_memory": True})
        book.set_properties({"created": datetime(2026, 11, 30)})
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        page.write_string(3, 2, "C4", bold)
        page.write_rich_string(5, 5, bold, "gras", bold, "encore", bold)
        assert (page.write_string(2_000_000, 0, "x"), page.write_rich_string(0, -1, bold, "x", bold, "y", bold)) == (
            -1,
            -1,
        )
        book.close()
        found.append(memory.getvalue())
    assert found[0] == found[1]
