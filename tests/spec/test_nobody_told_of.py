"""Who stands in no line, beside a line of whom nobody knows who it is: a question, and neither ended nor created."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES, ES_11, OTHER_ES, Line, Person, account, region, registered, row

INES, ODILE, NEW = Person(261, "DARVENNE", "Inès"), Person(262, "VERNIQUET", "Odile"), Person(263, "SAVORET", "Inès")
HERE: dict[str, dict[str, Any]] = {
    "names exchanged, and a slip": {"last_name": "Iens", "first_name": "DARVENNE", "email": "", "phone": ""},
    "names exchanged, and an initial": {"last_name": "I.", "first_name": "DARVENNE", "email": "", "phone": ""},
    "married, and an initial": {"last_name": "OLBERT", "first_name": "I.", "email": "", "phone": ""},
    "married, and a short form": {"last_name": "OLBERT", "first_name": "Inèsou", "email": "", "phone": ""},
    "an address that spells her": {"last_name": "OLBERT", "first_name": "", "email": "ines.darvenne@example.org"},
}


def harmless(found: Night, who: Person) -> None:
    """She keeps what she has, is not created again, and a question names her."""
    kinds = {one.kind for one in found.changes}
    assert not kinds & {"create_account", "end_assignment", "deactivate_account", "update_account"}, found.table()
    assert any(who.account_id in str(one.fields) for one in found.changes if one.kind == "review"), found.table()


@pytest.mark.parametrize("written", HERE)
def test_whom_two_errors_at_once_make_hard_to_know_is_asked_about_and_ended_by_nobody(written: str) -> None:
    harmless(play([account(INES)], [row(INES, cpx_number="", **HERE[written])], register=[registered(INES)]), INES)


@pytest.mark.parametrize("at", [OTHER_ES, ES_11])
@pytest.mark.parametrize("number", ["her own", "of somebody else", "none"])
def test_whoever_moved_and_is_written_otherwise_keeps_the_account(number: str, at: str) -> None:
    """At the old hospital the function ends; the account waits until somebody says who has come to the new one."""
    typed = {"her own": INES.rpps, "of somebody else": ODILE.rpps, "none": ""}[number]
    line = row(INES, at, first_name="Inés", last_name="DARVENE", cpx_number=typed, email="", phone="")
    held = account(INES, cpx_number="" if number == "her own" else INES.rpps)
    found = moved(held, line, at)
    assert not {one.kind for one in found.changes} & {"create_account", "deactivate_account", "update_account"}
    asked = (*found.all("ambiguous_match"), *found.all("number_of_another"))
    assert INES.account_id in str([(one.account_id, one.fields) for one in asked])


def moved(held: Line, line: Line, at: str) -> Night:
    there, away = ([line], []) if at == OTHER_ES else ([], [line])
    books = [region("24", *there, row(ODILE)), region("11", *away)]
    return play([held, account(ODILE)], books=books, register=[registered(INES), registered(ODILE)])


def test_a_directory_number_of_a_namesake_of_the_birth_name_makes_nobody_somebody_else() -> None:
    """The line is hers, by number, name and place; the account has a namesake's number, and her own address."""
    namesake = Person(264, "OLBERT", "Inès")
    held = account(INES, last_name="OLBERT", cpx_number=namesake.rpps)
    register = [registered(INES), registered(namesake, finess_site=ES_11)]
    harmless(play([held], [row(INES)], register=register), INES)


def test_somebody_new_whom_the_register_knows_here_is_new_though_somebody_left() -> None:
    found = play([account(INES)], [row(NEW)], register=[registered(INES), registered(NEW)])
    assert {"missing_account", "absent_from_workbook", "no_assignment_left"} <= set(found.reasons())


def test_a_sister_is_somebody_else() -> None:
    sister = Person(265, "DARVENNE", "Odette")
    found = play([account(INES)], [row(sister, cpx_number="")], register=[registered(INES)])
    assert {"absent_from_workbook", "card_missing"} <= set(found.reasons())


def test_a_cpe_number_that_a_line_of_somebody_else_gives_is_given_to_nobody() -> None:
    mine, theirs = f"3{ES}/P29", f"3{ES}/P31"
    held = account(INES, cpx_number=mine, card_type="CPE", profession="Secrétaire")
    outside: dict[str, Any] = {"card_type": "CPE", "profession": "Secrétaire"}
    rows = [row(INES, cpx_number=theirs, **outside), row(ODILE, cpx_number=mine, **outside)]
    found = play([held], rows, register=[], cards=[])
    assert not {one.kind for one in found.changes} & {"create_account", "update_account", "end_assignment"}


def test_the_number_of_one_name_and_the_address_of_another_account_are_a_question() -> None:
    """An account with her number and half of her name; another one with her address, her whole name, and no number."""
    copied = account(ODILE, first_name="Inès", cpx_number=INES.rpps)
    found = play([copied, account(INES, cpx_number="")], [row(INES, first_name="Inse"), row(ODILE)],
                 register=[registered(INES), registered(ODILE)])  # fmt: skip
    assert not {one.kind for one in found.changes} & {"create_account", "end_assignment", "deactivate_account"}
