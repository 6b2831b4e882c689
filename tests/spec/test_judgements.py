"""Issue 16: who somebody is, decided in a report, has its effect the next night, and is asked no more."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pipelines.answer_choices import offer_said, offers_of
from pipelines.judgements import judgement_of
from pipelines.phrase import reason_text
from schemas.changes.change import Change, PostRef
from schemas.changes.judgement import Judgement
from tests.spec.night import DAY, Night, play
from tests.spec.tables import ANNE, ES, LUC, OTHER_ES, PAUL, TITULAIRE, Line, Person, account, card, registered, row

CRH_24 = PostRef(post="CRH_ST", scope="24")
TWIN = Person(30, "EXEMPLE", "Anne")


def texts(change: Change) -> list[str]:
    """The answers of its list."""
    return [one.text for one in offers_of(change)]


def answered(change: Change, said: str, by: PostRef = CRH_24) -> Judgement:
    """What an answer decides, as it comes back."""
    offer = offer_said(change, said)
    assert offer is not None, f"{said}: {texts(change)}"
    judged = judgement_of(change, offer, said, DAY, by)
    assert judged is not None
    return judged


def decided(reason: str, said: str, night: Any, again: Any = None, by: PostRef = CRH_24) -> tuple[Night, Night]:
    """A night that asks one question, and the next after that answer; `again`: the tables of the next night."""
    first = night(())
    found = (again or night)([answered(first.one(reason), said, by)])
    return first, found


# ── a line of a workbook ─────────────────────────────────────────────────────────────────────────


def _two_of_one_name(judged: Sequence[Judgement]) -> Night:
    return play(
        [account(ANNE, cpx_number=""), account(TWIN, cpx_number="")],
        [row(ANNE, cpx_number="", email="", phone="", function="CHV-ST", rank="Remplaçant")],
        register=[],
        cards=[],
        answers=judged,
    )


def test_the_list_has_every_candidate_none_of_them_and_two_people():
    change = _two_of_one_name(()).one("ambiguous_match")
    assert texts(change) == [
        "C’est\u00a0: EXEMPLE Anne – EF0001",
        "C’est\u00a0: EXEMPLE Anne – EF0030",
        "Aucun de ceux-là",
        "Deux personnes",
        "Reporté",
        "Pas de mon ressort",
    ]


def test_the_chosen_account_is_matched_the_next_night_and_gets_the_function_of_its_line():
    _, found = decided("ambiguous_match", "C'est : EXEMPLE Anne – EF0030", _two_of_one_name)
    assert found.all("ambiguous_match") == []
    assert [one.account_id for one in found.all("missing_assignment")] == [TWIN.account_id]


def test_the_choice_ends_the_other_account_that_the_line_protected_until_then():
    first, found = decided("ambiguous_match", "C'est : EXEMPLE Anne – EF0030", _two_of_one_name)
    assert first.all("absent_from_workbook") == []
    assert {one.account_id for one in found.all("absent_from_workbook")} == {ANNE.account_id, TWIN.account_id}


def _near(judged: Sequence[Judgement]) -> Night:
    return play([account(ANNE)], [row(ANNE, last_name="EXAMPLE", cpx_number="")], answers=judged)


def test_none_of_them_is_never_proposed_again_and_the_line_is_somebody_new():
    _, found = decided("ambiguous_match", "Aucun de ceux-là", _near)
    assert found.all("ambiguous_match") == []
    assert [one.person.last_name for one in found.all("card_missing")] == ["EXAMPLE"]


def test_two_people_is_as_good_an_answer_where_there_is_one_candidate():
    _, found = decided("ambiguous_match", "deux personnes", _near)
    assert found.all("ambiguous_match") == []


def test_the_account_is_matched_when_its_key_alone_is_the_answer():
    _, found = decided("ambiguous_match", "ef0001", _near)
    assert found.all("ambiguous_match") == []
    assert found.all("absent_from_workbook") == []


def test_an_answer_holds_for_the_line_it_was_about_and_a_new_number_is_a_new_question():
    judged = answered(_near(()).one("ambiguous_match"), "Aucun de ceux-là")
    found = play([account(ANNE)], [row(ANNE, last_name="EXAMPLE")], register=[registered(ANNE)], answers=[judged])
    assert "create_account" not in {one.kind for one in found.changes}


def _pasted(judged: Sequence[Judgement]) -> Night:
    """The number of a line is that of an account with a name that has little in common with it."""
    return play(
        [account(LUC)],
        [row(ANNE, cpx_number=LUC.rpps, email=""), row(LUC)],
        register=[registered(LUC)],
        answers=judged,
    )


def test_nobody_is_created_on_the_number_of_another_when_all_candidates_were_set_aside():
    _, found = decided("number_of_another", "Aucun de ceux-là", _pasted)
    assert found.table() == []


def test_the_person_of_the_register_whom_a_line_is_gets_an_account_with_their_own_number():
    def night(judged: Sequence[Judgement]) -> Night:
        namesake = Person(31, "EXEMPLE", "Anne")
        return play(
            [],
            [row(ANNE, cpx_number="", email="")],
            register=[registered(ANNE), registered(namesake)],
            cards=[card(ANNE), card(namesake)],
            answers=judged,
        )

    _, found = decided("ambiguous_match", f"C'est : EXEMPLE Anne – {ANNE.rpps}", night)
    assert [one.person.national_id for one in found.all("missing_account")] == [ANNE.rpps]
    assert found.all("ambiguous_match") == []


# ── an account ───────────────────────────────────────────────────────────────────────────────────


def _wrong_number(judged: Sequence[Judgement]) -> Night:
    return play(
        [account(ANNE, cpx_number=LUC.rpps)],
        [row(ANNE, cpx_number="")],
        register=[registered(ANNE), registered(LUC)],
        answers=judged,
    )


def test_the_number_that_is_the_accounts_own_is_the_first_answer_and_is_entered_the_night_after():
    first, found = decided("number_of_another", f"Le numéro est à corriger : {ANNE.rpps}", _wrong_number)
    assert texts(first.one("number_of_another")) == [
        f"Le numéro est à corriger\u00a0: {ANNE.rpps}",
        "Numéro corrigé d’après la carte",
        "Le numéro est bon, lu sur la carte",
        f"Erreur de nom\u00a0: c’est en réalité MODÈLE Luc – {LUC.rpps}",
        "Partie",
        "Reporté",
        "Pas de mon ressort",
    ]
    change = found.one("card_number_differs")
    assert [(one.before, one.after) for one in change.fields] == [(LUC.rpps, ANNE.rpps)]


@pytest.mark.parametrize("said", [f"C'est : MODÈLE Luc – {LUC.rpps}", LUC.rpps, "MODÈLE Luc", "c'est luc"])
def test_that_the_number_is_anothers_is_not_read_as_the_account_being_theirs(said: str):
    """« Son numéro est celui de Luc : c'est lui » renames nobody."""
    assert offer_said(_wrong_number(()).one("number_of_another"), said) is None


