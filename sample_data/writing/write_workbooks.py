"""The workbooks as people send them, each in another form, and the annuaire's export."""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from sample_data.cast import CELLS, Cell, Row
from sample_data.country import ETS_FILES, NATIONAL_FILE, REGION_FILES, Country
from sample_data.sheets import Grid, new_book, write_grid, write_ods
from sample_data.writing.write_messy import write_messy
from schemas.nomenclatures import label_of

EXPORT = "efit/export.xlsx"
EXPORT_COLUMNS = (
    "Identifiant",
    "Civilité",
    "Nom",
    "Prénom",
    "Profession",
    "N° CPx",
    "Type de carte",
    "Date de fin de validité",
    "Courriel",
    "Téléphone",
    "Actif",
    "Fonction",
    "Rang",
    "Type de structure",
    "Code structure",
    "Structure",
    "Région sanitaire",
    "ETS de rattachement",
)
_GROUPS = (("Titulaire", "CHV-ST"), ("Remplaçant", "CHV-ST"), ("Assistant", "Assistant"))
_WIDE = {
    "Nom": "Nom",
    "Prénom": "Prénom",
    "Métier": "Profession",
    "N° CPS": "N° CPx",
    "Mail": "Courriel",
    "Tél.": "Téléphone",
}


def write_workbooks(root: Path, country: Country, loose: Iterable[Row]) -> None:
    """Every workbook of the country, and the export."""
    rows = [row for actor in country.actors for row in actor.rows] + list(loose)
    writers: dict[str, Callable[[Path, list[Row]], None]] = {
        REGION_FILES["24"]: _standard,
        REGION_FILES["52"]: write_messy,
        REGION_FILES["11"]: _ods,
        ETS_FILES["ETS-CPDL"]: _windows_csv,
        ETS_FILES["ETS-IDF"]: _wide,
        NATIONAL_FILE: _standard,
    }
    for file, write in writers.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, sorted((row for row in rows if row.file == file), key=_order))
    _export(root / EXPORT, country)


def _order(row: Row) -> tuple[str, str]:
    return str(row.cells["FINESS"]), str(row.cells["Établissement"])


def grid_of(rows: list[Row]) -> Grid:
    """The standard form: header and cells in the columns of contract §3."""
    columns = list(CELLS.values())
    return [list[Cell](columns), *([row.cells.get(column, "") for column in columns] for row in rows)]


def _standard(path: Path, rows: list[Row]) -> None:
    with new_book(path) as book:
        write_grid(book, "Recensement", grid_of(rows))


def _ods(path: Path, rows: list[Row]) -> None:
    write_ods(path, "Hémovigilance", grid_of(rows))


def _windows_csv(path: Path, rows: list[Row]) -> None:
    """As Excel saves a CSV on a French machine: semicolons, CRLF, Windows-1252."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(grid_of(rows))
    path.write_bytes(text.getvalue().encode("cp1252"))


def _wide(path: Path, rows: list[Row]) -> None:
    """Rows of establishments, as many as each has assistants; groups of columns for the three ranks."""
    places = ["FINESS", "Établissement", "Type de structure"]
    with new_book(path) as book:
        sheet = book.add_worksheet("Sites")
        bold = book.add_format({"bold": True})
        for position, (group, _) in enumerate(_GROUPS):
            first = len(places) + position * len(_WIDE)
            sheet.merge_range(0, first, 0, first + len(_WIDE) - 1, group, bold)
        sheet.write_row(1, 0, places + list(_WIDE) * len(_GROUPS), bold)
        for number, line in enumerate(_wide_lines(rows, places), start=2):
            sheet.write_row(number, 0, line)


def _wide_lines(rows: list[Row], places: list[str]) -> list[list[str]]:
    lines = []
    for code in sorted({str(row.cells["FINESS"]) for row in rows}):
        here = [row for row in rows if row.cells["FINESS"] == code]
        groups = [[row for row in here if _group(row) == name] for name, _ in _GROUPS]
        for turn in range(max(map(len, groups))):
            people = [group[turn].cells if turn < len(group) else {} for group in groups]
            place = [str(here[0].cells[column]) for column in places]
            lines.append(place + [str(cells.get(column, "")) for cells in people for column in _WIDE.values()])
    return lines


def _group(row: Row) -> str:
    return "Assistant" if row.cells["Fonction"] == "Assistant" else str(row.cells["Rang"])


def _export(path: Path, country: Country) -> None:
    """One row per account and assignment; numbers as text; an account without assignment has one row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    grid: Grid = [list[Cell](EXPORT_COLUMNS)]
    for actor in country.actors:
        if not actor.account:
            continue
        user = actor.account
        who: list[Cell] = [
            user.id,
            user.civility,
            user.last,
            user.first,
            user.profession,
            user.cpx,
            user.card_type,
        ]
        who += [user.expires or "", user.email, user.phone, "Oui" if user.active else "Non"]
        for post in user.posts:
            structure = post.structure
            rank = label_of("ranks", post.rank) if post.rank else ""
            kind = label_of("structure_types", structure.type)
            place = [kind, structure.code, structure.name, structure.region, structure.parent]
            grid.append([*who, label_of("functions", post.function), rank, *place])
        if not user.posts:
            grid.append([*who, *[""] * 7])
    with new_book(path) as book:
        write_grid(book, "Annuaire", grid)


def write_broken(root: Path) -> None:
    """Workbooks that cannot be used, for annuaire-pannes.toml."""
    folder = root / "broken"
    folder.mkdir(parents=True, exist_ok=True)
    with new_book(folder / "vide.xlsx") as book:
        write_grid(book, "Recensement", [list[Cell](CELLS.values())])
    with new_book(folder / "sans-numero.xlsx") as book:
        header: list[Cell] = [column for column in CELLS.values() if column != "N° CPx"]
        write_grid(book, "Recensement", [header, ["11", "Région Île-de-France", "Région sanitaire", "Assistant"]])
    (folder / "illisible.xlsx").write_bytes(b"Ceci n'est pas un classeur.\x00\x01\x02" * 20)
