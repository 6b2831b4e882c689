"""Whatever file is handed in, a workbook reader answers with rows or with one French sentence."""

import io
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sources import guard
from connectors.sources.result import Reading
from connectors.sources.workbook import COLUMNS, read_workbook
from schemas.errors import SourceError
from schemas.reading.source import SourceStatus
from tests.invented_workbooks import (
    ANNE,
    CPX,
    FINESS,
    HEADER,
    LUC,
    ZOE,
    Row,
    fill,
    write_csv,
    write_ods,
    write_xls,
    write_xlsx,
)  # fmt: skip
from tests.warm import open_in_cold_child

ROWS: list[Row] = [HEADER, ANNE, LUC, ZOE]
NAMES = ["MARTINEAU", "ROUXEL", "D'ÉTANG"]


def read(path: Path) -> Reading:
    return read_workbook(path, "workbook:test", shown=path.name)


def refusal(reading: Reading) -> tuple[str, str]:
    assert reading.report.status is SourceStatus.FAILED
    assert reading.frame.empty
    assert list(reading.frame.columns) == list(COLUMNS)
    [found] = reading.issues
    assert found.message == reading.report.message
    return found.code, found.message


@pytest.mark.parametrize("write", [write_xlsx, write_xls, write_ods, write_csv])
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods", "csv"])
def test_a_format_is_told_by_its_content_whatever_its_name(tmp_path: Path, write, ending: str) -> None:
    reading = read(write(tmp_path / f"region.{ending}", ROWS))
    assert list(reading.frame["last_name"]) == NAMES
    assert list(reading.frame["structure_code"]) == [FINESS[1], FINESS[1], FINESS[2]]


def test_an_ods_keeps_its_merged_cells_and_says_its_hidden_rows(tmp_path: Path) -> None:
    rows: list[Row] = [HEADER, ANNE, ["", *LUC[1:]], ZOE]
    reading = read(write_ods(tmp_path / "a.ods", rows, merged_down=2, hidden_row=3))
    assert list(reading.frame["structure_code"]) == [FINESS[1], FINESS[1], FINESS[2]]
    assert reading.facts["hidden_rows"] == 1


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_csv_may_use_any_usual_delimiter(tmp_path: Path, delimiter: str) -> None:
    rows: list[Row] = [["Région, au 5 janvier"], HEADER, [*ANNE[:1], "CH; de, Valmont", *ANNE[2:]], LUC]
    reading = read(write_csv(tmp_path / "a.csv", rows, delimiter=delimiter))
    assert list(reading.frame["structure_name"]) == ["CH; de, Valmont", "CH de Valmont"]
    assert list(reading.frame["_location"]) == ["a!3", "a!4"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_in_unicode_is_read_without_a_word(tmp_path: Path, encoding: str) -> None:
    reading = read(write_csv(tmp_path / "a.csv", ROWS, encoding=encoding))
    assert list(reading.frame["last_name"]) == NAMES
    assert reading.issues == ()


def test_a_csv_in_windows_1252_is_read_and_said_so(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "a.csv", ROWS, encoding="windows-1252"))
    assert list(reading.frame["last_name"]) == NAMES
    assert [(found.code, found.location) for found in reading.issues] == [("ENCODING", "ligne 1")]


def test_stray_quotes_in_a_csv_lose_no_row(tmp_path: Path) -> None:
    lines = [";".join(map(str, HEADER))]
    for number in range(100):
        name = {10: '"CH', 60: 'Valmont"'}.get(number, "CH")
        lines.append(f"{FINESS[1]};{name};CHV-ST;;NOM{number};P;{CPX[1]};;")
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    reading = read(tmp_path / "a.csv")
    assert reading.report.rows_read == 100
    assert list(reading.frame["last_name"]) == [f"NOM{number}" for number in range(100)]


def test_a_column_that_cannot_be_found_is_one_error_that_says_what_was_seen(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["Liste"], [*HEADER[:6], "Badge"], [*ANNE[:7]]])
    code, message = refusal(read(path))
    assert code == "COLUMN_MISSING"
    assert "N° CPx" in message
    assert "FINESS | Établissement | Fonction | Rang | Nom | Prénom | Badge" in message
    assert read(path).issues[0].location == "Feuil1!2"


