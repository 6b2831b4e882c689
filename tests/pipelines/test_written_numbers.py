"""A card's number written on a line: the answer where it is one of the list's, asked back where it is nobody's."""

from datetime import date

import pytest

from pipelines.answer_choices import offer_said
from pipelines.lifecycle.decisions.facts.written_numbers import shown_number, told_number
from pipelines.lifecycle.decisions.understood import understood
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState, slot_of
from tests.invented_changes import Builder, number

DAY = date(2026, 11, 22)
RIGHT, IN_QUESTION, OTHER, LISTED = number(501), number(502), number(503), number(504)
MADE = Builder()
WHOSE = MADE.add(
    "review",
    "number_of_another",
    "access",
    "EXEMPLE Anne",
    national_id=IN_QUESTION,
    fields=[
        ("cpx_number", IN_QUESTION, RIGHT, "register.persons"),
        ("candidate", None, f"{IN_QUESTION} FICTIF Paul", "register.persons"),
        ("candidate", None, f"{RIGHT} EXEMPLE Anne", "register.persons"),
    ],
)
WHICH = MADE.add(
    "review",
    "ambiguous_match",
    "important",
    "EXEMPLE Anne",
    fields=[
        ("line", "a", "Feuille!3", "workbook:x"),
        ("candidate", None, "EF0160 EXEMPLE Anne", "annuaire"),
        ("candidate", None, "EF0170 EXEMPLA Ana", "annuaire"),
        ("differs:cpx_number:EF0160", OTHER, LISTED, ""),
    ],
)
CARD = MADE.add("card_alert", "card_missing", "access", "EXEMPLE Anne")


def read(change: Change, said: str, comment: str = "") -> ReturnedLine:
    state = ChangeState(change, slot_of(change), "notified", DAY, DAY)
    line = ReturnedLine(
        "20261122-AAAAAAAA", "Feuille", 4, f"{change.id}:x", "unknown" if said else "", said, None, "", comment
    )
    return understood(line, {change.id: state}, DAY)


def named(change: Change, said: str, comment: str = "") -> tuple[str, str]:
    """(what the answer means, whom it names)."""
    found = read(change, said, comment)
    offer = offer_said(change, found.said)
    return (offer.code, offer.key) if offer and found.decision == "accepted" else ("", "")


@pytest.mark.parametrize("comment", [f"son n° est {RIGHT}", f"RPPS {RIGHT[1:]}", f"N° RPPS : {RIGHT[1:5]} {RIGHT[5:]}"])
@pytest.mark.parametrize("said", ["", "oui", "C'est", "voir commentaire"])
def test_the_number_of_a_candidate_is_the_answer_to_whose_it_is(said: str, comment: str) -> None:
    assert named(WHOSE, said, comment) == ("number", RIGHT)


def test_the_number_may_stand_beside_the_answer_itself() -> None:
    assert named(WHOSE, f"C'est {RIGHT}") == ("number", RIGHT)
    assert named(WHICH, f"c'est le {LISTED}") == ("same", "EF0160")


@pytest.mark.parametrize("said", ["", "Fait", "ok"])
def test_the_number_of_an_account_says_which_one_is_meant(said: str) -> None:
    assert named(WHICH, said, f"sa carte : {LISTED}") == ("same", "EF0160")


@pytest.mark.parametrize("change", [WHOSE, WHICH])
def test_a_number_of_nobody_on_the_list_is_asked_back(change: Change) -> None:
    found = read(change, "", f"son n° est {number(599)}")
    assert found.decision == "unknown"
    assert "aucune des réponses de la liste" in found.asked


@pytest.mark.parametrize("comment", [f"ce n'est pas le {RIGHT}", f"{RIGHT} est son ancien numéro"])
def test_a_number_that_is_written_to_say_no_is_no_answer(comment: str) -> None:
    assert read(WHOSE, "", comment).decision == "unknown"


def test_a_number_of_another_than_the_answer_names_is_asked_back() -> None:
    found = read(WHICH, "EF0170", f"n° {LISTED}")
    assert found.decision == "unknown"
    assert "ne désignent pas la même personne" in found.asked
    assert named(WHICH, "EF0160", f"n° {LISTED}") == ("same", "EF0160")
    assert read(WHICH, "Aucun de ceux-là", f"n° {number(599)}").decision == "accepted"


@pytest.mark.parametrize(("said", "verdict"), [("Refusé", "refused"), ("Reporté au 15/12", "postponed")])
def test_a_refusal_stays_a_refusal_whatever_number_stands_beside_it(said: str, verdict: str) -> None:
    assert read(WHOSE, said, f"n° {RIGHT}").decision == verdict


def test_a_name_is_never_corrected_for_a_number() -> None:
    assert named(WHOSE, "", f"n° {IN_QUESTION}") == ("", "")


def test_where_no_number_is_asked_for_it_is_kept_and_told() -> None:
    found = read(CARD, "Nouvelle carte reçue", f"n° {RIGHT}")
    assert (found.decision, found.comment) == ("accepted", f"n° {RIGHT}")
    assert RIGHT[-4:] in told_number(f"n° {RIGHT}")
    assert RIGHT not in told_number(f"n° {RIGHT}")
    assert f"RPPS {RIGHT}" in shown_number(f"n° {RIGHT[1:]}")


@pytest.mark.parametrize("text", ["tél. 01 99 00 12 34", "n° 10001234567", "FINESS 010007771", "le 15/12/2026"])
def test_digits_without_the_right_key_are_no_number(text: str) -> None:
    assert told_number(text) == ""
