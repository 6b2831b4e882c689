"""Contract §6a: a line that names somebody and is not understood is a question, and nothing is concluded of it."""

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ANNE, LUC, TITULAIRE, Line, account, row


def played(*lines: Line) -> Night:
    return play([account(ANNE), account(LUC)], lines)


LEFT = [
    "Parti le 01/09/2026", "parti(e)", "A quitté ses fonctions", "Départ 30/06/2026", "Démission", "Retraité",
    "Ne fait plus partie des effectifs", "Inactif", "Non", "Remplacé", "Mutée au CHU en juin 2026", "N'exerce plus",
    "Remplacée par Mme X", "Fin de contrat", "retraite 2025", "Décédée", "plus en poste",
]  # fmt: skip
PRESENT = [
    "Actif", "", "En poste", "CDI", "Titulaire", "congé maternité", "Départ prévu le 31/12/2026", "Remplace Mme X",
    "Retraite au 01/01/2027", "Nouveau", "Arrivée le 01/09/2026", "-", "Oui",
]  # fmt: skip
ANOTHERS = [
    "arrivé en 2024 suite au départ du Dr DURAND", "titulaire depuis le départ de M. X", "départ de M. X",
    "inchangé (départ du chef en 2025)", "nommée en 2024 après le départ du chef", "décès du titulaire",
    "muté depuis Lyon en 2022", "démission retirée", "retraite repoussée", "mutation ajournée en 2025",
    "ne souhaite plus recevoir de mails", "ancien CRH", "Parti le 31/11/2026", "Parti le 01/09/2062", "✗", "†",
]  # fmt: skip
SOMETHING_ELSE = [
    "a quitté la réanimation pour la dialyse", "cessation de son activité libérale", "Mutée en pédiatrie",
    "démission de la CME", "n'est plus chef de service", "fin de mission au laboratoire",
    "n'exerce plus en libéral", "a changé de service", "a démissionné de la présidence du comité", "mutée aux urgences",
    "a cessé son activité privée", "départ de la réanimation en mars 2026", "cessation d'activité libérale",
    "Partie prenante",
]  # fmt: skip
OF_THE_PLACE = [
    "a quitté le CHU pour une clinique", "Mutée à Dijon", "a quitté la Bourgogne", "Partie au CH de Valvert",
    "a cessé son activité", "démission de ses fonctions", "ex-titulaire", "n'est plus correspondante",
    "départ en retraite", "a quitté le service", "fin de contrat avec l'hôpital", "décédée le 03/09/2026",
]  # fmt: skip
UNCLEAR = ["en attente du retour", "Parti ?", "n'est pas parti", "REMPLACE", "Retraite progressive", "disponibilité"]


@pytest.mark.parametrize("status", [*LEFT, *OF_THE_PLACE])
def test_a_status_is_understood_by_its_sense(status: str):
    assert "left" in played(row(ANNE, status=status), row(LUC)).reasons()


@pytest.mark.parametrize("status", PRESENT)
def test_a_status_that_says_no_departure_ends_nobody(status: str):
    assert played(row(ANNE, status=status), row(LUC)).table() == []


@pytest.mark.parametrize("status", [*UNCLEAR, *ANOTHERS, *SOMETHING_ELSE])
def test_line_not_understood_is_a_question_about_a_status_that_nobody_can_tell(status: str):
    found = played(row(ANNE, status=status), row(LUC))
    change = found.one("line_not_understood")
    assert (found.reasons(), change.severity) == (["line_not_understood"], "important")
    assert status in (change.fields[0].after or "").replace("’", "'")


def test_line_not_understood_goes_to_who_keeps_the_workbook_with_the_accounts_it_may_be_about():
    change = played(row(ANNE, status="bleu"), row(LUC)).one("line_not_understood")
    assert (change.updater.post, change.updater.scope) == ("CRH_ST", "24")
    assert [one.after for one in change.fields if one.field == "candidate"] == [
        f"{ANNE.account_id} {ANNE.last_name} {ANNE.first_name}"
    ]


def test_line_not_understood_is_asked_once_for_a_kind_of_wording():
    found = played(row(ANNE, status="bleu"), row(LUC, status="BLEU"))
    change = found.one("line_not_understood")
    assert (found.reasons(), "2 lignes" in (change.fields[0].after or "").replace("\xa0", " ")) == (
        ["line_not_understood"],
        True,
    )


