"""What a night proves of a change it no longer finds: done in the annuaire, gone, or not to be judged."""

from collections.abc import Sequence
from typing import Any

import pytest

from pipelines.changes.proof import judged, shown
from schemas.changes.change import Change
from tests.spec.night import Night, play
from tests.spec.tables import (
    ANNE,
    ASSISTANT,
    ES,
    LUC,
    OTHER_ES,
    REMPLACANT,
    ZOE,
    Line,
    account,
    adeli,
    card,
    region,
    registered,
    row,
)

ANNUAIRE = [account(ANNE, role=REMPLACANT)]
WORKBOOK = [row(ANNE, role=REMPLACANT)]


def change_of(reason: str, annuaire: Sequence[Line], workbook: Sequence[Line], **more: Any) -> Change:
    return play(annuaire, workbook, **more).one(reason)


# ── shown ────────────────────────────────────────────────────────────────────────────────────────

ENTERED: dict[str, tuple[dict[str, Any], Sequence[Line]]] = {
    "missing_account": ({"annuaire": [], "workbook": WORKBOOK}, ANNUAIRE),
    "missing_assignment": (
        {"annuaire": ANNUAIRE, "workbook": [*WORKBOOK, row(ANNE, OTHER_ES)]},
        [*ANNUAIRE, account(ANNE, OTHER_ES)],
    ),
    "card_number_differs": (
        {"annuaire": [account(ANNE, role=REMPLACANT, cpx_number=ANNE.rpps[1:])], "workbook": WORKBOOK},
        ANNUAIRE,
    ),
    "adeli_to_rpps": (
        {
            "annuaire": [account(ZOE, cpx_number=adeli(1))],
            "workbook": [row(ZOE)],
            "crosswalk": {adeli(1): ZOE.rpps},
        },
        [account(ZOE)],
    ),
    "identity_changed": (
        {"annuaire": [account(ANNE, role=REMPLACANT, last_name="EXEMPLE-ANCIEN")], "workbook": WORKBOOK},
        ANNUAIRE,
    ),
    "profession_changed": (
        {"annuaire": [account(ANNE, role=REMPLACANT, profession="Pharmacien")], "workbook": WORKBOOK},
        ANNUAIRE,
    ),
    "contact_changed": (
        {"annuaire": [account(ANNE, role=REMPLACANT, email="old@example.org")], "workbook": WORKBOOK},
        ANNUAIRE,
    ),
    "card_renewed": (
        {"annuaire": [account(ANNE, role=REMPLACANT, card_expires_on="2027-05-31")], "workbook": WORKBOOK},
        ANNUAIRE,
    ),
    "absent_from_workbook": (
        {"annuaire": [*ANNUAIRE, account(ANNE, OTHER_ES)], "workbook": WORKBOOK},
        ANNUAIRE,
    ),
    "left": (
        {
            "annuaire": [*ANNUAIRE, account(ANNE, OTHER_ES)],
            "workbook": [*WORKBOOK, row(ANNE, OTHER_ES, status="Parti")],
        },
        ANNUAIRE,
    ),
    "no_assignment_left": ({"annuaire": ANNUAIRE, "workbook": []}, [account(ANNE, role=REMPLACANT, active="Non")]),
}


@pytest.mark.parametrize("reason", ENTERED)
def test_a_change_is_shown_by_the_annuaire_in_which_it_is_entered(reason: str) -> None:
    tables, entered = ENTERED[reason]
    before = play(**tables)
    change = before.one(reason)
    assert not shown(change, before.snapshot)
    assert shown(change, play(**{**tables, "annuaire": entered}).snapshot)


@pytest.mark.parametrize("reason", [reason for reason in ENTERED if reason != "missing_account"])
def test_an_account_that_is_there_no_more_shows_nothing(reason: str) -> None:
    tables, _ = ENTERED[reason]
    assert not shown(change_of(reason, **tables), play([account(LUC)], []).snapshot)


def test_a_further_function_is_not_shown_by_another_account_of_the_same_number() -> None:
    mine = change_of("missing_assignment", ANNUAIRE, [*WORKBOOK, row(ANNE, OTHER_ES)])
    other = [account(ANNE, OTHER_ES, account_id="EF99999")]
    assert not shown(mine, play(other, WORKBOOK).snapshot)


def test_an_account_to_create_is_not_shown_by_an_inactive_one() -> None:
    mine = change_of("missing_account", [], WORKBOOK)
    assert not shown(mine, play([account(ANNE, role=REMPLACANT, active="Non")], WORKBOOK).snapshot)