def _namesake_elsewhere(judged: Sequence[Judgement]) -> Night:
    """The register has one Anne of this name, and does not say that she works here."""
    return play(
        [account(ANNE, cpx_number=LUC.rpps)],
        [row(ANNE, cpx_number="")],
        register=[registered(ANNE, at=OTHER_ES), registered(LUC)],
        answers=judged,
    )


def test_the_only_person_of_the_name_is_offered_with_her_number_and_keeps_her_name_when_it_is_chosen():
    first, found = decided("number_of_another", ANNE.rpps, _namesake_elsewhere)
    assert texts(first.one("number_of_another"))[0] == f"Le numéro est à corriger\u00a0: {ANNE.rpps}"
    assert [(one.reasons[0], one.account_id) for one in found.changes] == [("card_number_differs", ANNE.account_id)]


def test_a_number_read_on_the_card_is_asked_about_no_more():
    def night(judged: Sequence[Judgement]) -> Night:
        return play([account(ANNE)], [row(ANNE)], register=[], cards=[], answers=judged)

    first, found = decided("not_in_register", "n° vérifié, il est bon", night)
    assert texts(first.one("not_in_register"))[0] == "Le numéro est bon, lu sur la carte"
    assert found.table() == []


def test_who_is_to_be_created_with_a_number_read_on_the_card_is_created():
    def night(judged: Sequence[Judgement]) -> Night:
        return play([], [row(ANNE)], register=[], cards=[], answers=judged)

    _, found = decided("not_in_register", "Le numéro est bon, lu sur la carte", night)
    change = found.one("missing_account")
    assert change.person.national_id == ANNE.rpps
    assert [one.after for one in change.fields if one.field == "cpx_number"] == [ANNE.rpps]
    assert found.all("not_in_register") == []


