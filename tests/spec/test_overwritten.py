"""Whoever came after typed over a row: number and name say two people, and nothing is concluded (contract §6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES, ES_11, Line, Person, account, registered, row

NINA, KATIA = Person(261, "DUPRAT", "Nina", "60"), Person(262, "LAVERGNE", "Katia", "60")
HARM = {"create_account", "end_assignment", "deactivate_account", "update_account", "add_assignment", "card_alert"}
WRONG_KEY = NINA.rpps[:-1] + str((int(NINA.rpps[-1]) + 1) % 10)
EXCHANGED = NINA.rpps[:-4] + NINA.rpps[-3] + NINA.rpps[-4] + NINA.rpps[-2:]
NO_CONTACT: dict[str, Any] = {"email": "", "phone": ""}


def overwritten(held: str, typed: str, who: Person = KATIA, **cells: Any) -> Night:
    """Nina's account, and the row on which somebody else stands now."""
    register = [registered(NINA), registered(KATIA)]
    return play([account(NINA, cpx_number=held)], [row(who, cpx_number=typed, **cells)], register=register)


ALIKE = {
    "a wrong key": WRONG_KEY,
    "a digit less": NINA.rpps[:-1],
    "a CPE number with a wrong key": f"3{ES[:-1]}{(int(ES[-1]) + 1) % 10}/HV-11",
    "a serial that nobody holds": "2999999991",
    "a number with a remark": f"{WRONG_KEY} (à vérifier)",
}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("typed", ALIKE)
def test_what_cannot_be_read_and_stands_alike_in_annuaire_and_row_keeps_the_post(typed: str, known: bool) -> None:
    who = KATIA if known else Person(263, "LAVERGNE", "Odile", "60")
    found = overwritten(ALIKE[typed], ALIKE[typed], who, **NO_CONTACT)
    assert not HARM & {one.kind for one in found.changes}, found.table()
    assert found.one("ambiguous_match").account_id == NINA.account_id


MISKEYED = {
    "right in the annuaire, a wrong key in the row": (NINA.rpps, WRONG_KEY),
    "right in the annuaire, digits exchanged in the row": (NINA.rpps, EXCHANGED),
    "a wrong key in the annuaire, right in the row": (WRONG_KEY, NINA.rpps),
    "none in the annuaire, right in the row": ("", NINA.rpps),
    "written with spaces in the row": (WRONG_KEY, " ".join([WRONG_KEY[:4], WRONG_KEY[4:8], WRONG_KEY[8:]])),
    "without its 8 in the annuaire": (WRONG_KEY[1:], WRONG_KEY[1:]),
}


@pytest.mark.parametrize("case", MISKEYED)
def test_a_number_that_a_slip_parts_from_the_accounts_keeps_the_post(case: str) -> None:
    held, typed = MISKEYED[case]
    found = overwritten(held, typed, **NO_CONTACT)
    assert not {"create_account", "end_assignment", "deactivate_account"} & {one.kind for one in found.changes}
    assert any("EF0261" in str(one.after) for change in found.changes for one in change.fields)


@pytest.mark.parametrize("typed", ["en cours", "", "-", "RPPS demandé le 3"])
def test_words_without_a_number_keep_nobody(typed: str) -> None:
    found = overwritten(typed, typed, **NO_CONTACT)
    assert "absent_from_workbook" in found.reasons()


def test_what_cannot_be_read_is_no_ones_while_a_certain_line_tells_of_its_account() -> None:
    annuaire: list[Line] = [account(NINA, cpx_number=WRONG_KEY)]
    rows = [row(NINA, cpx_number=WRONG_KEY), row(KATIA, cpx_number=WRONG_KEY, **NO_CONTACT)]
    found = play(annuaire, rows, register=[registered(NINA), registered(KATIA, finess_site=ES_11)])
    assert not {"end_assignment", "deactivate_account"} & {one.kind for one in found.changes}
    assert found.all("ambiguous_match") == []


def test_a_leaver_with_an_unreadable_number_leaves() -> None:
    found = play([account(NINA, cpx_number=WRONG_KEY)], [row(NINA, cpx_number=WRONG_KEY, status="Partie")])
    assert {"left", "no_assignment_left"} <= set(found.reasons())
