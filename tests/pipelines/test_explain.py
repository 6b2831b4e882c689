"""Whom an identifier means, what each source says of them, and why the updater is the one."""

import pytest

from pipelines.reports.explaining.explain import Explanation, explain, find_subject
from schemas.changes.change import Change
from schemas.changes.routing import Route
from schemas.glyphs import typeset
from tests.spec.night import ADMIN, Night, play
from tests.spec.tables import (
    ANNE,
    CRH,
    ES,
    LUC,
    OTHER_ES,
    PAUL,
    REMPLACANT,
    TITULAIRE,
    ZOE,
    Person,
    account,
    adeli,
    card,
    ets,
    region,
    registered,
    row,
)

OLD = adeli(7)


def ask(night: Night, text: str) -> Explanation | None:
    known: dict[str, Change] = {change.id: change for change in night.changes}
    subject = find_subject(text, night.snapshot, known)
    return explain(subject, night.snapshot, night.comparison, {}) if subject else None


def answer(night: Night, text: str) -> Explanation:
    found = ask(night, text)
    assert found is not None
    return found


def views(found: Explanation) -> list[tuple[str, str]]:
    return [(view.source, view.place) for view in found.views]


def night_of_anne() -> Night:
    """Her account holds an ADELI number."""
    return play(
        [account(ANNE, cpx_number=OLD), account(LUC)],
        [row(ANNE), row(LUC)],
        register=[registered(ANNE), registered(LUC)],
        crosswalk={OLD: ANNE.rpps},
    )


@pytest.mark.parametrize(
    "text", [ANNE.account_id, "ef0001", OLD, ANNE.rpps, ANNE.rpps[1:], f" {ANNE.rpps[:4]} {ANNE.rpps[4:]} "]
)
def test_an_account_its_numbers_old_and_new_mean_one_person(text: str) -> None:
    night = night_of_anne()
    found = answer(night, text)
    assert found.subject.accounts == (ANNE.account_id,)
    assert views(found) == [
        ("annuaire", ANNE.account_id),
        ("register.persons", ANNE.rpps),
        ("register.cards", ANNE.card_serial),
        ("workbook:24", "Feuil1!2"),
    ]
    assert [one.change.id for one in found.changes] == [night.one("adeli_to_rpps").id]


def test_a_card_serial_means_its_holder() -> None:
    assert answer(night_of_anne(), ANNE.card_serial).subject.numbers >= {ANNE.rpps}


@pytest.mark.parametrize("text", ["", "EF9999", ZOE.rpps, "CHG-0000000000000000", "' OR 1=1", "8" * 400])
def test_what_no_source_has_means_nobody(text: str) -> None:
    assert ask(night_of_anne(), text) is None


def test_a_change_means_its_account() -> None:
    night = night_of_anne()
    found = answer(night, night.one("adeli_to_rpps").id.lower())
    assert found.subject.accounts == (ANNE.account_id,)


def test_each_source_says_what_it_says() -> None:
    found = {view.source: view.values for view in answer(night_of_anne(), ANNE.account_id).views}
    assert found["annuaire"]["cpx_number"] == OLD
    assert found["annuaire"]["function"] == f"Assistant, ES {ES}"
    assert found["register.persons"]["cpx_number"] == f"{ANNE.rpps}\n(ancien n° {OLD})"
    assert found["register.cards"]["card_expires_on"] == "31/05/2028"
    assert found["register.cards"]["status"] == "Utilisable"
    assert found["workbook:24"]["status"] == "En poste"


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"ends_on": "2026-01-01"}, "Échue"),
        ({"opposed_on": "2026-01-01"}, "En opposition"),
        ({"starts_on": "2027-01-01"}, "Pas encore commencée"),
    ],
)
def test_a_card_says_whether_it_opens_e_fit(cells: dict[str, str], status: str) -> None:
    night = play([account(ANNE)], cards=[card(ANNE, **cells)])
    assert (
        next(v for v in answer(night, ANNE.account_id).views if v.source == "register.cards").values["status"] == status
    )


def test_how_a_line_was_matched_is_told() -> None:
    unnumbered = play([account(ANNE)], [row(ANNE, cpx_number="")])
    assert answer(unnumbered, ANNE.account_id).matches[-1].endswith("même nom dans la même structure")
    assert answer(night_of_anne(), ANNE.account_id).matches[-1].endswith("même numéro, noms concordants")


def test_an_inactive_account_is_matched_with_nobody() -> None:
    found = answer(play([account(ANNE, active="Non")]), ANNE.account_id)
    assert found.matches == (typeset(f"Compte {ANNE.account_id} : inactif, il n’est rapproché de personne."),)


def test_two_accounts_on_one_number_are_both_shown() -> None:
    night = play([account(ANNE), account(ANNE, account_id="EF0099", last_name="EXEMPLE")])
    found = answer(night, ANNE.rpps)
    assert found.subject.accounts == (ANNE.account_id, "EF0099")
    assert {doubt.code for doubt in found.doubts} == {"shared_number"}
    assert len(found.changes) == 1


def test_a_person_without_account_and_number_is_found_by_name_and_place() -> None:
    who = Person(9, "INVENTÉE", "Rose", "SEC")
    night = play(
        [account(LUC)],
        [row(LUC), row(who, cpx_number="", card_type="", card_expires_on="")],
        register=[registered(LUC)],
        cards=[card(LUC)],
    )
    found = answer(night, night.one("card_missing").id)
    assert views(found) == [("workbook:24", "Feuil1!3")]


