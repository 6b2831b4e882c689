"""Half of a linked pair settles the pair where the other half has no meaning without it."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from pipelines.lifecycle.linked_pairs import meaningless, settle
from schemas.changes.change import Change, ChangeKind, ChangeStatus, PostRef
from schemas.changes.lifecycle import ChangeState, Event, check_transition, slot_of
from schemas.nomenclatures import rows
from tests.invented_changes import CRH, DAY, ETS, Builder

UNTIL = (DAY + timedelta(days=30)).isoformat()
REASONS: dict[ChangeKind, str] = {
    "create_account": "missing_account",
    "add_assignment": "missing_assignment",
    "end_assignment": "left",
    "deactivate_account": "no_assignment_left",
    "review": "duplicate_account",
}


def linked(*kinds: ChangeKind, to: Sequence[PostRef] = (), reasons: Sequence[str] = ()) -> list[Change]:
    """Changes of one person that are linked to each other."""
    builder = Builder()
    made = [
        builder.add(
            kind,
            reasons[at] if reasons else REASONS[kind],
            "important",
            f"FICTIVE Ode{at}",
            to=to[at] if to else CRH,
        )
        for at, kind in enumerate(kinds)
    ]
    ids = [one.id for one in made]
    return [one.model_copy(update={"linked_to": tuple(key for key in ids if key != one.id)}) for one in made]


def change_of_rank(*to: PostRef) -> tuple[Change, Change]:
    """A rank to add and a rank to end of one account at one place."""
    builder, to = Builder(), to or (CRH, CRH)
    add = builder.add("add_assignment", "missing_assignment", "important", "FICTIVE Ode", to=to[0])
    end = builder.add(
        "end_assignment",
        "absent_from_workbook",
        "important",
        "FICTIVE Ode",
        role=("CHV_ST", "REMPLACANT"),
        to=to[1],
    ).model_copy(update={"account_id": add.account_id})
    return add.model_copy(update={"linked_to": (end.id,)}), end.model_copy(update={"linked_to": (add.id,)})


def halves(rule: dict[str, str]) -> Sequence[Change]:
    if rule["pair"] != "rank":
        return linked(rule["decided"], rule["other"])  # type: ignore[arg-type]
    return sorted(change_of_rank(), key=lambda one: one.kind != rule["decided"])


def states(changes: Sequence[Change], *statuses: ChangeStatus) -> dict[str, ChangeState]:
    found: Sequence[ChangeStatus] = statuses or ["notified" for _ in changes]
    return {
        one.id: ChangeState(one, slot_of(one), status, DAY, DAY) for one, status in zip(changes, found, strict=True)
    }


def decided(change: Change, status: ChangeStatus, before: ChangeStatus = "notified") -> Event:
    return Event(change.id, DAY, before, status, "decision", UNTIL if status == "postponed" else "0" * 16)


@pytest.mark.parametrize("rule", rows("pairs"), ids=lambda rule: "-".join((rule["decided"], rule["verdict"])))
def test_every_row_of_the_table_settles_the_other_half(rule: dict[str, str]) -> None:
    one, other = halves(rule)
    [event] = settle([decided(one, rule["verdict"])], states([one, other]), [one.id], DAY)  # type: ignore[arg-type]
    assert (event.change_id, event.before, event.after) == (other.id, "notified", rule["becomes"])
    assert event.note == (UNTIL if rule["becomes"] == "postponed" else one.id)
    check_transition(event.before, event.after, event.by)


def test_halves_with_a_meaning_of_their_own_are_left() -> None:
    """Who moves: the function to add and the one to end; an account that is kept without a function."""
    add, end = linked("add_assignment", "end_assignment")
    for one, verdict in ((add, "refused"), (end, "refused"), (add, "accepted"), (end, "postponed")):
        assert settle([decided(one, verdict)], states([add, end]), [one.id], DAY) == ()  # type: ignore[arg-type]
    end, deactivation = linked("end_assignment", "deactivate_account")
    for one, verdict in ((deactivation, "refused"), (end, "accepted"), (deactivation, "postponed")):
        assert settle([decided(one, verdict)], states([end, deactivation]), [one.id], DAY) == ()  # type: ignore[arg-type]


def test_of_two_ends_a_refused_one_settles_more_than_a_postponed_one() -> None:
    first, second, deactivation = linked("end_assignment", "end_assignment", "deactivate_account")
    events = [decided(first, "postponed"), decided(second, "refused")]
    found = settle(events, states([first, second, deactivation]), [first.id, second.id], DAY)
    assert [(one.change_id, one.after, one.note) for one in found] == [(deactivation.id, "withdrawn", second.id)]


def test_what_is_put_off_waits_for_the_last_day() -> None:
    first, second, deactivation = linked("end_assignment", "end_assignment", "deactivate_account")
    later = (date.fromisoformat(UNTIL) + timedelta(days=5)).isoformat()
    events = [decided(first, "postponed"), Event(second.id, DAY, "notified", "postponed", "decision", later)]
    [event] = settle(events, states([first, second, deactivation]), [first.id, second.id], DAY)
    assert (event.after, event.note) == ("postponed", later)


@pytest.mark.parametrize("status", ["accepted", "refused", "done", "withdrawn", "superseded"])
def test_a_half_that_was_answered_or_is_closed_stays(status: ChangeStatus) -> None:
    end, deactivation = linked("end_assignment", "deactivate_account")
    assert settle([decided(end, "refused")], states([end, deactivation], "notified", status), [end.id], DAY) == ()


def test_a_half_answered_in_the_same_file_stays_as_answered() -> None:
    end, deactivation = linked("end_assignment", "deactivate_account")
    both = [decided(end, "refused"), decided(deactivation, "accepted")]
    assert settle(both, states([end, deactivation]), [end.id, deactivation.id], DAY) == ()


def test_an_end_settles_a_deactivation_that_is_anothers_to_enter_and_a_review_does_not() -> None:
    end, deactivation = linked("end_assignment", "deactivate_account", to=(CRH, ETS))
    assert len(settle([decided(end, "refused")], states([end, deactivation]), [end.id], DAY)) == 1
    one, other = linked("review", "review", to=(CRH, ETS))
    assert settle([decided(one, "refused")], states([one, other]), [one.id], DAY) == ()


def test_reviews_of_different_reasons_are_different_questions() -> None:
    one, other = linked("review", "review", reasons=("duplicate_account", "not_in_register"))
    assert settle([decided(one, "accepted")], states([one, other]), [one.id], DAY) == ()


def test_a_deactivation_is_not_asked_again_while_an_end_of_it_is_refused() -> None:
    end, deactivation = linked("end_assignment", "deactivate_account")
    asked = [end, deactivation]
    assert meaningless(states(asked, "refused", "withdrawn"), asked) == {deactivation.id}
    assert meaningless(states([end], "refused"), asked) == {deactivation.id}
    ended: tuple[ChangeStatus, ...] = ("notified", "accepted", "done")
    for status in ended:
        assert meaningless(states(asked, status, "withdrawn"), asked) == frozenset()


def test_a_deactivation_that_comes_while_its_end_is_put_off_waits_for_that_day() -> None:
    end, deactivation = linked("end_assignment", "deactivate_account")
    asked = [end, deactivation]
    assert meaningless(states([end], "postponed"), asked) == {deactivation.id}
    assert meaningless(states(asked, "postponed", "postponed"), asked) == frozenset()


def test_the_last_answer_on_either_half_of_a_change_of_rank_counts_for_both() -> None:
    add, end = change_of_rank()
    known = states([add, end], "refused", "refused")
    [event] = settle([decided(end, "accepted", "refused")], known, [end.id], DAY)
    assert (event.change_id, event.before, event.after) == (add.id, "refused", "accepted")
    assert settle([decided(end, "refused", "refused")], known, [end.id], DAY) == ()


def test_the_end_of_a_rank_that_is_kept_is_not_asked_once_its_set_is_released() -> None:
    add, end = change_of_rank()
    known = states([add, end], "notified", "new")
    [event] = settle([decided(add, "refused")], known, [add.id], DAY)
    assert (event.change_id, event.after) == (end.id, "withdrawn")
    assert meaningless(states([add, end], "refused", "withdrawn"), [add, end]) == {end.id}
    assert meaningless(states([add], "refused"), [add, end]) == {end.id}
    assert meaningless(states([add, end], "notified", "withdrawn"), [add, end]) == frozenset()


def test_a_rank_that_two_updaters_enter_is_two_decisions() -> None:
    add, end = change_of_rank(CRH, ETS)
    assert settle([decided(add, "accepted")], states([add, end]), [add.id], DAY) == ()
