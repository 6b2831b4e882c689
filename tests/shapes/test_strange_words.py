"""Nobody leaves, comes, or is missed in a list by words that nobody here understands: they are quoted and asked."""

import pytest

from schemas.people.identifiers import with_luhn_key
from tests.shapes.test_not_whole import LABELS_AT, harmful, newcomer, without_koenig
from tests.shapes.test_told_beside import KOENIG, Grid, asked, grid, only_koenig, told
from tests.shapes.truth import Told

OF_A_CARD = "8" + with_luhn_key("9970008099")
Remark = tuple[str, str]


def with_remark(cells: Grid, of: str, text: str, header: str = "Commentaire") -> Grid:
    return [[*row, header if not at else text if row[LABELS_AT["Nom"]] == of else ""] for at, row in enumerate(cells)]


def kinds(found: Told) -> list[str]:
    return sorted({one.kind for one in found.changes})


STRANGE = [
    ("Partie aux champignons", ""), ("A quitté la chorale", ""), ("Retraite au monastère en juin", ""),
    ("Parti", "selon la rumeur du couloir"), ("Parti le 01/09/2026", "annonce prématurée"), ("Muté", "pour rire"),
    ("Démission", "le directeur temporise"), ("Parti", "garde un pied ici"),
]  # fmt: skip


@pytest.mark.parametrize("told_of", STRANGE)
def test_a_departure_among_words_that_nobody_knows_is_a_question_that_quotes_them(told_of: Remark) -> None:
    status, remark = told_of
    found = told({"Liste": with_remark(grid(only_koenig(status=status)), "KÖNIG", remark)})
    assert asked(found) == ["KÖNIG"]
    assert (remark or status).replace("'", "’") in str(found.changes[0].fields[0].after)


@pytest.mark.parametrize("header", ["Colonne X", "Suivi"])
def test_so_it_is_where_they_stand_in_a_column_that_is_not_read(header: str) -> None:
    cells = with_remark(grid(only_koenig(status="Parti")), "KÖNIG", "bruit démenti", header)
    assert asked(told({"Liste": cells})) == ["KÖNIG"]


PLAIN = [
    ("Parti le 01/09/2026", "mutation au CH de Vierzon"), ("Partie à la retraite", "badge rendu"),
    ("Démission", "pour raisons personnelles"), ("Parti", "remplacé par Mme Inès NOUVEL, compte à fermer"),
    ("Fin de contrat le 31/10/2026", "carte rendue le 02/11"),
]  # fmt: skip


@pytest.mark.parametrize("told_of", PLAIN)
def test_whoever_plainly_left_leaves(told_of: Remark) -> None:
    status, remark = told_of
    found = told({"Liste": with_remark(grid(only_koenig(status=status)), "KÖNIG", remark)})
    assert kinds(found) == ["deactivate_account", "end_assignment"]


def test_what_a_column_says_of_everybody_is_no_remark() -> None:
    cells = grid(only_koenig(status="Parti le 01/09/2026"))
    wards = [[*row, "Affectation" if not at else f"tour {at} rotonde"] for at, row in enumerate(cells)]
    assert kinds(told({"Liste": wards})) == ["deactivate_account", "end_assignment"]


@pytest.mark.parametrize("header", ["Statut", "Situation"])
def test_no_below_a_header_that_does_not_ask_whether_somebody_is_there_is_one_question(header: str) -> None:
    cells = grid(lambda at, row: row.update(status="Oui" if at % 3 else "Non"))
    cells[0][LABELS_AT["Statut"]] = header
    assert asked(told({"Liste": cells})) == [""]


@pytest.mark.parametrize("header", ["En poste", "Toujours en fonction ?"])
def test_below_one_that_asks_it_is_an_answer(header: str) -> None:
    cells = grid(lambda at, row: row.update(status="Non" if at == KOENIG else "Oui"))
    cells[0][LABELS_AT["Statut"]] = header
    assert harmful(told({"Liste": cells})) == {"KÖNIG"} or asked(told({"Liste": cells})) == ["KÖNIG"]


UNSURE = ["pressentie", "si le budget suit", "une cousine du titulaire", "parrainée par la DRH", "réponse demain"]


@pytest.mark.parametrize("remark", UNSURE)
def test_a_newcomer_of_whom_something_strange_is_said_is_asked_about(remark: str) -> None:
    cells = [*grid(), newcomer(**{"N° CPx": OF_A_CARD})]
    found = told({"Liste": with_remark(cells, "NOUVEL", remark)})
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]


