"""A list that says it is not whole ends nobody; newcomers who are not there yet, or on a side sheet, are asked of."""

import random

import pytest

from pipelines.sources.workbook.gate.frame import _PAGE, _may_be_a_page
from tests.shapes.test_told_beside import KOENIG, Grid, asked, grid, told
from tests.shapes.truth import Told, rows

LABELS_AT = {text: at for at, text in enumerate(grid()[0])}
HERE = str(rows()[KOENIG]["structure_name"])


def without_koenig() -> Grid:
    return [row for row in grid() if row[LABELS_AT["Nom"]] != "KÖNIG"]


def newcomer(**cells: str) -> list[str]:
    """A row of somebody without an account, at the hospital of KÖNIG."""
    row = list(grid()[KOENIG + 1])
    told_of = {"Nom": "NOUVEL", "Prénom": "Inès", "N° CPx": "", "Courriel": "", "Téléphone": "", **cells}
    for name, text in told_of.items():
        row[LABELS_AT[name]] = text
    return row


def harmful(found: Told) -> set[str]:
    return {one.person.last_name for one in found.harmful}


SENTENCES = [
    "Il manque encore les réponses de Saint-Éloi",
    "Manque : Saint-Éloi (assistants)",
    "+ 2 assistants à Saint-Éloi",
    "Assistants : liste inchangée",
    "Sous réserve de compléments",
    "Suite page suivante",
    "… / …",
    "Liste incomplète, la suite vendredi",
    "Changements depuis le dernier envoi",
    "Établissements publics uniquement",
    "Liste des médecins",
]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("above", [True, False])
def test_a_list_that_says_it_is_not_whole_ends_nobody(sentence: str, above: bool) -> None:
    cells = [[sentence], [], *without_koenig()] if above else [*without_koenig(), [], [sentence]]
    found = told({"Liste": cells})
    assert harmful(found) == set()
    assert any("la liste" in str(one.fields[0].after) for one in found.changes)


@pytest.mark.parametrize(
    "remark", ["Assistant inchangé", "+ 1 assistant (voir liste papier)", "toujours le même assistant"]
)
def test_neither_does_what_a_colleague_says_of_the_others(remark: str) -> None:
    cells = [[*row, ""] for row in without_koenig()]
    cells[0][-1] = "Commentaire"
    next(row for row in cells if row[LABELS_AT["Nom"]] == "D'ORNANO")[-1] = remark
    assert harmful(told({"Liste": cells})) == set()


@pytest.mark.parametrize(
    "title",
    [
        "Correspondants d'hémovigilance 2026",
        "Liste mise à jour suite aux départs de 2026",
        "Liste exhaustive au 20/11/2026",
        "Merci de compléter les informations manquantes",
        "Remplir uniquement les cases jaunes",
        "En rouge : cartes arrivant à échéance",
        "* en attente de carte",
        "Indiquer téléphone, courriel, etc.",
        "Personnels présents à l'effectif au 01/11/2026",
    ],
)
def test_a_title_that_says_nothing_of_the_kind_protects_nobody(title: str) -> None:
    assert harmful(told({"Liste": [[title], [], *without_koenig()]})) == {"KÖNIG"}


@pytest.mark.parametrize("remark", ["toujours titulaire", "CHV titulaire inchangé", "même téléphone que l'assistant"])
def test_what_somebody_says_of_their_own_role_protects_nobody_else(remark: str) -> None:
    cells = [[*row, ""] for row in without_koenig()]
    cells[0][-1] = "Commentaire"
    next(row for row in cells if row[LABELS_AT["Nom"]] == "D'ORNANO")[-1] = remark
    assert harmful(told({"Liste": cells})) == {"KÖNIG"}


STATUSES = ["arrive le 04/01/2027", "nommée au 01/01/2027", "Future", "à venir", "candidate"]


@pytest.mark.parametrize("status", STATUSES)
def test_nobody_is_asked_a_card_of_before_being_there(status: str) -> None:
    found = told({"Liste": [*grid(), newcomer(Statut=status)]})
    assert harmful(found) == set()
    assert [one.reasons[0] for one in found.changes] == ["line_not_understood"]


def test_somebody_who_is_there_is_not_waited_for() -> None:
    found = told({"Liste": [*grid(), newcomer(Statut="Active")]})
    assert [one.reasons[0] for one in found.changes] == ["card_missing"]


def test_whoever_an_older_state_or_a_side_sheet_alone_has_is_asked_about() -> None:
    older = told({"Liste à jour": grid(), "Liste": [*grid(), newcomer()]})
    aside = told({"Liste": grid(), "Relances": [grid()[0], newcomer()]})
    fresh = told({"Liste": grid(), "Nouveaux": [grid()[0], newcomer()]})
    assert [harmful(one) for one in (older, aside, fresh)] == [set(), set(), {"NOUVEL"}]
    assert [len(one.changes) for one in (older, aside)] == [1, 1]


def test_a_block_at_the_right_is_a_table_of_its_own() -> None:
    cells = [[*row, "", "", ""] for row in grid()]
    cells[0][-2:] = ["Départs", "Date"]
    cells[3][-2:] = ["KÖNIG Jürgen", "01/10/2026"]
    assert asked(told({"Liste": cells})) == ["KÖNIG"]


def test_people_one_below_the_other_within_the_cells_are_a_row_each() -> None:
    head, *people = grid()
    stacked = [[people[at][column] for at in (0, 1, 2, 3)] for column in range(len(head))]
    own = {"FINESS", "Établissement", "Type de structure"}
    row = [texts[0] if head[at] in own else "\n".join(texts) for at, texts in enumerate(stacked)]
    found = told({"Liste": [head, row, *people[4:]]})
    assert (found.harmful, found.used) == ((), 1)


@pytest.mark.parametrize("error", ["#N/A", "#REF!"])
def test_an_error_of_a_formula_is_no_empty_cell(error: str) -> None:
    cells = grid()
    cells[KOENIG + 1] = [error] * len(cells[0])
    assert harmful(told({"Liste": cells})) == set()


def test_a_name_written_as_it_is_heard_is_a_question() -> None:
    cells = grid()
    for name, text in {"Nom": "CUNIG", "Prénom": "Yurgen", "N° CPx": "", "Courriel": "", "Téléphone": ""}.items():
        cells[KOENIG + 1][LABELS_AT[name]] = text
    found = told({"Liste": cells})
    assert (harmful(found), [one.reasons[0] for one in found.changes]) == (set(), ["ambiguous_match"])


def test_no_page_is_missed_by_what_is_looked_for_first():
    words = "page|Page|p|P.|ép|feuillet|LIſTE|lıste|lot|volet|FICHIER|1/2|1 sur 2|2 de 3|10/12|04/05/2028|\x1f| |x"
    pieces, draw, found = words.split("|"), random.Random(7), 0
    for _ in range(5_000):
        text = "".join(draw.choice(pieces) + draw.choice(["", " ", "\x1f"]) for _ in range(draw.randint(1, 6)))
        if _PAGE.search(text):
            found += 1
            assert _may_be_a_page(text), text
    assert found > 100
