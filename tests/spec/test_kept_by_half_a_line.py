"""Half a line may be about somebody all the same: they keep the account, and the place that it names (contract §6a)."""

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES, ES_11, OTHER_ES, STRUCTURES, Person, account, region, registered, row

SACHA, EVE, LUC = (
    Person(551 + at, *name, "60") for at, name in enumerate([("DIZAN", "Sacha"), ("QUART", "Eve"), ("AUTRE", "Luc")])
)
NATHALIE = Person(561, "PLUTAN", "Nathalie", "60")


def kinds(found: Night, who: Person) -> set[str]:
    """What is asked of an account."""
    return {one.kind for one in found.changes if one.account_id == who.account_id}


def pasted(name: str) -> Night:
    """FINESS and number of a row of another hospital on Sacha's, beside the name of an establishment."""
    line = row(SACHA, OTHER_ES, structure_name=name, cpx_number=LUC.rpps)
    register = [registered(SACHA), registered(EVE), registered(LUC, finess_site=OTHER_ES)]
    people = [account(SACHA), account(EVE), account(LUC, OTHER_ES)]
    return play(people, [line, row(EVE), row(LUC, OTHER_ES)], register=register)


def test_a_line_in_doubt_keeps_the_post_at_the_place_that_it_names_beside_the_code_of_another() -> None:
    assert kinds(pasted(STRUCTURES[ES].name), SACHA) == {"review"}


def test_a_line_in_doubt_at_another_place_by_code_and_name_keeps_the_account_alone() -> None:
    assert kinds(pasted(STRUCTURES[OTHER_ES].name), SACHA) == {"review", "end_assignment"}


HALVES = [("PLUTAN", ""), ("PLUTAN", "N."), ("N. PLUTAN", ""), ("PLUTAN Nath.", "")]


@pytest.mark.parametrize("mail", ["", "secretariat@example.org", "n.plutan@example.org"])
@pytest.mark.parametrize("written", HALVES)
def test_a_last_name_alone_elsewhere_keeps_the_account_of_who_is_nowhere_else(
    written: tuple[str, str], mail: str
) -> None:
    line = row(NATHALIE, ES_11, cpx_number="", email=mail, phone="", last_name=written[0], first_name=written[1])
    found = play([account(NATHALIE)], books=[region("24"), region("11", line)], register=[registered(NATHALIE)])
    assert kinds(found, NATHALIE) - {"review"} == {"end_assignment"}
    asked = {"ambiguous_match", "line_not_understood"}  # the second of a word alone that may be no name
    assert asked & set(found.reasons())
    assert found.all("card_missing") == []


def test_a_last_name_alone_keeps_nobody_who_stands_somewhere() -> None:
    line = row(NATHALIE, ES_11, cpx_number="", email="", phone="", first_name="")
    books = [region("24", row(NATHALIE)), region("11", line)]
    found = play([account(NATHALIE)], books=books, register=[registered(NATHALIE)])
    assert kinds(found, NATHALIE) == set()
