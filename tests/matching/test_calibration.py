"""The labelled set, what was fitted on one half of it, and what that is worth on the other."""

from collections import Counter
from pathlib import Path

import pytest

from pipelines.matching.match import match
from schemas.people.likeness import Evidence, Likeness, score_of, thresholds, weights
from tests.matching.fitting import examples_of, fit, tables_of
from tests.matching.judging import (
    ASTRAY,
    REVIEW,
    Answers,
    bins,
    cut_off,
    exact_join,
    judged,
    ours,
    stories,
    upper_bound,
)
from tests.matching.labelled import HELD_OUT, TRAINING, TRAINING_SIZE, LabelledSet, labelled_set
from tests.matching.writing import NAME_FORMS, NUMBERS

TABLES = Path(__file__).parents[2] / "schemas" / "tables"


@pytest.fixture(scope="module")
def training() -> LabelledSet:
    return labelled_set(TRAINING, TRAINING_SIZE)


@pytest.fixture(scope="module")
def held_out() -> LabelledSet:
    return labelled_set(HELD_OUT)


@pytest.fixture(scope="module")
def answers(held_out: LabelledSet) -> Answers:
    return ours(held_out)


# ── the set ──────────────────────────────────────────────────────────────────────────────────────


def test_the_set_has_two_thousand_pairs_of_one_person_and_five_hundred_of_namesakes(
    training: LabelledSet, held_out: LabelledSet
) -> None:
    found = Counter((pair.story, pair.same) for half in (training, held_out) for pair in half.pairs)
    assert found["one_person", True] >= 2000
    assert found["namesake", False] >= 500


def test_the_same_seed_makes_the_same_set() -> None:
    assert labelled_set(5, 0.05) == labelled_set(5, 0.05)


def test_the_halves_have_no_address_in_common(training: LabelledSet, held_out: LabelledSet) -> None:
    mine, theirs = (
        {(one.last_name, one.first_name, one.email) for one in half.snapshot.accounts.values()}
        for half in (training, held_out)
    )
    assert not mine & theirs


def test_the_shares_of_names_and_numbers_are_in_thousandths() -> None:
    assert sum(NAME_FORMS.values()) == sum(NUMBERS.values()) == 1000


def test_a_pair_told_to_be_two_people_never_is_one(held_out: LabelledSet) -> None:
    assert all(pair.same == (held_out.truth[pair.location] == pair.account_id) for pair in held_out.pairs)


# ── what was fitted ──────────────────────────────────────────────────────────────────────────────


def test_the_tables_are_those_that_the_training_half_gives(training: LabelledSet) -> None:
    """Else: python -m benchmarks.matching --fit"""
    found = tables_of(fit(examples_of(training)))
    assert {name: (TABLES / name).read_text(encoding="utf-8") for name in found} == found


def test_accept_lies_above_review() -> None:
    assert thresholds().accept > thresholds().review


def test_every_thing_compared_has_a_weight() -> None:
    assert {compared for compared, _ in weights()} == {"candidate", *(name for name, _ in Evidence().levels())}


@pytest.mark.parametrize(
    "compared", ["number", "last", "first", "email", "phone", "structure", "profession", "civility"]
)
def test_what_agrees_speaks_for_one_person_and_what_differs_against(compared: str) -> None:
    against = {"last": "other", "first": "other", "structure": "elsewhere"}.get(compared, "differs")
    assert weights()[compared, "same"] > 0 > weights()[compared, against]


def test_a_score_is_the_sum_of_its_evidence_and_zero_is_as_likely_as_not() -> None:
    evidence = Evidence(number="same", last="same", first="same")
    parts = [("candidate", ""), ("number", "same"), ("last", "same"), ("first", "same"), ("order", "straight")]
    assert score_of(evidence) == pytest.approx(sum(weights()[part] for part in parts))
    assert Likeness(evidence, 0.0).probability == 0.5
    assert Likeness(evidence, 1.0).probability == pytest.approx(2 / 3)


# ── what it is worth, on the half it has not seen ────────────────────────────────────────────────


def test_no_automatic_match_of_the_labelled_set_is_wrong(
    training: LabelledSet, held_out: LabelledSet, answers: Answers
) -> None:
    for half, said in ((training, ours(training)), (held_out, answers)):
        found = judged("ours", said, half.truth)
        assert found.automatic > 1000
        assert found.wrong == 0


def test_no_line_is_given_the_number_of_somebody_else(held_out: LabelledSet) -> None:
    given = [one for one in match(held_out.snapshot) if one.person_id and one.how not in ("new", "doubt")]
    assert given
    assert [one for one in given if one.person_id != held_out.persons[one.line.location]] == []


def test_nine_of_ten_are_matched_and_few_of_the_rest_are_missed(held_out: LabelledSet, answers: Answers) -> None:
    found = judged("ours", answers, held_out.truth)
    assert found.recall > 0.9
    assert found.found > 0.985


def test_both_baselines_give_people_the_account_of_others(held_out: LabelledSet, answers: Answers) -> None:
    mine = judged("ours", answers, held_out.truth)
    for said in (exact_join(held_out), cut_off(held_out, 85), cut_off(held_out, 90)):
        theirs = judged("baseline", said, held_out.truth)
        assert theirs.wrong > 100
        assert theirs.recall < mine.recall


def test_of_every_story_of_two_people_none_is_taken_for_one(held_out: LabelledSet, answers: Answers) -> None:
    found = stories(held_out, answers)
    for story in ("namesake", "relative", "swapped_namesake", "copied_number", "shared_mailbox"):
        assert found[story, "wrong"] == 0
        assert sum(count for (name, _), count in found.items() if name == story) >= 40


def test_a_score_promises_no_more_than_comes_true(held_out: LabelledSet) -> None:
    """Calibration: where the score says 9 of 10 or more, at least as many are one person, a slip of 2 % aside."""
    for low, _, count, promised, true in bins(examples_of(held_out)):
        if low >= 2:
            assert true >= promised - 0.02, (low, count)
        if low < -4:
            assert true <= 0.05, (low, count)


def test_a_question_counts_only_where_it_names_the_account_and_its_post_is_left(held_out: LabelledSet) -> None:
    """Each account that is in doubt and stands at the line's structure is among the candidates, and nothing ends it."""
    lost = [location for location, answer in ours(held_out).items() if answer == ASTRAY]
    assert lost == []


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


def test_no_error_in_n_is_bounded_by_the_rule_of_three() -> None:
    assert upper_bound(0, 1500) == pytest.approx(3 / 1500, rel=0.01)
    assert upper_bound(1, 1500) == pytest.approx(4.74 / 1500, rel=0.01)
    assert upper_bound(5, 5) == pytest.approx(1.0)


def test_a_line_left_to_somebody_is_neither_right_nor_wrong() -> None:
    found = judged("x", {"a": "1", "b": "2", "c": REVIEW, "d": ""}, {"a": "1", "b": "3", "c": "4", "d": "5"})
    assert (found.right, found.wrong, found.review, found.recall, found.found) == (1, 1, 1, 0.25, 0.5)


def test_a_question_that_leads_astray_is_asked_and_finds_nobody() -> None:
    found = judged("x", {"a": "1", "b": ASTRAY}, {"a": "1", "b": "3"})
    assert (found.review, found.recall, found.found) == (1, 0.5, 0.5)
