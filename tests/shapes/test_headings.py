"""Below a heading that does not say that those below it are there, nobody comes: the heading is quoted and asked."""

import pytest

from tests.shapes.test_not_whole import harmful, newcomer
from tests.shapes.test_told_beside import Grid, asked, grid, told
from tests.shapes.test_written_once import LABELS_AT

FIRST, NAME = 0, LABELS_AT["Nom"]


def below(heading: str, at: int, *, blank: bool = True) -> Grid:
    return [*grid(), *([[]] if blank else []), [""] * at + [heading], newcomer()]


ASKS = [
    "Archivés", "Liste de 2023", "Prédécesseures", "À nommer", "Pressenties pour 2027", "Internes de passage",
    "Réunion du 14/10", "Doubles à vérifier", "Hors région", "Début au 01/02/2027", "Anciennes (mémoire)",
]  # fmt: skip


@pytest.mark.parametrize("heading", ASKS)
@pytest.mark.parametrize("at", [FIRST, NAME])
def test_nobody_comes_below_a_heading_of_others(heading: str, at: int) -> None:
    found = told({"Liste": below(heading, at)})
    assert harmful(found) == set()
    assert "NOUVEL" in [one.person.last_name for one in found.changes]
    assert heading.replace("'", "’") in str([one.fields[0].after for one in found.changes])


PLAIN = [
    "Clinique du Lac Bleu", "Établissements privés", "Correspondants en poste", "ASSISTANTS", "Liste 2026",
    "Nouveaux correspondants", "Centre-Val de Loire", "Hôpitaux publics", "Nouveaux arrivants", "Oubliés de la liste",
]  # fmt: skip


@pytest.mark.parametrize("heading", PLAIN)
def test_whoever_stands_below_a_place_a_role_or_those_who_are_there_comes(heading: str) -> None:
    assert harmful(told({"Liste": below(heading, FIRST)})) == {"NOUVEL"}


def test_a_heading_holds_to_the_next_establishment_unless_establishments_stand_within_it() -> None:
    place = [[""] * FIRST + [grid()[1][LABELS_AT["Établissement"]]]]
    ended = [*grid(), ["Historique"], newcomer(Nom="VIEUX", Prénom="Guy"), *place, newcomer()]
    assert harmful(told({"Liste": ended})) == {"NOUVEL"}
    within = [*grid(), ["Historique"], *place, newcomer()]
    assert asked(told({"Liste": within})) == ["NOUVEL"]


def test_those_who_have_an_account_keep_it_below_whatever_heading() -> None:
    cells = grid()
    assert told({"Liste": [*cells[:12], ["Compléments de la cellule"], *cells[12:]]}).used == 1
