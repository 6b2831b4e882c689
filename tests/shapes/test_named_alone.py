"""Somebody without a row whom the file names all the same, by the last name alone: nobody is ended."""

import pytest

from tests.shapes.test_told_beside import KOENIG, Grid, grid, told
from tests.shapes.truth import Told, rows

LABELS_AT = {text: at for at, text in enumerate(grid()[0])}
HERE = str(rows()[KOENIG]["structure_name"])


def without_koenig() -> Grid:
    cells = grid()
    return [row for row in cells if row[LABELS_AT["Nom"]] != "KÖNIG"]


def of_dornano(cells: Grid) -> list[str]:
    return next(row for row in cells if row[LABELS_AT["Nom"]] == "D'ORNANO")


def ended(found: Told) -> set[str]:
    return {one.person.last_name for one in found.harmful}


def candidates(found: Told) -> list[str]:
    return [str(one.after) for change in found.changes for one in change.fields if one.field == "candidate"]


CELLS = [
    ("Prénom", "François (assistant : König)"),
    ("Nom", "D'ORNANO (secr. Konig)"),
    ("Profession", "Infirmier / König"),
    ("Téléphone", "0299001208 (König)"),
    ("Établissement", f"{HERE} / König"),
]


@pytest.mark.parametrize(("column", "text"), CELLS)
def test_a_last_name_alone_in_a_cell_of_a_colleague_keeps_its_bearer(column: str, text: str) -> None:
    cells = without_koenig()
    of_dornano(cells)[LABELS_AT[column]] = text
    found = told({"Liste": cells})
    assert "KÖNIG" not in ended(found)
    assert any("KÖNIG" in one for one in candidates(found))


@pytest.mark.parametrize("text", ["Konig", "König, Durand", "KONIG"])
def test_so_does_one_in_a_column_of_the_house(text: str) -> None:
    cells = [[*row, ""] for row in without_koenig()]
    cells[0][-1] = "Secrétaire"
    of_dornano(cells)[-1] = text
    assert ended(told({"Liste": cells})) == set()


@pytest.mark.parametrize("text", ["Manque König", "+ König (assistant), oublié ci-dessus", "Toujours : König"])
def test_so_does_a_sentence_below_the_table(text: str) -> None:
    assert ended(told({"Liste": [*without_koenig(), [], [text]]})) == set()


OTHERS = ["KÖNIG Paul (préfecture)", "Parti : König", "Liste de Mme Konigsberg"]


@pytest.mark.parametrize("text", OTHERS)
def test_somebody_else_of_the_name_or_a_departure_keeps_nobody(text: str) -> None:
    assert ended(told({"Liste": [*without_koenig(), [], [text]]})) == {"KÖNIG"}
