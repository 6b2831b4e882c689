"""Who stands anywhere in a workbook is not absent (contract §6a): beside the table, below it, in a row that slid.

Each case is a workbook as Excel saves it, of the handed country; what becomes of its people is asserted.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.night.sheets import SHEETS, Played, play_sheet

STANDARD = SHEETS / "00_standard.xlsx"
HER = ["BÉRANGER", "Zoé", "899700001037", "zoe.beranger@example.org", "0144556679"]
ROW = 4  # hers; MARTIN of the same hospital is on row 2
HARM = {"create_account", "end_assignment", "deactivate_account", "add_assignment", "card_alert", "update_account"}
Alter = Callable[[Workbook, Worksheet], object]


def play(folder: Path, alter: Alter, *, absent: bool = True) -> Played:
    """A night with the standard workbook, altered; `absent`: without her row."""
    book = load_workbook(STANDARD)
    sheet = book.worksheets[0]
    if absent:
        sheet.delete_rows(ROW)
    alter(book, sheet)
    path = folder / "handed.xlsx"
    book.save(path)
    return play_sheet(folder, path)


def harmed(found: Played) -> list[tuple[str, str]]:
    return sorted((one["kind"], one["person"]["last_name"]) for one in found.changes if one["kind"] in HARM)


def column(head: str, text: str, at: int = 16, row: int = 2) -> Alter:
    def alter(_: Workbook, sheet: Worksheet) -> None:
        sheet.cell(1, at, head)
        sheet.cell(row, at, text)

    return alter


def columns(*pairs: tuple[str, str]) -> Alter:
    def alter(_: Workbook, sheet: Worksheet) -> None:
        for at, (head, text) in enumerate(pairs, 16):
            sheet.cell(1, at, head)
            sheet.cell(2, at, text)

    return alter


def below(*rows: list[str], gap: int = 1) -> Alter:
    def alter(_: Workbook, sheet: Worksheet) -> None:
        for at, row in enumerate(rows, sheet.max_row + 1 + gap):
            for place, text in enumerate(row, 1):
                sheet.cell(at, place, text)

    return alter


def other_sheet(name: str, *rows: list[str], state: str = "visible") -> Alter:
    def alter(book: Workbook, _: Worksheet) -> None:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)

    return alter


def at(cell: str, text: str) -> Alter:
    def alter(_: Workbook, sheet: Worksheet) -> None:
        sheet[cell] = text

    return alter


def note(cell: str, text: str) -> Alter:
    def alter(_: Workbook, sheet: Worksheet) -> None:
        sheet[cell].comment = Comment(text, "Accueil")

    return alter


def title_row(text: str, *, merged: bool) -> Alter:
    def alter(_: Workbook, sheet: Worksheet) -> None:
        sheet.insert_rows(3)
        sheet["A3"] = text
        if merged:
            sheet.merge_cells("A3:O3")

    return alter


def above(text: str) -> Alter:
    def alter(_: Workbook, sheet: Worksheet) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = text

    return alter


def vacancy(_: Workbook, sheet: Worksheet) -> None:
    sheet.cell(1, 16, "Commentaire")
    cells = ["010007771", "CENTRE HOSPITALIER DE VALVERT", "ES", "Assistant", None, None, "VACANT"]
    for place, text in enumerate([*cells, *[None] * 8, "Intérim : Mme BÉRANGER Zoé"], 1):
        sheet.cell(sheet.max_row + (place == 1), place, text)


STANDING: dict[str, Alter] = {
    "columns of a second person": columns(("Nom de l'assistante", HER[0]), ("Prénom de l'assistante", HER[1])),
    "her names the other way round": columns(("Son prénom", HER[1]), ("Son nom", HER[0])),
    "a column of assistants": column("Assistant(s)", "Mme BÉRANGER Zoé"),
    "two in the cell": column("Assistant(s)", "Zoé Béranger ; Paul INCONNU"),
    "a title for a first name, at her hospital": column("Assistant(s)", "Mme BERANGER"),
    "an initial, at her hospital": column("Assistant(s)", "Z. BÉRANGER"),
    "her number, apart": column("Autre numéro lié", "n° 899 700 001 037"),
    "her number without its 8": column("Réf.", "99700001037"),
    "a digit wrong, and her name": column("Autres", "BÉRANGER 899700001038"),
    "her address": column("Copie à", "zoe.beranger@example.org"),
    "her telephone without its zero": column("Poste", "144556679"),
    "a sheet of other headers": other_sheet("Assistants", ["Site", "Agent", "Matricule"], ["Valvert", *HER[:3]]),
    "a sheet without headers": other_sheet("Feuil2", ["CH DE VALVERT", *HER]),
    "a hidden sheet": other_sheet("Feuil2", ["CH DE VALVERT", "Zoé BÉRANGER"], state="hidden"),
    "below, in one cell": below(["Autres utilisateurs :"], ["BÉRANGER Zoé, 899700001037"]),
    "below, in one cell, right below": below(["Autres utilisateurs :"], ["Zoé Béranger"], gap=0),
    "below, in three cells": below(["Autres utilisateurs :"], HER[:3]),
    "at the right": columns(("", ""), ("", ""), ("Assistantes de la région", "BÉRANGER Zoé")),
    "a title row": title_row("Assistante : Mme BÉRANGER Zoé", merged=False),
    "a merged title row": title_row("Assistante : Mme BÉRANGER Zoé", merged=True),
    "above the table": above("Liste tenue par Zoé BÉRANGER, assistante"),
    "a vacancy whose remark names her": vacancy,
    "a note on a cell": note("G2", "Assistante : BÉRANGER Zoé"),
    "a last and a first name with blank cells between": other_sheet("Divers", ["BÉRANGER", "", "", "Zoé"]),
    "who came for another": column("Mouvements du service", "Mme LOINTAIN remplacée par Mme BÉRANGER Zoé"),
}


@pytest.mark.parametrize("case", STANDING)
def test_who_stands_in_it_keeps_everything_and_is_asked_about_once_with_the_cell(tmp_path: Path, case: str) -> None:
    found = play(tmp_path, STANDING[case])
    assert harmed(found) == []
    [change] = found.changes
    assert change["reasons"] == ["line_not_understood"]
    told = {one["field"]: one["after"] for one in change["fields"]}
    assert "colonne" in told["detail"]
    assert "BÉRANGER Zoé" in told["detail"]
    assert "BÉRANGER" in told["candidate"]


LEFT: dict[str, Alter] = {
    "nowhere": lambda *_: None,
    "a sheet of leavers": other_sheet("Partis 2026", ["Site", "Agent", "Matricule"], ["Valvert", *HER[:3]]),
    "an archive": other_sheet("Archives", ["CH DE VALVERT", *HER]),
    "a list below of leavers": below(["Départs"], ["BÉRANGER Zoé, 899700001037"]),
    "a list below of leavers, in three cells": below(["Ne sont plus en poste"], HER[:3]),
    "below, with the day": below(["BÉRANGER Zoé partie le 01/09/2026"]),
    "below, « Parti » beside": below([*HER[:3], "", "Partie"]),
    "a column of the replaced": column("Personne remplacée", "BÉRANGER Zoé"),
    "replaced by": column("Mouvements du service", "Mme BÉRANGER Zoé remplacée par Mme LOINTAIN"),
    "in the place of one who left": column("Mouvements du service", "en remplacement de Mme BÉRANGER Zoé, partie"),
    "in a remark, in the place of one who left": column("Commentaire", "en remplacement de Mme BÉRANGER Zoé, partie"),
    "in a remark, who came after her departure": column("Commentaire", "suite au départ de Zoé BÉRANGER"),
    "in the place of": column("Mouvements du service", "Paul à la place de Zoé BÉRANGER"),
    "a predecessor": column("Mouvements du service", "Prédécesseure : Mme BÉRANGER Zoé"),
    "the former one": column("Assistant(s)", "ancienne assistante : BÉRANGER Zoé"),
    "another of her last name": column("Assistant(s)", "BÉRANGER Paul"),
    "her first name alone": column("Assistant(s)", "Zoé"),
    "a note of her departure": note("G2", "BÉRANGER Zoé : départ le 01/09/2026"),
    "a shared telephone": columns(("Accueil", "0144556600")),
}


@pytest.mark.parametrize("case", LEFT)
def test_who_left_leaves_all_the_same(tmp_path: Path, case: str) -> None:
    found = play(tmp_path, LEFT[case])
    assert harmed(found) == [("deactivate_account", "BÉRANGER"), ("end_assignment", "BÉRANGER")]


def slid(start: int, step: int) -> Alter:
    """Her row, its cells from a column on one to the left (the first of them lost) or to the right."""

    def alter(_: Workbook, sheet: Worksheet) -> None:
        cells = [sheet.cell(ROW, at).value for at in range(1, 16)]
        moved = [*cells[:start], *cells[start + 1 :], None] if step < 0 else [*cells[:start], None, *cells[start:]]
        for place, text in enumerate(moved, 1):
            sheet.cell(ROW, place, text)

    return alter


@pytest.mark.parametrize("step", [-1, 1])
@pytest.mark.parametrize("start", range(13))
def test_nobody_is_harmed_by_a_row_whose_cells_slid(tmp_path: Path, start: int, step: int) -> None:
    found = play(tmp_path, slid(start, step), absent=False)
    assert harmed(found) == []