def test_another_target_entered_does_not_show_this_one() -> None:
    mine = change_of("contact_changed", [account(ANNE, role=REMPLACANT, email="old@example.org")], WORKBOOK)
    other = [account(ANNE, role=REMPLACANT, email="third@example.org")]
    assert not shown(mine, play(other, WORKBOOK).snapshot)


def test_alerts_and_reviews_are_never_shown_as_done() -> None:
    alert = change_of("card_expiring", ANNUAIRE, WORKBOOK, cards=[card(ANNE, "2026-12-01")])
    review = change_of("not_in_register", ANNUAIRE, WORKBOOK, register=[])
    for mine in (alert, review):
        assert not shown(mine, play(ANNUAIRE, WORKBOOK).snapshot)


# ── judged ───────────────────────────────────────────────────────────────────────────────────────


def can_judge(change: Change, night: Night, *unusable: str) -> bool:
    return judged(change, night.snapshot, night.comparison.routing, frozenset(unusable))


def test_a_night_on_whole_sources_can_judge_everything() -> None:
    tonight = play(ANNUAIRE, WORKBOOK)
    for tables, _ in ENTERED.values():
        for change in play(**tables).changes:
            assert can_judge(change, tonight), change.reasons


def test_a_change_is_not_judged_while_the_workbook_of_its_place_sits_out() -> None:
    mine = change_of("contact_changed", [account(ANNE, role=REMPLACANT, email="old@example.org")], WORKBOOK)
    tonight = play(ANNUAIRE, books=[region("24", usable=False), region("52")])
    assert not can_judge(mine, tonight, "workbook:24")
    assert can_judge(mine, tonight, "workbook:52")


@pytest.mark.parametrize("reason", ["absent_from_workbook", "no_assignment_left"])
def test_an_ending_is_not_judged_while_the_workbook_of_its_place_sits_out(reason: str) -> None:
    mine = change_of(reason, ANNUAIRE, [])
    assert not can_judge(mine, play(ANNUAIRE, books=[region("24", usable=False)]), "workbook:24")


def test_a_creation_is_not_judged_while_the_workbook_of_its_place_sits_out() -> None:
    mine = change_of("missing_account", [], WORKBOOK)
    assert not can_judge(mine, play([account(LUC)], books=[region("24", usable=False)]), "workbook:24")


@pytest.mark.parametrize("source", ["register.cards", "register.persons"])
def test_a_card_alert_is_not_judged_while_the_registers_sit_out(source: str) -> None:
    mine = change_of("card_expiring", ANNUAIRE, WORKBOOK, cards=[card(ANNE, "2026-12-01")])
    assert not can_judge(mine, play(ANNUAIRE, WORKBOOK), source)


def test_a_number_that_a_quarantined_register_row_may_hold_is_not_judged() -> None:
    mine = change_of("card_expiring", ANNUAIRE, WORKBOOK, cards=[card(ANNE, "2026-12-01")])
    assert not can_judge(mine, play(ANNUAIRE, WORKBOOK, unread=[ANNE.rpps]))
    assert can_judge(mine, play(ANNUAIRE, WORKBOOK, unread=[LUC.rpps]))


def test_a_change_is_not_judged_while_an_unreadable_row_may_be_about_its_person() -> None:
    mine = change_of("missing_account", [], WORKBOOK)
    broken = row(ANNE, role=("Trésorier", ""))
    assert not can_judge(mine, play([], [broken]))
    assert can_judge(mine, play([], [row(LUC, role=("Trésorier", ""))]))


def test_a_review_of_shared_numbers_needs_the_annuaire_alone() -> None:
    twice = [account(ANNE), account(LUC, cpx_number=ANNE.rpps)]
    mine = play(twice, [row(ANNE), row(LUC, role=ASSISTANT)], register=[]).one("shared_number")
    tonight = play([account(ANNE)], books=[region("24", usable=False)])
    assert can_judge(mine, tonight, "workbook:24", "register.persons", "register.cards")


def test_somebody_registered_is_judged_again_once_the_register_is_back() -> None:
    mine = change_of("not_in_register", ANNUAIRE, WORKBOOK, register=[])
    tonight = play(ANNUAIRE, WORKBOOK, register=[registered(ANNE)])
    assert not can_judge(mine, tonight, "register.persons")
    assert can_judge(mine, tonight)
    assert mine.assignment.structure_code == ES
