"""The store as `doctor` finds it on both databases, and the line that a supervision outside Prefect reads."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.store import LockOwner, open_store
from flows.doctor.last_success import duration
from flows.state.run_state import now
from schemas.errors import ConfigurationError
from schemas.reports.checkup import CheckVerdict
from tests.invented_nights import rewrite
from tests.night.installed import SQLITE, House, played, unplayed
from tests.postgres import new_database

OWNER = LockOwner(4711, "serveur-fictif", "a1")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> House:
    store = new_database() if request.param == "postgresql" else SQLITE
    return played(tmp_path_factory.mktemp("store") / "house", store)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    return unplayed(tmp_path / "house", new_database() if request.param == "postgresql" else SQLITE)


def test_before_the_first_night_there_is_nothing_else_to_tell(new_house: House) -> None:
    assert [one.verdict for one in new_house.findings("store")] == [CheckVerdict.OK]
    assert "aucune nuit" in new_house.one("night", CheckVerdict.WARNING).found
    assert [one.verdict for one in new_house.findings("key")] == [CheckVerdict.OK]
    assert not (new_house.root / "var").exists()
    code, text = new_house.doctor("--last-success", "26h")
    assert code == 1
    assert text.startswith("CRITIQUE - aucune nuit")


def test_a_store_in_good_order_is_free(house: House) -> None:
    assert [(one.verdict, one.found) for one in house.findings("store")] == [
        (CheckVerdict.OK, "base jointe, à jour, libre")
    ]
    assert [one.verdict for one in house.findings("night")] == [CheckVerdict.OK]


def test_a_run_at_work_is_named(house: House) -> None:
    with open_store(house.store_url) as store, store.lock(OWNER, now()):
        assert "processus 4711 sur serveur-fictif" in house.one("store", CheckVerdict.OK).found
    with open_store(house.store_url) as store, store.lock(OWNER, now() - timedelta(hours=9)):
        assert "depuis 9\u00a0h" in house.one("store", CheckVerdict.WARNING).found


def test_the_mark_of_a_run_that_died_is_no_lock(house: House) -> None:
    rewrite(
        house.store_url,
        "INSERT INTO lock (name, token, pid, host, since, beat) "
        f"VALUES ('run', 'x', 4711, 'ailleurs', '{now():%Y-%m-%d %H:%M:%S}', '{now():%Y-%m-%d %H:%M:%S}')",
    )
    assert "a laissé sa marque" in house.one("store", CheckVerdict.WARNING).found
    with open_store(house.store_url) as store, store.lock(OWNER, now()):
        pass
    assert house.findings("store")[0].verdict is CheckVerdict.OK


def test_a_night_of_the_day_before_yesterday_is_late(house: House) -> None:
    later = now() + timedelta(hours=50)
    assert "il y a 2\u00a0j 2\u00a0h" in house.one("night", CheckVerdict.WARNING, later).found


def test_a_night_to_come_means_that_the_clock_is_wrong(house: House) -> None:
    assert "dans le futur" in house.one("clock", CheckVerdict.FAILURE, now() - timedelta(days=1)).found


def test_a_night_that_was_held_or_killed_is_told(new_house: House) -> None:
    new_house.play()
    rewrite(new_house.store_url, "UPDATE run SET status = 'held'")
    told = {one.found for one in new_house.findings("night")}
    assert any("retenue par un garde-fou" in one for one in told)
    assert any("aucune nuit ne s’est terminée" in one for one in told)
    rewrite(new_house.store_url, "UPDATE run SET status = 'running'")
    assert any("a été interrompue" in one.found for one in new_house.findings("night"))
    rewrite(new_house.store_url, "UPDATE run SET status = 'complete'")
    rewrite(new_house.store_url, "UPDATE mail SET outcome = 'failed'")
    assert "ne sont pas partis" in new_house.one("night", CheckVerdict.WARNING).found


def test_a_store_of_an_earlier_version_is_no_obstacle_and_is_not_touched(new_house: House) -> None:
    new_house.play()
    rewrite(new_house.store_url, "UPDATE annuaire_alembic_version SET version_num = 'store_0001'")
    assert "version antérieure" in new_house.one("store", CheckVerdict.WARNING).found
    assert "version antérieure" in new_house.one("store", CheckVerdict.WARNING).found
    assert new_house.findings("night") == []
    assert new_house.doctor("--last-success", "26h")[0] == 0


def test_a_database_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    house = played(tmp_path / "house", new_database())
    rewrite(
        house.store_url,
        f"ALTER DATABASE {house.store_url.rpartition('/')[2].partition('?')[0]} SET default_transaction_read_only = on",
    )
    assert "ne peut pas être écrite" in house.one("store", CheckVerdict.FAILURE).found


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    house = unplayed(tmp_path / "house", "postgresql://annuaire:secret@127.0.0.1:1/annuaire?connect_timeout=1")
    code, found = house.diagnosis()
    assert code == 1
    assert "127.0.0.1" in found["store"][0]["found"]
    assert "secret" not in str(found)
    code, text = house.doctor("--last-success", "26h")
    assert code == 1
    assert text.startswith("CRITIQUE - ")
    assert "secret" not in text


# ── --last-success ───────────────────────────────────────────────────────────────────────────────


def test_a_night_of_late_is_one_line_and_exit_code_0(house: House) -> None:
    code, text = house.doctor("--last-success", "26h")
    assert code == 0
    assert text.startswith("OK - nuit du ")
    assert text.count("\n") == 1
    assert text.rstrip().endswith("s;;93600;0")


def test_a_night_too_long_ago_is_one_line_and_exit_code_1(new_house: House) -> None:
    new_house.play()
    ended = now() - timedelta(hours=31)
    rewrite(new_house.store_url, f"UPDATE run SET finished_at = '{ended:%Y-%m-%d %H:%M:%S.%f}'")
    code, text = new_house.doctor("--last-success", "26h")
    assert code == 1
    assert text.startswith("CRITIQUE - aucune nuit terminée depuis 26\u00a0h")
    assert "il y a 31\u00a0h\u00a000" in text
    assert new_house.doctor("--last-success", "2d")[0] == 0
    code, text = new_house.doctor("--last-success", "90m", "--json")
    document = json.loads(text)
    assert (code, document["status"], document["limit_seconds"]) == (1, "late", 5400)
    assert document["age_seconds"] // 3600 == 31


def test_a_held_night_is_no_success(new_house: House) -> None:
    new_house.play()
    rewrite(new_house.store_url, "UPDATE run SET status = 'held'")
    assert new_house.doctor("--last-success", "26h")[0] == 1


@pytest.mark.parametrize(
    ("text", "hours"), [("26h", 26), ("90m", 1.5), ("2d", 48), ("2j", 48), (" 1 D ", 24), ("99999h", 99999)]
)
def test_a_duration_is_a_number_and_its_unit(text: str, hours: float) -> None:
    assert duration(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "26", "h", "0h", "-2h", "1.5h", "26 heures", "²h"])
def test_what_is_no_duration_is_wrong_usage(text: str) -> None:
    with pytest.raises(ConfigurationError, match="26h, 90m ou 2d"):
        duration(text)


def test_a_wrong_duration_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    assert House(tmp_path / "nowhere").doctor("--last-success", "bientôt")[0] == 2