def test_what_a_structure_needs_is_answered_in_its_own_words():
    titulaires = play(
        [account(ANNE, ES, TITULAIRE), account(LUC, ES, TITULAIRE)], [row(ANNE, ES, TITULAIRE), row(LUC, ES, TITULAIRE)]
    )
    assert texts(titulaires.one("two_titulaires"))[:2] == [
        f"Reste titulaire\u00a0: EXEMPLE Anne – {ANNE.account_id}",
        f"Reste titulaire\u00a0: MODÈLE Luc – {LUC.account_id}",
    ]


def test_an_account_that_is_none_of_them_is_asked_about_no_more_and_keeps_all_it_has():
    _, found = decided("number_of_another", "aucun", _wrong_number)
    assert found.table() == []


def test_two_accounts_that_are_two_people_are_one_person_no_more():
    def night(judged: Sequence[Judgement]) -> Night:
        again = replace(ANNE, serial=40)
        return play(
            [account(ANNE), account(again, OTHER_ES, cpx_number="", email=ANNE.email)],
            register=[registered(ANNE)],
            answers=judged,
        )

    first = night(())
    assert len(first.all("duplicate_account")) == 2
    judged = answered(first.all("duplicate_account")[0], "Deux personnes")
    assert night([judged]).all("duplicate_account") == []


def _shared(judged: Sequence[Judgement]) -> Night:
    return play(
        [account(PAUL), account(replace(PAUL, serial=41, last_name="SONGES"))],
        [row(PAUL)],
        answers=judged,
    )


def test_whose_a_shared_number_is_frees_that_account_and_the_answered_question_does_not_come_back_as_a_new_one():
    first = _shared(()).one("shared_number")
    assert first.account_id == PAUL.account_id
    found = _shared([answered(first, f"Le numéro est celui de : SONGE Paul – {PAUL.account_id}")])
    assert found.one("shared_number").id == first.id
    assert not found.comparison.identities[PAUL.account_id].blocked
    assert found.comparison.identities["EF0041"].blocked


def test_two_names_on_one_number_are_not_asked_whether_they_are_two_people_and_the_wrong_one_gets_their_own():
    """« Deux personnes » would leave whoever has the wrong number outside."""

    def night(judged: Sequence[Judgement]) -> Night:
        return play(
            [account(ANNE, cpx_number=LUC.rpps), account(LUC)],
            [row(ANNE, cpx_number=""), row(LUC)],
            register=[registered(ANNE), registered(LUC)],
            answers=judged,
        )

    first = night(()).one("shared_number")
    assert texts(first) == [
        f"Le numéro est à corriger\u00a0: {ANNE.rpps}",
        "Numéro corrigé d’après la carte",
        "Reporté",
        "Pas de mon ressort",
    ]
    assert offer_said(first, "Deux personnes") is None
    found = night([answered(first, texts(first)[0])])
    assert [(one.reasons[0], one.account_id) for one in found.changes] == [("card_number_differs", ANNE.account_id)]


# ── somebody who left ────────────────────────────────────────────────────────────────────────────


def _expired(judged: Sequence[Judgement]) -> Night:
    return play([account(ANNE)], [row(ANNE)], cards=[card(ANNE, ends_on="31/10/2026")], answers=judged)


def test_a_card_is_answered_in_its_own_words():
    change = _expired(()).one("card_expired")
    assert texts(change) == ["Personne prévenue", "Nouvelle carte reçue", "Partie", "Reporté", "Pas de mon ressort"]


def test_who_left_loses_the_function_that_the_workbook_still_shows_and_is_not_created_again():
    _, found = decided("card_expired", "Partie", _expired)
    assert [(one.kind, one.reasons[0]) for one in found.changes if one.account_id == ANNE.account_id][:1] == [
        ("end_assignment", "left")
    ]
    assert "réponse à un rapport" in found.one("left").guidance

    def closed(judged: Sequence[Judgement]) -> Night:
        return play([account(ANNE, at="", active="Non")], [row(ANNE)], answers=judged)

    assert closed(()).all("missing_account") != []
    assert closed([answered(_expired(()).one("card_expired"), "Partie")]).table() == []


def test_who_left_says_so_where_the_register_does_not_know_the_number_and_the_end_is_asked_for():
    def unknown(judged: Sequence[Judgement]) -> Night:
        return play([account(ANNE)], [row(ANNE)], register=[registered(LUC)], answers=judged)

    assert "Partie" in texts(unknown(()).one("not_in_register"))
    _, found = decided("not_in_register", "Partie", unknown)
    assert found.one("left").kind == "end_assignment"


