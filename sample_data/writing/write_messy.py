"""The workbook of region 52: everything that contract §3 says real ones do."""

from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from sample_data.cast import Cell, Row
from sample_data.sheets import new_book
from schemas.people.identifiers import with_luhn_key

_HEADER = (
    "N° FINESS",
    "Etab.",
    "Type",
    "Rôle",
    "Titulaire/suppléant",
    "Nom Prénom",
    "Métier",
    "N°RPPS/ADELI",
    "Type carte",
    "Validité",
    "Mail",
    "Tél.",
    "Observations",
)
_RANKS = {"Titulaire": "T", "Remplaçant": "suppléant(e)"}
_TYPES = {"ES": "Etablissement de santé", "Région sanitaire": "ARS"}
NUMERIC_EVERY, DITTO_EVERY = 6, 5


def write_messy(path: Path, rows: list[Row]) -> None:
    """Title rows, odd headers, names in one cell, merged and hidden cells, dates as text, several sheets."""
    chv = [row for row in rows if row.cells["Fonction"] != "Assistant"]
    assistants = [row for row in rows if row.cells["Fonction"] == "Assistant"]
    with new_book(path) as book:
        _sheet(book, "CHV-ST", chv)
        _sheet(book, "Assistants\u00a02026", assistants)
        _leavers(book, chv[-1])
        notes = book.add_worksheet("Notes")
        notes.write_string(0, 0, "Pense-bête : relancer les établissements en janvier.")


def _sheet(book: Any, title: str, rows: list[Row]) -> None:
    sheet = book.add_worksheet(title)
    sheet.merge_range(0, 0, 0, 5, "ARS Pays de la Loire (région fictive) — hémovigilance")
    sheet.write_string(1, 0, "Mise à jour : novembre 2026")
    for column, label in enumerate(_HEADER):
        sheet.write_string(3, column, label)
    line = 4
    for _, group in groupby(rows, key=lambda row: row.cells["FINESS"]):
        members = list(group)
        _merge_place(sheet, line, members)
        for row in members:
            _person(sheet, line, row)
            if row is not members[0] and line % DITTO_EVERY == 0:
                sheet.write_string(line, 2, "idem")
            line += 1
        line += 1  # a blank row between establishments
    if title == "CHV-ST":
        _vacancy_and_total(sheet, line, rows[-1])


def _vacancy_and_total(sheet: Any, line: int, row: Row) -> None:
    for column, text in enumerate(
        (row.cells["FINESS"], row.cells["Établissement"], "ES", "CHV-ST", "suppl.", "VACANT")
    ):
        sheet.write_string(line, column, str(text))
    sheet.write_string(line + 1, 1, "Total")
    sheet.write_number(line + 1, 5, line)


def _leavers(book: Any, row: Row) -> None:
    """A sheet of somebody who left long ago: nobody is to be created for it."""
    sheet = book.add_worksheet("Partis")
    for column, label in enumerate(_HEADER):
        sheet.write_string(0, column, label)
    place = (str(row.cells["FINESS"]), str(row.cells["Établissement"]), "ES")
    gone = (*place, "CHV-ST", "T", "ANCIEN-FICTIF Paul", "Médecin", "8" + with_luhn_key("9970099999"))
    for column, text in enumerate(gone):
        sheet.write_string(1, column, text)


def _merge_place(sheet: Any, line: int, members: list[Row]) -> None:
    """FINESS and name written once, over all the rows of the establishment."""
    cells = members[0].cells
    for column, text in enumerate((str(cells["FINESS"]), str(cells["Établissement"]))):
        if len(members) > 1:
            sheet.merge_range(line, column, line + len(members) - 1, column, text)
        else:
            sheet.write_string(line, column, text)


def _person(sheet: Any, line: int, row: Row) -> None:
    cells = row.cells
    title = "Dr " if cells["Profession"] == "Médecin" and line % 2 else ""
    email = str(cells["Courriel"])
    emails = f"{email} ; standard@{email.rpartition('@')[2]}" if line % 5 == 0 else email
    values = (
        _TYPES[str(cells["Type de structure"])],
        cells["Fonction"],
        _RANKS.get(str(cells["Rang"]), ""),
        f"{title}{cells['Nom']}\u00a0{cells['Prénom']}",
        cells["Profession"],
    )
    for column, value in enumerate(values, start=2):
        sheet.write_string(line, column, str(value))
    _number(sheet, line, str(cells["N° CPx"]))
    rest = (
        cells["Type de carte"],
        _as_text(cells["Date de fin de validité"], line),
        emails,
        cells["Téléphone"],
    )
    for column, value in enumerate(rest, start=8):
        sheet.write_string(line, column, str(value))
    if row.hidden:
        sheet.set_row(line, None, None, {"hidden": True})


def _number(sheet: Any, line: int, number: str) -> None:
    """Now and then a right number stored as a number, as Excel likes to."""
    if line % NUMERIC_EVERY == 0 and number.isdigit() and len(number) == 12:
        sheet.write_number(line, 7, int(number))
    else:
        sheet.write_string(line, 7, number)


def _as_text(day: Cell, line: int) -> str:
    """Dates as three people would type them."""
    if not isinstance(day, date):
        return day
    return (f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", day.isoformat())[line % 3]
