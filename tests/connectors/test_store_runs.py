"""The store: runs, their sources and steps; the door itself."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.store import Store, open_store
from pipelines.digest import PackedDigests
from schemas.changes.safeguard import Hold
from schemas.errors import StoreError
from schemas.reading.fingerprints import Fingerprints
from schemas.reading.source import SourceReport, SourceStatus
from tests.invented_nights import DAY, NOW, SOURCES, count, night, play, rewrite, start


def test_a_run_is_told_with_its_sources_as_they_were_read(store: Store) -> None:
    store.begin_run(start("one"), SOURCES, NOW)
    store.finish_run("one", "partial", {"changes": 3, "by_kind": {"review": 3}}, NOW + timedelta(minutes=2))
    [run] = store.runs()
    assert (run.run_id, run.as_of, run.status, run.software) == ("one", DAY, "partial", "0.1.0")
    assert (run.started_at, run.finished_at) == (NOW, NOW + timedelta(minutes=2))
    assert run.counts == {"changes": 3, "by_kind": {"review": 3}}
    assert [source.name for source in run.sources] == ["annuaire", "workbook:regions/24.xlsx"]
    book = run.sources[1]
    assert (book.sha256, book.size, book.stamp, book.rows_read, book.rows_rejected) == ("bb22", 1024, DAY, 10, 1)


def test_runs_are_told_newest_first_even_within_one_second(store: Store) -> None:
    for name in ("a", "c", "b"):
        play(store, name, (), ())
    assert [run.run_id for run in store.runs()] == ["b", "c", "a"]
    assert [(run.run_id, len(run.sources)) for run in store.runs(limit=2)] == [("b", 2), ("c", 2)]


def test_a_killed_run_over_the_same_inputs_is_taken_up_again(store: Store) -> None:
    store.begin_run(start("killed"), SOURCES, NOW)
    store.record_step("killed", "record", "done", NOW)
    assert store.begin_run(start("again"), (), NOW + timedelta(hours=1)) == "killed"
    assert store.steps("killed") == {"record": "done"}
    [run] = store.runs()
    assert (run.status, run.started_at, len(run.sources)) == ("running", NOW, 2)


@pytest.mark.parametrize("other", [{"day": night(1)}, {"inputs": "other"}, {"rules": "other"}])
def test_a_killed_run_over_other_inputs_has_failed(store: Store, other: dict[str, Any]) -> None:
    store.begin_run(start("killed"), SOURCES, NOW)
    assert store.begin_run(start("next", **other), SOURCES, NOW) == "next"
    assert [(run.run_id, run.status) for run in store.runs()] == [("next", "running"), ("killed", "failed")]


def test_a_finished_run_is_not_taken_up_again(store: Store) -> None:
    play(store, "one", (), ())
    assert store.begin_run(start("two", inputs="one"), SOURCES, NOW) == "two"
    assert [run.status for run in store.runs()] == ["running", "complete"]


def test_a_step_said_again_counts_once(store: Store) -> None:
    store.begin_run(start("one"), SOURCES, NOW)
    store.record_step("one", "read", "failed", NOW)
    store.record_step("one", "compare", "done", NOW + timedelta(seconds=1))
    store.record_step("one", "read", "done", NOW + timedelta(seconds=2))
    assert store.steps("one") == {"compare": "done", "read": "done"}
    assert store.steps("other") == {}


def test_the_last_source_is_the_one_that_could_be_used(store: Store) -> None:
    def source(rows: int, status: SourceStatus = SourceStatus.OK) -> SourceReport:
        return SourceReport("annuaire", "e.csv", rows_read=rows, status=status)

    assert store.last_source("annuaire") is None
    for run_id, rows, status, outcome in (
        ("one", 100, SourceStatus.OK, "complete"),
        ("two", 200, SourceStatus.OK, "partial"),
        ("three", 3, SourceStatus.HELD, "partial"),
        ("four", 400, SourceStatus.OK, "failed"),
    ):
        store.begin_run(start(run_id, inputs=run_id), [source(rows, status)], NOW)
        store.finish_run(run_id, outcome, {}, NOW)
    store.begin_run(start("five", inputs="five"), [source(500)], NOW)
    last = store.last_source("annuaire")
    assert last is not None
    assert (last.rows_read, last.status) == (200, SourceStatus.OK)


def test_what_was_held_and_who_let_it_out_is_kept(store: Store) -> None:
    store.begin_run(start("one"), SOURCES, NOW)
    store.hold("one", [Hold("CRH_ST", "24", "updates", 60, 100), Hold("CRH_ST", "11", "deactivations", 9, 40)])
    store.hold("one", [held := Hold("CRH_ST", "24", "updates", 61, 100)])
    assert store.holds("one") == [held]
    assert store.holds("two") == []
    store.release("one", held, "engineer", NOW)
    [release] = store.releases()
    assert (release.run_id, release.hold, release.by, release.at) == ("one", held, "engineer", NOW)
    assert store.releases("two") == []


def test_what_a_night_rested_on_takes_the_place_of_what_the_last_one_did(store: Store) -> None:
    """Compared in one order whatever the database orders in: a place's key has a colon, a person's has none."""
    first = Fingerprints(
        accounts=PackedDigests((key * 12, key[::-1] * 12) for key in ("1a", "9b", "fc")),
        persons=PackedDigests((key * 12, key[::-1] * 12) for key in ("0a", "3b")),
        places={"0123abcd:" + "5" * 24: "a" * 24, "9999ffff:" + "0" * 24: "b" * 24},
        answers={"Z": "c" * 24},
    ).all()
    second = Fingerprints(
        accounts=PackedDigests((key * 12, "ab" * 12) for key in ("1a", "8b", "fc")),
        persons=PackedDigests((key * 12, key[::-1] * 12) for key in ("0a", "4b")),
        places={"9999ffff:" + "0" * 24: "b" * 24, "zzzzzzzz:" + "0" * 24: "b" * 24},
    ).all()
    for at, found in enumerate((first, second, dict(first.items()), second, second, {})):
        store.begin_run(start(str(at), inputs=str(at)), (), NOW)
        store.finish_run(str(at), "complete", {}, NOW, found)
        assert store.evidence() == dict(found.items())


def test_a_moment_without_its_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError):
        store.begin_run(start("one"), SOURCES, datetime(2026, 11, 22))
    assert store.runs() == []


def test_a_moment_comes_back_in_utc_whatever_its_zone(store: Store) -> None:
    paris = NOW.astimezone()
    store.begin_run(start("one"), SOURCES, paris)
    assert store.runs()[0].started_at == NOW
    assert store.runs()[0].started_at.tzinfo is UTC


def test_a_file_name_that_is_no_text_is_kept_as_well_as_can_be(store: Store) -> None:
    store.begin_run(start("one"), [SourceReport("annuaire", "r\udce9gion\x00.csv")], NOW)
    assert store.runs()[0].sources[0].path == "r?gion.csv"


def test_a_write_that_fails_leaves_nothing(store: Store, store_url: str) -> None:
    store.begin_run(start("one"), SOURCES, NOW)
    with pytest.raises(StoreError, match="refusé une opération"):
        store.begin_run(start("one", inputs="other"), SOURCES, NOW)
    assert [(run.run_id, run.status) for run in store.runs()] == [("one", "running")]
    assert count(store_url, "run_source") == 2


def test_the_files_of_the_store_are_their_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "state" / "annuaire.db"
    with open_store(f"sqlite:///{path}") as store:
        play(store, "one", (), ())
        made = [one for one in path.parent.iterdir() if one.is_file()]
        assert {stat.S_IMODE(one.stat().st_mode) for one in made} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    open_store(f"sqlite:///{path}").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sqlite_keeps_its_journal_apart_and_its_references_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_store(url) as store, pytest.raises(StoreError):
        store.record_step("nobody", "read", "done", NOW)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://efit:secret@127.0.0.1:1/annuaire?connect_timeout=1",
        "postgres://efit:secret@127.0.0.1:1/annuaire?connect_timeout=1",
        "inconnu://efit:secret@serveur/annuaire",
        "pas une adresse",
        "sqlite:////proc/annuaire.db",
        "sqlite:////dev/null/annuaire.db",
    ],
)
def test_a_store_out_of_reach_is_told_in_french_without_its_password(address: str) -> None:
    with pytest.raises(StoreError, match="base d") as told:
        open_store(address)
    assert "secret" not in str(told.value)
    assert told.value.__suppress_context__


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"Bonjour. " * 1000)
    with pytest.raises(StoreError, match="est abîmée"):
        open_store(f"sqlite:///{tmp_path / 'a.db'}")


def test_a_store_of_a_later_version_is_left_alone(store_url: str) -> None:
    open_store(store_url).close()
    rewrite(store_url, "UPDATE annuaire_alembic_version SET version_num = 'store_9999'")
    with pytest.raises(StoreError, match="version plus récente"):
        open_store(store_url)
