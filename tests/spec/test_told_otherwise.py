"""What lines say against an account's number that the register bears out: it is asked, and nothing changed (§6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, fields_of, play
from tests.spec.tables import ES, ES_11, Line, Person, account, card, registered, row

OLD, NEW = Person(521, "BENALI", "Fatima", "60"), Person(522, "BENALI", "Fatima", "60")
DOCTOR = Person(523, "TANTRÈ", "Isabelle", "10")
SECRETARY = Person(524, "TANTRÈ", "Isabelle", "SEC", f"3{ES}/HV-9")
KARIM, OTHER_KARIM = Person(525, "DIALLO", "Karim", "60"), Person(526, "DIALLO", "Karim", "60")
_SLIP = OLD.rpps[:-1] + str((int(OLD.rpps[-1]) + 1) % 10)


def of(found: Night, who: Person) -> list[tuple[str, str]]:
    """What is said of an account."""
    return [(one.kind, one.reasons[0]) for one in found.changes if one.account_id == who.account_id]


@pytest.mark.parametrize("typed", ["", _SLIP])
def test_the_number_that_a_line_gives_a_newcomer_is_not_given_to_her_namesake(typed: str) -> None:
    rows = [row(OLD, cpx_number=typed), row(NEW, phone="01 99 00 77 66")]
    found = play([account(OLD)], rows, register=[registered(NEW)])
    assert fields_of(found.one("missing_account"))["cpx_number"] == (None, NEW.rpps)
    assert {kind for kind, _ in of(found, OLD)} <= {"review"}


@pytest.mark.parametrize("typed", ["", _SLIP])
def test_the_number_of_a_namesake_with_an_account_is_not_given_to_whom_the_register_has_no_more(typed: str) -> None:
    found = play([account(OLD), account(NEW)], [row(OLD, cpx_number=typed), row(NEW)], register=[registered(NEW)])
    assert {kind for kind, _ in of(found, OLD)} <= {"review"}
    assert of(found, NEW) == []


PLACES = {"elsewhere": ES_11, "nowhere known": ""}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("typed", [SECRETARY.number, ""])
def test_a_secretary_with_the_number_of_a_doctor_of_her_name_is_made_no_doctor(place: str, typed: str) -> None:
    held = account(SECRETARY, cpx_number=DOCTOR.rpps, card_expires_on="2027-03-01")
    register = [registered(DOCTOR, finess_site=PLACES[place])]
    found = play([held], [row(SECRETARY, cpx_number=typed)], register=register, cards=[card(DOCTOR)])
    assert of(found, SECRETARY) == [("review", "ambiguous_match")]


def test_a_nurse_with_the_cpe_of_her_hospital_is_asked_about_beside_the_number_of_one_elsewhere() -> None:
    nurse = Person(527, "DIALLO", "Karim", "60", f"3{ES}/HV-10")
    held = account(nurse, cpx_number=OTHER_KARIM.rpps)
    elsewhere, here = (
        play([held], [row(nurse)], register=[registered(OTHER_KARIM, finess_site=at)]) for at in (ES_11, ES)
    )
    assert of(elsewhere, nurse) == [("review", "ambiguous_match")]
    assert "ambiguous_match" not in here.reasons()


def test_a_profession_that_the_register_tells_otherwise_is_still_told_of_whom_it_has_here() -> None:
    found = play([account(DOCTOR, profession="Secrétaire")], [row(DOCTOR, profession="Secrétaire")])
    assert of(found, DOCTOR) == [("update_account", "profession_changed")]


@pytest.mark.parametrize("finess", ["", ES_11])
def test_no_card_is_told_of_an_account_while_its_line_gives_the_number_of_another_of_the_name(finess: str) -> None:
    held = account(KARIM, cpx_number=OTHER_KARIM.rpps, card_expires_on="2028-12-10")
    register = [registered(one, finess_site=finess) for one in (KARIM, OTHER_KARIM)]
    cards: list[Line] = [card(KARIM), card(OTHER_KARIM, "2027-06-17")]
    found = play([held], [row(KARIM)], register=register, cards=cards)
    assert of(found, KARIM) == [("review", "ambiguous_match")]


def test_the_card_is_told_of_an_account_that_the_register_has_here_while_its_line_gives_another_number() -> None:
    held = account(OTHER_KARIM, card_expires_on="2028-12-10")
    register = [registered(KARIM, finess_site=""), registered(OTHER_KARIM)]
    given: dict[str, Any] = {"cpx_number": KARIM.rpps}
    found = play([held], [row(OTHER_KARIM, **given)], register=register, cards=[card(OTHER_KARIM, "2027-06-17")])
    assert ("update_account", "card_renewed") in of(found, OTHER_KARIM)


# ── a mailbox that is somebody's by its name ─────────────────────────────────────────────────────


HELENE, NONGAN = Person(531, "CANGREPAU", "Hélène", "60"), Person(532, "COUCHÈNON", "Nongan", "60")
CLAUDE = Person(533, "JOUCULE", "Claude", "60")


def test_nobody_gets_the_mailbox_of_another_because_a_third_has_it_by_mistake() -> None:
    mine = "helene.cangrepau@example.org"
    accounts = [account(HELENE, email=mine), account(NONGAN, email=mine), account(CLAUDE)]
    found = play(accounts, [row(HELENE, email=mine), row(NONGAN), row(CLAUDE, email=mine)])
    assert of(found, CLAUDE) == []
    assert of(found, NONGAN) == [("update_account", "contact_changed")]


def test_the_mailbox_of_a_service_is_still_taken_from_the_row() -> None:
    service = "hemovigilance@example.org"
    accounts = [account(HELENE, email=service), account(NONGAN, email=service), account(CLAUDE)]
    found = play(accounts, [row(one, email=service) for one in (HELENE, NONGAN, CLAUDE)])
    assert of(found, CLAUDE) == [("update_account", "contact_changed")]


# ── two people of one name, of whom one is in the register ───────────────────────────────────────


HERE = Person(541, "POPESCU", "Mohamed", "60", f"3{ES}/70937")
COMING = Person(542, "POPESCU", "Mohamed", "60")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("phone", ["01 99 00 88 88", "01 99 00 12 34"])
def test_a_line_with_another_number_is_not_about_whose_own_number_stands_on_the_line_beside(
    first: bool, phone: str
) -> None:
    rows = [row(HERE, email="mp70@example.org"), row(COMING, email="xy99@example.org", phone=phone)]
    found = play([account(HERE, email="")], rows if first else rows[::-1], register=[registered(COMING)])
    assert fields_of(found.one("missing_account"))["cpx_number"] == (None, COMING.rpps)
    assert "cpx_number" not in {one.field for change in found.changes if change.account_id for one in change.fields}


def test_a_second_function_under_the_number_of_the_other_card_is_hers_by_her_mailbox() -> None:
    rows = [row(HERE), row(COMING, role=("CHV-ST", "suppléant"), email=HERE.email)]
    found = play([account(HERE)], rows, register=[registered(COMING)])
    assert found.all("missing_account") == []
