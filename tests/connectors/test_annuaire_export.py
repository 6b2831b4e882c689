"""The annuaire as an export file (contract §3)."""

import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sources.annuaire_export import COLUMNS, read_annuaire_export
from connectors.sources.result import Reading
from schemas.nomenclatures import rows
from schemas.reading.source import SourceStatus
from tests.invented_workbooks import CPX, FINESS, Row, write_csv, write_ods, write_xlsx

HEADER: Row = [row["label"] for row in rows("annuaire_columns")]
ANNE: Row = (
    "U001", "Mme", "MARTINEAU", "Anne", "Médecin", CPX[1], "CPS", datetime.date(2026, 12, 31),
    "a@example.org", "0102030405", "Oui", "CHV-ST", "Titulaire", "ES", FINESS[1], "CH de Valmont", "11", "",
)  # fmt: skip
LUC: Row = (
    "U002",
    "M.",
    "ROUXEL",
    "Luc",
    "Secrétaire",
    CPX[2],
    "CPA",
    "31/12/2026",
    "",
    "",
    "Non",
    *[""] * 7,
)


def read(path: Path) -> Reading:
    reading = read_annuaire_export(path, "annuaire", shown=path.name)
    report = reading.report
    assert report.rows_read == report.rows_accepted + report.rows_rejected + report.rows_duplicate
    assert list(reading.frame.columns) == list(COLUMNS)
    return reading


def as_text(rows: list[Row]) -> list[Row]:
    return [[str(value) for value in row] for row in rows]


@pytest.mark.parametrize(("write", "ending"), [(write_xlsx, "xlsx"), (write_ods, "ods"), (write_csv, "csv")])
def test_an_export_is_read_in_each_of_its_formats(tmp_path: Path, write, ending: str) -> None:
    reading = read(write(tmp_path / f"export.{ending}", as_text([HEADER, ANNE, LUC])))
    assert reading.report.status is SourceStatus.OK
    anne, luc = reading.frame.to_dict("records")
    assert list(anne.values())[:18] == [str(value) for value in ANNE]
    assert (luc["account_id"], luc["active"], luc["function"], luc["structure_code"]) == (
        "U002",
        "Non",
        "",
        "",
    )
    assert luc["_location"] == ("ligne 3" if ending == "csv" else "Feuil1!3")


def test_numbers_and_dates_of_cells_become_text(tmp_path: Path) -> None:
    typed = [*ANNE[:5], int(CPX[1]), *ANNE[6:16], 11, ""]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [HEADER, typed]))
    line = reading.frame.iloc[0]
    assert [line["cpx_number"], line["card_expires_on"], line["region_code"]] == [CPX[1], "2026-12-31", "11"]


def test_a_missing_column_makes_the_export_unusable(tmp_path: Path) -> None:
    reading = read(write_xlsx(tmp_path / "a.xlsx", [HEADER[:10], ANNE[:10]]))
    assert reading.report.status is SourceStatus.FAILED
    assert [found.code for found in reading.issues] == ["COLUMN_MISSING"]
    assert "Actif, Fonction, Rang" in reading.report.message


def test_an_export_without_rows_is_empty(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "a.csv", [HEADER]))
    assert [found.code for found in reading.issues] == ["FILE_EMPTY"]


def test_the_same_line_twice_counts_once(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "a.csv", [HEADER, ANNE, LUC, ANNE]))
    assert (reading.report.rows_read, reading.report.rows_duplicate) == (3, 1)
    assert [(found.code, found.location) for found in reading.issues] == [("DUPLICATE_ROW", "ligne 4")]


def test_an_export_in_windows_1252_is_read_and_said_so(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "a.csv", [HEADER, ANNE], encoding="windows-1252"))
    assert reading.frame.loc[0, "profession"] == "Médecin"
    assert [found.code for found in reading.issues] == ["ENCODING"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary())
def test_reading_an_export_never_raises_on_arbitrary_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert read(tmp_path / "a.csv").report.status is SourceStatus.FAILED
