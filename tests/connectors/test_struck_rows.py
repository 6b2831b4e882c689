"""Rows struck through in an .xls, whose reader gives no format: they are a question, whatever wrote the file."""

from pathlib import Path

import pytest
import xlwt

from connectors.sources.workbook import read_workbook

HEADER = ["FINESS", "Fonction", "Rang", "Nom", "Prénom", "N° CPx"]


def book(path: Path, struck: set[int], spared: int = -1) -> list[str]:
    """Six people; those of `struck` are crossed out, but for the cell in the column `spared`."""
    written = xlwt.Workbook()
    sheet = written.add_sheet("Liste")
    fonts = [xlwt.easyxf(f"font: height {height}") for height in (160, 180, 200, 220, 240)]  # past the missing index
    line = xlwt.easyxf("font: struck_out on")
    for column, text in enumerate(HEADER):
        sheet.write(0, column, text, fonts[column % 5])
    for row in range(1, 7):
        cells = [450999012, "CHV-ST", "Titulaire", f"NOM{row}", "Anne", 899700000010 + row]
        for column, value in enumerate(cells):
            crossed = row in struck and column != spared
            sheet.write(row, column, value, line if crossed else fonts[(row + column) % 5])
    written.save(str(path))
    reading = read_workbook(path, "workbook:a", shown="a")
    assert reading.report.usable
    return [name for name, mark in zip(reading.frame["last_name"], reading.frame["_struck"], strict=True) if mark]


@pytest.mark.parametrize("struck", [set(), {1}, {2, 5}, {1, 2, 3, 4, 5, 6}])
def test_rows_struck_through_are_known(tmp_path: Path, struck: set[int]) -> None:
    assert book(tmp_path / "a.xls", struck) == [f"NOM{row}" for row in sorted(struck)]


def test_a_remark_added_later_does_not_take_the_line_away(tmp_path: Path) -> None:
    assert book(tmp_path / "a.xls", {3}, spared=5) == ["NOM3"]


def test_the_extension_says_nothing(tmp_path: Path) -> None:
    assert book(tmp_path / "a.csv", {4}) == ["NOM4"]
