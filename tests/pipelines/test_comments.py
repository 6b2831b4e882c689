"""Comments beside an answer, by kind of French: what denies is asked back, what does not leaves the answer."""

import csv
from pathlib import Path

import pytest

from tests.pipelines.test_spoken_in_doubt import ASKED, read, taken_for

_PAGE = (Path(__file__).parent / "comments" / "told.csv").read_text(encoding="utf-8")
TOLD = list(csv.DictReader(_PAGE.splitlines()))
HELD_OUT = [one for one in TOLD if one["set"] == "held"]  # not looked at while the words were written
MOST_TAKEN, MOST_ASKED = 0.03, 0.10  # of what denies, of what does not


def is_wrong(one: dict[str, str]) -> bool:
    found = taken_for(one["line"], read(one["line"], one["answer"], one["comment"]))
    alone = taken_for(one["line"], read(one["line"], one["answer"]))
    return (found == alone) if one["means"] == "denies" else (found != alone)


def test_every_answer_of_the_page_is_taken_without_its_comment() -> None:
    assert {one["line"] for one in TOLD} <= ASKED.keys()
    assert not [one for one in TOLD if taken_for(one["line"], read(one["line"], one["answer"])) == "?"]


@pytest.mark.parametrize(
    "told",
    [one for one in TOLD if one["set"] == "tune"],
    ids=lambda one: f"{one['means']}-{one['answer'][:12]}-{one['comment']}",
)
def test_a_comment_that_denies_is_asked_back_and_another_leaves_the_answer(told: dict[str, str]) -> None:
    assert not is_wrong(told)


@pytest.mark.parametrize(("means", "most"), [("denies", MOST_TAKEN), ("fits", MOST_ASKED)])
def test_of_comments_that_were_held_out_few_are_read_wrongly(means: str, most: float) -> None:
    those = [one for one in HELD_OUT if one["means"] == means]
    wrong = [one["comment"] for one in those if is_wrong(one)]
    assert len(those) >= 50
    assert len(wrong) <= most * len(those), wrong
