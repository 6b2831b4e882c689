"""How the accesses of a region stand: who can log in, who soon cannot, which structures can declare nothing."""

from datetime import date, timedelta

from pipelines.changes.foresee import foresee
from pipelines.reports.pages.health import add_up, health, health_kept, kept_counts
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.reports.health import Health
from tests.spec.night import DAY, Night, play
from tests.spec.tables import ANNE, ASSISTANT, ES, ES_11, LUC, TITULAIRE, ZOE, account, card


def found(night: Night, states: list[ChangeState] | None = None) -> dict[str, Health]:
    identities = night.comparison.identities
    return health(night.snapshot, identities, foresee(night.snapshot, identities), night.changes, states or [], 14)


def test_each_active_account_counts_once_in_the_region_of_its_highest_function() -> None:
    night = play([account(ANNE, ES), account(LUC, ES_11), account(ZOE, ES, active="Non")])
    regions = found(night)
    assert add_up(regions.values()).accounts == len(night.snapshot.active_accounts())
    assert regions["11"].lost == regions["11"].unknown == 0


def test_an_account_without_a_usable_card_is_lost_and_one_that_ends_soon_is_ready_still() -> None:
    night = play([account(ANNE, ES), account(LUC, ES)], cards=[card(ANNE, "2026-11-01"), card(LUC, "2026-12-10")])
    before, here = found(play([account(ANNE, ES), account(LUC, ES)]))["24"], found(night)["24"]
    assert (before.lost, before.ending, before.state) == (0, 0, "good")
    assert (here.lost, here.ending, here.first_end) == (1, 1, date(2026, 12, 11))
    assert (here.ready, here.accounts, here.state) == (before.ready - 1, before.accounts, "lost")
    assert here.share == here.ready / here.accounts


def test_an_access_that_ends_after_thirty_days_threatens_nobody_yet() -> None:
    last = DAY + timedelta(days=30)
    for day, ending in ((last, 1), (last + timedelta(days=1), 0)):
        assert found(play([account(ANNE, ES)], cards=[card(ANNE, day.isoformat())]))["24"].ending == ending


def test_what_cannot_be_told_is_neither_ready_nor_lost() -> None:
    here = found(play([account(ANNE, ES)], cards_read=False))["24"]
    assert (here.ready, here.lost) == (0, 0)
    assert here.unknown == here.accounts > 0
    assert (here.share, here.state) == (None, "unknown")


def test_a_structure_without_a_titulaire_can_declare_nothing() -> None:
    here = found(play([account(ANNE, ES, ASSISTANT)], kept=False))["24"]
    assert (here.structures, here.blocked, here.state) == (1, 1, "blocked")


def test_a_structure_whose_only_titulaire_cannot_log_in_can_declare_nothing() -> None:
    here = found(play([account(ANNE, ES, TITULAIRE)], cards=[card(ANNE, "2026-11-01")]))["24"]
    assert (here.lost, here.blocked) == (1, 1)


def test_one_titulaire_with_access_is_enough() -> None:
    two = [account(ANNE, ES, TITULAIRE), account(LUC, ES, TITULAIRE)]
    assert found(play(two, cards=[card(ANNE, "2026-11-01"), card(LUC)]))["24"].blocked == 0


def test_what_waits_and_what_is_late_is_counted_where_it_happens() -> None:
    night = play([account(ANNE, ES), account(LUC, ES)], cards=[card(ANNE, "2026-11-01"), card(LUC, "2026-11-02")])
    first, second = night.all("card_expired")
    ago = DAY - timedelta(days=20)
    states = [
        ChangeState(first, slot_of(first), "notified", ago, ago),
        ChangeState(second, slot_of(second), "notified", DAY, DAY),
    ]
    here = found(night, states)["24"]
    assert (here.waiting, here.late) == (2, 1)


def test_the_worst_that_is_true_names_the_state() -> None:
    ladder = [
        Health("24", ready=9, lost=1, ending=1, blocked=1, late=1),
        Health("24", ready=9, lost=1, ending=1, late=1),
        Health("24", ready=9, ending=1, late=1),
        Health("24", ready=9, late=1),
        Health("24", unknown=9),
        Health("24", ready=9),
        Health("24"),
    ]
    assert [one.state for one in ladder] == ["blocked", "lost", "soon", "late", "unknown", "good", "empty"]


def test_what_the_store_keeps_of_a_night_is_what_is_read_again() -> None:
    regions = found(play([account(ANNE, ES), account(LUC, ES_11)]))
    assert {code: health_kept(code, kept_counts(one)) for code, one in regions.items()} == regions
    assert health_kept("24", {}).accounts == 0
