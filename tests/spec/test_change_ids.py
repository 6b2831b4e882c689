"""Contract §5: the id of a change is the same on any night and machine, and changes with its target."""

import re
from datetime import date, timedelta

import pytest

from schemas.changes.change import AssignmentRef, change_id
from tests.spec.night import DAY, Night, play
from tests.spec.tables import ANNE, ES_11, LUC, OTHER_ES, PAUL, ZOE, Line, account, card, region, registered, row

ANNUAIRE = [account(ANNE, email="ancien@example.org"), account(LUC, OTHER_ES), account(LUC)]
ROWS = [row(ANNE), row(LUC), row(ZOE, OTHER_ES), row(PAUL)]
PEOPLE = (ANNE, LUC, ZOE)


def ids(found: Night) -> set[str]:
    return {change.id for change in found.changes}


def the_id(reason: str, annuaire: list[Line], rows: list[Line], **more: object) -> str:
    return play(annuaire, rows, **more).one(reason).id  # type: ignore[arg-type]


def test_an_id_is_a_short_stable_word():
    found = play(ANNUAIRE, ROWS)
    assert len(found.changes) == 4
    assert all(re.fullmatch("CHG-[0-9A-F]{16}", change.id) for change in found.changes)
    assert len(ids(found)) == len(found.changes)


def test_an_id_is_written_in_stone():
    """The same on any machine: this one was computed once and for all."""
    place = AssignmentRef(structure_code="459990016", function="Assistant", rank="")
    assert change_id("EF0001", "end_assignment", place, None) == "CHG-213D1F89F85A580F"


def test_ids_are_equal_on_another_night():
    assert ids(play(ANNUAIRE, ROWS)) == ids(play(ANNUAIRE, ROWS, day=DAY + timedelta(days=3)))


def test_changes_are_equal_whatever_the_order_of_every_table():
    forwards = play(ANNUAIRE, ROWS, register=[*map(registered, PEOPLE)], cards=[*map(card, PEOPLE)])
    backwards = play(
        ANNUAIRE[::-1],
        ROWS[::-1],
        register=[*map(registered, PEOPLE[::-1])],
        cards=[*map(card, PEOPLE[::-1])],
    )
    assert forwards.changes == backwards.changes


def test_changes_are_equal_whatever_the_order_of_the_workbooks():
    books = [region("24", *ROWS), region("11", row(LUC, ES_11))]
    assert play(ANNUAIRE, books=books).changes == play(ANNUAIRE, books=books[::-1]).changes


@pytest.mark.parametrize("after", ["neuf@example.org", "autre@example.org"])
def test_an_id_changes_with_the_target_of_an_update(after: str):
    lines = [row(ANNE, email="p1@example.org")]
    old = [account(ANNE, email="ancien@example.org")]
    assert the_id("contact_changed", old, lines) != the_id("contact_changed", old, [row(ANNE, email=after)])


def test_an_id_does_not_change_with_what_stands_in_the_annuaire_before():
    one, other = ([account(ANNE, email=before)] for before in ("ancien@example.org", "vieux@example.org"))
    assert the_id("contact_changed", one, [row(ANNE)]) == the_id("contact_changed", other, [row(ANNE)])


def test_an_id_changes_with_the_end_date_of_the_new_card():
    old = [account(ANNE, card_expires_on="2026-12-31")]
    found = {the_id("card_renewed", old, [row(ANNE)], cards=[card(ANNE, day)]) for day in ("2028-05-31", "2029-05-31")}
    assert len(found) == 2


def test_an_id_changes_with_the_account():
    assert the_id("left", [account(ANNE)], [row(ANNE, status="Parti")]) != the_id(
        "left", [account(LUC)], [row(LUC, status="Parti")]
    )


def test_an_id_changes_with_the_place():
    assert the_id("left", [account(ANNE)], [row(ANNE, status="Parti")]) != the_id(
        "left", [account(ANNE, OTHER_ES)], [row(ANNE, OTHER_ES, status="Parti")]
    )


def test_an_alert_of_another_card_is_another_change():
    def alert(ends_on: str) -> str:
        return the_id(
            "card_expired", [account(ANNE, card_expires_on=ends_on)], [row(ANNE)], cards=[card(ANNE, ends_on)]
        )

    assert alert("2026-10-31") == alert("2026-10-31")
    assert alert("2026-10-31") != alert("2026-09-30")


def test_an_alert_that_worsens_keeps_its_id():
    """75 days ahead it is important, 20 days ahead it threatens access: one change, announced once."""
    soon = [account(ANNE, card_expires_on="2027-02-05")], [row(ANNE)]
    far, near = (
        play(*soon, cards=[card(ANNE, "2027-02-05")], day=day).one("card_expiring")
        for day in (date(2026, 11, 22), date(2027, 1, 16))
    )
    assert (far.id, far.severity, near.severity) == (near.id, "important", "access")


def test_a_creation_keeps_its_id_while_somebodys_contact_changes():
    assert the_id("missing_account", [], [row(ANNE)]) == the_id(
        "missing_account", [], [row(ANNE, email="x@example.org")]
    )
