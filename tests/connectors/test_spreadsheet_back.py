"""The updater's workbook, filled in and sent back: what comes back of it, and what is refused."""

import re
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest

from connectors.excel.report import lines, write_report
from connectors.excel.returned.sheet import read_book
from connectors.excel.sealed import seal
from schemas.errors import DeliveryError, SourceError
from schemas.reports.report import Report
from tests.connectors.opened import HEADER_ROW, JUNK, SHEETS, XLSX, column
from tests.connectors.opened import path as path
from tests.connectors.opened import report as report
from tests.hostile.archives import packed, parts_of
from tests.invented_changes import (
    LOT,
)
from tests.office import office, saved_by_office


def fill_in(path: Path, answers: dict[str, tuple[object, object, object]]) -> None:
    """Answer some lines by their change id, and change everything a person may change about a sheet."""
    book = openpyxl.load_workbook(path)
    for name in SHEETS[1:6]:
        sheet = book[name]
        token, first = column(sheet, "Référence signée (ne pas modifier)"), column(sheet, "Décision")
        for row in range(HEADER_ROW + 1, sheet.max_row + 1):
            answer = answers.get(str(sheet.cell(row, token).value).partition(":")[0])
            for at, value in enumerate(answer or ()):
                sheet.cell(row, first + at).value = value  # type: ignore[assignment]
        sheet.column_dimensions["B"].width = 60
    book.save(path)


def answered(path: Path) -> dict[str, tuple[str, date | None, str]]:
    return {
        line.token.partition(":")[0]: (line.decision, line.postponed_to, line.comment)
        for line in read_book(path).lines
        if line.decision
    }


@pytest.fixture
def answers(report: Report) -> dict[str, tuple[object, object, object]]:
    ids = [line.change_id for line in report.sheets[0].lines]
    later = report.sheets[3].lines[0].change_id
    return {
        ids[0]: ("Fait", None, None),
        ids[1]: (" refuse ", None, "pas chez nous"),
        ids[2]: ("peut-être", None, None),
        later: ("REPORTÉ", datetime(2026, 12, 24), "après les fêtes"),
    }


def expected(report: Report) -> dict[str, tuple[str, date | None, str]]:
    ids = [line.change_id for line in report.sheets[0].lines]
    return {
        ids[0]: ("accepted", None, ""),
        ids[1]: ("refused", None, "pas chez nous"),
        ids[2]: ("unknown", None, ""),
        report.sheets[3].lines[0].change_id: ("postponed", date(2026, 12, 24), "après les fêtes"),
    }


def test_what_a_sheet_says_of_its_size_cuts_no_line_off(path: Path, report: Report) -> None:
    parts = {
        name: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', content)
        for name, content in parts_of(path).items()
    }
    path.write_bytes(packed(parts))
    assert [line.token for line in read_book(path).lines] == [
        line.token for sheet in report.sheets for line in sheet.lines
    ]


def test_damage_that_shows_only_at_the_end_of_a_sheet_is_said(path: Path) -> None:
    parts = parts_of(path)
    name = "xl/worksheets/sheet3.xml"
    path.write_bytes(packed({**parts, name: parts[name].replace(b"</sheetData>", b"</row></sheetData>")}))
    with pytest.raises(SourceError, match="abîmé"):
        read_book(path)


def test_an_untouched_report_comes_back_with_every_token_and_no_decision(path: Path, report: Report) -> None:
    lines = read_book(path).lines
    assert [line.token for line in lines] == [line.token for sheet in report.sheets for line in sheet.lines]
    assert {line.decision for line in lines} == {""}
    assert {line.lot for line in lines} == {LOT}


def test_decisions_come_back_whatever_their_case_and_accents(
    path: Path, report: Report, answers: dict[str, tuple[object, object, object]]
) -> None:
    fill_in(path, answers)
    assert answered(path) == expected(report)


def test_sorted_and_deleted_rows_lose_no_other_decision(
    path: Path, report: Report, answers: dict[str, tuple[object, object, object]]
) -> None:
    fill_in(path, answers)
    book = openpyxl.load_workbook(path)
    sheet = book["À créer"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER_ROW + 1)]
    for number_, row in enumerate(reversed(rows[1:]), HEADER_ROW + 1):  # the first is gone
        for at, value in enumerate(row, 1):
            sheet.cell(number_, at).value = value
    sheet.delete_rows(HEADER_ROW + len(rows))
    sheet.insert_rows(1, 2)
    sheet.insert_cols(3)
    book.save(path)
    gone = report.sheets[0].lines[0].change_id
    assert answered(path).keys() == expected(report).keys() - {gone}


@office
def test_a_report_saved_again_by_libreoffice_comes_back_whole(
    path: Path, report: Report, answers: dict[str, tuple[object, object, object]], tmp_path: Path
) -> None:
    fill_in(path, answers)
    again = saved_by_office(path, XLSX, tmp_path / "again")
    assert answered(again).keys() == expected(report).keys()
    assert [line.token for line in read_book(again).lines] == [line.token for line in read_book(path).lines]
    assert {line.lot for line in read_book(again).lines} == {LOT}


@pytest.mark.parametrize("content", JUNK)
def test_what_is_no_report_is_refused_in_french(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match=r"ne peut pas être lu|n’est pas un rapport"):
        read_book(tmp_path / "r.xlsx")


def test_a_workbook_that_is_no_report_says_which_column_is_missing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["XFD1048576"] = "coin"
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(SourceError, match="Référence signée"):
        read_book(tmp_path / "r.xlsx")


def test_a_sealed_report_opens_with_its_password_alone(path: Path) -> None:
    sealed = seal(path.read_bytes(), "Hémo-vigilance 24 !")
    assert not zipfile.is_zipfile(BytesIO(sealed))
    file = msoffcrypto.OfficeFile(BytesIO(sealed))
    file.load_key(password="Hémo-vigilance 24 !", verify_password=True)
    opened = BytesIO()
    file.decrypt(opened)
    assert opened.getvalue() == path.read_bytes()
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        file.load_key(password="autre", verify_password=True)


@pytest.mark.parametrize(("content", "password"), [(b"PK", "secret"), (b"", "secret"), (None, "")])
def test_nothing_leaves_unsealed(path: Path, content: bytes | None, password: str) -> None:
    with pytest.raises(DeliveryError, match="pas pu être chiffré"):
        seal(path.read_bytes() if content is None else content, password)


def test_a_returned_line_tells_whose_report_it_stands_in(path: Path) -> None:
    assert {line.addressee for line in read_book(path).lines} == {"CRH_ST-24"}


def test_a_sheet_too_long_to_scroll_through_goes_on_in_another_and_every_line_comes_back(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(report, tmp_path / "whole.xlsx")
    monkeypatch.setattr(lines, "MOST_LINES", 2)
    write_report(report, tmp_path / "parts.xlsx")
    names = openpyxl.load_workbook(tmp_path / "parts.xlsx").sheetnames
    assert names[names.index("À modifier") + 1] == "À modifier (2)"
    whole, parts = (read_book(tmp_path / f"{name}.xlsx").lines for name in ("whole", "parts"))
    assert [line.token for line in parts] == [line.token for line in whole]
    assert max(line.row for line in parts) == HEADER_ROW + 2
