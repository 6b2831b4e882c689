"""What came back reaches the administrator as it was written, and says truly what became of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.lifecycle.decisions.answer_places import places_of
from pipelines.lifecycle.decisions.remarks import remarks_of, strangers_of
from pipelines.phrase import note_texts
from pipelines.reports.remark_lines import remark_lines
from schemas.changes.change import Change, PostRef
from schemas.changes.decision import ReturnedLine
from schemas.changes.remark import TO_BE_SEEN_TO, KeptRemark, Remark
from schemas.glyphs import typeset
from schemas.nomenclatures import say
from schemas.people.vocabulary import Word
from schemas.reports.report import RemarkLine
from tests.invented_changes import ADMIN, CRH, DAY, Builder
from tests.pipelines.test_decide import judged, line, state

WORD = Word("profession", "magicien", "Magicien", "MEDECIN")


def an_end() -> Change:
    return Builder().add("end_assignment", "absent_from_workbook", "important", "FICTIVE Ode", to=CRH)


def told(*remarks: Remark, post: PostRef = CRH, change: Change | None = None) -> list[RemarkLine]:
    at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    kept = [KeptRemark(n, at, DAY, post, "ode@example.org", "a.xlsx", one) for n, one in enumerate(remarks)]
    states = {change.id: state(change)} if change else {}
    return list(remark_lines(kept, states, DAY, words={WORD.id: WORD}))


def remarks_on(one: ReturnedLine, change: Change) -> tuple[Remark, ...]:
    return remarks_of([one], (), judged([one], state(change)))


@pytest.mark.parametrize(
    ("said", "comment", "shown"),
    [
        ("NON elle est toujours là !", "", "NON elle est toujours là !"),
        ("toujours en poste", "vue ce matin", "toujours en poste\nvue ce matin"),
        ("Refusé : elle est là", "", "elle est là"),
        ("Refusé", "elle est là", "elle est là"),
    ],
)
def test_the_reason_of_a_refusal_is_shown_wherever_it_was_written(said: str, comment: str, shown: str) -> None:
    change = an_end()
    answered = replace(line(change, "unknown", comment=comment), said=said, postponed_said="")
    [one] = told(*remarks_on(answered, change), change=change)
    assert (one.answer, one.text) == ("Refusé", shown)


def test_a_bare_refusal_is_no_comment_that_is_kept_and_is_said_to_have_no_reason() -> None:
    change = an_end()
    remarks = remarks_on(replace(line(change, "refused"), said="Refusé"), change)
    assert places_of(remarks) == ()
    [one] = told(*remarks, change=change)
    assert "Aucune raison" in one.todo


def test_the_text_of_a_mail_with_a_report_does_not_say_that_nothing_was_taken() -> None:
    [with_file] = told(Remark("letter", "voici le retour", code="letter_with_file"))
    [alone] = told(Remark("letter", "elle est partie", code="letter"))
    assert "Aucune réponse" not in with_file.todo
    assert "Aucune réponse" in alone.todo


def test_a_strangers_answers_are_shown_line_by_line_and_decide_nothing() -> None:
    change = an_end()
    blank = replace(line(change, ""), row=5)
    written = replace(line(change, "refused", comment="a quitté le site fin octobre"), said="Refusé")
    found = strangers_of([written, blank], "secretariat@example.org", {change.id})
    [one] = told(*found, change=change)
    assert "a quitté le site fin octobre" in one.text
    assert "FICTIVE" in one.about


def test_a_word_is_told_as_it_is_written_and_by_no_reference_of_ours() -> None:
    [one] = told(Remark("asked", "non", WORD.id, "Mots nouveaux", 5, "word", "…"), post=ADMIN)
    assert "Magicien" in one.about
    assert "mot-" not in one.about
    assert "C’est vous" in one.todo


@pytest.mark.parametrize("code", TO_BE_SEEN_TO)
def test_of_whatever_is_to_be_seen_to_the_administrator_reads_what_to_do(code: str) -> None:
    [one] = told(Remark("beside", "voir", an_end().id, "Cartes", 4, code, "…"), change=an_end())
    assert len(one.todo) > 20


def test_what_has_to_be_read_stands_before_what_asks_for_nothing() -> None:
    change = an_end()
    found = told(
        Remark("note", "elle est partie ?", change.id, "Cartes", 4, "note", "…"),
        Remark("asked", "voir", change.id, "Cartes", 5, "word", "…"),
        change=change,
    )
    assert [one.text for one in found] == ["elle est partie ?", "voir"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("corrigé par la DRH, en CPS", "corrigé par la DRH, en CPS"),
        ("il est parti à Lyon", "il est parti à …"),
        ("voir avec Fictive", "voir avec …"),
        ("fictive ode est là", "… est là"),
        ("appeler le 06 12 34 56 78", "appeler le …"),
    ],
)
def test_a_mail_says_what_was_read_without_whom_it_names(said: str, shown: str) -> None:
    change = an_end()
    why = say("asked.unknown", found=said, offered="Fait")
    [place] = places_of([Remark("asked", said, change.id, "Cartes", 4, "word", why)], {change.id: state(change)})
    assert place.why.startswith(typeset(f"« {shown} » n'est pas une décision"))


def test_a_half_that_has_no_line_of_its_own_is_pointed_to_by_nobody() -> None:
    change = an_end().model_copy(update={"linked_to": ("CHG-0000000000000001",)})
    assert note_texts(change, {"CHG-0000000000000001": ""}) == ()
    assert "Lié à" in note_texts(change, {})[0]
