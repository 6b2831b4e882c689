"""Contract §6, what to end: functions, then accounts; and everything that spares somebody."""

from typing import Any

import pytest

from tests.spec.night import play
from tests.spec.tables import (
    ANNE,
    CRH,
    ES,
    ES_11,
    HEMOVIGILANT,
    LUC,
    OTHER_ES,
    PAUL,
    REMPLACANT,
    SITE,
    TITULAIRE,
    ZOE,
    Person,
    Role,
    account,
    ets,
    region,
    row,
)

# ── functions to end and accounts to deactivate ──────────────────────────────────────────────────


@pytest.mark.parametrize(
    "gone", [{"status": "Parti"}, {"ended_on": "2026-11-22"}, {"ended_on": "31/10/2026"}, {"status": "Retraitée"}]
)
def test_left_ends_the_function_of_whoever_the_workbook_says_is_gone(gone: dict[str, Any]):
    found = play([account(ANNE)], [row(ANNE, **gone)])
    change = found.one("left")
    assert (change.kind, change.assignment.structure_code) == ("end_assignment", ES)
    assert found.reasons() == ["left", "no_assignment_left"]


def test_left_does_not_fire_before_the_last_day():
    assert play([account(ANNE)], [row(ANNE, ended_on="2026-11-23")]).table() == []


def test_left_does_not_fire_where_another_row_says_the_function_is_active():
    assert play([account(ANNE)], [row(ANNE, status="Parti"), row(ANNE)]).table() == []


def test_left_ends_one_function_and_keeps_the_account():
    found = play([account(ANNE), account(ANNE, OTHER_ES)], [row(ANNE, status="Parti"), row(ANNE, OTHER_ES)])
    assert found.reasons() == ["left"]


def test_absent_from_workbook_ends_the_function_that_a_whole_workbook_no_longer_has():
    found = play([account(ANNE)], [])
    change = found.one("absent_from_workbook")
    assert (change.kind, change.account_id) == ("end_assignment", ANNE.account_id)
    assert found.reasons() == ["absent_from_workbook", "no_assignment_left"]


def test_absent_from_workbook_does_not_fire_without_a_workbook_for_that_place():
    assert play([account(ANNE, ES_11)], []).table() == []


def test_absent_from_workbook_does_not_fire_for_a_workbook_that_failed():
    assert play([account(ANNE)], books=[region("24", usable=False)]).table() == []


def test_absent_from_workbook_does_not_fire_for_an_incomplete_workbook():
    assert play([account(ANNE)], books=[region("24", complete=False)]).table() == []


def test_absent_from_workbook_waits_for_both_of_two_workbooks_of_one_region():
    half = region("24", usable=False)
    assert play([account(ANNE)], books=[region("24"), half]).table() == []


@pytest.mark.parametrize(
    "broken",
    [
        {"function": "Chef d'essai"},
        {"function": "?", "cpx_number": ""},
        {"function": "?", "last_name": "", "first_name": ""},
    ],
)
def test_absent_from_workbook_spares_whoever_a_quarantined_row_points_at(broken: dict[str, Any]):
    """By number and name, by name alone, by number alone; the others of the structure are not spared."""
    found = play([account(ANNE), account(LUC)], [row(ANNE, **broken)])
    assert [one.account_id for one in found.all("absent_from_workbook")] == [LUC.account_id]


def test_absent_from_workbook_spares_a_structure_where_a_row_names_nobody():
    nobody = row(ANNE, last_name="", first_name="", cpx_number="")
    found = play([account(ANNE), account(LUC), account(LUC, OTHER_ES)], [nobody])
    assert [one.assignment.structure_code for one in found.all("absent_from_workbook")] == [OTHER_ES]


@pytest.mark.parametrize("unreadable", ["en cours", ANNE.rpps[:-1]])
def test_absent_from_workbook_spares_a_structure_where_a_row_has_no_name_and_an_unreadable_number(unreadable: str):
    """Such a row may be about anybody there: unreadable is not gone."""
    nobody = row(ANNE, last_name="", first_name="", cpx_number=unreadable)
    assert play([account(ANNE)], [nobody]).table() == []


