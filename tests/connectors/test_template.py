"""The standard workbook: what is written into it is what is read back (contract §3)."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from connectors.excel.template import choices, standard_columns, write_template
from connectors.sources.workbook import read_workbook
from schemas.nomenclatures import code_of
from schemas.reading.source import SourceStatus
from tests.invented_workbooks import CPX, FINESS

STANDARD = [
    "FINESS", "Établissement", "Type de structure", "Fonction", "Rang", "Civilité", "Nom", "Prénom",
    "Profession", "N° CPx", "Type de carte", "Date de fin de validité", "Date d'émission", "Courriel",
    "Téléphone", "Facturation", "Convention EFS", "Statut", "Date de fin de fonction", "Commentaire",
]  # fmt: skip
PERSON = {
    "structure_code": "0" + FINESS[1][1:], "structure_name": "CH de Valmont", "structure_type": "ES",
    "function": "CHV-ST", "rank": "Remplaçant", "civility": "Dr", "last_name": "D'ÉTANG", "first_name": "Zoé",
    "profession": "Médecin", "cpx_number": CPX[1], "card_type": "CPS", "card_expires_on": "2027-01-31",
    "card_issued_on": "2024-02-01", "email": "z.detang@example.org", "phone": "0102030405", "bills": "Non",
    "efs_convention": "Non", "status": "Parti", "ended_on": "2026-11-30",
    "comment": "=1+1 n'est pas une formule",
}  # fmt: skip


def test_the_template_has_the_standard_columns_in_their_order(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", region="11")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["Annuaire", "Listes", "Mode d'emploi"]
    sheet = book["Annuaire"]
    assert [cell.value for cell in sheet[1]] == STANDARD == list(standard_columns().values())
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.page_setup.paperSize) == (
        "C2",
        "landscape",
        9,
    )
    assert book["Listes"].sheet_state == "hidden"
    assert "11 Île-de-France" in str(book["Mode d'emploi"]["A1"].value)


def test_every_list_is_offered_and_every_choice_is_understood(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", region=None)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Annuaire"]
    rules = {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}
    lists = {STANDARD[ord(letter) - ord("A")] for letter, rule in rules.items() if rule.type == "list"}
    assert lists == {standard_columns()[field] for field in choices()}
    assert {STANDARD[ord(letter) - ord("A")] for letter, rule in rules.items() if rule.type == "date"} == {
        "Date de fin de validité", "Date d'émission", "Date de fin de fonction",
    }  # fmt: skip
    tables = {
        "structure_type": "structure_types", "function": "functions", "rank": "ranks",
        "civility": "civilities", "profession": "professions", "card_type": "card_types",
    }  # fmt: skip
    assert not [text for field, table in tables.items() for text in choices()[field] if not code_of(table, text)]


def test_what_is_written_into_the_template_is_read_back(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", region="11")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book["Annuaire"]
    for column, field in enumerate(standard_columns(), start=1):
        text = PERSON[field]
        date = field in ("card_expires_on", "card_issued_on", "ended_on")
        cell = sheet.cell(2, column, datetime.date.fromisoformat(text) if date else text)
        if field == "comment":
            cell.data_type = "s"
    for column in (1, 10, 15):
        assert sheet.column_dimensions["ABCDEFGHIJKLMNO"[column - 1]].number_format == "@"
    book.save(tmp_path / "filled.xlsx")
    reading = read_workbook(tmp_path / "filled.xlsx", "workbook:test", shown="filled.xlsx")
    assert (reading.report.status, reading.report.rows_read, reading.report.notes) == (SourceStatus.OK, 1, ())
    assert {field: reading.frame.loc[0, field] for field in PERSON} == PERSON


def test_an_empty_template_ends_nobodys_access(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", region="11")
    reading = read_workbook(tmp_path / "t.xlsx", "workbook:test", shown="t.xlsx")
    assert (reading.report.status, reading.issues[0].code) == (SourceStatus.FAILED, "FILE_EMPTY")


def test_a_template_may_begin_with_its_establishments(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", region="ETS-IDF", structures=[(FINESS[1], "Site de Valmont", "SITE")])
    frame = read_workbook(tmp_path / "t.xlsx", "workbook:test", shown="t.xlsx").frame
    found = [frame.loc[0, field] for field in ("structure_code", "structure_name", "structure_type")]
    assert found == [FINESS[1], "Site de Valmont", "Site transfusionnel"]


def test_a_template_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nulle"):
        write_template(tmp_path / "nulle" / "part.xlsx", region=None)
