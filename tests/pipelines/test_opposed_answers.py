"""Two answers that cannot both be meant are asked back together: of two halves, and of two files of one mail."""

from dataclasses import replace

import pytest

from pipelines.lifecycle.decisions.decide import JudgedFile, judge_decisions
from pipelines.lifecycle.decisions.objections import Terms
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.changes.receipt import LastAnswer
from schemas.glyphs import typeset
from tests.invented_changes import CRH, DAY, Builder
from tests.pipelines.test_decide import FILE, line, state, verify

WHO = "FICTIVE Ode"


def pair(one: str, other: str, ranks: tuple[str, str] = ("", "")) -> tuple[Change, Change]:
    """Two halves of one account, linked."""
    made = Builder()
    halves = [
        made.add(kind, "missing_assignment", "important", WHO, role=("CHV_ST", rank), account_id="EF00001")
        for kind, rank in zip((one, other), ranks, strict=True)
    ]
    first, second = halves
    return (
        first.model_copy(update={"linked_to": (second.id,)}),
        second.model_copy(update={"linked_to": (first.id,)}),
    )


def said(of: Change, word: str) -> ReturnedLine:
    """A line with a word in « Décision », and nothing beside it."""
    return replace(line(of, "unknown", said=word), postponed_said="")


def judged(lines: list[ReturnedLine], *changes: Change, terms: Terms | None = None) -> JudgedFile:
    states = {one.id: state(one) for one in changes}
    return judge_decisions(lines, states, verify, DAY, FILE, terms or Terms())


def both(changes: tuple[Change, Change], first: Verdict, second: Verdict) -> JudgedFile:
    until = DAY.replace(month=12)
    lines = [
        line(one, verdict, row=row, until=until if verdict == "postponed" else None)
        for row, (one, verdict) in enumerate(zip(changes, (first, second), strict=True), 4)
    ]
    return judged(lines, *changes)


@pytest.mark.parametrize("verdict", ["accepted", "refused", "postponed"])
def test_one_answer_on_both_lines_of_a_change_of_rank_is_taken(verdict: Verdict) -> None:
    found = both(pair("add_assignment", "end_assignment", ("TITULAIRE", "REMPLACANT")), verdict, verdict)
    assert found.refusals == ()
    assert {one.outcome for one in found.decisions} == {"accepted"}


def test_two_answers_on_the_lines_of_a_change_of_rank_are_asked_back_with_both() -> None:
    found = both(pair("add_assignment", "end_assignment", ("TITULAIRE", "REMPLACANT")), "accepted", "refused")
    assert {one.code for one in found.refusals} == {"torn_rank"}
    assert all(typeset("« Fait »") in one.message and typeset("« Refusé »") in one.message for one in found.refusals)
    assert found.events == ()


@pytest.mark.parametrize(
    ("end", "account", "taken"),
    [
        ("refused", "accepted", False),
        ("refused", "postponed", False),
        ("postponed", "accepted", False),
        ("accepted", "accepted", True),
        ("accepted", "postponed", True),
        ("refused", "refused", True),
        ("postponed", "postponed", True),
    ],
)
def test_a_function_that_stays_and_an_account_that_goes_are_asked_back(
    end: Verdict, account: Verdict, taken: bool
) -> None:
    """Nobody loses an account whose function was said to stay."""
    found = both(pair("end_assignment", "deactivate_account"), end, account)
    assert (found.refusals == ()) == taken
    assert bool(found.events) == taken


def test_an_account_that_is_closed_before_its_function_ends_is_asked_back() -> None:
    end, account = pair("end_assignment", "deactivate_account")
    lines = [
        line(end, "postponed", until=DAY.replace(month=12, day=31)),
        line(account, "postponed", row=5, until=DAY.replace(month=12, day=1)),
    ]
    assert {one.code for one in judged(lines, end, account).refusals} == {"torn_pair"}


def test_two_files_of_one_mail_that_disagree_about_a_line_are_asked_back_with_both() -> None:
    card = Builder().add("card_alert", "card_expired", "access", WHO)
    mine, other = said(card, "Partie"), said(card, "Personne prévenue")
    elsewhere = (replace(other, sheet="Cartes (fichier b.xlsx)"),)
    found = judged([mine], card, terms=Terms(elsewhere=elsewhere))
    [refusal] = found.refusals
    assert (refusal.code, refusal.asked, found.judgements) == ("files", True, ())
    assert all(typeset(said) in refusal.message for said in ("« Partie »", "« Personne prévenue »", "b.xlsx"))


def test_two_files_of_one_mail_that_agree_are_one_answer() -> None:
    card = Builder().add("card_alert", "card_expired", "access", WHO)
    elsewhere = (said(card, "prévenue"),)
    found = judged([said(card, "Personne prévenue")], card, terms=Terms(elsewhere=elsewhere))
    assert (found.refusals, len(found.decisions)) == ((), 1)


def test_an_answer_that_is_asked_back_says_that_the_one_before_stands() -> None:
    card = Builder().add("card_alert", "card_expired", "access", WHO, to=CRH)
    before = LastAnswer(DAY, "accepted", counted=True, said="Partie")
    states = {card.id: replace(state(card), status="accepted")}
    terms = Terms(before={card.id: before})
    found = judge_decisions([said(card, "pas partie, prévenue")], states, verify, DAY, FILE, terms)
    [refusal] = found.refusals
    assert typeset("votre réponse d’avant (« Partie ») tient toujours") in typeset(refusal.message)


def test_a_comment_on_the_other_half_that_denies_an_answer_asks_it_back() -> None:
    """« Fait » on the account, « pas encore » alone on its function: neither is settled."""
    end, account = pair("end_assignment", "deactivate_account")
    alone = replace(line(end, "", comment="pas encore"), said="", postponed_said="")
    found = judged([alone, said(account, "Fait")], end, account)
    assert [one.outcome for one in found.decisions] == ["refused"]
    assert found.settled == ()
    agreeing = replace(alone, comment="partie à la retraite")
    assert [one.outcome for one in judged([agreeing, said(account, "Fait")], end, account).decisions] == ["accepted"]


def test_a_word_nobody_can_read_on_one_line_of_a_change_of_rank_asks_for_that_line_first() -> None:
    one, other = pair("add_assignment", "end_assignment", ("TITULAIRE", "REMPLACANT"))
    found = judged([line(one, "accepted", row=4), replace(said(other, "vu avec la directrice"), row=5)], one, other)
    assert found.decisions == () or {entry.outcome for entry in found.decisions} == {"refused"}
    assert {refusal.code for refusal in found.refusals if refusal.row == 4} == {"torn_unread"}
    assert {refusal.code for refusal in found.refusals if refusal.row == 5} == {"word"}
