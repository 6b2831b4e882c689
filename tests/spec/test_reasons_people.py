"""Contract §6, people somebody must look at before anything is entered: unknown, in doubt, twice there."""

from typing import Any

import pytest

from schemas.changes.change import Change
from tests.spec.night import Night, play
from tests.spec.tables import ANNE, ES, LUC, OTHER_ES, PAUL, Person, account, adeli, card, registered, row


def candidates(change: Change) -> list[str]:
    """What is listed to choose from: the key of each."""
    return [(one.after or "").split(" ")[0] for one in change.fields if one.field == "candidate"]


# ── unknown numbers ──────────────────────────────────────────────────────────────────────────────


def test_not_in_register_when_the_rpps_number_of_an_account_is_unknown():
    change = play([account(ANNE)], register=[], cards=[]).one("not_in_register")
    assert (change.kind, change.account_id) == ("review", ANNE.account_id)


def test_not_in_register_when_the_number_of_a_newcomer_is_unknown():
    found = play([], [row(ANNE)], register=[], cards=[])
    change = found.one("not_in_register")
    assert (change.kind, change.account_id, len(found.changes)) == ("review", None, 1)


def test_not_in_register_is_no_conclusion_from_a_register_that_could_not_be_read():
    assert play([account(ANNE)], [row(ANNE), row(LUC)], persons_read=False).table() == []


def test_not_in_register_is_no_conclusion_from_a_quarantined_row_of_the_register():
    assert play([account(ANNE)], register=[], cards=[], unread=[ANNE.rpps]).table() == []


def test_not_in_register_never_for_a_cpe_number():
    assert play([account(PAUL)], [row(PAUL)], register=[]).table() == []


def test_an_adeli_number_that_vanished_ends_nobodys_access():
    """Not in the ADELI extract, no correspondence, the workbook still lists the person: a review, nothing else."""
    old = adeli(1)
    found = play([account(ANNE, cpx_number=old)], [row(ANNE, cpx_number=old)], register=[], cards=[])
    assert found.reasons() == ["not_in_register"]
    assert "Son accès n’est pas retiré" in found.one("not_in_register").guidance


# ── who is who ───────────────────────────────────────────────────────────────────────────────────


def test_ambiguous_match_when_two_accounts_of_one_structure_have_the_name():
    twin = Person(30, "EXEMPLE", "Anne")
    found = play(
        [account(ANNE, cpx_number=""), account(twin, cpx_number="")],
        [row(ANNE, cpx_number="")],
        register=[],
        cards=[],
    )
    change = found.one("ambiguous_match")
    assert (change.kind, candidates(change)) == ("review", [ANNE.account_id, twin.account_id])


def test_ambiguous_match_when_only_a_near_name_is_found():
    found = play([account(ANNE)], [row(ANNE, last_name="EXAMPLE", cpx_number="")])
    assert candidates(found.one("ambiguous_match")) == [ANNE.account_id]
    assert len(found.changes) == 1


def test_ambiguous_match_does_not_fire_for_a_common_last_name_alone():
    sister = Person(38, "EXEMPLE", "Luce")
    found = play([account(ANNE)], [row(sister, cpx_number="")], register=[registered(ANNE)])
    assert found.reasons() == ["absent_from_workbook", "card_missing", "no_assignment_left"]


def test_number_of_another_when_the_account_has_the_number_of_somebody_else():
    found = play([account(ANNE, cpx_number=LUC.rpps)], [row(ANNE, cpx_number="")], register=[registered(LUC)])
    change = found.one("number_of_another")
    assert (change.account_id, change.severity) == (ANNE.account_id, "access")
    assert (candidates(change), len(found.changes)) == ([ANNE.account_id, LUC.rpps], 1)


def test_number_of_another_when_a_newcomer_gives_the_number_of_somebody_else():
    found = play([], [row(ANNE, cpx_number=LUC.rpps)], register=[registered(LUC)])
    assert candidates(found.one("number_of_another")) == [LUC.rpps]
    assert len(found.changes) == 1


def test_two_registered_people_of_one_name_are_two_people():
    twin = Person(31, "EXEMPLE", "Anne")
    found = play([account(ANNE)], [row(ANNE), row(twin)])
    assert found.table() == [("create_account", "missing_account", "EXEMPLE Anne")]
    assert found.one("missing_account").person.national_id == twin.rpps


def test_a_cpe_number_never_matches_people_of_different_structures():
    other = Person(32, "TÉMOIN", "Ode", "SEC", PAUL.cpe)
    found = play([account(PAUL)], [row(PAUL), row(other, OTHER_ES)])
    assert found.table() == [("create_account", "missing_account", "TÉMOIN Ode")]


def test_a_cpe_number_and_a_name_at_two_structures_is_for_somebody_to_decide():
    found = play([account(PAUL)], [row(PAUL, OTHER_ES)])
    assert found.one("ambiguous_match").assignment.structure_code == OTHER_ES
    assert found.all("missing_assignment") == []


