"""A structure that an answer says is closed: everybody's function there is to be removed, whatever a workbook shows."""

from collections.abc import Sequence

from pipelines.phrase import reason_text
from schemas.changes.judgement import Judgement
from tests.spec.night import Night, play
from tests.spec.tables import ANNE, ES, LUC, OTHER_ES, account, row
from tests.spec.test_judgements import decided

CLOSED = "Oui, fermé"


def _two_at_a_closed_one(judged: Sequence[Judgement], closed: Sequence[str] | None = (ES,)) -> Night:
    rows = [row(ANNE), row(LUC), row(LUC, OTHER_ES)]
    annuaire = [account(ANNE), account(LUC), account(LUC, OTHER_ES)]
    return play(annuaire, rows, closed=closed, answers=judged, kept=False)


def test_of_a_closed_structure_every_function_is_to_be_removed_though_its_workbook_still_shows_them():
    _, found = decided("structure_closed", CLOSED, _two_at_a_closed_one)
    assert found.all("structure_closed") == []
    ends = found.all("left")
    assert {one.account_id for one in ends} == {ANNE.account_id, LUC.account_id}
    assert {one.assignment.structure_code for one in ends} == {ES}
    assert "L’établissement est fermé, selon une réponse" in reason_text(ends[0])
    assert {one.account_id for one in found.all("no_assignment_left")} == {ANNE.account_id}
    assert found.all("missing_assignment") == []


def test_once_they_are_entered_as_gone_nothing_is_asked_for_their_old_rows():
    def entered(judged: Sequence[Judgement]) -> Night:
        rows = [row(ANNE), row(LUC), row(LUC, OTHER_ES)]
        return play([account(ANNE, status="Désactivé"), account(LUC, OTHER_ES)], rows, closed=[ES], answers=judged)

    _, found = decided("structure_closed", CLOSED, _two_at_a_closed_one, entered)
    assert found.all("missing_assignment") == []


def test_a_structure_that_the_stock_shows_open_again_ends_nobody_whatever_was_answered():
    def reopened(judged: Sequence[Judgement]) -> Night:
        return _two_at_a_closed_one(judged, closed=())

    _, found = decided("structure_closed", CLOSED, _two_at_a_closed_one, reopened)
    assert found.all("left") == []
