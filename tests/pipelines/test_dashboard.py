"""The figures of the administrator's page, from small invented nights."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipelines.changes.foresee import AccessEnd
from pipelines.reports.pages.dashboard import PageFacts, dashboard, reject_counts
from schemas.changes.change import PostRef
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.changes.stored import RunRow, RunSource, StoredStatus
from schemas.reading.source import SourceReport, SourceStatus, WorkbookScope
from schemas.reports.health import Health
from tests.invented_changes import ADMIN, CRH, DAY, ETS, Builder

BOOK_24, BOOK_11 = "workbook:regions/24.xlsx", "workbook:regions/11.ods"
HEALTH = {"24": Health("24", ready=97, lost=3), "11": Health("11", ready=211, ending=2, first_end=DAY)}
SCOPES = (WorkbookScope(BOOK_24, "region", "24"), WorkbookScope(BOOK_11, "region", "11"))
SOURCES = (SourceReport("register.persons", "p", rows_read=7001), SourceReport(BOOK_24, "a", rows_read=100))


def facts(**other: Any) -> PageFacts:
    known: dict[str, Any] = {
        "day": DAY,
        "health": HEALTH,
        "updaters": {},
        "ends": (),
        "states": (),
        "rejects": {},
        "sources": SOURCES,
        "scopes": SCOPES,
        "runs": (),
        "remind_after_days": 14,
    }
    return PageFacts(**known | other)


def run(
    ago: int,
    status: StoredStatus = "complete",
    rejects: Mapping[str, Mapping[str, int]] | None = None,
    sources: Sequence[RunSource] = (),
    **health: int,
) -> RunRow:
    day = DAY - timedelta(days=ago)
    at = datetime(2026, 11, 22, 3, tzinfo=UTC) - timedelta(days=ago)
    counts = {"rejects_by_source": rejects or {}} | ({"health": {"24": health}} if health else {})
    return RunRow(f"R{ago}-{status}", day, "i", "r", "0.1.0", at, at, status, counts, tuple(sources))


def source(name: str, read: int, rejected: int = 0, status: SourceStatus = SourceStatus.OK) -> RunSource:
    return RunSource(name, name, 1, "aa", None, status, "", read, read - rejected, rejected, 0)


def state(age: int, to: PostRef = CRH, region: str = "24", severity: str = "important") -> ChangeState:
    change = Builder().add("update_account", "identity_changed", severity, "FICTIVE Anne", to=to)
    change = change.model_copy(update={"assignment": change.assignment.model_copy(update={"region_code": region})})
    day = DAY - timedelta(days=age)
    return ChangeState(change, slot_of(change), "notified", day, day)


def test_the_worst_region_stands_first() -> None:
    assert [one.region for one in dashboard(facts()).regions] == ["24", "11"]
    blocked = HEALTH | {"11": replace(HEALTH["11"], blocked=1)}
    assert [one.region for one in dashboard(facts(health=blocked)).regions] == ["11", "24"]


def test_the_country_is_its_regions_added_up() -> None:
    total = dashboard(facts()).total
    assert (total.ready, total.lost, total.ending, total.first_end) == (308, 3, 2, DAY)


def test_every_week_of_the_horizon_has_its_line_and_what_is_lost_comes_first() -> None:
    ends = (
        AccessEnd("EF1", "24", DAY, "card_expired", lost=True),
        AccessEnd("EF2", "24", date(2026, 12, 2), "card_expiring"),
        AccessEnd("EF3", "11", date(2026, 12, 3), "card_expiring"),
        AccessEnd("EF4", "11", date(2026, 12, 4), "card_expiring"),
    )
    weeks = dashboard(facts(ends=ends)).weeks
    assert (weeks[0].monday, weeks[0].regions) == (None, (("24", 1),))
    assert [week.monday for week in weeks[1:]] == [date(2026, 11, 16) + timedelta(weeks=at) for at in range(14)]
    assert {week.monday: week.regions for week in weeks[1:] if week.count} == {
        date(2026, 11, 30): (("11", 2), ("24", 1))
    }


def test_what_waits_stands_in_the_column_of_its_age_and_the_most_late_first() -> None:
    states = [state(age) for age in (0, 7, 8, 14, 15, 30, 31)] + [state(40, ADMIN, severity="access"), state(3, ETS)]
    first, second, third = dashboard(facts(states=states)).waiting
    assert (first.updater, first.ages, first.oldest, first.late) == (CRH, (2, 2, 2, 1), 31, 4)
    assert (second.updater, second.waiting, second.access, second.late) == (ADMIN, 1, 1, 1)
    assert (third.updater, third.late) == (ETS, 0)
    assert "Centre-Val de Loire" in first.label


def test_a_reject_is_as_old_as_the_nights_in_a_row_that_have_it() -> None:
    here = {BOOK_24: {"EMAIL_FORMAT": 1}}
    runs = [
        run(0, rejects=here),
        run(1, rejects=here),
        run(2, "failed"),
        run(3, rejects=here),
        run(4),
        run(5, rejects=here),
    ]
    (row,) = dashboard(facts(rejects={(BOOK_24, "EMAIL_FORMAT"): 3}, runs=runs)).rejects
    assert (row.count, row.since) == (3, DAY - timedelta(days=3))


def test_a_reject_that_no_night_has_kept_is_of_today() -> None:
    (row,) = dashboard(facts(rejects={(BOOK_24, "EMAIL_FORMAT"): 3}, runs=[run(1)])).rejects
    assert row.since == DAY


def test_what_costs_a_row_comes_before_what_was_repaired() -> None:
    rejects = {(BOOK_24, "DATE_REFORMATTED"): 25, (BOOK_24, "EMAIL_FORMAT"): 9, (BOOK_24, "NAME_MISSING"): 1}
    found = dashboard(facts(rejects=rejects)).rejects
    assert [row.code for row in found] == ["NAME_MISSING", "EMAIL_FORMAT", "DATE_REFORMATTED"]


def test_a_held_night_does_not_make_an_old_fault_new() -> None:
    kept = {"rejects_by_source": {BOOK_24: {"EMAIL_FORMAT": 1}}}
    runs = [replace(run(ago), counts=kept) for ago in (0, 1)] + [run(2, "held")] + [replace(run(3), counts=kept)]
    (found,) = dashboard(facts(rejects={(BOOK_24, "EMAIL_FORMAT"): 1}, runs=runs)).rejects
    assert found.since == DAY - timedelta(days=3)


def test_the_nights_go_from_the_first_that_was_kept_and_a_missing_one_shows() -> None:
    runs = [run(0, ready=9, lost=1), run(2, "held"), run(3, ready=4, lost=1)]
    page = dashboard(facts(runs=runs))
    assert [(point.day, point.status) for point in page.nights] == [
        (DAY - timedelta(days=3), "complete"),
        (DAY - timedelta(days=2), "held"),
        (DAY - timedelta(days=1), "none"),
        (DAY, "complete"),
    ]
    assert [point.share for point in page.nights] == [0.8, None, None, 0.9]
    assert page.since == DAY - timedelta(days=3)


def test_a_night_that_is_not_yet_played_is_not_missing() -> None:
    assert [point.day for point in dashboard(facts(runs=[run(1)])).nights] == [DAY - timedelta(days=1)]


def test_no_more_than_ninety_nights_are_shown() -> None:
    page = dashboard(facts(runs=[run(ago) for ago in range(100)]))
    assert (len(page.nights), page.since) == (90, DAY - timedelta(days=89))


def test_a_night_that_was_killed_and_played_again_went_well() -> None:
    assert dashboard(facts(runs=[run(0, "failed"), run(0)])).nights[0].status == "complete"


def test_the_page_says_when_a_night_last_went_well_and_how_the_last_one_ended() -> None:
    page = dashboard(facts(runs=[run(0, "failed"), run(1, "held"), run(2, "partial"), run(3)]))
    assert (page.last_success, page.last_status) == (DAY - timedelta(days=2), "failed")
    assert (dashboard(facts()).last_success, dashboard(facts()).last_status) == (None, "none")


def test_legible_rows_are_those_of_the_workbooks_not_of_the_registers() -> None:
    sources = (source("register.persons", 2_000_000, 7), source(BOOK_24, 80, 4), source(BOOK_11, 20, 6))
    (point,) = dashboard(facts(runs=[run(0, sources=sources)])).nights
    assert (point.read, point.rejected, point.legible) == (100, 10, 0.9)


def test_a_source_that_sits_out_says_when_it_was_last_used() -> None:
    stale = SourceReport("register.cards", "c", status=SourceStatus.STALE, stamp=DAY - timedelta(days=9))
    used = source("register.cards", 10)
    runs = [run(0, sources=[replace(used, status=SourceStatus.STALE)]), run(4, sources=[used]), run(5, sources=[used])]
    (row,) = dashboard(facts(sources=[stale], runs=runs)).sources
    assert (row.status, row.last_used) == ("stale", DAY - timedelta(days=4))


def test_what_the_store_keeps_of_rejects_says_source_and_code() -> None:
    assert reject_counts({("b", "X"): 2, ("a", "Y"): 1, ("b", "W"): 3}) == {"a": {"Y": 1}, "b": {"W": 3, "X": 2}}


@pytest.fixture
def everything() -> PageFacts:
    """Two regions and what is national; no figure of one is a figure of another."""
    return facts(
        health={
            "24": Health("24", ready=97, lost=3, structures=41, waiting=53, late=59),
            "11": Health("11", ready=211, lost=13, structures=43, waiting=61, late=67),
            "": Health("", ready=17, lost=19),
        },
        ends=[AccessEnd(f"EF{n}", "11", DAY, "card_expired", lost=True) for n in range(13)]
        + [AccessEnd(f"EF{n}", "24", DAY, "card_expired", lost=True) for n in range(3)],
        states=[*(state(31, ETS, "11") for _ in range(23)), *(state(8, ETS) for _ in range(5))],
        rejects={(BOOK_24, "EMAIL_FORMAT"): 29, (BOOK_11, "EMAIL_FORMAT"): 37, ("register.persons", "ROW_WIDTH"): 71},
        sources=(
            SourceReport("register.persons", "p", rows_read=7001, status=SourceStatus.STALE),
            SourceReport(BOOK_24, "a", rows_read=103),
            SourceReport(BOOK_11, "b", rows_read=107),
        ),
        runs=[run(0, sources=[source(BOOK_24, 103), source(BOOK_11, 107), source("register.persons", 7001)])],
    )


def numbers(value: object) -> set[int]:
    """Every count anywhere in the figures."""
    if isinstance(value, dict):
        return {one for part in value.values() for one in numbers(part)}
    if isinstance(value, list | tuple):
        return {one for part in value for one in numbers(part)}
    return {value} if isinstance(value, int) else set()


def test_the_page_of_a_region_holds_no_figure_of_another(everything: PageFacts) -> None:
    country, here = dashboard(everything), dashboard(everything, "24")
    others = {211, 13, 43, 61, 67, 17, 19, 23, 31, 37, 71, 107, 7001}
    assert numbers(asdict(country)) >= others
    assert not numbers(asdict(here)) & others
    assert {97, 3, 41, 53, 59, 5, 29, 103} <= numbers(asdict(here))


def test_the_page_of_a_region_says_that_a_register_is_missing_without_its_counts(everything: PageFacts) -> None:
    here = dashboard(everything, "24")
    assert here.unused == ("registre RPPS",)
    assert [one.name for one in here.sources] == [BOOK_24]
