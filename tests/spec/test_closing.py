"""Nobody is asked to renew a card for an account that the same report closes (contract §6)."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.changes.earlier import earlier_of
from schemas.changes.change import ChangeStatus
from schemas.changes.lifecycle import ChangeState, slot_of
from tests.spec.night import DAY, Night, fields_of, play
from tests.spec.tables import ANNE, ES_11, OTHER_ES, Line, account, adeli, card, region, row

SOON, ENDED = "2026-12-10", "2026-10-31"
GONE = row(ANNE, status="Parti")


@pytest.mark.parametrize("ends_on", [SOON, ENDED])
@pytest.mark.parametrize("rows", [[], [GONE]], ids=["absent", "left"])
def test_no_card_is_asked_for_whose_account_is_closed(rows: list[Line], ends_on: str):
    found = play([account(ANNE, card_expires_on=ends_on)], rows, cards=[card(ANNE, ends_on)])
    assert sorted(change.kind for change in found.changes) == ["deactivate_account", "end_assignment"]


def test_no_card_is_asked_for_an_account_without_any_function():
    found = play([account(ANNE, "", card_expires_on=ENDED)], cards=[card(ANNE, ENDED)])
    assert found.reasons() == ["no_assignment_left"]


def test_the_dates_of_a_card_are_not_entered_in_an_account_that_is_closed():
    assert play([account(ANNE, card_expires_on=SOON)], [GONE]).reasons() == ["left", "no_assignment_left"]


def test_nor_is_the_card_asked_for_while_the_deactivation_itself_must_wait():
    """The last function goes tonight: whether the account is closed now or once every workbook is read is the same."""
    broken = region("52", usable=False)
    found = play([account(ANNE, card_expires_on=SOON)], [GONE], [broken], cards=[card(ANNE, SOON)])
    assert "card_expiring" not in found.reasons()
    assert "left" in found.reasons()


def test_who_keeps_a_function_keeps_the_card():
    both = [account(ANNE, card_expires_on=SOON), account(ANNE, OTHER_ES, card_expires_on=SOON)]
    found = play(both, [GONE, row(ANNE, OTHER_ES)], cards=[card(ANNE, SOON)])
    assert found.reasons() == ["card_expiring", "left"]


def test_who_moves_keeps_the_card():
    books = [region("24"), region("11", row(ANNE, ES_11))]
    found = play([account(ANNE, card_expires_on=SOON)], books=books, cards=[card(ANNE, SOON)])
    assert found.reasons() == ["absent_from_workbook", "card_expiring", "missing_assignment"]


def test_what_ends_is_still_foreseen_but_nobody_is_told_to_act():
    """The dashboard counts the access that is lost; the report does not ask for it back."""
    found = play([account(ANNE, card_expires_on=ENDED)], [GONE], cards=[card(ANNE, ENDED)])
    assert [end.account_id for end in found.comparison.ends if end.lost] == [ANNE.account_id]
    assert found.comparison.closing == {ANNE.account_id}


# ── an end that somebody refused ─────────────────────────────────────────────────────────────────


def ending(status: ChangeStatus, until: date | None = None) -> Night:
    """The night after an updater said this of the end."""
    before = play([account(ANNE, card_expires_on=SOON)], [], cards=[card(ANNE, SOON)]).one("absent_from_workbook")
    told = ChangeState(before, slot_of(before), status, date(2026, 11, 20), date(2026, 11, 21), postponed_to=until)
    return play([account(ANNE, card_expires_on=SOON)], [], cards=[card(ANNE, SOON)], earlier=earlier_of([told], DAY))


@pytest.mark.parametrize("status", ["refused", "postponed"])
def test_who_stays_by_the_updaters_word_gets_the_card_alert(status: ChangeStatus):
    found = ending(status)
    assert fields_of(found.one("card_expiring"))["card_expires_on"] == (None, SOON)


@pytest.mark.parametrize(("until", "told"), [(DAY + timedelta(1), True), (DAY, False), (DAY - timedelta(1), False)])
def test_who_was_left_in_post_until_a_day_gets_card_alerts_until_that_day(until: date, told: bool):
    """On the day itself the account is asked to be closed again: nobody renews a card for it."""
    assert ("card_expiring" in ending("postponed", until).reasons()) is told


@pytest.mark.parametrize("status", ["new", "notified", "accepted"])
def test_until_somebody_says_so_nobody_stays(status: ChangeStatus):
    assert "card_expiring" not in ending(status).reasons()


@pytest.mark.parametrize(
    "cells",
    [{"cpx_number": adeli(1)}, {"cpx_number": ANNE.rpps[1:]}, {"last_name": "EXEMPLES"}, {"profession": "Infirmier"}],
    ids=["old number", "number without its type", "name", "profession"],
)
def test_nothing_is_corrected_on_an_account_that_is_closed(cells: dict[str, Any]):
    found = play([account(ANNE, **cells)], [GONE], crosswalk={adeli(1): ANNE.rpps})
    assert found.reasons() == ["left", "no_assignment_left"]
