"""What a status or a remark says of a departure in words that decide nothing, or that another cell contradicts."""

import pytest

from tests.shapes.test_strange_words import kinds, with_remark
from tests.shapes.test_told_beside import asked, grid, only_koenig, told
from tests.shapes.test_written_once import LABELS_AT

ASKED_ABOUT = [
    "mission arrêtée le 12/10/2026", "arrêt de ses fonctions", "ne veut plus de cette mission", "absente définitive",
    "à ne pas conserver, ne pas garder", "KO", "Terminé le 01/10/2026", "dossier clos", "à rayer",
    "n'a pas été vu : inconnu des services", "jamais venue", "remis sa démission", "travaille désormais à Nantes",
]  # fmt: skip


@pytest.mark.parametrize("remark", ASKED_ABOUT)
@pytest.mark.parametrize("status", ["", "Actif"])
def test_a_remark_that_may_tell_a_departure_is_asked_about(remark: str, status: str) -> None:
    cells = with_remark(grid(only_koenig(status=status)), "KÖNIG", remark)
    assert asked(told({"Liste": cells})) == ["KÖNIG"]


ORDINARY = [
    "arrêt maladie jusqu'en mars", "formation terminée", "ne fait pas partie des gardes", "carte annulée, refaite",
    "a rejoint notre équipe en 2023", "travaille maintenant à temps plein", "fin de mandat le 31/12/2027", "",
]  # fmt: skip


@pytest.mark.parametrize("remark", ORDINARY)
def test_a_leave_a_training_a_ward_or_a_day_to_come_is_no_departure(remark: str) -> None:
    assert told({"Liste": with_remark(grid(only_koenig(status="")), "KÖNIG", remark)}).changes == ()


@pytest.mark.parametrize(
    "status", ["Ancien CHV de la clinique du Lac Bleu", "A quitté le centre hospitalier de Valvert", "Parti (stage)"]
)
def test_whoever_left_another_hospital_or_something_else_keeps_this_one(status: str) -> None:
    assert asked(told({"Liste": grid(only_koenig(status=status))})) == ["KÖNIG"]


@pytest.mark.parametrize(
    "status", ["Parti de Saint-Éloi", "Parti de l'hôpital Saint-Éloi pour la clinique du Lac Bleu", "Muté à Valvert"]
)
def test_whoever_left_this_one_leaves_wherever_they_went(status: str) -> None:
    assert kinds(told({"Liste": grid(only_koenig(status=status))})) == ["deactivate_account", "end_assignment"]


@pytest.mark.parametrize(("ends", "gone"), [("31/03/2027", False), ("30/09/2026", True)])
def test_parti_beside_an_end_to_come_is_a_question(ends: str, *, gone: bool) -> None:
    cells = [[*row, ""] for row in grid(only_koenig(status="Parti"))]
    cells[0][-1] = "Date de fin de fonction"
    next(row for row in cells if row[LABELS_AT["Nom"]] == "KÖNIG")[-1] = ends
    found = told({"Liste": cells})
    assert ("end_assignment" in kinds(found)) is gone
    assert gone or asked(found) == ["KÖNIG"]


def test_where_the_establishments_stand_in_the_middle_of_their_block_nobody_is_ended() -> None:
    """Each number and name on the second of its rows, the others blank: those above are read at the one before."""
    place = [LABELS_AT[name] for name in ("FINESS", "Établissement", "Type de structure")]
    cells = grid()
    for at in range(1, 21, 4):
        for row in (cells[at], *cells[at + 2 : at + 4]):
            for column in place:
                row[column] = ""
    found = told({"Liste": cells})
    assert {one.kind for one in found.changes} == {"review"}
