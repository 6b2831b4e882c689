"""Who is meant where one thing on a line, or of an account, is somebody else's and all the rest says who (§6a)."""

from collections.abc import Sequence
from typing import Any

import pytest

from pipelines.matching.match import Match, match
from tests.spec.night import Night, play
from tests.spec.tables import ES, ES_11, OTHER_ES, Line, Person, account, registered, row

CLAIRE, HOLDER = Person(701, "GIRARD", "Claire"), Person(702, "MOREAU", "Claire")
COLLEAGUE, NAMESAKE = Person(703, "VASSEUR", "Odile"), Person(704, "GIRARD", "Claire")
SERVICE = "hemovigilance@ch-exemple.example.org"


def matched(found: Night, who: Person) -> Match:
    """The match of the only line of this name."""
    (one,) = (one for one in match(found.snapshot) if one.line.last_name == who.last_name)
    return one


def night(annuaire: Sequence[Line], lines: Sequence[Line], register: Sequence[Line]) -> Night:
    return play(annuaire, lines, register=register)


# ── the number is another's ──────────────────────────────────────────────────────────────────────

KNOWN = [registered(CLAIRE), registered(HOLDER, finess_site=OTHER_ES), registered(NAMESAKE, finess_site=ES_11)]


@pytest.mark.parametrize("number", [HOLDER.rpps, NAMESAKE.rpps])
def test_a_line_is_hers_whose_name_place_and_address_it_gives_and_its_number_is_asked_about(number: str) -> None:
    found = night([account(CLAIRE)], [row(CLAIRE, cpx_number=number, phone="01 99 00 43 21")], KNOWN)
    assert matched(found, CLAIRE).account_id == CLAIRE.account_id
    assert found.reasons() == ["number_of_another"]


AGAINST: dict[str, tuple[list[Line], list[dict[str, Any]]]] = {
    "an address of a colleague came down with it": ([account(CLAIRE), account(HOLDER)], [{"email": HOLDER.email}]),
    "the row says that she left": ([account(CLAIRE)], [{"status": "Parti"}]),
    "another function, that she has not": ([account(CLAIRE)], [{"function": "CHV-ST", "rank": "Titulaire"}]),
    "another profession": ([account(CLAIRE)], [{"profession": "Infirmier"}]),
    "two accounts of the name": ([account(CLAIRE), account(NAMESAKE)], [{}]),
    "two rows of the name": ([account(CLAIRE)], [{}, {"cpx_number": "", "email": "", "phone": ""}]),
}


@pytest.mark.parametrize("case", AGAINST)
def test_nobody_is_held_to_be_the_person_of_such_a_line_where_more_than_its_number_is_in_doubt(case: str) -> None:
    annuaire, rows = AGAINST[case]
    lines = [row(CLAIRE, **{"cpx_number": HOLDER.rpps, **cells}) for cells in rows]
    found = night(annuaire, lines, KNOWN)
    assert match(found.snapshot)[0].account_id is None
    assert not {"end_assignment", "deactivate_account", "create_account"} & {change.kind for change in found.changes}


def test_what_stands_on_a_line_as_it_does_in_the_annuaire_is_hers_and_asked_once() -> None:
    annuaire, line = [account(CLAIRE, cpx_number=NAMESAKE.rpps)], row(CLAIRE, cpx_number=NAMESAKE.rpps)
    found = night(annuaire, [line], KNOWN)
    assert (matched(found, CLAIRE).how, matched(found, CLAIRE).account_id) == ("number", CLAIRE.account_id)
    assert found.reasons() == ["number_of_another"]


@pytest.mark.parametrize("wrong", [NAMESAKE.rpps, COLLEAGUE.rpps, f"3{ES}/771", ""])
def test_a_confirmed_number_finds_the_only_account_of_its_name_here_whatever_number_that_has(
    wrong: str,
) -> None:
    lines = [row(CLAIRE, email="claire.girard@autre.example.org", phone="")]
    annuaire = [account(CLAIRE, cpx_number=wrong, email=SERVICE, phone=""), account(COLLEAGUE, email=SERVICE)]
    found = night(annuaire, [*lines, row(COLLEAGUE)], [*KNOWN, registered(COLLEAGUE)])
    assert matched(found, CLAIRE).account_id == CLAIRE.account_id