def test_who_left_one_region_keeps_what_a_workbook_of_another_region_shows():
    by = PostRef(post="CRH_ST", scope="52")
    _, found = decided("card_expired", "Partie", _expired, by=by)
    assert found.all("left") == []


def test_an_answer_that_was_taken_back_has_no_effect():
    judged = answered(_near(()).one("ambiguous_match"), "Aucun de ceux-là")
    assert _near([replace(judged, undone_on=DAY)]).table() == _near(()).table()


def test_what_differs_stands_beside_each_candidate():
    change = _near(()).one("ambiguous_match")
    beside = {one.field: (one.before, one.after) for one in change.fields if one.field.startswith("differs:")}
    assert beside == {"differs:name:EF0001": ("EXAMPLE Anne", "EXEMPLE Anne")}
    assert change.assignment.structure_code == ES


# ── a structure ──────────────────────────────────────────────────────────────────────────────────

BOTH_HERE = [account(ANNE, ES, TITULAIRE), account(LUC, ES, TITULAIRE)]
BOTH_THERE = [row(ANNE, ES, TITULAIRE), row(LUC, ES, TITULAIRE)]


def _two_titulaires(judged: Sequence[Judgement]) -> Night:
    return play(BOTH_HERE, BOTH_THERE, answers=judged)


def test_who_stays_titulaire_has_the_rank_of_the_other_ended_and_nothing_else():
    _, found = decided("two_titulaires", "Reste titulaire : EXEMPLE Anne – EF0001", _two_titulaires)
    assert found.table() == [("end_assignment", "left", f"{LUC.last_name} {LUC.first_name}")]
    told = reason_text(found.one("left"))
    assert "n’est pas un départ" in told
    assert "EXEMPLE Anne" in told
    assert "Ne pas désactiver le compte" in found.one("left").guidance


def test_who_yields_and_is_entered_as_remplacant_is_left_alone_whatever_the_workbook_still_says():
    def entered(judged: Sequence[Judgement]) -> Night:
        return play(
            [account(ANNE, ES, TITULAIRE), account(LUC, ES, TITULAIRE, rank="Remplaçant")], BOTH_THERE, answers=judged
        )

    _, found = decided("two_titulaires", "Reste titulaire : EXEMPLE Anne – EF0001", _two_titulaires, entered)
    assert found.table() == []


def test_who_stayed_titulaire_and_leaves_gives_the_post_back():
    def gone(judged: Sequence[Judgement]) -> Night:
        return play(BOTH_HERE, [row(ANNE, ES, TITULAIRE, status="Parti"), row(LUC, ES, TITULAIRE)], answers=judged)

    _, found = decided("two_titulaires", "Reste titulaire : EXEMPLE Anne – EF0001", _two_titulaires, gone)
    assert {one.person.last_name for one in found.all("left")} == {ANNE.last_name}


def test_a_third_titulaire_is_a_new_question():
    def three(judged: Sequence[Judgement]) -> Night:
        return play([*BOTH_HERE, account(PAUL, ES, TITULAIRE)], [*BOTH_THERE, row(PAUL, ES, TITULAIRE)], answers=judged)

    _, found = decided("two_titulaires", "Reste titulaire : EXEMPLE Anne – EF0001", _two_titulaires, three)
    assert len(found.all("two_titulaires")) == 1


def test_where_the_efs_declares_said_an_updater_no_titulaire_is_asked_for():
    def night(judged: Sequence[Judgement]) -> Night:
        return play([account(ANNE, ES, ("CHV-ST", "Remplaçant"))], kept=False, answers=judged)

    _, found = decided("no_titulaire", "Convention", night)
    assert found.all("no_titulaire") == []


def test_a_merged_structure_is_not_asked_about_again_until_somebody_new_is_entered_there():
    def night(judged: Sequence[Judgement], *more: Line) -> Night:
        return play([account(ANNE), *more], kept=False, closed=[ES], answers=judged)

    first, found = decided("structure_closed", "Fusionné", night)
    assert found.all("structure_closed") == []
    again = night([answered(first.one("structure_closed"), "Fusionné")], account(LUC))
    assert len(again.all("structure_closed")) == 1


def test_who_was_said_gone_is_not_told_to_settle_a_question_first():
    """That question was answered by it."""
    _, found = decided("number_of_another", "Partie", _wrong_number)
    assert found.one("left").kind == "end_assignment"
    assert "trancher" not in found.one("left").guidance
