"""Files that Excel did not write: pages saved as .xls, its XML of 2003, texts of a Mac or of DOS, English headers."""

import copy
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from tests.shapes.book import LABELS, text_of
from tests.shapes.truth import Told, rows, standard, tell_file

ENGLISH = (
    "Finess code", "Hospital", "Structure type", "Role", "Rank", "Title", "Last name", "First name", "Job",
    "Card number", "Card type", "Expiry date", "E-mail address", "Phone", "Status",
)  # fmt: skip
OTHER_ENGLISH = (
    "FINESS number", "Facility", "Type of facility", "Function", "Holder/deputy", "Salutation", "Surname", "Given name",
    "Occupation", "National ID", "Card", "Valid until", "Email", "Telephone", "Employment status",
)  # fmt: skip
Grid = list[list[str]]
NAME = "urn:schemas-microsoft-com:office:spreadsheet"


def grid() -> Grid:
    return [list(LABELS.values()), *([text_of(row[name]) for name in LABELS] for row in rows())]


def table(cells: Grid, cell: str = "<td>{}</td>") -> str:
    return "".join("<tr>" + "".join(cell.format(escape(text)) for text in row) + "</tr>" for row in cells)


def page(cells: Grid) -> bytes:
    return f'<html><head><meta charset="utf-8"></head><body><table>{table(cells)}</table></body></html>'.encode()


def page_of_windows(cells: Grid) -> bytes:
    return f"<HTML><style>td {{}}</style><h2>Liste</h2><TABLE>{table(cells)}</TABLE></HTML>".encode("cp1252")


def page_in_a_frame(cells: Grid) -> bytes:
    return b"<table><tr><td>" + page(cells) + b"</td></tr></table><p>22 lignes"


def page_unclosed(cells: Grid) -> bytes:
    return f"<table>{table(cells, '<td>{}<br>')}".replace("</tr>", "").encode()


def page_of_merged_cells(cells: Grid) -> bytes:
    """An establishment once, over its four rows."""
    lines = [table(cells[:1])]
    for at, row in enumerate(cells[1:]):
        first = at % 4 == 0 and at < 20
        place = [f"<td rowspan=4>{escape(text)}" for text in row[:3]] if first else []
        place = place if at < 20 else [f"<td>{escape(text)}" for text in row[:3]]
        lines.append("<tr>" + "".join(place) + "".join(f"<td>{escape(text)}" for text in row[3:]))
    return f"<table>{''.join(lines)}</table>".encode()


def excel_2003(cells: Grid) -> bytes:
    body = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{escape(text)}</Data></Cell>' for text in row) + "</Row>"
        for row in cells
    )
    names = f'xmlns="{NAME}" xmlns:ss="{NAME}"'
    sheet = f'<Worksheet ss:Name="Feuil1"><Table>{body}</Table></Worksheet>'
    return f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook {names}>{sheet}</Workbook>'.encode()


def text(delimiter: str, ending: str, code: str) -> Callable[[Grid], bytes]:
    return lambda cells: ending.join(delimiter.join(row) for row in cells).encode(code, "replace")


def kept_as_text(cells: Grid) -> bytes:
    return "\r\n".join(";".join(f'="{cell}"' for cell in row) for row in cells).encode()


FILES = {
    "a page": page,
    "a page of Windows, without a word of it": page_of_windows,
    "a page in a frame": page_in_a_frame,
    "a page that closes nothing": page_unclosed,
    "a page of merged cells": page_of_merged_cells,
    "the XML of Excel 2003": excel_2003,
    "a text of an old Mac": text(";", "\r", "mac_roman"),
    "a text of a Mac, in capitals": lambda cells: text(",", "\r\n", "mac_roman")(
        [[c.upper() for c in r] for r in cells]
    ),
    "a text of DOS": text(";", "\r\n", "cp850"),
    "a text of Windows": text("\t", "\n", "cp1252"),
    "a text of Windows, in capitals": lambda cells: text(";", "\n", "cp1252")([[c.upper() for c in r] for r in cells]),
    "a text with ciphers kept from Excel": kept_as_text,
}


def told(folder: Path, content: bytes) -> Told:
    (folder / "liste.xls").write_bytes(content)
    return tell_file(folder / "liste.xls")


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_another_program_says_the_same(tmp_path: Path, kind: str) -> None:
    found = told(tmp_path, FILES[kind](grid()))
    assert (found.changes, found.used, found.message) == ((), 1, "")
    assert "NUMBER_UNDRESSED" not in {one.code for one in found.judged.issues}


@pytest.mark.parametrize("header", [ENGLISH, OTHER_ENGLISH])
def test_headers_in_english_are_those_in_french(tmp_path: Path, header: tuple[str, ...]) -> None:
    found = told(tmp_path, page([list(header), *grid()[1:]]))
    assert (found.changes, found.used, found.message) == ((), 1, "")


def test_who_is_struck_through_on_a_page_is_asked_about(tmp_path: Path) -> None:
    whole, name = page(grid()), "KÖNIG"
    [row] = [one for one in whole.decode().split("<tr>") if name in one]
    struck = row.replace("<td>", "<td><s>").replace("</td>", "</s></td>")
    found = told(tmp_path, whole.decode().replace(row, struck).encode())
    assert [(one.reasons[0], one.person.last_name) for one in found.changes] == [("line_not_understood", name)]


def test_the_standard_book_is_the_grid_of_these_files() -> None:
    assert [one.field for one in copy.deepcopy(standard()).sheets[0].columns] == list(LABELS)