def test_line_not_understood_protects_whom_it_may_be_about_without_a_number():
    found = played(row(ANNE, status="bleu", cpx_number=""), row(LUC))
    assert found.reasons() == ["line_not_understood"]


def test_a_remark_alone_says_that_somebody_left_where_no_status_speaks():
    found = played(row(ANNE, status="", comment="Partie le 30/06/2026"), row(LUC, comment="Départ de Mme X"))
    assert found.reasons() == ["left", "no_assignment_left"]


def test_line_not_understood_is_asked_where_remark_and_status_contradict_each_other():
    found = played(row(ANNE, status="Actif", comment="Partie le 30/06/2026"), row(LUC))
    assert found.reasons() == ["line_not_understood"]


def test_an_establishment_that_cannot_be_read_is_asked_about():
    change = played(row(ANNE, structure_code="CH d'Ailleurs"), row(LUC)).one("line_not_understood")
    assert "Ailleurs" in (change.fields[0].after or "")
    assert change.assignment.structure_code == "24"


@pytest.mark.parametrize(
    ("status", "day"), [("Parti le 01/09/2026", "2026-09-01"), ("Retraite au 1er mars 2027", "2027-03-01")]
)
def test_the_day_in_a_status_is_the_day_of_the_end(status: str, day: str):
    [line] = [
        one for one in played(row(ANNE, status=status), row(LUC)).snapshot.lines if one.last_name == ANNE.last_name
    ]
    assert str(line.ended_on) == day


def _with(cell: str, written: str) -> Line:
    in_post = row(ANNE, status="Actif")
    return Line(in_post.who, {**in_post.cells, cell: written})


ELSEWHERE = [
    ("comment", "Parti en septembre"), ("comment", "remplacée depuis juin par Mme NOUVELLE"),
    ("comment", "merci de la retirer"), ("comment", "ne plus contacter"), ("comment", "voir son successeur"),
    ("rank", "partie"), ("rank", "ex-titulaire"), ("rank", "ancien titulaire"),
    ("structure_name", "CH d'Essai (partie)"), ("structure_name", "CH d'Essai jusqu'au 30/09/2026"),
    ("civility", "ex Mme"), ("profession", "retraitée"), ("email", "partie"), ("phone", "partie le 1/9"),
    ("card_expires_on", "partie"), ("cpx_number", f"{ANNE.number} (partie le 01/09/2026)"),
    ("cpx_number", "carte rendue, partie"), ("last_name", "† EXEMPLE"), ("last_name", "EXEMPLE ✝"),
    ("last_name", "ex EXEMPLE"), ("last_name", "EXEMPLE -> NOUVELLE"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "written"), ELSEWHERE)
def test_a_departure_told_in_another_cell_of_somebody_in_post_is_asked_about_and_ends_nobody(cell: str, written: str):
    found = played(_with(cell, written), row(LUC))
    assert found.reasons() == ["line_not_understood"]
    told = (found.one("line_not_understood").fields[0].after or "").replace("’", "'").replace("\xa0", " ")
    assert written in told


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("comment", "Départ de Mme X"), ("comment", "Départ prévu en 2027"), ("comment", "remplace Mme X"),
        ("structure_name", "CH d'Essai (ancien hôpital)"), ("structure_name", "CH d'Essai jusqu'au 30/09/2027"),
        ("phone", "non"), ("rank", ""), ("email", ""),
    ],
)  # fmt: skip
def test_what_is_no_departure_in_another_cell_is_not_asked_about(cell: str, written: str):
    assert "line_not_understood" not in played(_with(cell, written), row(LUC)).reasons()


@pytest.mark.parametrize("rank", ["zzz", "back-up", "vice-titulaire", "co-titulaire", "parti"])
def test_a_rank_that_is_none_is_asked_about(rank: str):
    found = play([account(ANNE, role=TITULAIRE)], [row(ANNE, role=("CHV-ST", rank))])
    assert found.reasons() == ["line_not_understood"]


@pytest.mark.parametrize("rank", ["adj.", "Titulaire", "t", "1er titulaire", "Suppléant n° 2"])
def test_a_rank_in_other_words_is_not_asked_about(rank: str):
    found = play([account(ANNE, role=TITULAIRE)], [row(ANNE, role=("CHV-ST", rank))])
    assert "line_not_understood" not in found.reasons()
