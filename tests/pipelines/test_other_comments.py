"""A comment counts wherever it stands: on the half that an answer settles, on an answered line, on another row."""

from dataclasses import replace

import pytest

from pipelines.lifecycle.decisions.decide import JudgedFile, judge_decisions
from pipelines.lifecycle.decisions.given import settled_lines, standing_answers
from pipelines.lifecycle.decisions.objections import Terms
from pipelines.lifecycle.decisions.remarks import remarks_of
from schemas.changes.change import Change, ChangeStatus
from schemas.changes.decision import Issued, ReturnedLine, Verdict
from schemas.changes.receipt import LastAnswer
from schemas.changes.remark import TO_BE_SEEN_TO
from schemas.glyphs import typeset
from schemas.nomenclatures import say
from tests.invented_changes import DAY, LOT
from tests.pipelines.test_decide import FILE, line, state, verify
from tests.pipelines.test_opposed_answers import pair

RANKS = ("TITULAIRE", "REMPLACANT")


def commented(of: Change, comment: str, row: int = 5) -> ReturnedLine:
    return replace(line(of, "", row=row, comment=comment), said="", postponed_said="")


def both(halves: tuple[Change, Change], verdict: Verdict, comment: str) -> JudgedFile:
    """The first half answered, the second commented."""
    first, second = halves
    lines = [line(first, verdict), commented(second, comment)]
    return judge_decisions(lines, {one.id: state(one) for one in halves}, verify, DAY, FILE, Terms())


@pytest.mark.parametrize("comment", ["je n'ai pas pu", "sous réserve de la DRH", "elle garde ce rang"])
@pytest.mark.parametrize("first", ["add_assignment", "end_assignment"])
def test_a_comment_on_the_other_half_of_a_rank_asks_the_answer_back(first: str, comment: str) -> None:
    second = "end_assignment" if first == "add_assignment" else "add_assignment"
    found = both(pair(first, second, RANKS), "accepted", comment)
    assert found.events == ()
    [asked] = found.refusals
    assert asked.asked
    assert comment in asked.why
    assert typeset("« Cartes » ligne 5") in asked.why


@pytest.mark.parametrize("comment", ["elle est toujours dans le service", "encore en poste"])
def test_an_account_is_not_closed_beside_a_function_of_which_somebody_says_that_it_stays(comment: str) -> None:
    found = both(pair("deactivate_account", "end_assignment"), "accepted", comment)
    assert found.events == ()
    assert [one.asked for one in found.refusals] == [True]


def test_a_comment_that_agrees_is_kept_with_the_answer_that_settles_its_line() -> None:
    first, second = halves = pair("deactivate_account", "end_assignment")
    found = both(halves, "accepted", "partie à la retraite")
    assert set(found.settled) == {second.id}
    lines = [line(first), commented(second, "partie à la retraite")]
    states = {one.id: state(one) for one in halves}
    remark = next(one for one in remarks_of(lines, (), found, states) if one.change_id == second.id)
    assert typeset("a déjà sa réponse (« Fait »)") in remark.message
    assert [(one.row, one.line) for one in settled_lines(lines, found.settled)] == [(5, second.id)]


def test_what_is_said_of_the_account_alone_leaves_the_end_of_a_function_as_it_is() -> None:
    """The account has a meaning of its own: its line waits."""
    assert both(pair("end_assignment", "deactivate_account"), "accepted", "le garder ouvert").refusals == ()


def after(comment: str, status: ChangeStatus = "accepted", said: str = "") -> tuple[JudgedFile, str]:
    """A comment alone, on a line that was answered before."""
    first, _ = pair("end_assignment", "deactivate_account")
    first = first.model_copy(update={"linked_to": ()})
    before = {first.id: LastAnswer(DAY, "accepted", counted=True, comment=said)}
    one = commented(first, comment)
    states = {first.id: state(first, status)}
    found = judge_decisions([one], states, verify, DAY, FILE, Terms(before=before))
    return found, " ".join(remark.message for remark in remarks_of([one], (), found, states))


@pytest.mark.parametrize("comment", ["erreur de ma part, elle travaille ici", "je n'avais pas compris la question"])
def test_a_comment_that_comes_after_the_answer_is_asked_and_the_answer_said_to_stand(comment: str) -> None:
    found, message = after(comment)
    assert [one.asked for one in found.refusals] == [True]
    assert typeset("(« Fait ») tient toujours") in message
    assert "attend toujours" not in message


@pytest.mark.parametrize(("comment", "before"), [("fait hier", ""), ("je n'ai pas compris", "je n'ai pas compris")])
def test_one_that_agrees_or_was_read_before_is_kept_and_no_line_is_said_to_wait(comment: str, before: str) -> None:
    found, message = after(comment, said=before)
    assert found.refusals == ()
    assert "elle tient" in message


def test_nor_is_a_closed_line_said_to_wait_for_an_answer() -> None:
    assert "est close" in after("vu avec elle", "done")[1]


def test_an_answer_that_is_wiped_from_the_same_report_is_said_to_stand() -> None:
    first, second = pair("end_assignment", "deactivate_account")
    states = {first.id: state(first, "accepted"), second.id: state(second)}
    before = {first.id: LastAnswer(DAY, "accepted", counted=True)}
    lines = [commented(first, "", row=4), commented(second, "", row=5)]
    terms = Terms(Issued(answered={first.id: LOT}), before=before)
    [told] = standing_answers(lines, frozenset(), states, terms)
    assert (told.row, told.line) == (4, first.id)
    assert typeset("« Fait »") in told.why
    assert standing_answers(lines, {first.id}, states, terms) == ()
    other = Terms(Issued(answered={first.id: "20261101-x"}), before=before)
    assert standing_answers(lines, frozenset(), states, other) == ()


@pytest.mark.parametrize(
    "said", ["pas encore", "en juin", "lundi prochain", "sauf le prénom", "jusqu’à Pâques", "non vérifié"]
)
@pytest.mark.parametrize("verdict", ["accepted", "refused"])
def test_what_stands_in_the_column_of_a_day_puts_the_answer_in_question(verdict: Verdict, said: str) -> None:
    (first, _) = pair("add_assignment", "end_assignment")
    written = replace(
        line(first, verdict), said={"accepted": "Fait", "refused": "Refusé"}[verdict], postponed_said=said
    )
    found = judge_decisions([written], {first.id: state(first)}, verify, DAY, FILE, Terms())
    assert found.events == ()
    [asked] = found.refusals
    assert asked.asked
    assert typeset(said) in asked.why


@pytest.mark.parametrize("said", ["", "-", "néant", "N/A", "fait"])
def test_nothing_in_the_column_of_a_day_puts_nothing_in_question(said: str) -> None:
    (first, _) = pair("add_assignment", "end_assignment")
    written = replace(line(first, "accepted"), said="Fait", postponed_said=said)
    found = judge_decisions([written], {first.id: state(first)}, verify, DAY, FILE, Terms())
    assert [one.after for one in found.events] == ["accepted"]


@pytest.mark.parametrize("code", TO_BE_SEEN_TO)
def test_whatever_has_to_be_seen_to_says_what_to_do_and_what_it_is(code: str) -> None:
    """The night after an answer « Pas de mon ressort » found no sentence for it."""
    assert say(f"remark_todo.{code}")
    assert code == "merged" or say(f"remark_label.{code}")
