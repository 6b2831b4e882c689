"""For each active account the day on which access ends if nobody acts."""

from dataclasses import replace
from datetime import date

from pipelines.changes.foresee import AccessEnd, by_region, by_updater, foresee
from pipelines.reports.report import Accesses, build_reports
from schemas.changes.change import PostRef
from schemas.reports.health import Health
from tests.invented_changes import LOT, sign
from tests.spec.night import DAY, Night, play
from tests.spec.tables import ANNE, ES, ES_11, LUC, PAUL, ZOE, account, adeli, card, registered

OLD = adeli(7)


def ends(night: Night, horizon_days: int = 90) -> dict[str, tuple[str, str, bool]]:
    """Account → (day, reason, lost), the keepers of the posts aside."""
    found = foresee(night.snapshot, night.comparison.identities, horizon_days)
    return {end.account_id: (end.day.isoformat(), end.reason, end.lost) for end in found if end.account_id < "EF9"}


def test_a_card_that_lasts_takes_nobodys_access() -> None:
    assert ends(play([account(ANNE)])) == {}


def test_access_ends_with_the_card_that_has_no_successor() -> None:
    night = play([account(ANNE)], cards=[card(ANNE, "2027-01-15")])
    assert ends(night) == {ANNE.account_id: ("2027-01-16", "card_expiring", False)}


def test_a_card_that_still_serves_after_the_horizon_is_not_told() -> None:
    night = play([account(ANNE)], cards=[card(ANNE, "2027-02-20")])
    assert ends(night, 90) == {ANNE.account_id: ("2027-02-21", "card_expiring", False)}
    assert ends(night, 89) == {}


def test_a_successor_carries_the_access_on() -> None:
    renewed = card(ANNE, "2029-12-01", serial="9990000099", starts_on="2026-12-01")
    assert ends(play([account(ANNE)], cards=[card(ANNE, "2026-12-15"), renewed])) == {}


def test_an_opposed_successor_carries_nothing_on() -> None:
    stolen = card(ANNE, "2029-12-01", serial="9990000099", starts_on="2026-12-01", opposed_on="2026-11-20")
    night = play([account(ANNE)], cards=[card(ANNE, "2026-12-15"), stolen])
    assert ends(night)[ANNE.account_id][:2] == ("2026-12-16", "card_expiring")


def test_an_announced_opposition_ends_the_access_on_its_day() -> None:
    night = play([account(ANNE)], cards=[card(ANNE, opposed_on="2026-12-03")])
    assert ends(night) == {ANNE.account_id: ("2026-12-03", "card_opposed", False)}


def test_who_has_no_usable_card_has_lost_access_already() -> None:
    night = play(
        [account(ANNE), account(LUC), account(ZOE)],
        cards=[card(ANNE, "2026-11-01"), card(LUC, opposed_on="2026-11-10")],
    )
    assert ends(night) == {
        ANNE.account_id: ("2026-11-02", "card_expired", True),
        LUC.account_id: ("2026-11-10", "card_opposed", True),
        ZOE.account_id: (DAY.isoformat(), "card_missing", True),
    }


def test_a_number_that_is_not_the_cards_opens_nothing() -> None:
    night = play([account(ANNE, cpx_number=OLD)], crosswalk={OLD: ANNE.rpps})
    assert ends(night) == {ANNE.account_id: (DAY.isoformat(), "adeli_to_rpps", True)}


def test_the_next_card_with_another_number_ends_the_access_with_the_old_card() -> None:
    now = card(ANNE, "2026-12-20", content_id=OLD)
    following = card(ANNE, "2029-12-20", serial="9990000099", starts_on="2026-12-01")
    night = play([account(ANNE, cpx_number=OLD)], cards=[now, following], crosswalk={OLD: ANNE.rpps})
    assert ends(night) == {ANNE.account_id: ("2026-12-21", "adeli_to_rpps", False)}


def test_a_card_that_no_file_holds_ends_as_the_annuaire_says() -> None:
    night = play([account(PAUL, card_expires_on="2026-12-24")])
    assert ends(night) == {PAUL.account_id: ("2026-12-25", "card_expiring", False)}


def test_nothing_is_foretold_while_the_cards_are_unread() -> None:
    assert ends(play([account(ANNE)], cards_read=False)) == {}


def test_nothing_is_foretold_of_an_account_under_doubt() -> None:
    night = play([account(ANNE, cpx_number=LUC.rpps)], register=[registered(LUC)], cards=[card(LUC, "2026-12-01")])
    assert ends(night) == {}


def test_of_an_account_in_doubt_whose_own_number_the_register_confirms_the_card_is_told_of_all_the_same() -> None:
    twins = [account(ANNE), account(ANNE, account_id="EF0002")]
    assert set(ends(play(twins, cards=[card(ANNE, "2026-12-01")]))) == {ANNE.account_id, "EF0002"}


def test_an_inactive_account_has_no_access_to_lose() -> None:
    assert ends(play([account(ANNE, active="Non")], cards=[card(ANNE, "2026-12-01")])) == {}


def test_the_week_of_a_day_begins_on_its_monday() -> None:
    end = AccessEnd("EF0001", "24", date(2026, 11, 29), "card_expiring")
    assert end.week == date(2026, 11, 23)
    assert replace(end, day=date(2026, 11, 23)).week == date(2026, 11, 23)
    assert replace(end, day=date(2026, 11, 22)).week == date(2026, 11, 16)


def ending() -> Night:
    """Two accounts of region 24 and one of region 11: next week, in three weeks, already."""
    return play(
        [account(ANNE, ES), account(LUC, ES), account(ZOE, ES_11)],
        cards=[card(ANNE, "2026-11-26"), card(LUC, "2026-12-10"), card(ZOE, "2026-10-01")],
        register=[registered(ANNE), registered(LUC), registered(ZOE, finess_site=ES_11)],
    )


def test_counts_by_region_and_week_name_nobody() -> None:
    night = ending()
    assert by_region(foresee(night.snapshot, night.comparison.identities)) == {
        "11": {None: 1},
        "24": {date(2026, 11, 23): 1, date(2026, 12, 7): 1},
    }


def test_each_updater_reads_the_weeks_of_their_own_accounts() -> None:
    night = ending()
    found = by_updater(
        foresee(night.snapshot, night.comparison.identities), night.snapshot.accounts, night.comparison.routing
    )
    reports = build_reports(
        night.changes,
        as_of=DAY,
        lot=LOT,
        structures=night.snapshot.structures,
        rejects=[],
        notices={},
        sign=sign,
        accesses=Accesses({}, found, Health("")),
    )
    weeks = {report.name: [(one.label, one.count, one.now) for one in report.weeks] for report in reports}
    assert weeks["CRH_ST-24"] == [("Semaine du 23/11/2026", 1, False), ("Semaine du 07/12/2026", 1, False)]
    assert weeks["CRH_ST-11"] == [("Déjà sans accès", 1, True)]
    assert set(found) == {PostRef(post="CRH_ST", scope="24"), PostRef(post="CRH_ST", scope="11")}
