"""Two nights compared: who came, who went, what was modified, which changes moved."""

from dataclasses import replace

from pipelines.extracts.annuaire_delta import between, moves
from schemas.changes.change import ChangeStatus
from schemas.changes.lifecycle import ChangeState, slot_of
from tests.invented_changes import DAY, Builder
from tests.spec.night import play
from tests.spec.tables import ANNE, ES, LUC, OTHER_ES, TITULAIRE, account

WORLD = play([account(ANNE), account(LUC, ES, TITULAIRE)]).snapshot
HERS = WORLD.accounts[ANNE.account_id]


def test_a_night_is_equal_to_itself() -> None:
    found = between((WORLD.accounts, WORLD.structures), (WORLD.accounts, WORLD.structures))
    assert not any((found.accounts_added, found.accounts_removed, found.structures_added, found.altered))


def test_accounts_that_came_and_went_are_told() -> None:
    fewer = {key: one for key, one in WORLD.accounts.items() if key != ANNE.account_id}
    assert between((WORLD.accounts, {}), (fewer, {})).accounts_removed == (ANNE.account_id,)
    assert between((fewer, {}), (WORLD.accounts, {})).accounts_added == (ANNE.account_id,)


def test_every_modified_field_is_told_before_and_after() -> None:
    moved = replace(HERS.assignments[0], structure_code=OTHER_ES)
    after = replace(HERS, email="neuve@example.org", active=False, assignments=(moved,))
    found = between(({"EF0001": HERS}, {}), ({"EF0001": after}, {}))
    assert [(one.field, one.before, one.after) for one in found.altered] == [
        ("email", ANNE.email, "neuve@example.org"),
        ("active", "Oui", "Non"),
        ("function", f"Assistant, {ES}", ""),
        ("function", "", f"Assistant, {OTHER_ES}"),
    ]


def test_a_structure_that_was_renamed_is_told() -> None:
    structure = WORLD.structures[ES]
    found = between(({}, {ES: structure}), ({}, {ES: replace(structure, name="CH Neuf")}))
    assert [(one.key, one.field, one.before, one.after) for one in found.altered] == [
        (ES, "name", structure.name, "CH Neuf")
    ]


def state(status: ChangeStatus) -> ChangeState:
    change = Builder().add("card_alert", "card_missing", "access", "FICTIVE Ode")
    return ChangeState(change, slot_of(change), status, DAY, DAY)


def test_changes_that_moved_are_told_and_those_that_stayed_are_not() -> None:
    before, after = (
        {"a": state("notified"), "b": state("new")},
        {"a": state("done"), "b": state("new"), "c": state("new")},
    )
    assert moves(before, after) == [("a", "notified", "done"), ("c", "", "new")]
