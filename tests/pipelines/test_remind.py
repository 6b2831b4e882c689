"""Reminders of one updater leave together: one mail, and their days are counted together from then on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipelines.lifecycle.advance import Proof, advance, overdue
from schemas.changes.change import Change, ChangeStatus, PostRef
from schemas.changes.lifecycle import ChangeState, slot_of
from tests.invented_changes import CRH, DAY, ETS, Builder

REMIND = 14
NOTHING = Proof(shown=lambda _: False, judged=lambda _: True)


def update(serial: int, to: PostRef = CRH) -> Change:
    fields: list[tuple[str, str | None, str | None, str]] = [("email", "a@example.org", f"b{serial}@example.org", "")]
    return Builder().add("update_account", "contact_changed", "info", f"FICTIVE-{serial} Ode", fields=fields, to=to)


def told(change: Change, days: int, status: ChangeStatus = "notified") -> ChangeState:
    """In this status for so many days, its updater told the same day."""
    day = DAY - timedelta(days=days)
    to = PostRef(post=change.updater.post, scope=change.updater.scope)
    return ChangeState(change, slot_of(change), status, day, day, told_on=day, told_to=to)


def due(*states: ChangeState, day: date = DAY) -> set[str]:
    """What a night that finds all of them reminds of."""
    known = {one.change.id: one for one in states}
    changes = [one.change for one in states]
    return set(advance(known, changes, NOTHING, day, REMIND).due)


OLD, RECENT, YESTERDAY, TODAY, ELSEWHERE = (update(1), update(2), update(3), update(4), update(5, ETS))


def test_once_one_has_waited_long_enough_all_that_waits_at_its_updater_is_reminded_of():
    states = told(OLD, 14), told(RECENT, 9), told(YESTERDAY, 1), told(TODAY, 0), told(ELSEWHERE, 9)
    assert due(*states) == {OLD.id, RECENT.id, YESTERDAY.id}


def test_until_then_nothing_is():
    assert due(told(OLD, 13), told(RECENT, 9)) == set()


def test_the_reminder_between_two_nights_takes_the_same_ones():
    states = told(OLD, 14), told(RECENT, 9), told(TODAY, 0), told(ELSEWHERE, 9)
    found = overdue({one.change.id: one for one in states}, DAY, REMIND)
    assert {one.id for one in found} == {OLD.id, RECENT.id}


@pytest.mark.parametrize(("days", "joins"), [(14, True), (7, True), (6, False), (0, False)])
def test_what_was_said_to_be_done_joins_after_half_the_time(days: int, joins: bool):
    assert (RECENT.id in due(told(OLD, 14), told(RECENT, days, "accepted"))) is joins


@pytest.mark.parametrize("status", ["refused", "postponed"])
def test_what_was_refused_or_put_off_is_left_in_peace(status: ChangeStatus):
    assert due(told(OLD, 14), told(RECENT, 9, status)) == {OLD.id}


def test_what_comes_back_from_a_postponement_brings_nothing_else_along():
    back = told(OLD, 5, "postponed")
    known = {OLD.id: replace(back, postponed_to=DAY), RECENT.id: told(RECENT, 9)}
    assert advance(known, [OLD, RECENT], NOTHING, DAY, REMIND).due == {OLD.id}


def test_a_successor_is_told_of_all_and_nobody_else_is_reminded_for_it():
    moved = told(OLD, 3)
    known = {
        OLD.id: replace(moved, told_to=PostRef(post="CRH_ST", scope="11")),
        RECENT.id: told(RECENT, 9),
    }
    assert advance(known, [OLD, RECENT], NOTHING, DAY, REMIND).due == {OLD.id}


def test_what_tonight_does_not_find_is_not_reminded_of():
    """It may be true no more: a workbook that could not be read does not say."""
    unread = Proof(shown=lambda _: False, judged=lambda _: False)
    known = {OLD.id: told(OLD, 14), RECENT.id: told(RECENT, 9)}
    assert advance(known, [OLD], unread, DAY, REMIND).due == {OLD.id}
