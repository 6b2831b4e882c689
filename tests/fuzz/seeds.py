"""Small good files to start from, one set per reader: invented people, made anew each time."""

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlwt

from connectors.excel.report import render_report
from connectors.excel.sealed import seal
from pipelines.reports.report import build_reports
from schemas.nomenclatures import rows
from schemas.people.identifiers import with_luhn_key
from tests.connectors.invented_extracts import CARDS, PERSONS_48, PERSONS_56, card, extract, person, rpps
from tests.connectors.test_finess import FIRST, PLACE, ege, finess_plus, structure
from tests.invented_changes import DAY, LOT, STRUCTURES, invented_changes, sign
from tests.invented_workbooks import ANNE, CPX, HEADER, LUC, ZOE, Row, write_csv, write_ods, write_xls, write_xlsx

PASSWORD = "secret"
ROWS: list[Row] = [["Liste au 5 janvier"], [], HEADER, ANNE, LUC, ["", *LUC[1:]], ZOE]
WIDE: list[Row] = [
    ["FINESS", "Établissement", "Titulaire", "", "", "Remplaçant", "", ""],
    ["", "", "Nom", "Prénom", "N° CPx", "Nom", "Prénom", "N° CPx"],
    [ANNE[0], "CH de Valmont", "MARTINEAU", "Anne", CPX[1], "ROUXEL", "Luc", CPX[2]],
    [ZOE[0], "Clinique du Parc", "D'ÉTANG", "Zoé", CPX[3], "", "", ""],
]


def _made(write: Callable[..., Path], content: list[Row], **more: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder) / "seed", content, **more).read_bytes()


def _rich_xlsx() -> bytes:
    """Merged and hidden cells, a formula, a date, a hidden sheet, a number stored as one."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ROWS:
        sheet.append(list(row))
    sheet["C8"], sheet["D8"], sheet["G8"] = "=1+1", DAY, 899700000013.0
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("A4:A6")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["H"].hidden = True
    book.create_sheet("Notes").sheet_state = "hidden"
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "seed.xlsx")
        return (Path(folder) / "seed.xlsx").read_bytes()


def _wide_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("2026")
    for at, row in enumerate(WIDE):
        for column, value in enumerate(row):
            if value:
                sheet.write(at, column, value)
    sheet.merge(0, 0, 2, 4)
    sheet.row(3).hidden = True
    with tempfile.TemporaryDirectory() as folder:
        book.save(str(Path(folder) / "seed.xls"))
        return (Path(folder) / "seed.xls").read_bytes()


def _annuaire() -> list[Row]:
    labels = [row["label"] for row in rows("annuaire_columns")]
    account: Row = [
        "EF0001", "Mme", "FICTIVE", "Anne", "Médecin", CPX[1], "CPS", "31/12/2027", "a@example.org", "0199000012",
        "Oui", "CHV-ST", "Titulaire", "ES", ANNE[0], "CH de Valmont", "24", "",
    ]  # fmt: skip
    return [labels, account, ["EF0002", *account[1:5], CPX[2], *account[6:]]]


def _reports() -> list[bytes]:
    made = build_reports(
        invented_changes(), as_of=DAY, lot=LOT, structures=STRUCTURES, rejects=[], notices={}, sign=sign
    )
    plain = render_report(next(one for one in made if one.name == "CRH_ST-24"))
    return [plain, seal(plain, PASSWORD)]


def _crosswalk() -> bytes:
    adeli = [with_luhn_key(f"7593000{number}") for number in range(4)]
    return ("N° ADELI;N° RPPS\r\n" + "".join(f"{one};{rpps(at)}\r\n" for at, one in enumerate(adeli))).encode()


def _toml() -> list[bytes]:
    country = Path(__file__).parents[2] / "sample_data"
    return [path.read_bytes() for path in sorted(country.glob("*.toml"))]


def _stock() -> list[bytes]:
    text = FIRST + structure() + structure("2A0000014", "2A") + PLACE
    return [text.encode(), text.encode("latin-1")]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "persons": lambda: [
        extract(PERSONS_56, [person(1), person(2, Prénom_d_exercice="Ève"), person(1)]),
        extract(PERSONS_48, [person(1, PERSONS_48)], end="\r\n"),
        gzip.compress(extract(PERSONS_56, [person(3)])),
    ],
    "cards": lambda: [
        extract(CARDS, [card(1), card(2, Date_opposition="2026-01-01")]),
        extract(CARDS, [card(3, Nom_d_exercice="ÉTÉ")], encoding="windows-1252"),
    ],
    "crosswalk": lambda: [_crosswalk(), _crosswalk().replace(b"\r", b"")],
    "finess_csv": _stock,
    "finess_json": lambda: [finess_plus(ege(), ege("2A0000014", "I", "2A004")), finess_plus(ege(adresse=[]))],
    "xlsx": lambda: [_made(write_xlsx, ROWS), _made(write_xlsx, WIDE), _rich_xlsx()],
    "ods": lambda: [_made(write_ods, ROWS, merged_down=2, hidden_row=5), _made(write_ods, WIDE)],
    "xls": lambda: [_made(write_xls, ROWS), _wide_xls()],
    "csv": lambda: [
        _made(write_csv, ROWS),
        _made(write_csv, WIDE, delimiter="\t"),
        _made(write_csv, ROWS, encoding="windows-1252"),
        _made(write_csv, ROWS, encoding="utf-16"),
    ],
    "annuaire": lambda: [_made(write_xlsx, _annuaire()), _made(write_csv, _annuaire())],
    "returned": _reports,
    "toml": _toml,
}