def test_absent_from_workbook_spares_whoever_a_quarantined_row_nearly_names():
    """Of a row that stays, a near name is a doubt that ends nobody; a row left out says no more than that."""
    near = row(ANNE, role=("?", ""), last_name="EXEMPLES", cpx_number="")
    assert play([account(ANNE)], [near]).reasons() == ["line_not_understood"]


def test_absent_from_workbook_spares_everybody_where_a_row_points_at_nothing_readable():
    nowhere = row(ANNE, structure_code="?", last_name="", first_name="", cpx_number="")
    assert play([account(ANNE), account(LUC, OTHER_ES)], [nowhere]).table() == []


def test_absent_from_workbook_does_not_fire_for_a_wrong_field_alone():
    """A row with a bad number, date, address and profession is still that person's row."""
    bad = row(ANNE, cpx_number="en cours", card_expires_on="31/02/2027", email="x", profession="Devin")
    assert play([account(ANNE)], [bad]).table() == []


def test_absent_from_workbook_does_not_fire_for_a_deactivated_account():
    assert play([account(ANNE, active="Non")], []).table() == []


@pytest.mark.parametrize(
    ("who", "held", "said"),
    [
        (ZOE, (ES, ("Assistant", "")), (ES, TITULAIRE)),
        (ZOE, (ES, ("Assistant", "")), (ES, REMPLACANT)),
        (ANNE, (ES, TITULAIRE), (ES, ("Assistant", "Titulaire"))),
        (ANNE, (ES, TITULAIRE), (ES, CRH)),
        (ANNE, (ES, TITULAIRE), (ES, HEMOVIGILANT)),
        (ANNE, (ES, TITULAIRE), ("24", TITULAIRE)),
        (ANNE, ("24", CRH), (ES, CRH)),
    ],
)
def test_absent_from_workbook_does_not_fire_where_the_row_has_them_in_a_function_that_cannot_be_theirs(
    who: Person, held: tuple[str, Role], said: tuple[str, Role]
):
    """A slip of function or of place: the row is asked about, and they keep what they have."""
    found = play([account(who, *held)], [row(who, *said)])
    assert [one.account_id for one in found.all("role_incompatible")] == [who.account_id]
    assert "end_assignment" not in {one.kind for one in found.changes}


def test_a_function_elsewhere_ends_though_another_row_is_refused():
    found = play([account(ZOE), account(ZOE, OTHER_ES)], [row(ZOE, ES, TITULAIRE)])
    assert [one.assignment.structure_code for one in found.all("absent_from_workbook")] == [OTHER_ES]


def test_whoever_left_leaves_though_another_row_is_refused():
    found = play([account(ZOE)], [row(ZOE, status="Partie"), row(ZOE, ES, TITULAIRE)])
    assert len(found.all("left")) == 1


def test_no_assignment_left_deactivates_the_account_whose_last_function_ends():
    found = play([account(ANNE), account(ANNE, OTHER_ES)], [])
    change = found.one("no_assignment_left")
    ends = sorted(one.id for one in found.all("absent_from_workbook"))
    assert (change.kind, list(change.linked_to), len(ends)) == ("deactivate_account", ends, 2)


def test_no_assignment_left_does_not_fire_while_a_function_stays_or_comes():
    assert play([account(ANNE), account(ANNE, SITE)], []).reasons() == ["absent_from_workbook"]
    moving = play([account(ANNE)], books=[region("24"), ets("ETS-CPDL", row(ANNE, SITE))])
    assert moving.reasons() == ["absent_from_workbook", "missing_assignment"]


def test_no_assignment_left_fires_for_an_account_that_never_had_one():
    assert play([account(Person(21, "ESQUISSE", "Ève"), "")]).reasons() == ["no_assignment_left"]


def test_an_empty_file_ends_nobodys_access():
    """An empty workbook is a failed one (FILE_EMPTY); an empty register is one that could not be read."""
    annuaire = [account(ANNE), account(LUC, OTHER_ES), account(PAUL)]
    books = [region("24", usable=False)]
    assert play(annuaire, books=books, persons_read=False, cards_read=False).table() == []
