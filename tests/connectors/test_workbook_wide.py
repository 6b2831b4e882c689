"""The wide layout: one row per establishment, groups for titulaire, remplaçant and assistant."""

from pathlib import Path

import openpyxl
import pytest

from connectors.sources.result import Reading
from connectors.sources.workbook import read_workbook
from schemas.reading.source import SourceStatus
from tests.invented_workbooks import ANNE, CPX, FINESS, HEADER, Row, fill, write_csv, write_xlsx

TITLES: Row = (
    "",
    "",
    "CHV-ST titulaire",
    "",
    "",
    "",
    "CHV-ST suppléant",
    "",
    "",
    "",
    "Assistant(e)",
    "",
    "",
    "",
    "",
)
BELOW: Row = (
    "FINESS", "Établissement", "Nom", "Prénom", "N° CPS", "Mail", "Nom", "Prénom", "N° CPS", "Mail",
    "Nom", "Prénom", "N° CPS", "Mail", "Convention EFS",
)  # fmt: skip
FULL: Row = (
    FINESS[1], "CH de Valmont", "MARTINEAU", "Anne", CPX[1], "a@example.org", "ROUXEL", "Luc", CPX[2], "",
    "PETITJEAN", "Ève", CPX[3], "",
)  # fmt: skip
ALONE: Row = (FINESS[2], "Clinique du Parc", "D'ÉTANG", "Zoé", CPX[4], "z@example.org")
NOBODY: Row = (FINESS[3], "Clinique des Lilas", *[""] * 12, "Oui")
EXPECTED = [
    (FINESS[1], "CHV-ST", "Titulaire", "MARTINEAU", CPX[1], "a@example.org", ""),
    (FINESS[1], "CHV-ST", "Remplaçant", "ROUXEL", CPX[2], "", ""),
    (FINESS[1], "Assistant", "", "PETITJEAN", CPX[3], "", ""),
    (FINESS[2], "CHV-ST", "Titulaire", "D'ÉTANG", CPX[4], "z@example.org", ""),
    (FINESS[3], "", "", "", "", "", "Oui"),
]
SEEN = ["structure_code", "function", "rank", "last_name", "cpx_number", "email", "efs_convention"]


def read(path: Path, layout: str | None = None) -> Reading:
    return read_workbook(path, "workbook:test", shown=path.name, layout=layout)


def seen(reading: Reading) -> list[tuple[str, ...]]:
    assert reading.report.status is SourceStatus.OK, reading.report.message
    return [tuple(row) for row in reading.frame[SEEN].to_numpy()]


@pytest.mark.parametrize("layout", [None, "wide"])
def test_group_titles_merged_over_their_columns_are_unpivoted(tmp_path: Path, layout: str | None) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    fill(sheet, [["Correspondants de la région"], TITLES, BELOW, FULL, ALONE, NOBODY])
    for merged in ("A1:O1", "C2:F2", "G2:J2", "K2:N2"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", layout)
    assert seen(reading) == EXPECTED
    assert reading.report.rows_read == 5
    second = reading.frame.iloc[1]
    assert second["_location"] == "Sheet!4"
    assert reading.places[second["_place"]]["cpx_number"] + second["_row"] == "Sheet!I4"
    assert reading.places[second["_place"]]["structure_code"] + second["_row"] == "Sheet!A4"


def test_group_titles_reach_to_the_next_one_where_nothing_says_how_far(tmp_path: Path) -> None:
    assert seen(read(write_csv(tmp_path / "a.csv", [TITLES, BELOW, FULL, ALONE, NOBODY]))) == EXPECTED


def test_headers_merged_over_both_rows_are_the_establishments(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    titles = ["FINESS", "Établissement", *TITLES[2:14], "Convention EFS"]
    fill(sheet, [titles, ["", "", *BELOW[2:14]], FULL, ALONE, NOBODY])
    for merged in ("A1:A2", "B1:B2", "C1:F1", "G1:J1", "K1:N1", "O1:O2"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    assert seen(read(tmp_path / "a.xlsx")) == EXPECTED


def test_one_header_row_may_name_the_group_in_each_column(tmp_path: Path) -> None:
    header = [
        "N° FINESS", "Etab.", "Nom titulaire", "Prénom titulaire", "N° CPS titulaire", "Mail titulaire",
        "Nom du suppléant", "Prénom du suppléant", "N° CPS du suppléant", "Mail suppléant",
        "Nom assistante", "Prénom assistante", "N° carte assistante", "Mail assistante", "Convention EFS",
    ]  # fmt: skip
    assert seen(read(write_xlsx(tmp_path / "a.xlsx", [header, FULL, ALONE, NOBODY]))) == EXPECTED


def test_a_bare_chv_beside_a_replacement_is_the_titulaire(tmp_path: Path) -> None:
    titles = ["", "", "CHV-ST", "", "", "", *TITLES[6:]]
    assert seen(read(write_csv(tmp_path / "a.csv", [titles, BELOW, FULL, ALONE, NOBODY]))) == EXPECTED


def test_there_may_be_two_assistants(tmp_path: Path) -> None:
    header = [
        "FINESS",
        "Nom titulaire",
        "N° CPS titulaire",
        "Assistant 1",
        "N° CPS assistant 1",
        "Assistant 2",
        "N° CPS assistant 2",
    ]
    row = [FINESS[1], "MARTINEAU Anne", CPX[1], "ROUXEL Luc", CPX[2], "PETITJEAN Ève", CPX[3]]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [header, row]))
    assert list(reading.frame["last_name"]) == ["MARTINEAU Anne", "ROUXEL Luc", "PETITJEAN Ève"]
    assert list(reading.frame["function"]) == ["CHV-ST", "Assistant", "Assistant"]


@pytest.mark.parametrize("header_row", [1, 2])
def test_the_configuration_may_name_either_row_of_a_header_of_two(tmp_path: Path, header_row: int) -> None:
    path = write_csv(tmp_path / "a.csv", [TITLES, BELOW, FULL, ALONE, NOBODY])
    assert seen(read_workbook(path, "workbook:test", shown="a.csv", header_row=header_row)) == EXPECTED


def test_there_may_be_titulaires_alone(tmp_path: Path) -> None:
    header = ["FINESS", "Nom titulaire", "N° CPS titulaire"]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [header, [FINESS[1], "MARTINEAU Anne", CPX[1]]]))
    assert list(reading.frame["rank"]) == ["Titulaire"]


def test_a_wide_workbook_without_any_number_lacks_its_column(tmp_path: Path) -> None:
    header = ["FINESS", "Nom titulaire", "Nom suppléant"]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [header, [FINESS[1], "A", "B"]]))
    assert reading.issues[0].code == "COLUMN_MISSING"
    assert "N° CPx" in reading.report.message


def test_a_long_workbook_is_not_wide_because_somebody_says_so(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, ANNE])
    assert read(path, "long").report.status is SourceStatus.OK
    assert read(path, "wide").issues[0].code == "COLUMN_MISSING"
