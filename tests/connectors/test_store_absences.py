"""The store: accounts that vanished from the annuaire, and came back."""

from datetime import timedelta

from connectors.store import Store
from pipelines.lifecycle.vanished_accounts import count_absences
from schemas.reading.absence import Absence
from tests.invented_nights import NOW, account, count, night, record, start


def missing_on(store: Store, after: int, *present: str) -> dict[str, Absence]:
    """A night of the annuaire with these accounts, counted and recorded; who was missing."""
    day = night(after)
    found = count_absences(store.absences(day), store.account_ids_until(night(after - 1)), present, day)
    store.record_absences(day, found)
    run_id = store.begin_run(start(f"run{after}", day=day, inputs=str(after)), (), NOW)
    people = [account(int(key[2:])) for key in present]
    record(store, run_id, (), (), day=day, accounts=people)
    return found


def test_an_absence_counts_the_exports_in_a_row_and_no_further_than_it_must(store: Store) -> None:
    missing_on(store, 0, "EF00001", "EF00002")
    counts = [missing_on(store, after, "EF00001")["EF00002"] for after in range(1, 6)]
    assert [one.exports for one in counts] == [1, 2, 3, 3, 3]
    assert {one.since for one in counts} == {night(1)}
    assert [one.gone for one in counts] == [False, False, True, True, True]


def test_an_account_that_comes_back_starts_anew(store: Store) -> None:
    missing_on(store, 0, "EF00001", "EF00002")
    missing_on(store, 1, "EF00001")
    missing_on(store, 2, "EF00001")
    assert missing_on(store, 3, "EF00001", "EF00002") == {}
    assert store.absences(night(4)) == {}
    assert missing_on(store, 4, "EF00001") == {"EF00002": Absence("EF00002", night(4), 1)}
    assert store.absences(night(5)) == {"EF00002": Absence("EF00002", night(4), 1)}


def test_the_same_night_again_counts_once_whatever_it_finds_then(store: Store) -> None:
    missing_on(store, 0, "EF00001", "EF00002")
    missing_on(store, 1, "EF00001")
    assert missing_on(store, 2, "EF00001")["EF00002"].exports == 2
    assert missing_on(store, 2, "EF00001")["EF00002"].exports == 2
    assert missing_on(store, 2, "EF00001", "EF00002") == {}
    assert store.absences(night(3)) == {}
    assert missing_on(store, 2, "EF00001")["EF00002"].exports == 2
    assert store.absences(night(3))["EF00002"] == Absence("EF00002", night(1), 2)


def test_a_night_of_the_past_changes_nothing(store: Store) -> None:
    missing_on(store, 0, "EF00001", "EF00002")
    missing_on(store, 1, "EF00001")
    missing_on(store, 2, "EF00001")
    store.record_absences(night(1), {})
    assert store.absences(night(3))["EF00002"].exports == 2


def test_absences_of_long_ago_are_forgotten(store: Store, store_url: str) -> None:
    missing_on(store, 0, "EF00001", "EF00002", "EF00003")
    missing_on(store, 1, "EF00001")
    missing_on(store, 2, "EF00001", "EF00003")
    store.purge(night(9), NOW + timedelta(days=9))
    assert store.absences(night(3)) == {}
    assert count(store_url, "absence") == 0
