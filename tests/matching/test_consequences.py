"""Whole nights on a small country where people carry each other's numbers: nobody is harmed, class by class.

The tables of docs/matching.md, in small (`benchmarks/consequences`): what the changes do to whom each account and line
is really about. Whom nobody could tell from another is counted apart, and only there may a night be wrong.
"""

import pytest

from benchmarks.consequences.country import KINDS, country
from benchmarks.consequences.judge import Outcome, Tally, play
from benchmarks.consequences.show import ORDINARY, STAYING, UNNUMBERED

SEED, LINES = 20261203, 2_400
CLASSES = ("right", *(kind.name for kind in KINDS))


@pytest.fixture(scope="module")
def night() -> Outcome:
    return play(SEED, LINES)


# ── the country ──────────────────────────────────────────────────────────────────────────────────


def test_the_same_seed_makes_the_same_country() -> None:
    one, other = (country(7, 400) for _ in range(2))
    assert one.snapshot.lines == other.snapshot.lines
    assert one.snapshot.accounts == other.snapshot.accounts


def test_every_class_is_played(night: Outcome) -> None:
    assert set(night.tallies) - {""} == set(CLASSES)


def test_where_nobody_carries_anothers_number_nobody_does() -> None:
    plain = country(7, 400, ORDINARY)
    assert not any(case.carries for case in plain.cases)


def test_one_line_in_four_or_its_account_carries_anothers_number(night: Outcome) -> None:
    carried = sum(case.carries for case in night.country.cases)
    assert 0.2 < carried / night.total().lines < 0.35


def test_few_are_such_that_nobody_could_tell(night: Outcome) -> None:
    blind = sum(case.blind for case in night.country.cases)
    assert 0 < blind / len(night.country.cases) < 0.05


def test_a_country_of_right_lines_has_nothing_to_ask() -> None:
    calm = play(7, 400, ["new_contact"])
    assert calm.total().harmed == 0
    assert calm.total().decided == calm.total().lines


# ── harm ─────────────────────────────────────────────────────────────────────────────────────────


def said_of(night: Outcome, what: str, kind: str) -> list[str]:
    return [one for one in night.told if one.startswith(f"{what} [{kind}]")]


@pytest.mark.parametrize("what", ["ends", "deactivations", "create_ends", "creations", "updates", "additions"])
@pytest.mark.parametrize("kind", CLASSES)
def test_nobody_is_harmed(night: Outcome, kind: str, what: str) -> None:
    assert said_of(night, what, kind) == []


@pytest.mark.parametrize("kind", CLASSES)
def test_only_whom_nobody_could_tell_apart_is_mistaken(night: Outcome, kind: str) -> None:
    assert said_of(night, "wrong", kind) == []


@pytest.mark.parametrize("kind", CLASSES)
def test_every_open_question_names_the_account_and_leaves_it_its_post(night: Outcome, kind: str) -> None:
    tally = night.tallies[kind]
    assert (tally.named, tally.kept) == (tally.open, tally.open)


# ── and yet ──────────────────────────────────────────────────────────────────────────────────────


def test_who_has_left_leaves(night: Outcome) -> None:
    assert night.total(["left_said"]).leavers_missed == 0
    gone = night.total(STAYING)
    assert gone.leavers_missed <= 0.05 * gone.leavers


def test_of_every_newcomer_something_is_said(night: Outcome) -> None:
    assert night.total(STAYING).newcomers_missed == 0


def test_most_ordinary_lines_need_nobody(night: Outcome) -> None:
    everyday, bare = night.total(ORDINARY), night.total(UNNUMBERED)
    assert everyday.decided / everyday.lines >= 0.82
    assert 100 * everyday.reviews / everyday.lines <= 18
    assert bare.decided / bare.lines >= 0.75


def test_counts_of_classes_add_up(night: Outcome) -> None:
    assert night.total().lines == len(night.country.snapshot.lines)
    assert night.total() == sum(night.tallies.values(), Tally())
