"""The store: accounts that vanished from the annuaire, and came back."""

from datetime import timedelta

from connectors.store import Ledger
from pipelines.lifecycle.missing import count_absences
from schemas.reading.absence import Absence
from tests.invented_nights import NOW, account, count, night, record, start


def missing_on(ledger: Ledger, after: int, *present: str) -> dict[str, Absence]:
    """A night of the annuaire with these accounts, counted and recorded; who was missing."""
    day = night(after)
    found = count_absences(ledger.absences(day), ledger.account_ids_until(night(after - 1)), present, day)
    ledger.record_absences(day, found)
    run_id = ledger.begin_run(start(f"run{after}", day=day, inputs=str(after)), (), NOW)
    people = [account(int(key[2:])) for key in present]
    record(ledger, run_id, (), (), day=day, accounts=people)
    return found


def test_an_absence_counts_the_exports_in_a_row_and_no_further_than_it_must(ledger: Ledger) -> None:
    missing_on(ledger, 0, "EF00001", "EF00002")
    counts = [missing_on(ledger, after, "EF00001")["EF00002"] for after in range(1, 6)]
    assert [one.exports for one in counts] == [1, 2, 3, 3, 3]
    assert {one.since for one in counts} == {night(1)}
    assert [one.gone for one in counts] == [False, False, True, True, True]


def test_an_account_that_comes_back_starts_anew(ledger: Ledger) -> None:
    missing_on(ledger, 0, "EF00001", "EF00002")
    missing_on(ledger, 1, "EF00001")
    missing_on(ledger, 2, "EF00001")
    assert missing_on(ledger, 3, "EF00001", "EF00002") == {}
    assert ledger.absences(night(4)) == {}
    assert missing_on(ledger, 4, "EF00001") == {"EF00002": Absence("EF00002", night(4), 1)}
    assert ledger.absences(night(5)) == {"EF00002": Absence("EF00002", night(4), 1)}


def test_the_same_night_again_counts_once_whatever_it_finds_then(ledger: Ledger) -> None:
    missing_on(ledger, 0, "EF00001", "EF00002")
    missing_on(ledger, 1, "EF00001")
    assert missing_on(ledger, 2, "EF00001")["EF00002"].exports == 2
    assert missing_on(ledger, 2, "EF00001")["EF00002"].exports == 2
    assert missing_on(ledger, 2, "EF00001", "EF00002") == {}
    assert ledger.absences(night(3)) == {}
    assert missing_on(ledger, 2, "EF00001")["EF00002"].exports == 2
    assert ledger.absences(night(3))["EF00002"] == Absence("EF00002", night(1), 2)


def test_a_night_of_the_past_changes_nothing(ledger: Ledger) -> None:
    missing_on(ledger, 0, "EF00001", "EF00002")
    missing_on(ledger, 1, "EF00001")
    missing_on(ledger, 2, "EF00001")
    ledger.record_absences(night(1), {})
    assert ledger.absences(night(3))["EF00002"].exports == 2


def test_absences_of_long_ago_are_forgotten(ledger: Ledger, store_url: str) -> None:
    missing_on(ledger, 0, "EF00001", "EF00002", "EF00003")
    missing_on(ledger, 1, "EF00001")
    missing_on(ledger, 2, "EF00001", "EF00003")
    ledger.purge(night(9), NOW + timedelta(days=9))
    assert ledger.absences(night(3)) == {}
    assert count(store_url, "absence") == 0
