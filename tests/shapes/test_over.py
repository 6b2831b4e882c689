"""Whom the annuaire does not have, and of whom a row, a title or a sheet tells of a time that is over: nobody comes."""

import pytest

from tests.shapes.test_not_whole import LABELS_AT, harmful, newcomer
from tests.shapes.test_strange_words import OF_A_CARD, with_remark
from tests.shapes.test_told_beside import KOENIG, Grid, asked, grid, only_koenig, told

OVER = [
    "avant 2024", "jusqu'en juin 2026", "été 2025", "juillet-août 2026", "du 01/07/2026 au 31/08/2026",
    "du 1er juillet au 31 août 2026", "remplaçante de l'été 2026", "en formation jusqu'en mars 2027",
]  # fmt: skip
NOT_OVER = [
    "depuis l'été 2025", "arrivée en septembre 2026", "formation faite du 01/06/2026 au 05/06/2026",
    "congé maternité du 01/01/2026 au 30/06/2026", "nommée le 12/09/2026",
]  # fmt: skip


@pytest.mark.parametrize("remark", OVER)
def test_nobody_comes_by_a_time_that_is_over(remark: str) -> None:
    assert asked(told({"Liste": with_remark([*grid(), newcomer()], "NOUVEL", remark)})) == ["NOUVEL"]


@pytest.mark.parametrize("remark", NOT_OVER)
def test_whoever_came_then_or_was_away_comes(remark: str) -> None:
    cells = with_remark([*grid(), newcomer()], "NOUVEL", remark)
    assert harmful(told({"Liste": cells})) == {"NOUVEL"}


@pytest.mark.parametrize("column", ["Établissement", "Rang", "Profession", "N° CPx", "Courriel", "Téléphone"])
def test_in_whatever_cell_of_the_row_it_stands(column: str) -> None:
    own = {"N° CPx": OF_A_CARD, "Courriel": "ines@nouvel.fr", "Téléphone": "0474001122"}
    text = own.get(column) or grid()[KOENIG + 1][LABELS_AT[column]]
    assert asked(told({"Liste": [*grid(), newcomer(**{column: f"{text} (avant 2024)"})]})) == ["NOUVEL"]


def test_beside_a_name_too() -> None:
    assert harmful(told({"Liste": [*grid(), newcomer(Nom="NOUVEL - avant 2024")]})) == set()


def test_words_beside_a_number_that_nobody_understands_bring_nobody() -> None:
    assert asked(told({"Liste": [*grid(), newcomer(**{"N° CPx": f"carte rendue : {OF_A_CARD}"})]})) == ["NOUVEL"]


@pytest.mark.parametrize("header", ["Année", "Campagne"])
def test_a_year_that_is_over_below_a_header_that_asks_for_the_year_brings_nobody(header: str) -> None:
    cells = [[*row, "2026" if at else header] for at, row in enumerate(grid())]
    assert asked(told({"Liste": [*cells, [*newcomer(), "2024"]]})) == ["NOUVEL"]
    assert harmful(told({"Liste": [*cells, [*newcomer(), "2026"]]})) == {"NOUVEL"}


@pytest.mark.parametrize("above", [["Année 2024"], ["Annuaire 2023-2024"]])
def test_neither_does_a_list_of_a_past_year(above: list[str]) -> None:
    assert asked(told({"Liste": [above, [], *grid(), newcomer()]})) == ["NOUVEL"]
    assert asked(told({"2024": [*grid(), newcomer()]})) == ["NOUVEL"]
    assert harmful(told({"Liste": [["Annuaire 2026"], *grid(), newcomer()]})) == {"NOUVEL"}


def test_why_somebody_leaves_where_a_day_is_expected_ends_nobody() -> None:
    def of_koenig(text: str) -> Grid:
        cells = grid(only_koenig(status=text))
        cells[0][LABELS_AT["Statut"]] = "Date de fin de fonction"
        return [[*row[:-1], "" if row[-1] == "Actif" else row[-1]] for row in cells]

    assert asked(told({"Liste": of_koenig("retraite")})) == ["KÖNIG"]
    assert harmful(told({"Liste": of_koenig("parti")})) == {"KÖNIG"}
