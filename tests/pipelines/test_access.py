"""Whether an account can log in, or why nobody knows; and what was known of it last."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipelines.changes.access import register_cause, standing
from pipelines.changes.foresee import foresee
from pipelines.reports.pages.health import (
    access_document,
    health,
    nothing_of,
    past_of,
    past_of_updater,
    unknown_accounts,
    unseen,
    updaters_health,
    with_last,
)
from schemas.changes.change import PostRef
from schemas.changes.stored import RunRow
from schemas.reading.source import SourceReport, SourceStatus
from schemas.reports.health import Health
from schemas.reports.known_figure import Last
from tests.spec.night import DAY, Night, play
from tests.spec.tables import ANNE, ASSISTANT, ES, ES_11, LUC, PAUL, TITULAIRE, ZOE, account, card


def standings(night: Night) -> dict[str, str]:
    """Account → how it stands, the keepers of the posts aside."""
    lost = {end.account_id for end in foresee(night.snapshot, night.comparison.identities) if end.lost}
    identities = night.comparison.identities
    return {key: standing(night.snapshot, one, lost) for key, one in identities.items() if key < "EF9"}


def test_an_account_is_ready_lost_or_unknown_and_says_why() -> None:
    assert standings(play([account(ANNE)])) == {ANNE.account_id: "ready"}
    assert standings(play([account(ANNE)], cards=[card(ANNE, "2026-11-01")])) == {ANNE.account_id: "lost"}
    assert standings(play([account(ANNE)], cards_read=False)) == {ANNE.account_id: "unread"}
    assert standings(play([account(ANNE)], persons_read=False, cards=[])) == {ANNE.account_id: "unread"}
    assert standings(play([account(ANNE)], unread=[ANNE.rpps])) == {ANNE.account_id: "row"}
    twins = [account(ANNE, cpx_number="899700009998"), account(LUC)]
    assert standings(play(twins, register=[], cards=[])) == {ANNE.account_id: "doubt", LUC.account_id: "doubt"}


def test_a_card_without_an_end_is_nothing_one_knows_to_be_usable() -> None:
    assert standings(play([account(PAUL, card_expires_on="")])) == {PAUL.account_id: "undated"}
    assert standings(play([account(PAUL, card_expires_on="2027-12-01")])) == {PAUL.account_id: "ready"}


def test_a_card_that_has_not_begun_lets_nobody_in_yet() -> None:
    night = play([account(ANNE)], cards=[card(ANNE, "2029-12-01", starts_on="2026-12-01")])
    assert standings(night) == {ANNE.account_id: "to_come"}


def test_without_a_register_every_date_is_a_declaration() -> None:
    night = play([account(ANNE), account(LUC, card_expires_on="2026-11-01")], configured=False)
    country = health(night.snapshot, night.comparison.identities, night.comparison.ends, (), (), 14)
    assert (country["24"].declared, country["24"].lost) == (country["24"].accounts, 1)
    assert (country["24"].share, country["24"].figure("lost").basis) == (None, "declared")


def test_a_structure_of_whose_titulaires_nobody_knows_is_not_said_to_be_well() -> None:
    night = play([account(ANNE, ES, TITULAIRE)], cards_read=False)
    here = health(night.snapshot, night.comparison.identities, night.comparison.ends, night.changes, (), 14)["24"]
    assert (here.structures, here.blocked, here.unclear) == (1, 0, 1)
    assert here.figure("blocked").value is None


def test_a_structure_without_a_titulaire_whose_workbook_is_unread_is_not_said_to_be_well() -> None:
    night = play([account(ANNE, ES, ASSISTANT)], kept=False)
    no_word = [change for change in night.changes if "no_titulaire" not in change.reasons]
    here = health(night.snapshot, night.comparison.identities, night.comparison.ends, no_word, (), 14)["24"]
    assert (here.structures, here.blocked, here.unclear) == (1, 0, 1)


def test_what_an_updater_answers_for_is_counted_apart() -> None:
    night = play([account(ANNE, ES), account(ZOE, ES_11)], cards=[card(ANNE, "2026-12-01")])
    mine = updaters_health(night.snapshot, night.comparison)
    here = mine[PostRef(post="CRH_ST", scope="24")]
    assert (here.ending, here.first_end) == (1, date(2026, 12, 2))
    assert sum(one.accounts for one in mine.values()) == len(night.snapshot.active_accounts())


def test_every_unknown_account_is_listed_with_whom_it_concerns() -> None:
    night = play([account(ANNE, ES), account(LUC, ES_11)], unread=[ANNE.rpps])
    assert list(unknown_accounts(night.snapshot, night.comparison)) == [(ANNE.account_id, "24", "CRH_ST 24", "row")]
    silent = play([account(ANNE, ES), account(LUC, ES_11)], cards_read=False)
    found = list(unknown_accounts(silent.snapshot, silent.comparison))
    assert Counter(cause for *_, cause in found) == {"unread": len(silent.snapshot.active_accounts())}


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"register.persons": "stale", "register.cards": "stale"}, "registre périmé"),
        ({"register.cards": "stale"}, "fichier des cartes périmé"),
        ({"register.cards": "failed"}, "fichier des cartes inutilisable"),
        ({"register.persons": "held"}, "registre retenu"),
        ({"workbook:a.xlsx": "failed"}, "cartes non lues"),
    ],
)
def test_the_cause_is_named_after_the_file_that_tells_most(sources: dict[str, str], said: str) -> None:
    reports = [SourceReport(name, "p", status=SourceStatus(status)) for name, status in sources.items()]
    assert register_cause(reports, Health("", unknown=9, because=(("unread", 9),))) == said
    assert register_cause(reports, Health("", unknown=9, because=(("doubt", 9),))) == ""


def run(ago: int, **counts: Any) -> RunRow:
    at = datetime(2026, 11, 22, 3, tzinfo=UTC) - timedelta(days=ago)
    kept = {"health": {"24": counts}, "updaters": {"CRH_ST 24": counts}}
    return RunRow(f"R{ago}", DAY - timedelta(days=ago), "i", "r", "0.1.0", at, at, "complete", kept)


NIGHTS = [
    run(1, ready=2, lost=0, unknown=40),
    run(2, ready=35, lost=2, unknown=3, ending=1, structures=9, blocked=1),
    run(3, ready=39, lost=9),
]


def test_the_last_night_that_knew_enough_is_remembered_with_its_day() -> None:
    one = Health("24", ready=3, unknown=39, structures=9, unclear=9)
    found = with_last(one, lambda: past_of(NIGHTS, DAY, "24"))
    day = DAY - timedelta(days=2)
    assert found.last == (
        ("lost", Last(2, day)),
        ("ending", Last(1, day)),
        ("losing", Last(3, day)),
        ("blocked", Last(1, day)),
    )
    assert with_last(one, lambda: past_of_updater(NIGHTS, DAY, PostRef(post="CRH_ST", scope="24"))).last == found.last
    assert with_last(one, lambda: past_of(NIGHTS, DAY, "11")).last == ()


def test_what_is_known_tonight_needs_no_memory() -> None:
    def never() -> list[tuple[date, Health]]:
        raise AssertionError

    assert with_last(Health("24", ready=39, unknown=3), never).last == ()


def test_a_night_of_which_no_annuaire_was_read_knows_nothing_of_as_many_accounts_as_before() -> None:
    tonight = {"24": Health("24", ready=20, waiting=7, late=2)}
    [(_, here)] = unseen(tonight, NIGHTS[1:], DAY).items()
    assert (here.ready, here.lost, here.unknown, here.structures, here.unclear) == (0, 0, 40, 9, 9)
    assert (here.waiting, here.late, here.state) == (7, 2, "unknown")
    assert here.because == (("annuaire", 40),)


def test_nobody_looked_is_not_nobody_lost() -> None:
    one = nothing_of(Health("24", ready=30, lost=2, structures=9), "reminder")
    assert access_document(one, "")["lost"] == {"value": None, "at_least": True, "last_known": None}
    assert replace(one, unknown=0, unclear=0, because=(), structures=0) == Health("24")
