"""What waits for whom, how old it is, and what is late."""

from datetime import timedelta

from pipelines.lifecycle.pending import Pending, pending
from schemas.changes.change import ChangeStatus, PostRef
from schemas.changes.lifecycle import ChangeState, slot_of
from tests.invented_changes import ADMIN, CRH, DAY, Builder

builder = Builder()


def state(status: ChangeStatus, age: int = 0, *, since: int | None = None, to: PostRef = CRH) -> ChangeState:
    change = builder.add("card_alert", "card_missing", "access", "FICTIVE Ode", to=to)
    moved = DAY - timedelta(days=age if since is None else since)
    return ChangeState(change, slot_of(change), status, DAY - timedelta(days=age), moved)


def only(*states: ChangeState) -> Pending:
    (found,) = pending(states, DAY, 14)
    return found


def test_a_closed_change_waits_for_nobody() -> None:
    assert pending([state("done"), state("superseded"), state("withdrawn")], DAY, 14) == []


def test_a_refused_change_is_open_and_does_not_wait() -> None:
    found = only(state("refused", 30))
    assert (found.waiting, found.oldest, found.overdue, found.statuses["refused"]) == (0, None, 0, 1)


def test_the_oldest_is_counted_from_the_first_day_it_was_seen() -> None:
    assert only(state("notified", 3), state("notified", 9, since=1)).oldest == 9


def test_what_was_answered_waits_for_no_decision_and_is_counted_beside() -> None:
    found = only(state("notified", 3), state("accepted", 9), state("refused", 9), state("postponed", 9))
    assert (found.waiting, found.oldest) == (1, 3)
    assert found.answered == {"accepted": 1, "postponed": 1, "refused": 1}


def test_the_halves_of_one_question_are_one_that_waits() -> None:
    one, other = (
        builder.add("review", "shared_number", "access", f"FICTIVE {name}", to=CRH) for name in ("Ode", "Lia")
    )
    pair = (one.model_copy(update={"linked_to": (other.id,)}), other.model_copy(update={"linked_to": (one.id,)}))
    found = only(*(ChangeState(half, slot_of(half), "notified", DAY, DAY) for half in pair))
    assert (found.waiting, found.severities["access"]) == (1, 1)


def test_a_question_that_was_answered_is_not_late_at_whoever_answered() -> None:
    asked = builder.add("review", "ambiguous_match", "access", "FICTIVE Ode", to=CRH)
    told = DAY - timedelta(days=40)
    assert only(ChangeState(asked, slot_of(asked), "accepted", told, told)).overdue == 0


def test_late_is_what_was_told_or_said_done_and_has_not_moved_since() -> None:
    assert only(state("notified", 14)).overdue == 1
    assert only(state("accepted", 40, since=14)).overdue == 1
    assert only(state("accepted", 40, since=13)).overdue == 0
    assert only(state("new", 40), state("postponed", 40)).overdue == 0


def test_the_administrator_stands_first() -> None:
    found = pending([state("notified"), state("notified", to=ADMIN)], DAY, 14)
    assert [one.updater for one in found] == [ADMIN, CRH]