def test_a_second_sheet_that_lacks_a_column_is_not_left_out_in_silence(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    fill(book.worksheets[0], [HEADER, ANNE])
    fill(book.create_sheet("92"), [[*HEADER[:6], "Badge"], ZOE])
    book.save(tmp_path / "a.xlsx")
    code, _ = refusal(read(tmp_path / "a.xlsx"))
    assert code == "COLUMN_MISSING"


@pytest.mark.parametrize("rows", [[], [HEADER], [HEADER, [], ["", "\u00a0"]]])
def test_a_workbook_without_rows_is_empty(tmp_path: Path, rows: list[Row]) -> None:
    assert refusal(read(write_xlsx(tmp_path / "a.xlsx", rows)))[0] == "FILE_EMPTY"


def a_protected_workbook() -> bytes:
    plain, locked = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)
    return locked.getvalue()


def an_archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lisez-moi.txt", "bonjour")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "FILE_EMPTY", "aucune ligne"),
        (b"\xef\xbb\xbf \r\n", "FILE_EMPTY", "aucune ligne"),
        (b"<html><table><tr><td>FINESS</td></tr></table></html>", "COLUMN_MISSING", "FINESS"),
        (b"\n <!DOCTYPE html><p>Connexion</p>", "FILE_UNREADABLE", "page Web"),
        (b"%PDF-1.7 ...", "FILE_UNREADABLE", "PDF"),
        (b"PK\x03\x04 tronqu\xe9", "FILE_UNREADABLE", "abîmé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "FILE_UNREADABLE", "abîmé"),
        (b"\x00\x01\x02\x03" * 50, "FILE_UNREADABLE", "ni un classeur ni un texte"),
        (an_archive(), "FILE_UNREADABLE", "autre genre"),
        (a_protected_workbook(), "FILE_UNREADABLE", "mot de passe"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path: Path, content: bytes, code: str, says: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    found, message = refusal(read(tmp_path / "a.xlsx"))
    assert (found, says in message) == (code, True), message


def test_a_workbook_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    code, message = refusal(read(tmp_path / "absent.xlsx"))
    assert (code, "introuvable" in message) == ("FILE_UNREADABLE", True)
    assert refusal(read(tmp_path))[0] == "FILE_UNREADABLE"


def test_a_cell_at_the_end_of_the_world_stops_the_child_and_not_us(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    fill(book.worksheets[0], ROWS)
    book.worksheets[0]["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    code, message = refusal(read(tmp_path / "a.xlsx"))
    assert (code, "démesuré" in message) == ("FILE_UNREADABLE", True)


def test_one_opener_opens_the_next_files_whatever_the_last_one_did(tmp_path: Path) -> None:
    good = write_xlsx(tmp_path / "good.xlsx", ROWS)
    book = openpyxl.Workbook()
    fill(book.worksheets[0], ROWS)
    book.worksheets[0]["XFD1048576"] = 1
    book.save(tmp_path / "huge.xlsx")
    (tmp_path / "torn.xlsx").write_bytes(good.read_bytes()[:900])
    with guard.Opener() as opener:
        first = opener.open(good)
        assert first[0][0]["rows"]
        for name, why in (("huge.xlsx", "démesuré"), ("torn.xlsx", "abîmé"), ("missing.xlsx", "abîmé")):
            with pytest.raises(SourceError, match=why):
                opener.open(tmp_path / name)
            assert opener.open(good) == first
        opener._seconds = 0.0
        with pytest.raises(SourceError, match="secondes"):
            opener.open(good)
        opener._seconds = guard.SECONDS
        assert opener.open(good) == first == open_in_cold_child(good)


def test_an_archive_that_unpacks_to_gigabytes_is_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 20_000_000)
    assert "démesuré" in refusal(read(tmp_path / "a.xlsx"))[1]
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        for number in range(guard.ENTRIES + 1):
            archive.writestr(f"xl/{number}", b"")
    assert "démesuré" in refusal(read(tmp_path / "b.xlsx"))[1]


def test_a_child_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    with pytest.raises(SourceError, match="secondes") as refused:
        open_in_cold_child(path, seconds=0.001)
    assert refused.value.code == "FILE_UNREADABLE"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"FINESS;Nom\n"]),
    rest=st.binary(),
)
def test_a_reader_never_raises_on_arbitrary_bytes(tmp_path: Path, start: bytes, rest: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(start + rest)
    assert refusal(read(tmp_path / "a.xlsx"))[0] in ("FILE_UNREADABLE", "FILE_EMPTY", "COLUMN_MISSING")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_reader_never_raises_on_a_damaged_workbook(tmp_path: Path, at: int, byte: int) -> None:
    content = bytearray(write_xlsx(tmp_path / "good.xlsx", ROWS).read_bytes())
    content[at % len(content)] = byte
    (tmp_path / "bad.xlsx").write_bytes(content)
    reading = read(tmp_path / "bad.xlsx")
    assert reading.report.status is SourceStatus.FAILED or len(reading.frame) == reading.report.rows_accepted