def test_a_change_about_a_structure_shows_everybody_there_and_only_itself() -> None:
    night = play(
        [account(ANNE, ES, TITULAIRE), account(LUC, ES, TITULAIRE), account(ZOE, cpx_number=OLD)],
        crosswalk={OLD: ZOE.rpps},
    )
    found = answer(night, night.one("two_titulaires").id)
    assert {view.place for view in found.views} == {ANNE.account_id, LUC.account_id, ZOE.account_id}
    assert [one.change.reasons for one in found.changes] == [("two_titulaires",)]


def why(night: Night, reason: str) -> list[str]:
    change = night.one(reason)
    return list(next(one for one in answer(night, change.id).changes if one.change.id == change.id).updater)


def test_the_row_of_the_procedure_and_the_holder_say_why_this_updater() -> None:
    place, route, holders = why(night_of_anne(), "adeli_to_rpps")
    assert place == typeset(f"Fonction qui décide : Assistant, ES {ES}.")
    assert route == typeset("procédure §4 ligne 4 : la saisie revient à CRH-ST de la région Centre-Val de Loire (24).")
    assert holders.startswith(typeset("CRH-ST de la région Centre-Val de Loire (24) : p"))


def test_a_vacancy_says_for_whom_it_was_meant() -> None:
    night = play([account(ANNE, ES, TITULAIRE, cpx_number=OLD)], crosswalk={OLD: ANNE.rpps}, kept=False)
    assert typeset("Destiné à : CRH-ST de la région Centre-Val de Loire (24), dont le poste est vacant.") in why(
        night, "adeli_to_rpps"
    )


def test_a_case_the_procedure_does_not_cover_says_so() -> None:
    night = play([account(ANNE, "ETS-CPDL", REMPLACANT, cpx_number=OLD)], crosswalk={OLD: ANNE.rpps})
    _, route, holders = why(night, "adeli_to_rpps")
    assert route.startswith(typeset("procédure §4 « non couvert » : la procédure ne dit pas qui saisit ;"))
    assert ADMIN in holders


def test_a_route_of_the_configuration_names_the_configuration() -> None:
    route = Route("CHV_ST", "ETS", "REMPLACANT", "CHV_ST_ETS", uncovered=False, source="configuration, [[routing]]")
    lines = [account(ANNE, "ETS-CPDL", REMPLACANT, cpx_number=OLD)]
    night = play(lines, crosswalk={OLD: ANNE.rpps}, routing=[route])
    assert why(night, "adeli_to_rpps")[1].startswith(
        typeset("configuration, [[routing]] : la saisie revient à CHV-ST titulaire")
    )


def test_the_highest_function_decides_and_the_others_are_named() -> None:
    both = [account(ANNE, cpx_number=OLD), account(ANNE, "24", CRH, cpx_number=OLD)]
    night = play([*both, account(LUC, "24", CRH)], crosswalk={OLD: ANNE.rpps})
    said = why(night, "adeli_to_rpps")
    assert said[0] == typeset("Fonction qui décide : CRH-ST titulaire, Région sanitaire 24.")
    assert said[-1].startswith("Le compte suit la fonction de plus haut niveau")


def test_a_number_with_a_slash_means_its_holder_too() -> None:
    night = play([account(PAUL)], books=[region("24", row(PAUL)), ets("ETS-CPDL")])
    assert answer(night, PAUL.cpe).subject.accounts == (PAUL.account_id,)


def test_what_was_not_compared_is_said_and_not_taken_for_agreement() -> None:
    """The registers were not read, and no workbook speaks of the hospital: nothing agrees, nobody looked."""
    night = play([account(ANNE)], [row(LUC, at=OTHER_ES)], persons_read=False, cards_read=False, kept=False)
    said = " ".join(answer(night, ANNE.account_id).uncompared)
    assert "le registre RPPS n’a pas pu être lu" in said
    assert "le fichier des porteurs de cartes n’a pas pu être lu" in said
    assert "ne parle pas de cette structure" in said


def test_of_an_account_that_was_compared_whole_nothing_is_left_out() -> None:
    assert answer(play([account(ANNE)], [row(ANNE)]), ANNE.account_id).uncompared == ()


def test_a_question_that_lists_an_account_is_among_its_changes() -> None:
    """A line with another's number is asked about the line; whose account it may be must be seen from the account."""
    night = play([account(ANNE), account(LUC)], [row(ANNE, cpx_number=LUC.rpps), row(LUC)])
    question = night.one("number_of_another")
    for person in (ANNE, LUC):
        assert question.id in [one.change.id for one in answer(night, person.account_id).changes]


def test_who_stands_on_no_line_and_is_kept_by_a_question_is_not_said_to_agree() -> None:
    """Her function is not ended: a line may be about her; that no line gives it is said all the same."""
    other = Person(960, ANNE.last_name, "", "SEC", "")
    night = play([account(ANNE), account(LUC)], [row(other, cpx_number="", email=""), row(LUC)])
    found = answer(night, ANNE.account_id)
    assert any(typeset("sur aucune ligne") in typeset(text) for text in found.uncompared)


def test_of_who_is_ended_tonight_nothing_more_is_said() -> None:
    found = answer(play([account(ANNE), account(LUC)], [row(LUC)]), ANNE.account_id)
    assert {one.change.kind for one in found.changes} == {"end_assignment", "deactivate_account"}
    assert not any(typeset("sur aucune ligne") in typeset(text) for text in found.uncompared)
