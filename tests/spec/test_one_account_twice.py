"""Rows of one account that do not say the same of it: whom one of them lets log in is not created (contract §6a)."""

import pytest

from tests.spec.night import fields_of, play
from tests.spec.tables import ANNE, ASSISTANT, LUC, OTHER_ES, TITULAIRE, Role, account, row


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("role", [ASSISTANT, TITULAIRE])
def test_an_account_that_one_row_calls_active_is_active_and_the_other_row_is_told(role: Role, turned: bool) -> None:
    """An export keeps the function that was, with « Non »: nobody is « sans compte », no structure is without hers."""
    rows = [account(ANNE, role=role), account(ANNE, OTHER_ES, active="Non")]
    found = play(rows[::-1] if turned else rows, [row(ANNE, role=role)])
    assert found.changes == (), found.table()
    assert found.codes() == ["DUPLICATE_ROW"]
    assert ANNE.account_id in found.issues[0].message


def test_the_values_of_an_account_are_those_of_its_active_row() -> None:
    rows = [account(ANNE, active="Non", email="ancienne@example.org", cpx_number=""), account(ANNE)]
    assert play(rows, [row(ANNE)]).changes == ()


def test_an_account_of_which_no_row_is_active_is_not() -> None:
    found = play([account(ANNE, active="Non"), account(ANNE, OTHER_ES, active="Non")], [row(ANNE)])
    assert found.one("missing_account").person.national_id == ANNE.rpps
    assert "account" in fields_of(found.one("missing_account"))
    assert found.codes() == []


def test_one_account_of_two_names_is_told() -> None:
    found = play([account(ANNE), account(ANNE, OTHER_ES, last_name=LUC.last_name, first_name=LUC.first_name)])
    assert found.codes() == ["DUPLICATE_ROW"]
    assert f"{LUC.last_name} {LUC.first_name}" in found.issues[0].message


def test_one_name_written_in_two_ways_is_no_other() -> None:
    found = play([account(ANNE), account(ANNE, OTHER_ES, last_name="Exemple", first_name="ANNE")])
    assert found.codes() == []
