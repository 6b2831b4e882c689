"""Real workbooks are messier than the template, and are read all the same: one test per form."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from connectors.sources.result import Reading
from connectors.sources.workbook import COLUMNS, read_workbook
from schemas.glyphs import typeset
from schemas.reading.source import SourceStatus
from tests.invented_workbooks import ANNE, CPX, FINESS, HEADER, LUC, ZOE, Row, fill, write_xlsx


def read(path: Path, **options: object) -> Reading:
    reading = read_workbook(path, "workbook:test", shown=path.name, **options)  # type: ignore[arg-type]
    report = reading.report
    assert report.rows_read == report.rows_accepted + report.rows_rejected + report.rows_duplicate
    assert len(reading.frame) == report.rows_accepted
    assert list(reading.frame.columns)[: len(COLUMNS)] == list(COLUMNS)
    assert all(isinstance(value, str) for value in reading.frame.to_numpy().ravel())
    return reading


def column(reading: Reading, field: str) -> list[str]:
    return list(reading.frame[field])


def cell(reading: Reading, row: int, field: str) -> str:
    line = reading.frame.iloc[row]
    return f"{reading.places[line['_place']][field]}{line['_row']}"


def test_the_standard_form_is_read(tmp_path: Path) -> None:
    reading = read(write_xlsx(tmp_path / "a.xlsx", [HEADER, ANNE, LUC, ZOE]))
    assert reading.report.status is SourceStatus.OK
    assert (reading.report.rows_read, reading.report.notes, reading.issues) == (3, (), ())
    assert column(reading, "last_name") == ["MARTINEAU", "ROUXEL", "D'ÉTANG"]
    assert column(reading, "_location") == ["Feuil1!2", "Feuil1!3", "Feuil1!4"]
    assert cell(reading, 1, "cpx_number") == "Feuil1!G3"
    assert len(reading.report.sha256) == 64


def test_title_rows_above_the_header_are_titles(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    fill(
        sheet,
        [
            ["Annuaire régional des CHV-ST titulaires"],
            [],
            ["Mis à jour le", datetime.date(2026, 1, 5)],
            HEADER,
            ANNE,
        ],
    )
    sheet.merge_cells("A1:I1")
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert column(reading, "last_name") == ["MARTINEAU"]
    assert cell(reading, 0, "last_name") == "Sheet!E5"


def test_a_table_need_not_begin_in_the_corner(tmp_path: Path) -> None:
    rows = [[], [], *[["", "", *row] for row in (HEADER, ANNE)]]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert cell(reading, 0, "structure_code") == "Feuil1!C4"
    assert column(reading, "structure_code") == [FINESS[1]]


def test_headers_come_in_another_order(tmp_path: Path) -> None:
    rows = [list(reversed(HEADER)), ["", *reversed(ANNE)]]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert column(reading, "cpx_number") == [CPX[1]]
    assert column(reading, "structure_name") == ["CH de Valmont"]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("N° CPS", "cpx_number"),
        ("Numéro carte", "cpx_number"),
        ("numero de la carte", "cpx_number"),
        ("N° RPPS", "cpx_number"),
        ("N°RPPS/ADELI", "cpx_number"),
        ("Nº CPX", "cpx_number"),
        ("NO CPS", "cpx_number"),
        ("Mail", "email"),
        ("E-MAIL :", "email"),
        ("Tél.", "phone"),
        ("tel", "phone"),
        ("Etab.", "structure_name"),
        ("ETABLISSEMENT", "structure_name"),
        ("N°\u00a0FINESS", "structure_code"),
        ("Prénom(s)", "first_name"),
        ("Nom et prénom", "last_name"),
        ("NOM – Prénom", "last_name"),
        ("Titulaire / Suppléant", "rank"),
        ("Date\nde fin de validité", "card_expires_on"),
        ("Rôle", "function"),
        ("Facturation (oui/non)", "bills"),
        ("Observations", "comment"),
    ],
)
def test_a_header_is_found_in_another_case_accent_or_wording(tmp_path: Path, written: str, field: str) -> None:
    standard = {
        "structure_code": "FINESS",
        "function": "Fonction",
        "last_name": "Nom",
        "cpx_number": "N° CPx",
    }
    kept = [label for name, label in standard.items() if name != field]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [[*kept, written], [*kept, "une valeur"]]))
    assert reading.report.status is SourceStatus.FAILED or column(reading, field) == ["une valeur"]
    assert reading.report.status is SourceStatus.OK, reading.report.message


def test_blank_rows_are_no_rows(tmp_path: Path) -> None:
    rows = [HEADER, [], ANNE, ["", " ", "\u00a0"], [], LUC, []]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert (reading.report.rows_read, column(reading, "_row")) == (2, ["3", "6"])


def test_a_repeated_header_is_no_row(tmp_path: Path) -> None:
    reading = read(write_xlsx(tmp_path / "a.xlsx", [HEADER, ANNE, HEADER, LUC]))
    assert column(reading, "last_name") == ["MARTINEAU", "ROUXEL"]


def test_several_sheets_are_read_each_with_its_own_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "75"
    fill(book.worksheets[0], [HEADER, ANNE])
    fill(book.create_sheet("92"), [["Titre"], list(reversed(HEADER)), ["", *reversed(ZOE)]])
    fill(book.create_sheet("Légende"), [["Couleurs", "Sens"], ["jaune", "à vérifier"]])
    fill(book.create_sheet("Listes"), [HEADER, LUC])
    fill(book.create_sheet("Mode d’emploi"), [HEADER, LUC])
    book.create_sheet("Vide")
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert column(reading, "_location") == ["75!2", "92!3"]
    assert reading.facts["sheets"] == ("75", "92")
    assert reading.report.notes == (typeset("feuille « Légende » non lue : aucun en-tête reconnu"),)


def test_the_configuration_may_name_the_sheet_and_the_header_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    fill(book.worksheets[0], [HEADER, ANNE])
    fill(book.create_sheet("Actuel"), [HEADER, LUC, HEADER, ZOE])
    book.save(tmp_path / "a.xlsx")
    assert column(read(tmp_path / "a.xlsx", sheet="actuel", header_row=3), "last_name") == ["D'ÉTANG"]
    absent = read(tmp_path / "a.xlsx", sheet="2025")
    assert absent.issues[0].code == "FILE_UNREADABLE"
    assert typeset("« 2025 »") in absent.report.message
    assert "Actuel" in absent.report.message


def test_the_configuration_may_name_a_column(tmp_path: Path) -> None:
    header = [*HEADER[:6], "Badge", "N° CPS"]
    rows = [header, [*ANNE[:6], CPX[1], "sans objet"]]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    assert column(read(path), "cpx_number") == ["sans objet"]
    assert column(read(path, columns={"badge": "cpx_number"}), "cpx_number") == [CPX[1]]


def test_of_two_columns_for_one_field_the_first_wins_unless_it_is_empty(tmp_path: Path) -> None:
    header = [*HEADER[:6], "N° CPS", "N° RPPS"]
    path = write_xlsx(tmp_path / "a.xlsx", [header, [*ANNE[:6], "", CPX[1]], [*LUC[:6], "", CPX[2]]])
    assert column(read(path), "cpx_number") == [CPX[1], CPX[2]]
    path = write_xlsx(tmp_path / "b.xlsx", [header, [*ANNE[:6], CPX[1], CPX[9]], [*LUC[:6], "", CPX[2]]])
    assert column(read(path), "cpx_number") == [CPX[1], ""]


def test_merged_cells_speak_for_all_their_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    fill(sheet, [HEADER, ANNE, ["", "", *LUC[2:]], ["", "", *LUC[2:4], "PETITJEAN", "Ève", CPX[5]], ZOE])
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("B2:B4")
    sheet.merge_cells("A6:A9")
    sheet["A6"] = FINESS[4]
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert column(reading, "structure_code") == [FINESS[1], FINESS[1], FINESS[1], FINESS[2], FINESS[4]]
    assert column(reading, "structure_name")[:3] == ["CH de Valmont"] * 3
    assert column(reading, "last_name") == ["MARTINEAU", "ROUXEL", "PETITJEAN", "D'ÉTANG", ""]


def test_a_title_merged_across_the_table_is_no_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    fill(sheet, [HEADER, ["Département 75"], ANNE])
    sheet.merge_cells("A2:I2")
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert column(reading, "last_name") == ["MARTINEAU"]
    assert reading.report.notes == (typeset("1 ligne de titre passée (feuille « Sheet »)"),)


def test_hidden_rows_and_columns_are_read_and_said_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    fill(sheet, [HEADER, ANNE, LUC, ZOE])
    for row in (3, 4, 9):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["G"].hidden = True
    sheet.column_dimensions["Z"].hidden = True
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert column(reading, "cpx_number") == [CPX[1], CPX[2], CPX[3]]
    assert reading.report.notes == (
        typeset("2 lignes masquées lues comme les autres (feuille « Sheet »)"),
        typeset("1 colonne masquée lue comme les autres (feuille « Sheet »)"),
    )
    assert (reading.facts["hidden_rows"], reading.facts["hidden_columns"]) == (2, 1)


def test_a_hidden_sheet_is_read_and_said_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    fill(book.worksheets[0], [HEADER, ANNE])
    other = book.create_sheet("Suite")
    fill(other, [HEADER, ZOE])
    other.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert reading.report.rows_read == 2
    assert reading.report.notes == (typeset("feuille masquée « Suite » examinée comme les autres"),)


def test_numbers_stored_as_numbers_lose_nothing_more(tmp_path: Path) -> None:
    rows = [HEADER, [int(FINESS[1]), "CH", "CHV-ST", "", "A", "B", int(CPX[1]), "", 612345678.0]]
    rows += [[10000123, "CH", "CHV-ST", "", "C", "D", 1.00034e10, "", "1.00034E+10"]]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert column(reading, "cpx_number") == [CPX[1], "10003400000"]
    assert column(reading, "structure_code") == [FINESS[1], "10000123"]
    assert column(reading, "phone") == ["612345678", "1.00034E+10"]


def test_dates_come_as_dates_or_as_text(tmp_path: Path) -> None:
    header = [*HEADER[:7], "Date de fin de validité"]
    dates = [
        datetime.date(2026, 12, 31),
        datetime.datetime(2026, 12, 31),
        "31/12/2026",
        "31.12.26",
        "2026-12-31",
    ]
    rows = [[*ANNE[:4], f"NOM{number}", *ANNE[5:7], day] for number, day in enumerate(dates)]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [header, *rows]))
    expected = ["2026-12-31", "2026-12-31", "31/12/2026", "31.12.26", "2026-12-31"]
    assert column(reading, "card_expires_on") == expected


def test_booleans_of_cells_are_words_and_errors_stay_what_they_are(tmp_path: Path) -> None:
    header = [*HEADER[:7], "Facturation", "Convention EFS", "Commentaire"]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    fill(sheet, [header, [*ANNE[:7], True, False, "x"]])
    sheet["J2"] = "#N/A"
    sheet["J2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert [column(reading, name) for name in ("bills", "efs_convention", "comment")] == [
        ["Oui"],
        ["Non"],
        ["#N/A"],
    ]


def test_non_breaking_spaces_do_not_hide_a_header_nor_make_a_row(tmp_path: Path) -> None:
    header = [text.replace(" ", "\u00a0") if isinstance(text, str) else text for text in HEADER]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [header, ANNE, ["\u00a0"] * 5]))
    assert column(reading, "cpx_number") == [CPX[1]]
    assert reading.report.rows_read == 1


def test_two_emails_in_one_cell_are_handed_on_as_they_stand(tmp_path: Path) -> None:
    both = "a.martineau@example.org ; hemovigilance@example.org"
    reading = read(write_xlsx(tmp_path / "a.xlsx", [HEADER, [*ANNE[:7], both]]))
    assert column(reading, "email") == [both]


def test_name_and_first_name_in_one_cell_stand_under_the_name(tmp_path: Path) -> None:
    header = ["FINESS", "Fonction", "Nom Prénom", "N° CPS"]
    rows = [
        header,
        [FINESS[1], "CHV-ST", "DUPONT-MARTIN Anne", CPX[1]],
        [FINESS[1], "CHV", "Dr ROUX Luc", CPX[2]],
    ]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert column(reading, "last_name") == ["DUPONT-MARTIN Anne", "Dr ROUX Luc"]
    assert column(reading, "first_name") == ["", ""]


def test_old_region_and_ets_names_are_handed_on_as_they_stand(tmp_path: Path) -> None:
    header = ["Structure", "Type", "Région", "Fonction", "Nom", "Prénom", "N° CPS"]
    rows = [
        header,
        ["Picardie", "Région", "Picardie", "CRH", "A", "B", CPX[1]],
        ["EFS Alsace", "ETS", "", "CHV", "C", "D", CPX[2]],
    ]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert column(reading, "structure_name") == ["Picardie", "EFS Alsace"]
    assert column(reading, "region") == ["Picardie", ""]


def test_an_establishment_with_nobody_is_kept(tmp_path: Path) -> None:
    header: Row = [*HEADER, "Convention EFS"]
    rows: list[Row] = [header, [FINESS[3], "Clinique des Lilas", *[""] * 7, "Oui"]]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert column(reading, "efs_convention") == ["Oui"]
    assert column(reading, "last_name") == [""]


def test_columns_that_nobody_reads_are_named(tmp_path: Path) -> None:
    reading = read(write_xlsx(tmp_path / "a.xlsx", [[*HEADER, "Fax"], [*ANNE, "", "0102"]]))
    assert reading.report.notes == (typeset("colonnes non lues (feuille « Feuil1 ») : Fax"),)


def test_the_same_row_twice_is_one_row_and_one_duplicate(tmp_path: Path) -> None:
    again = [f"{value}\u00a0" for value in ANNE]
    reading = read(write_xlsx(tmp_path / "a.xlsx", [HEADER, ANNE, LUC, again]))
    assert (reading.report.rows_read, reading.report.rows_accepted, reading.report.rows_duplicate) == (
        3,
        2,
        1,
    )
    [found] = reading.issues
    assert (found.code, found.location, "Feuil1!2" in found.message) == ("DUPLICATE_ROW", "Feuil1!4", True)