@pytest.mark.parametrize("remark", ["formée en mars 2026", "nouvelle arrivante", "temps partiel 80 %", "bip 45"])
def test_a_newcomer_of_whom_plain_things_are_said_is_taken(remark: str) -> None:
    cells = [*grid(), newcomer(**{"N° CPx": OF_A_CARD})]
    found = told({"Liste": with_remark(cells, "NOUVEL", remark)})
    assert [one.reasons[0] for one in found.changes] == ["not_in_register"]


GONE = [
    ("Fin de mandat", "2019"), ("Fin de mandat", "14/02/2021"), ("Retraite", "2022"), ("Successeur", "Mme BÉRANGER"),
    ("Vu par la région", "a quitté le service en 2020"),
]  # fmt: skip


@pytest.mark.parametrize("told_of", GONE)
def test_whoever_may_have_left_by_a_cell_beside_does_not_come_by_the_same_row(told_of: Remark) -> None:
    header, text = told_of
    cells = with_remark([*grid(), newcomer(**{"N° CPx": OF_A_CARD})], "NOUVEL", text, header)
    found = told({"Liste": cells})
    assert [(one.kind, one.reasons[0]) for one in found.changes] == [("review", "line_not_understood")]
    assert "y est-elle déjà en poste" in str(found.changes[0].fields[0].after)


def test_so_it_is_by_a_sentence_below() -> None:
    cells = [*grid(), newcomer(**{"N° CPx": OF_A_CARD}), [], ["Mme NOUVEL a quitté l'hôpital en 2020"]]
    assert [one.reasons[0] for one in told({"Liste": cells}).changes] == ["line_not_understood"]


def test_an_end_that_is_to_come_keeps_nobody_from_coming() -> None:
    cells = with_remark([*grid(), newcomer(**{"N° CPx": OF_A_CARD})], "NOUVEL", "2031", "Fin de mandat")
    assert [one.reasons[0] for one in told({"Liste": cells}).changes] == ["not_in_register"]


LIMITS = [
    "Tableau amputé de la fin", "Je transmettrai la suite demain", "Personnes à revacciner", "Hors secteur ouest",
    "Page 1 sur 3", "1re partie", "Feuillet 2/4", "La clinique boude notre enquête et ne figure plus ici",
    "Qui vient au séminaire", "Sélection du comité", "saisie en cours",
]  # fmt: skip


@pytest.mark.parametrize("text", LIMITS)
@pytest.mark.parametrize("above", [True, False])
def test_a_list_with_a_text_that_may_limit_it_ends_nobody_by_absence(text: str, above: bool) -> None:
    found = told({"Liste": [[text], [], *without_koenig()] if above else [*without_koenig(), [], [text]]})
    assert harmful(found) == set()
    assert any("la liste" in str(one.fields[0].after) for one in found.changes)


DECOR = [
    "Annuaire des correspondants d'hémovigilance – Région Centre-Val de Loire", "Version 4 du 12 novembre 2026",
    "Secrétariat : Mme Béranger, 02 99 00 12 02", "Fait à Tours, le 20 novembre 2026", "Document interne",
    "Tous les établissements ont répondu", "À renvoyer à l'ARS avant le 15 décembre", "Signature du directeur",
    "Merci de ne pas modifier les colonnes", "Groupement hospitalier de territoire Touraine", "Page 1",
    "Liste validée en comité de sécurité transfusionnelle le 12/11/2026", "CHV : 10, assistants : 12",
]  # fmt: skip


@pytest.mark.parametrize("text", DECOR)
def test_a_title_or_a_signature_asks_nothing(text: str) -> None:
    assert harmful(told({"Liste": [[text], [], *without_koenig()]})) == {"KÖNIG"}
    assert told({"Liste": [[text], [], *grid()]}).changes == ()


def test_pages_that_are_all_there_are_whole() -> None:
    head, *people = without_koenig()
    cells = [["Page 1/2"], head, *people[:10], ["Page 2/2"], *people[10:]]
    assert harmful(told({"Liste": cells})) == {"KÖNIG"}


@pytest.mark.parametrize("cell", ["pas {}", "{} (périmée)", "autrefois {}", "{} rendu"])
def test_a_number_that_its_cell_denies_is_evidence_alone(cell: str) -> None:
    cells = grid()
    cells[KOENIG + 1][LABELS_AT["N° CPx"]] = cell.format(OF_A_CARD)
    found = told({"Liste": cells})
    assert (harmful(found), [one.reasons[0] for one in found.changes]) == (set(), ["ambiguous_match"])
