"""What a sheet says beside its rows: legends, footnotes, lists of leavers, columns of the house; nobody is ended."""

import copy
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tests.shapes.book import LABELS, text_of
from tests.shapes.truth import Told, rows, tell_file

Grid = list[list[str]]
Row = dict[str, object]
KOENIG = 9
FIELDS = [name for name in LABELS if name != "status"]


def grid(change: Callable[[int, Row], object] = lambda _at, _row: None, fields: list[str] | None = None) -> Grid:
    people: list[Row] = [dict(row) for row in rows()]
    for at, row in enumerate(people):
        change(at, row)
    names = fields or list(LABELS)
    return [[LABELS[name] for name in names], *([text_of(row.get(name, "")) for name in names] for row in people)]


def only_koenig(**values: str) -> Callable[[int, Row], object]:
    return lambda at, row: row.update(values) if at == KOENIG else None


def told(sheets: Mapping[str, Grid], paint: Callable[[openpyxl.Workbook], object] = lambda _book: None) -> Told:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, cells in sheets.items():
        page: Worksheet = book.create_sheet(name)
        for row in cells:
            page.append([text or None for text in row])
    paint(book)
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "liste.xlsx")
        return tell_file(Path(folder) / "liste.xlsx")


def asked(found: Told) -> list[str]:
    assert [one.reasons[0] for one in found.harmful] == []
    assert {one.reasons[0] for one in found.changes} <= {"line_not_understood"}
    return [one.person.last_name for one in found.changes]


def row_of(page: Worksheet, name: str) -> int:
    return next(int(cell.row or 0) for cells in page.iter_rows() for cell in cells if str(cell.value).startswith(name))


def filled(colour: str) -> Callable[[openpyxl.Workbook], object]:
    def paint(book: openpyxl.Workbook) -> None:
        for cell in book.worksheets[0][row_of(book.worksheets[0], "KÖNIG")]:
            cell.fill = PatternFill("solid", fgColor=colour)

    return paint


def written_in(colour: str) -> Callable[[openpyxl.Workbook], object]:
    def paint(book: openpyxl.Workbook) -> None:
        for cell in book.worksheets[0][row_of(book.worksheets[0], "KÖNIG")]:
            cell.font = Font(color=colour)

    return paint


LEGENDS = [
    ("En rouge : personnes parties", filled("FFFF0000")),
    ("Les lignes en rouge ont quitté l'établissement", written_in("FFC00000")),
    ("grisé = plus en poste", filled("FFD9D9D9")),
    ("Surligné en jaune : départs", filled("FFFFFF00")),
    ("Orange → a quitté ses fonctions", filled("FFFFC000")),
    ("vert : en poste ; rose : partis", filled("FFFFC7CE")),
]


@pytest.mark.parametrize(("legend", "paint"), LEGENDS)
@pytest.mark.parametrize("above", [True, False])
def test_the_row_of_a_colour_that_a_legend_gives_to_leavers_is_asked_about(
    legend: str, paint: Callable[[openpyxl.Workbook], object], above: bool
) -> None:
    cells = [[legend], [], *grid()] if above else [*grid(), [], [legend]]
    assert asked(told({"Liste": cells}, paint)) == ["KÖNIG"]


@pytest.mark.parametrize("colour", ["FF00B050", "FFFFFFFF", "FF4472C4"])
def test_a_row_of_another_colour_is_not(colour: str) -> None:
    assert asked(told({"Liste": [*grid(), [], ["En rouge : personnes parties"]]}, filled(colour))) == []


def test_a_legend_of_its_own_sheet_has_the_colour_of_its_cell() -> None:
    def paint(book: openpyxl.Workbook) -> None:
        filled("FF7030A0")(book)
        book["Légende"]["A1"].fill = PatternFill("solid", fgColor="FF7030A0")

    assert asked(told({"Liste": grid(), "Légende": [["", "a quitté ses fonctions"]]}, paint)) == ["KÖNIG"]


CODES = [
    ([["Statut : P = présent ; A = ancien (parti)"], []], "P", "A"),
    ([["Légende : 1 = en poste, 2 = parti"]], "1", "2"),
    ([["A : actif / S : sorti"]], "A", "S"),
]


@pytest.mark.parametrize(("legend", "there", "gone"), CODES)
def test_codes_mean_what_the_legend_says(legend: Grid, there: str, gone: str) -> None:
    stays = told({"Liste": [*legend, *grid(lambda _at, row: row.update(status=there))]})
    assert (stays.changes, stays.used) == ((), 1)
    leaves = told({"Liste": [*legend, *grid(lambda at, row: row.update(status=gone if at == KOENIG else there))]})
    assert {one.person.last_name for one in leaves.changes} == {"KÖNIG"}
    assert {one.kind for one in leaves.changes} == {"end_assignment", "deactivate_account"}


def test_codes_of_a_legend_on_its_own_sheet_are_no_colours() -> None:
    legend = [["Code", "Signification"], ["A", "Actif"], ["P", "Parti"], ["C", "Congé"]]
    found = told({"Liste": grid(lambda _at, row: row.update(status="A")), "Légende": legend})
    assert (found.changes, [note for note in found.judged.notes if "couleur" in note]) == ((), [])


