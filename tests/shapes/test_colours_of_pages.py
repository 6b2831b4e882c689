"""A colour that a legend gives to those who left is seen on a page of HTML and in an .xls; `validate` asks so, too."""

from html import escape
from pathlib import Path

import openpyxl
import pytest
import xlwt

from flows.looking.validate_others import judge_other
from tests.shapes.test_told_beside import asked, grid
from tests.shapes.truth import tell_file


def page(colour: str) -> str:
    """The list as a hospital's software saves it, KÖNIG's row on a ground of its own."""
    lines = [*grid(), [], ["En rouge : personnes parties"]]
    cells = ("".join(f"<td{colour if 'KÖNIG' in row else ''}>{escape(text)}</td>" for text in row) for row in lines)
    return f"<html><meta charset=utf-8><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></html>"


def test_a_red_row_of_a_page_is_asked_about(tmp_path: Path) -> None:
    for colour in (' bgcolor="#FF0000"', ' style="background-color: #ff0000"'):
        (tmp_path / "liste.xls").write_text(page(colour), encoding="utf-8")
        assert asked(tell_file(tmp_path / "liste.xls")) == ["KÖNIG"]


def test_a_green_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "liste.xls").write_text(page(' bgcolor="#00B050"'), encoding="utf-8")
    assert asked(tell_file(tmp_path / "liste.xls")) == []


def test_validate_asks_what_the_night_asks_of_a_row(tmp_path: Path) -> None:
    head, first, *others = grid()
    first[head.index("Statut")] = ""
    book = openpyxl.Workbook()
    for row in ([*head, "Commentaire"], [*first, "a rendu son badge"], *others):
        book.worksheets[0].append([text or None for text in row])
    book.save(tmp_path / "liste.xlsx")
    verdict = judge_other(tmp_path / "liste.xlsx", "workbook", None)
    assert any("a rendu son badge" in note for note in verdict.report.notes)


def write_xls(
    path: Path, painted: str, colour: str, legend: str = "En rouge : personnes parties", cells: int = 15
) -> Path:
    """The list as Excel 97 saved it; the first `cells` of KÖNIG's row in a style of their own."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Liste")
    style = xlwt.easyxf(painted.format(colour))
    for at, row in enumerate([*grid(), [], [legend]]):
        for column, text in enumerate(row):
            if text:
                sheet.write(at, column, text, *((style,) if "KÖNIG" in row and column < cells else ()))
    book.save(str(path))
    return path


GROUND, LETTERS = "pattern: pattern solid, fore_colour {}", "font: colour {}"


@pytest.mark.parametrize("painted", [GROUND, LETTERS])
def test_a_red_row_of_an_xls_is_asked_about(tmp_path: Path, painted: str) -> None:
    assert asked(tell_file(write_xls(tmp_path / "liste.xls", painted, "red"))) == ["KÖNIG"]
    assert asked(tell_file(write_xls(tmp_path / "liste.xls", painted, "green"))) == []


@pytest.mark.parametrize("legend", ["Fond gris = a quitté ses fonctions", "Légende : grisé → n'est plus en poste"])
def test_so_is_a_grey_one_by_another_legend(tmp_path: Path, legend: str) -> None:
    path = write_xls(tmp_path / "liste.xls", GROUND, "gray25", legend, cells=8)
    assert asked(tell_file(path)) == ["KÖNIG"]


def test_a_colour_of_which_no_legend_speaks_says_nothing(tmp_path: Path) -> None:
    assert asked(tell_file(write_xls(tmp_path / "liste.xls", GROUND, "red", "Mise à jour : novembre 2026"))) == []
