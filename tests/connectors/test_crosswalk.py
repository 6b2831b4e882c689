"""The correspondence between ADELI and RPPS numbers is read as text, whatever its encoding."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sources.crosswalk import read_crosswalk
from connectors.sources.result import Reading
from schemas.reading.source import SourceStatus
from tests.connectors.invented_extracts import rpps

TWO_FOR_ONE = f"N° ADELI;N° RPPS\r\n019700019;{rpps(1)}\r\n029700018;{rpps(1)}\r\n"


def read(path: Path, content: bytes) -> Reading:
    path.write_bytes(content)
    reading = read_crosswalk(path, "register.crosswalk", shown="adeli/correspondance.csv")
    report = reading.report
    assert report.rows_read == report.rows_accepted + report.rows_rejected + report.rows_duplicate
    return reading


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
def test_several_adeli_numbers_may_lead_to_one_rpps_number(tmp_path: Path, encoding: str):
    frame = read(tmp_path / "c.csv", TWO_FOR_ONE.encode(encoding)).frame
    assert list(frame["adeli"]) == ["019700019", "029700018"]
    assert list(frame["rpps"]) == [rpps(1), rpps(1)]
    assert list(frame["_location"]) == ["ligne 2", "ligne 3"]


def test_columns_are_found_by_name_and_quotes_of_excel_fall(tmp_path: Path):
    content = f'"N° RPPS";"N° ADELI";"Note"\n"{rpps(2)}";"019700019";"x"\n'.encode()
    frame = read(tmp_path / "c.csv", content).frame
    assert (frame["adeli"][0], frame["rpps"][0]) == ("019700019", rpps(2))


def test_a_row_of_the_wrong_width_is_quarantined_and_a_repeated_one_counted(tmp_path: Path):
    lines = TWO_FOR_ONE + f"039700017;{rpps(2)};x\r\n" + f"019700019;{rpps(1)}\r\n"
    reading = read(tmp_path / "c.csv", lines.encode())
    report = reading.report
    assert (report.rows_read, report.rows_accepted, report.rows_rejected, report.rows_duplicate) == (
        4,
        2,
        1,
        1,
    )
    assert [(issue.code, issue.location) for issue in reading.issues] == [("ROW_WIDTH", "ligne 4")]


def test_a_missing_column_is_a_failed_source(tmp_path: Path):
    reading = read(tmp_path / "c.csv", b"ADELI;autre\n1;2\n")
    assert reading.report.status is SourceStatus.FAILED
    assert [issue.code for issue in reading.issues] == ["COLUMN_MISSING"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_whatever_make_the_reader_raise(tmp_path: Path, content: bytes, headed: bool):
    read(tmp_path / "c.csv", (TWO_FOR_ONE.encode() if headed else b"") + content)
