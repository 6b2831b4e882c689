"""« elle a déjà un compte » beside the refusal of a creation settles no function that waits for the account."""

from dataclasses import replace

import pytest

from pipelines.lifecycle.decisions.facts.hanging import with_what_hangs
from pipelines.lifecycle.decisions.remarks import letter_reason
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.glyphs import typeset
from schemas.nomenclatures import say
from tests.invented_changes import DAY, Builder
from tests.pipelines.test_spoken_in_doubt import ASKED, read

MADE = Builder()
FUNCTION = MADE.add("add_assignment", "missing_assignment", "important", "DUPONT Anne")


def judged(comment: str, said: str = "Refusé", *, hangs: bool = True) -> ReturnedLine:
    change = ASKED["créer"].model_copy(update={"linked_to": [FUNCTION.id] if hangs else []})
    states = {one.id: ChangeState(one, slot_of(one), "notified", DAY, DAY) for one in (change, FUNCTION)}
    written = replace(read("créer", "Refusé"), comment=comment)
    return with_what_hangs(written, replace(written, said=said), states)


@pytest.mark.parametrize("comment", ["elle a déjà un compte", "déjà un compte sous son nom de jeune fille"])
def test_an_account_that_is_there_already_asks_back_the_refusal_of_which_a_function_hangs(comment: str) -> None:
    found = judged(comment)
    assert found.decision == "unknown"
    assert typeset("y ajouter ses fonctions") in found.asked


def test_any_other_reason_and_a_refusal_of_which_nothing_hangs_stand() -> None:
    assert judged("jamais venue").decision == "refused"
    assert judged("elle a déjà un compte", hangs=False).decision == "refused"
    assert judged("elle a déjà un compte", "Refusé, confirmé").decision == "refused"


def test_a_mail_whose_writer_left_the_post_is_told_as_what_it_is() -> None:
    assert say("remark_reason.letter_post") in letter_reason("Je ne suis plus CRH-ST depuis le 1er novembre.")
    assert say("remark_reason.letter_post") not in letter_reason("Je ne suis plus au bureau jusqu'à lundi.")
