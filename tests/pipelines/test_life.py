"""The life of a change, night after night (contract §7): one test per way that a run can take, and per promise."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import get_args

import pytest

from pipelines.lifecycle.advance import Lives, Proof, advance
from schemas.changes.change import Change, ChangeStatus, PostRef
from schemas.changes.lifecycle import CLOSED, OPEN, ChangeState, Event, check_transition, slot_of, transitions
from schemas.errors import IllegalTransitionError
from schemas.nomenclatures import rows
from tests.invented_changes import CRH, DAY, ETS, Builder

REMIND = 14
BORN = DAY - timedelta(days=40)
STATUSES: tuple[ChangeStatus, ...] = get_args(ChangeStatus)
BY_RUN = [(row["from"], row["to"]) for row in rows("transitions") if row["by"] == "run"]
NONE: frozenset[str] = frozenset()
ACTORS = ("run", "mail", "decision")


def update(after: str = "b@example.org", to: PostRef = CRH) -> Change:
    """A new address for somebody; another `after` is another target in the same slot."""
    book = "workbook:regions/24.xlsx"
    fields: list[tuple[str, str | None, str | None, str]] = [("email", "a@example.org", after, book)]
    return Builder().add("update_account", "contact_changed", "info", "FICTIVE Ode", fields=fields, to=to)


def known(change: Change, status: ChangeStatus = "notified", since: int = 3, **more: object) -> dict[str, ChangeState]:
    """The change as the store has it: in this status for so many days, its updater told the same day."""
    day = DAY - timedelta(days=since)
    told = {} if status == "new" else {"told_on": day, "told_to": PostRef.model_validate(_post(change))}
    state = ChangeState(change, slot_of(change), status, BORN, day)
    return {change.id: replace(state, **{**told, **more})}  # type: ignore[arg-type]


def _post(change: Change) -> dict[str, str]:
    return {"post": change.updater.post, "scope": change.updater.scope}


def night(
    states: dict[str, ChangeState],
    *tonight: Change,
    shown: bool = False,
    judged: bool = True,
    day: date = DAY,
) -> Lives:
    evidence = Proof(shown=lambda _: shown, judged=lambda _: judged)
    return advance(states, [one.model_copy(update={"first_seen": day}) for one in tonight], evidence, day, REMIND)


def moves(lives: Lives) -> list[tuple[str, str, str]]:
    return [(event.before, event.after, event.by) for event in lives.events]


def only(change: Change) -> frozenset[str]:
    return frozenset({change.id})


def status(lives: Lives, change: Change) -> str | None:
    return next((one.status for one in lives.open_changes if one.id == change.id), None)


# ── the table, row by row ────────────────────────────────────────────────────────────────────────


def played(before: str, after: str) -> Lives:
    """The night that moves a change this way."""
    mine, other = update(), update("c@example.org")
    states = known(mine, before) if before else {}  # type: ignore[arg-type]
    ways: dict[str, Callable[[], Lives]] = {
        "new": lambda: night(states, mine),
        "done": lambda: night(states, shown=True),
        "superseded": lambda: night({**states, **known(other)}, other),
        "withdrawn": lambda: night(states),
        "notified": lambda: night(known(mine, "postponed", postponed_to=DAY), mine),
    }
    return ways[after]()


@pytest.mark.parametrize(("before", "after"), BY_RUN)
def test_a_run_makes_this_transition(before: str, after: str) -> None:
    lives = played(before, after)
    assert moves(lives) == [(before, after, "run")]
    assert lives.events[0].change_id == update().id
    assert lives.events[0].day == DAY
    assert (status(lives, update()) == after) is (after in OPEN)


def test_every_transition_but_these_is_a_named_error() -> None:
    table = {(row["from"], row["to"], row["by"]) for row in rows("transitions")}
    illegal = set(product(("", *STATUSES), STATUSES, ACTORS)) - table
    assert len(illegal) == 9 * 8 * 3 - len(table)
    for before, after, by in sorted(illegal):
        with pytest.raises(IllegalTransitionError, match=after):
            check_transition(before, after, by)


def test_every_transition_of_the_table_is_allowed_to_its_actor() -> None:
    assert len(transitions()) == len(rows("transitions"))
    for before, after, by in transitions():
        check_transition(before, after, by)


def test_only_a_new_life_or_another_answer_leads_out_of_a_closed_change() -> None:
    others = {(before, after, by) for before, after, by in transitions() if before in CLOSED and after != "new"}
    assert {(before, after) for before, after, _ in transitions() if before in CLOSED} > {
        (one, "new") for one in CLOSED
    }
    assert others == {("withdrawn", "accepted", "decision"), ("withdrawn", "refused", "decision")}


# ── being true, and no longer ────────────────────────────────────────────────────────────────────


def test_a_new_change_is_announced_once() -> None:
    mine = update()
    first = night({}, mine)
    assert (first.fresh, first.due, status(first, mine)) == (only(mine), NONE, "new")
    second = night(known(mine, since=1), mine)
    assert (second.fresh, second.due, second.listed) == (NONE, NONE, only(mine))
    assert second.events == ()


def test_a_change_nobody_was_told_of_is_announced_another_night() -> None:
    mine = update()
    lives = night(known(mine, "new", since=2), mine)
    assert (lives.events, lives.fresh) == ((), only(mine))
    assert lives.born == {mine.id: (DAY - timedelta(days=2)).isoformat()}


def test_a_superseded_change_points_to_its_successor() -> None:
    old, new = update(), update("c@example.org")
    lives = night(known(old), new)
    assert lives.events == (
        Event(new.id, DAY, "", "new", "run"),
        Event(old.id, DAY, "notified", "superseded", "run", new.id),
    )
    assert [one.id for one in lives.open_changes] == [new.id]


def test_a_change_is_done_only_when_the_annuaire_shows_it() -> None:
    mine = update()
    assert moves(night(known(mine, "accepted"), mine)) == []
    assert moves(night(known(mine, "accepted"))) == [("accepted", "withdrawn", "run")]
    assert moves(night(known(mine, "accepted"), shown=True)) == [("accepted", "done", "run")]


def test_what_the_annuaire_shows_is_done_although_a_new_target_came() -> None:
    old, new = update(), update("c@example.org")
    assert ("notified", "done", "run") in moves(night(known(old), new, shown=True))


def test_a_change_that_cannot_be_judged_stays_as_it_is_and_listed() -> None:
    mine = update()
    lives = night(known(mine), judged=False)
    assert (lives.events, status(lives, mine), lives.listed) == ((), "notified", only(mine))
    assert lives.open_changes[0].first_seen == mine.first_seen


def test_a_change_that_cannot_be_judged_is_not_reminded_of() -> None:
    assert night(known(update(), since=REMIND + 1), judged=False).due == NONE


def test_first_seen_never_changes() -> None:
    mine = update()
    for before in STATUSES:
        (seen,) = night(known(mine, before), mine).open_changes
        assert seen.first_seen == BORN, before


def test_withdrawn_and_true_again_starts_anew() -> None:
    mine = update()
    lives = night(known(mine, "withdrawn", since=20), mine)
    assert moves(lives) == [("withdrawn", "new", "run")]
    assert lives.fresh == only(mine)
    assert lives.born == {mine.id: DAY.isoformat()}


def test_a_closed_change_that_stays_untrue_stays_closed() -> None:
    for before in sorted(CLOSED):
        lives = night(known(update(), before))  # type: ignore[arg-type]
        assert (lives.events, lives.open_changes) == ((), ())


# ── being told ───────────────────────────────────────────────────────────────────────────────────


def test_a_refused_change_stays_quiet_until_its_target_changes() -> None:
    mine, other = update(), update("c@example.org")
    for since in (1, REMIND, 10 * REMIND):
        lives = night(known(mine, "refused", since=since), mine)
        assert (lives.events, lives.listed, status(lives, mine)) == ((), NONE, "refused")
    lives = night(known(mine, "refused"), other)
    assert (lives.fresh, lives.listed) == (only(other), only(other))


def test_a_postponed_change_stays_quiet_until_its_date() -> None:
    mine = update()
    until = DAY + timedelta(days=1)
    quiet = night(known(mine, "postponed", since=100, postponed_to=until), mine)
    assert (quiet.events, quiet.listed, quiet.due) == ((), NONE, NONE)
    woken = night(known(mine, "postponed", since=100, postponed_to=until), mine, day=until)
    assert (status(woken, mine), woken.due, woken.fresh) == ("notified", only(mine), NONE)


def test_a_postponed_change_whose_mail_did_not_leave_is_told_the_next_night() -> None:
    mine = update()
    told = DAY - timedelta(days=9)
    assert night(known(mine, since=1, told_on=told), mine).due == only(mine)
    assert night(known(mine, since=1, told_on=DAY - timedelta(days=1)), mine).due == NONE


def test_an_accepted_change_that_is_not_seen_is_reminded_of() -> None:
    mine = update()
    early = night(known(mine, "accepted", since=REMIND - 1), mine)
    assert (early.due, early.listed) == (NONE, NONE)
    late = night(known(mine, "accepted", since=REMIND), mine)
    assert (late.due, late.listed, status(late, mine)) == (only(mine), only(mine), "accepted")


def test_an_accepted_change_that_was_reminded_of_stays_in_the_report_until_somebody_answers() -> None:
    """It does not come for one night and vanish the next, and nobody is written to for it."""
    mine = update()
    after = known(mine, "accepted", since=REMIND + 1, told_on=DAY - timedelta(days=1), told_to=mine.updater.ref)
    the_next = night(after, mine)
    assert (the_next.due, the_next.listed, the_next.fresh) == (frozenset(), only(mine), frozenset())
    answered_again = known(mine, "accepted", since=0, told_on=DAY - timedelta(days=1), told_to=mine.updater.ref)
    assert night(answered_again, mine).listed == frozenset()


def test_a_change_that_was_put_off_until_today_comes_back_and_is_no_reminder() -> None:
    mine = update()
    back = night(known(mine, "postponed", postponed_to=DAY), mine)
    assert (back.due, back.returning) == (only(mine), only(mine))
    assert night(known(mine, since=REMIND), mine).returning == frozenset()


def test_a_pending_change_is_mailed_again() -> None:
    mine = update()
    assert night(known(mine, since=REMIND - 1), mine).due == NONE
    assert night(known(mine, since=REMIND), mine).due == only(mine)


def test_a_reminder_starts_the_days_again() -> None:
    mine = update()
    reminded = known(mine, since=REMIND + 5, told_on=DAY - timedelta(days=5))
    assert night(reminded, mine).due == NONE


def test_a_change_that_becomes_anothers_is_told_to_them() -> None:
    mine, moved = update(), update(to=ETS)
    assert mine.id == moved.id
    lives = night(known(mine, since=1), moved)
    assert (lives.due, lives.listed) == (only(mine), only(mine))


def test_a_change_that_became_anothers_is_told_to_them_though_the_first_mail_failed() -> None:
    """Last night's change already names the new one; the mail that did leave went to the old one."""
    moved = update(to=ETS)
    assert night(known(moved, since=2, told_to=CRH), moved).due == {moved.id}
    assert night(known(moved, since=2, told_to=ETS), moved).due == NONE


@pytest.mark.parametrize("before", ["refused", "accepted"])
def test_a_change_that_was_decided_is_not_told_again_because_it_moved(before: ChangeStatus) -> None:
    assert night(known(update(), before, since=1), update(to=ETS)).due == NONE


# ── the night as a function ──────────────────────────────────────────────────────────────────────


def test_the_same_states_and_changes_in_any_order_give_the_same_night() -> None:
    many = [update(f"{name}@example.org") for name in "cde"]
    states = known(update())
    first, second = (night(states, *order) for order in (many, many[::-1]))
    assert (first.events, first.listed, first.fresh) == (second.events, second.listed, second.fresh)


def test_a_night_with_the_same_findings_is_silent() -> None:
    found: Sequence[Change] = [update(), update("c@example.org")]
    states = known(found[0], since=0) | known(found[1], since=0)
    lives = night(states, *found)
    assert (lives.events, lives.fresh, lives.due) == ((), NONE, NONE)