# ── an address ───────────────────────────────────────────────────────────────────────────────────


def test_the_mailbox_of_a_service_refutes_nobody() -> None:
    annuaire = [account(CLAIRE, phone=""), account(COLLEAGUE, email=SERVICE, phone="")]
    lines = [row(CLAIRE, cpx_number="", email=SERVICE, phone=""), row(COLLEAGUE, email=SERVICE)]
    register = [registered(CLAIRE, finess_site=""), registered(NAMESAKE, finess_site=""), registered(COLLEAGUE)]
    assert matched(night(annuaire, lines, register), CLAIRE).account_id == CLAIRE.account_id


MARRIED = Person(705, "BLANCHET", "Claire")


@pytest.mark.parametrize("number", ["", MARRIED.rpps])
def test_whom_the_annuaire_writes_to_by_the_name_of_the_line_has_that_name_too(number: str) -> None:
    annuaire = [account(MARRIED, email="claire.girard@ch-exemple.example.org")]
    lines = [row(CLAIRE, cpx_number=number, email="", phone="")]
    found = night(annuaire, lines, [registered(MARRIED), registered(NAMESAKE, finess_site=ES_11)])
    assert matched(found, CLAIRE).account_id == MARRIED.account_id


def test_an_initial_in_an_address_tells_of_no_name_and_a_line_of_the_other_name_refutes_it() -> None:
    annuaire = [account(MARRIED, email="c.girard@ch-exemple.example.org")]
    bare = row(CLAIRE, cpx_number="", email="", phone="", first_name="C.")
    assert matched(night(annuaire, [bare], [registered(MARRIED)]), CLAIRE).account_id is None
    annuaire = [account(MARRIED, email="claire.girard@ch-exemple.example.org")]
    lines = [row(CLAIRE, cpx_number="", email="", phone=""), row(MARRIED)]
    assert matched(night(annuaire, lines, [registered(MARRIED)]), CLAIRE).account_id is None


# ── who moved, and what people are called ────────────────────────────────────────────────────────


def test_a_number_that_the_register_confirms_at_the_lines_place_finds_its_account_elsewhere_among_namesakes() -> None:
    lines = [row(CLAIRE, OTHER_ES, email="autre@example.org", phone="")]
    register = [registered(CLAIRE, finess_site=OTHER_ES), registered(NAMESAKE, finess_site=ES_11)]
    assert matched(night([account(CLAIRE)], lines, register), CLAIRE).account_id == CLAIRE.account_id


@pytest.mark.parametrize(
    ("called", "name"), [("Cricri", "Christine"), ("Philou", "Philippe"), ("Soso", "Sophie"), ("Guigui", "Guillaume")]
)
def test_what_friends_call_somebody_is_used_beside_the_number_and_asked_about_alone(called: str, name: str) -> None:
    who = Person(706, "ARMENGAUD", name)
    for number, expected in ((who.rpps, who.account_id), ("", None)):
        found = night([account(who)], [row(who, first_name=called, cpx_number=number)], [registered(who)])
        assert matched(found, who).account_id == expected


def test_an_initial_beside_the_number_of_somebody_elsewhere_creates_nobody_while_it_fits_who_is_here() -> None:
    """« MARTIN S. » with Sandrine's number, and another row that may be about Stéphanie."""
    here, away = Person(707, "MARTIN", "Stéphanie"), Person(708, "MARTIN", "Sandrine")
    lines = [
        row(away, first_name="S.", email="", phone=""),
        row(here, first_name="", cpx_number="", email="", phone=""),
    ]
    found = night([account(here, email="", phone="")], lines, [registered(here), registered(away, finess_site=ES_11)])
    kinds = {change.kind for change in found.changes}
    assert kinds == {"review"}
