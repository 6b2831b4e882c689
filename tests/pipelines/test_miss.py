"""Accounts that were in the annuaire and are missing tonight: what rests on them is not said."""

import pytest

from pipelines.changes.compare import compare
from pipelines.lifecycle.vanished_accounts import Missing, with_missing, without_missing
from schemas.changes.change import Change
from schemas.people.assignment import Account
from schemas.reading.absence import Absence
from tests.invented_changes import DAY
from tests.spec.night import Night, play
from tests.spec.tables import ANNE, ASSISTANT, ES, LUC, TITULAIRE, Line, account, row


def missing(snapshot: Night, *ids: str, exports: int = 1) -> Missing:
    """These accounts of that night, missing since for so many exports."""
    absences = {key: Absence(key, DAY, exports) for key in ids}
    accounts: dict[str, Account] = {
        key: snapshot.snapshot.accounts[key] for key in ids if snapshot.snapshot.accounts[key].active
    }
    return Missing(absences, tuple(absences.values()), accounts if exports < 3 else {}, snapshot.snapshot.structures)


def tonight(before: list[Line], now: list[Line], workbook: list[Line], gone: str, exports: int = 1) -> list[Change]:
    away = missing(play(before, []), gone, exports=exports)
    snapshot = with_missing(play(now, workbook).snapshot, away)
    return list(without_missing(snapshot, compare(snapshot), away).changes)


def test_nobody_is_created_again_while_their_account_is_missing_and_is_once_it_is_gone() -> None:
    before, workbook = [account(ANNE), account(LUC)], [row(ANNE), row(LUC)]
    assert tonight(before, [account(LUC)], workbook, ANNE.account_id) == []
    created = tonight(before, [account(LUC)], workbook, ANNE.account_id, exports=3)
    assert [(one.kind, one.person.last_name) for one in created] == [("create_account", ANNE.last_name)]


def test_a_structure_whose_titulaire_is_missing_is_not_accused() -> None:
    before = [account(ANNE, role=TITULAIRE), account(LUC, role=ASSISTANT)]
    workbook = [row(ANNE, role=TITULAIRE), row(LUC, role=ASSISTANT)]
    now = [account(LUC, role=ASSISTANT)]
    assert tonight(before, now, workbook, ANNE.account_id) == []
    assert "no_titulaire" in {one.reasons[0] for one in tonight(before, now, workbook, ANNE.account_id, exports=3)}


def test_a_titulaire_who_is_missing_and_the_one_who_came_are_not_two() -> None:
    before = [account(ANNE, role=TITULAIRE)]
    now = [account(LUC, role=TITULAIRE)]
    workbook = [row(ANNE, role=TITULAIRE), row(LUC, role=TITULAIRE)]
    assert tonight(before, now, workbook, ANNE.account_id) == []
    assert [one.reasons[0] for one in play([*before, *now], workbook).changes] == ["two_titulaires"]


def test_an_account_under_another_id_is_not_two_accounts() -> None:
    before = [account(ANNE)]
    now = [account(ANNE, account_id="EF99999")]
    assert tonight(before, now, [row(ANNE)], ANNE.account_id) == []


@pytest.mark.parametrize(("exports", "doubtful", "gone"), [(1, True, False), (2, True, False), (3, False, True)])
def test_what_rests_on_an_absence_is_in_doubt_until_it_has_lasted(exports: int, doubtful: bool, gone: bool) -> None:
    night = play([account(ANNE, email="old@example.org"), account(LUC)], [row(ANNE), row(LUC)])
    mine = night.one("contact_changed")
    away = missing(night, ANNE.account_id, exports=exports)
    assert away.doubtful(mine) is doubtful
    assert bool(away.gone(mine)) is gone
    listing = replace_candidate(mine)
    assert away.doubtful(listing) is doubtful
    assert away.gone(listing) is None


def replace_candidate(mine: Change) -> Change:
    """A review of somebody else that lists the account among its candidates."""
    field = mine.fields[0].model_copy(update={"field": "candidate", "after": f"{ANNE.account_id} {ES}"})
    return mine.model_copy(update={"account_id": LUC.account_id, "fields": (field,)})