@pytest.mark.parametrize(("there", "other"), [("P", "P"), ("Ouvert", "Clos"), ("2", "3"), ("OUV", "FER")])
def test_a_status_of_nearly_everybody_whom_the_annuaire_has_asks_nobody_but_the_odd_one(there: str, other: str) -> None:
    found = told({"Liste": grid(lambda at, row: row.update(status=other if at == KOENIG else there))})
    assert asked(found) == (["KÖNIG"] if other != there else [])


MARKS = [
    ("KÖNIG*", "* a quitté l'établissement le 30/09/2026"), ("KÖNIG (1)", "(1) Départ en retraite le 01/10/2026"),
    ("KÖNIG²", "2) muté en septembre 2026"), ("KÖNIG **", "** : parti"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "note"), MARKS)
def test_a_footnote_of_a_departure_is_asked_about_whose_mark_it_is(name: str, note: str) -> None:
    assert asked(told({"Liste": [*grid(only_koenig(last_name=name)), [], [note]]})) == ["KÖNIG"]


@pytest.mark.parametrize("note", ["* en congé maternité", "* titulaire depuis le départ de Mme NOIR", "* voir mail"])
def test_another_footnote_is_not(note: str) -> None:
    assert asked(told({"Liste": [*grid(only_koenig(last_name="KÖNIG*")), [], [note]]})) == []


LISTS = [
    {"Liste": [*grid(), [], ["Départs depuis la dernière mise à jour :"], ["KÖNIG Jürgen (St Éloi)"]]},
    {"Liste": [*grid(), [], ["Personnes parties"], ["M. KÖNIG"], ["ANCIEN Paul"]]},
    {"Liste": grid(), "Sorties 2026": [["Nom", "Prénom", "Date"], ["KÖNIG", "Jürgen", "30/09/2026"]]},
    {"Liste": grid(), "Ex-correspondants": [["NOM Prénom", "Établissement"], ["KÖNIG Jürgen", "Saint-Éloi"]]},
    {"Départs": [["KÖNIG", "Jürgen", "30/09/2026", "Dr MARTIN Thomas"]], "Liste": grid()},
]


@pytest.mark.parametrize("sheets", LISTS)
def test_who_stands_in_a_list_of_leavers_without_a_table_is_asked_about(sheets: Mapping[str, Grid]) -> None:
    assert asked(told(copy.deepcopy(sheets))) == ["KÖNIG"]


NO_LISTS = [
    {"Liste": grid(), "Départs": [["Nom", "Prénom", "Remplacé par"], ["ANCIEN", "Paul", "KÖNIG Jürgen"]]},
    {"Liste": grid(), "Départs": [["KÖNIG", "Jürgen", "30/09/2027"]]},
    {"Liste": grid(), "Suivi": [["Date", "Auteur", "Modification"], ["03/03/2025", "M. KÖNIG", "suppression de M. X"]]},
    {"Liste": grid(), "Historique": [["Établissement", "Nom", "Prénom", "Fonction"], ["CH", "ANCIEN", "Paul", "CHV"]]},
]


@pytest.mark.parametrize("sheets", NO_LISTS)
def test_who_took_over_leaves_later_or_writes_is_not_and_the_list_is_read(sheets: Mapping[str, Grid]) -> None:
    found = told(copy.deepcopy(sheets))
    assert (asked(found), found.used) == ([], 1)


COLUMNS = [
    ("Accès e-FIT", "OK", "à supprimer"), ("Inactif", "0", "1"), ("Action", "MAINTIEN", "SUPPRESSION"),
    ("Remplacé par", "", "NOUVELLE Inès au 01/10/2026"), ("Successeur", "", "NOUVELLE Inès"),
    ("Jusqu'au", "", "30/09/2026"), ("Fin de mandat", "31/12/2028", "30/09/2026"), ("Actif ?", "1", "0"),
    ("A quitté l'établissement", "NON", "OUI"), ("Toujours correspondant ?", "o", "n"),
    ("Présent(e) au 01/11/2026", "oui", "non"), ("Demande", "", "désactivation du compte"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "others", "his"), COLUMNS)
def test_what_a_column_asks_and_a_cell_answers_is_a_question(header: str, others: str, his: str) -> None:
    cells = grid(fields=FIELDS)
    for at, row in enumerate(cells):
        row.append(header if not at else his if at == KOENIG + 1 else others)
    assert asked(told({"Liste": cells})) == ["KÖNIG"]


@pytest.mark.parametrize(
    ("header", "others", "his"),
    [("Formation", "oui", "non"), ("Fin de formation", "30/09/2024", "30/09/2025"),
     ("Fin de garantie", "", "01/01/2020"),
     ("Remplacé par", "son suppléant", "son suppléant"), ("Présent le 12/11", "non", "non")],
)  # fmt: skip
def test_what_a_column_says_of_other_things_or_of_everybody_is_none(header: str, others: str, his: str) -> None:
    cells = grid(fields=FIELDS)
    for at, row in enumerate(cells):
        row.append(header if not at else his if at == KOENIG + 1 else others)
    assert asked(told({"Liste": cells})) == []
