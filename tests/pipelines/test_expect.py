"""What is out of the ordinary waits for a human look."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.lifecycle.safeguards import holds
from pipelines.policy import Policy, passes, too_many_rejects
from schemas.changes.change import Change, FieldChange, PostRef
from schemas.changes.safeguard import Hold
from schemas.reading.source import SourceReport
from tests.invented_changes import ADMIN, CRH, ETS, Builder

POLICY = Policy(max_deactivation_share=0.05, min_deactivations_to_hold=5, max_update_share=0.3, min_updates_to_hold=4)
OF_100 = {("CRH_ST", "24"): 100}


def changes(kind: str, count: int, to: PostRef = CRH, status: str = "new") -> list[Change]:
    reason = {"end_assignment": "left", "deactivate_account": "no_assignment_left"}.get(kind, "contact_changed")
    builder = Builder()
    for at in range(count):
        builder.add(kind, reason, "info", f"FICTIVE Ode{at}", to=to, status=status)
    return builder.made


def held(
    found: list[Change], accounts: dict[tuple[str, str], int], policy: Policy = POLICY, **released: int
) -> list[Hold]:
    ceilings = {("CRH_ST", "24", what): count for what, count in released.items()}
    return list(holds(found, accounts, policy, ceilings))


def test_a_set_is_held_above_the_share_and_from_the_number_on() -> None:
    assert held(changes("end_assignment", 6), OF_100) == [Hold("CRH_ST", "24", "deactivations", 6, 100)]


def test_the_share_itself_still_goes_out() -> None:
    assert held(changes("end_assignment", 5), OF_100) == []


def test_a_large_share_of_very_few_goes_out() -> None:
    assert held(changes("end_assignment", 4), {("CRH_ST", "24"): 4}) == []


def test_ends_that_answers_announced_are_no_sign_of_a_broken_source() -> None:
    said = FieldChange(field="answer", before=None, after="CRH-ST, le 22/11/2026", source="answer")
    told = [one.model_copy(update={"fields": (said,)}) for one in changes("end_assignment", 6)]
    assert held(told, OF_100) == []
    both = [
        *told,
        *(one.model_copy(update={"id": f"{one.id}2", "fields": ()}) for one in told),
    ]  # another function ends by itself
    assert held(both, OF_100) == [Hold("CRH_ST", "24", "deactivations", 6, 100)]


def test_five_of_five_are_held() -> None:
    assert held(changes("deactivate_account", 5), {("CRH_ST", "24"): 5}) == [
        Hold("CRH_ST", "24", "deactivations", 5, 5)
    ]


def test_updates_have_their_own_threshold() -> None:
    assert held(changes("update_account", 31), OF_100) == [Hold("CRH_ST", "24", "updates", 31, 100)]
    assert held(changes("update_account", 30), OF_100) == []


def test_alerts_reviews_and_creations_are_never_too_many() -> None:
    assert held(changes("card_alert", 90) + changes("review", 90) + changes("create_account", 90), OF_100) == []


def test_somebody_whose_functions_all_end_counts_once() -> None:
    ending = changes("end_assignment", 4) + changes("deactivate_account", 4)
    assert len(ending) == 8
    assert held(ending, {("CRH_ST", "24"): 8}) == []


def test_each_updater_is_held_apart() -> None:
    found = changes("end_assignment", 6, CRH) + changes("end_assignment", 3, ETS) + changes("end_assignment", 3, ADMIN)
    assert [(one.post, one.scope) for one in held(found, OF_100)] == [("CRH_ST", "24")]


def test_what_the_updater_knows_already_is_not_held_again() -> None:
    """A released set stays pending until it is entered: it does not stop what comes after it."""
    for status in ("notified", "accepted", "refused", "postponed"):
        assert held(changes("end_assignment", 50, status=status), OF_100) == [], status


def test_a_release_is_a_ceiling() -> None:
    assert held(changes("end_assignment", 6), OF_100, deactivations=6) == []
    assert held(changes("end_assignment", 7), OF_100, deactivations=6) == [
        Hold("CRH_ST", "24", "deactivations", 7, 100)
    ]


def test_a_release_lets_out_nothing_but_what_it_was_of() -> None:
    assert held(changes("end_assignment", 6), OF_100, updates=99) != []


def test_the_total_is_never_smaller_than_what_is_counted() -> None:
    """An updater may get changes of accounts they do not answer for, such as a transfer's second half."""
    assert held(changes("end_assignment", 6), {}) == [Hold("CRH_ST", "24", "deactivations", 6, 6)]


@pytest.mark.parametrize(("share", "number"), [(0.0, 5), (0.05, 0), (0.0, 0)])
def test_a_threshold_of_zero_allows_none(share: float, number: int) -> None:
    strict = replace(POLICY, max_deactivation_share=share, min_deactivations_to_hold=number)
    assert held(changes("end_assignment", 1), OF_100, strict) == [Hold("CRH_ST", "24", "deactivations", 1, 100)]
    assert held([], OF_100, strict) == []


@given(st.integers(0, 50), st.integers(1, 500), st.floats(0, 1), st.integers(0, 50))
def test_a_smaller_threshold_never_lets_more_out(count: int, total: int, share: float, number: int) -> None:
    if passes(count, total, share, number):
        assert passes(count, total, share / 2, number)
        assert passes(count, total, share, number // 2)
        assert passes(count + 1, total, share, number)


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


def test_a_source_with_too_many_rejected_rows_is_not_trusted() -> None:
    def report(rejected: int, read: int) -> SourceReport:
        return SourceReport("workbook:a", "a.xlsx", rows_read=read, rows_rejected=rejected)

    assert too_many_rejects(report(50, 200), Policy())
    assert not too_many_rejects(report(40, 200), Policy())  # a fifth, and no more
    assert not too_many_rejects(report(49, 60), Policy())  # a large share of few rows
    assert too_many_rejects(report(1, 200), Policy(min_rejected_to_hold=0))
    assert not too_many_rejects(report(0, 200), Policy(min_rejected_to_hold=0))