def test_one_cpe_number_on_two_accounts_of_two_structures_is_said_and_matches_nobody():
    other = Person(33, "TÉMOIN", "Ode", "SEC", PAUL.cpe)
    found = play([account(PAUL), account(other, OTHER_ES)], [row(PAUL), row(other, OTHER_ES)])
    assert found.reasons() == ["shared_number"]


def test_shared_number_when_two_accounts_have_one_number():
    found = play([account(ANNE), account(LUC, OTHER_ES, cpx_number=ANNE.rpps)], register=[registered(ANNE)])
    change = found.one("shared_number")
    assert change.account_id == LUC.account_id
    assert change.reasons == ("shared_number", "number_of_another")
    assert candidates(change)[:2] == [LUC.account_id, ANNE.account_id]
    assert len(found.changes) == 1


def test_shared_number_does_not_count_a_deactivated_account():
    other = account(LUC, OTHER_ES, cpx_number=ANNE.rpps, active="Non")
    assert play([account(ANNE), other], register=[registered(ANNE)]).table() == []


def test_duplicate_account_when_two_numbers_are_one_person():
    old, again = adeli(1), Person(34, "EXEMPLE", "Anne")
    found = play(
        [account(ANNE), account(again, OTHER_ES, cpx_number=old)],
        register=[registered(ANNE)],
        cards=[card(ANNE)],
        crosswalk={old: ANNE.rpps},
    )
    first, second = found.all("duplicate_account")
    assert len(found.changes) == 2
    assert (first.linked_to, second.linked_to) == ((second.id,), (first.id,))


def test_duplicate_account_when_name_and_address_are_one_and_a_number_is_unconfirmed():
    again = Person(35, "EXEMPLE", "Anne")
    annuaire = [account(ANNE), account(again, OTHER_ES, cpx_number="", email=ANNE.email)]
    found = play(annuaire, register=[registered(ANNE)])
    assert len(found.all("duplicate_account")) == 2


def test_duplicate_account_never_for_two_registered_people_of_one_name():
    twin = Person(36, "EXEMPLE", "Anne")
    assert play([account(ANNE), account(twin, OTHER_ES, email=ANNE.email)]).table() == []


# ── until that is decided ────────────────────────────────────────────────────────────────────────

DIFFERENT: dict[str, Any] = {"email": "ailleurs@example.org", "phone": "01 99 00 99 99"}


def blocked(reason: str) -> Night:
    """An account under this review whose contact and card would otherwise be told of."""
    ended = [card(who, "2026-10-31") for who in (ANNE, LUC)]
    lines = [row(ANNE, **DIFFERENT)]
    match reason:
        case "shared_number":
            annuaire = [account(ANNE), account(LUC, OTHER_ES, cpx_number=ANNE.rpps)]
            return play(annuaire, [*lines, row(LUC, OTHER_ES)], cards=ended)
        case "duplicate_account":
            again = account(Person(37, "EXEMPLE", "Anne"), OTHER_ES, cpx_number=adeli(1))
            links = {adeli(1): ANNE.rpps}
            return play([account(ANNE), again], lines, register=[registered(ANNE)], cards=ended, crosswalk=links)
        case "not_in_register":
            return play([account(ANNE)], lines, register=[], cards=[])
        case _:
            return play([account(ANNE)], [row(ANNE, last_name="EXAMPLE", cpx_number="", **DIFFERENT)], cards=ended)


@pytest.mark.parametrize("reason", ["ambiguous_match", "shared_number", "duplicate_account", "not_in_register"])
def test_an_account_in_doubt_gets_no_account_level_change_but_of_a_card_that_the_register_confirms(reason: str):
    """Nobody loses access for want of a decision: whose own number the register confirms is told of the card."""
    found = blocked(reason)
    assert found.all(reason)
    mine = {one.kind for one in found.changes if one.account_id == ANNE.account_id}
    told = set() if reason == "not_in_register" else {"card_alert"}
    assert mine - {"review", "add_assignment", "end_assignment"} == told
    assert LUC.account_id not in {one.account_id for one in found.changes if one.kind == "card_alert"}


def test_the_account_a_doubtful_row_may_be_about_is_not_ended():
    found = play([account(ANNE)], [row(ANNE, last_name="EXAMPLE", cpx_number="")])
    assert found.reasons() == ["ambiguous_match"]


# ── activities ───


def test_two_activities_are_no_change_whatever_their_order_and_duplicates():
    one = registered(ANNE, finess_site=ES, skill="SM01")
    other = registered(ANNE, finess_site=OTHER_ES, skill="SM26")
    lines = [account(ANNE, card_expires_on="2026-12-31"), account(LUC)], [row(ANNE)]
    orders = [one, other], [other, one, one, other]
    nights = [play(*lines, register=[*rows, registered(LUC)]).changes for rows in orders]
    assert nights[0] == nights[1]
    assert nights[0]


def test_a_second_savoir_faire_of_one_profession_is_seen():
    def activities(*skills: str) -> bytes:
        found = play([account(ANNE)], register=[registered(ANNE, skill=skill) for skill in skills])
        return found.snapshot.register.persons[ANNE.rpps].activities

    assert activities("SM26", "SM01", "SM26") == activities("SM01", "SM26")
    assert activities("SM26", "SM01") != activities("SM01")
