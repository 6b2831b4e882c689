"""A store that was lost, or put back from a backup: its witness tells, and nothing is announced a second time."""

import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.night.by_command import Service, called_new, flat
from tests.night.test_safeguards import DAY, files

FIRST, SECOND, THIRD = (files(emails=letters) for letters in (("O",), ("O", "P"), ("O", "P", "F")))
TOMORROW, AFTER = DAY + timedelta(days=1), DAY + timedelta(days=2)


def service_in(root: Path, more: str = "") -> Service:
    return Service(root, more=more, attachments="plain")


def keep(service: Service, to: Path) -> None:
    """As `sqlite3 annuaire.db ".backup kept.db"`: whole, though the store may be in use."""
    with sqlite3.connect(service.root / "var" / "annuaire.db") as live, sqlite3.connect(to) as copy:
        live.backup(copy)
    for connection in (live, copy):
        connection.close()


def lose(service: Service) -> None:
    for leftover in service.root.glob("var/annuaire.db*"):
        leftover.unlink()


def put_back(service: Service, kept: Path) -> None:
    lose(service)
    (service.root / "var" / "annuaire.db").write_bytes(kept.read_bytes())


def held_run(service: Service) -> str:
    """The run to let out, as `history` shows it."""
    _, out, _ = service.run("history", "--json")
    found = re.search(r'"run_id": "([^"]+)"', out)
    assert found
    return found[1]


@pytest.fixture
def restored(tmp_path: Path) -> Service:
    """Two nights, and the store of the first put back."""
    service = service_in(tmp_path)
    assert service.night(FIRST, DAY)[0] == 0
    keep(service, tmp_path / "kept.db")
    assert service.night(SECOND, TOMORROW)[0] == 0
    put_back(service, tmp_path / "kept.db")
    return service


def test_the_night_after_a_restore_waits_and_says_what_it_found(restored: Service) -> None:
    before = len(restored.mails())
    code, said = restored.night(THIRD, AFTER)
    assert (code, len(restored.mails())) == (4, before)
    told = flat(said)
    assert flat("La base est plus ancienne que son témoin (var/witness.json) : elle s'arrête au 22/11/2026") in told
    assert "du 23/11/2026" in told
    assert f"--release {held_run(restored)}" in said
    assert restored.night(THIRD, AFTER)[0] == 4  # and again, until somebody has looked
    code, out, _ = restored.run("doctor")
    assert code == 1
    assert flat("plus ancienne que son témoin") in flat(out)


@pytest.mark.parametrize("day", [TOMORROW, AFTER], ids=["the same day", "the next day"])
def test_let_out_it_announces_nothing_that_was_announced_and_all_that_was_not(restored: Service, day: object) -> None:
    assert restored.night(THIRD, day)[0] == 4  # type: ignore[arg-type]
    code, said = restored.night(THIRD, day, "--release", held_run(restored))  # type: ignore[arg-type]
    assert code == 0, said
    assert sorted(called_new(restored.mails()).values()) == [1, 1, 1]
    assert sorted((one["first_seen"], one["status"]) for one in restored.changes().values()) == [
        (DAY.isoformat(), "notified"),
        (TOMORROW.isoformat(), "notified"),
        (str(day), "notified"),
    ]
    before = len(restored.mails())
    assert restored.night(THIRD, AFTER + timedelta(days=1))[0] == 0
    assert len(restored.mails()) == before
    with restored.store() as store:
        assert store.verify_chain() is None


def test_what_was_announced_and_cannot_be_read_when_it_is_let_out_is_not_announced_later(tmp_path: Path) -> None:
    service = service_in(tmp_path)
    service.night(files(), DAY)
    keep(service, tmp_path / "kept.db")
    service.night(FIRST, TOMORROW)
    put_back(service, tmp_path / "kept.db")
    unread = replace(FIRST, books={**FIRST.books, "regions/52.csv": None})
    assert service.night(unread, AFTER)[0] == 4
    assert service.night(unread, AFTER, "--release", held_run(service))[0] == 3
    assert service.changes() == {}
    for night in (3, 4):
        assert service.night(FIRST, DAY + timedelta(days=night))[0] == 0
    assert [*called_new(service.mails()).values()] == [1]
    assert [(one["status"], one["first_seen"]) for one in service.changes().values()] == [
        ("notified", TOMORROW.isoformat())
    ]


def test_an_emptied_store_is_not_a_first_night(tmp_path: Path) -> None:
    service = service_in(tmp_path)
    service.night(SECOND, DAY)
    lose(service)
    code, said = service.night(THIRD, TOMORROW)
    assert (code, len(service.mails())) == (4, 1)
    assert "La base est vide" in flat(said)
    shown = flat(service.run("status", "--as-of", TOMORROW.isoformat())[1])
    assert "Ce qui est en attente est inconnu" in shown
    assert "Rien n’est en attente" not in shown
    assert service.night(THIRD, TOMORROW, "--release", held_run(service))[0] == 0
    assert sorted(called_new(service.mails()).values()) == [1, 1, 1]


def test_store_and_witness_gone_together_are_a_first_installation(tmp_path: Path) -> None:
    service = service_in(tmp_path)
    service.night(FIRST, DAY)
    lose(service)
    (tmp_path / "var" / "witness.json").unlink()
    assert service.night(FIRST, TOMORROW)[0] == 0
    assert [*called_new(service.mails()).values()] == [2]


def test_a_store_put_back_elsewhere_is_known_by_its_first_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_in(tmp_path)
    service.night(FIRST, DAY)
    kept = (tmp_path / "var" / "annuaire.db").read_bytes()
    service.night(SECOND, TOMORROW)
    (tmp_path / "var" / "other.db").write_bytes(kept)
    monkeypatch.setenv("EFIT_STORE__URL", "sqlite:///var/other.db")
    code, said = service.night(THIRD, AFTER)
    assert code == 4
    assert "plus ancienne que son témoin" in flat(said)


def test_a_store_that_is_further_than_its_witness_is_believed(tmp_path: Path) -> None:
    """Another machine played in between, or the last run was killed before it told the witness."""
    service = service_in(tmp_path)
    service.night(FIRST, DAY)
    kept = (tmp_path / "var" / "witness.json").read_bytes()
    service.night(SECOND, TOMORROW)
    (tmp_path / "var" / "witness.json").write_bytes(kept)
    assert service.night(THIRD, AFTER)[0] == 0
    (tmp_path / "var" / "witness.json").unlink()
    assert service.night(THIRD, AFTER)[0] == 0


def test_nothing_else_is_written_on_an_older_store(restored: Service) -> None:
    for words in (("remind",), ("decisions", str(restored.report("CRH_ST-52"))), ("mails", "--lost", "x@y")):
        code, _, err = restored.run(*words)
        assert code == 4, words
        assert flat("plus ancienne que son témoin") in flat(err)
    assert restored.run("history")[0] == 0


def test_a_damaged_witness_is_said_and_holds(tmp_path: Path) -> None:
    service = service_in(tmp_path)
    service.night(FIRST, DAY)
    (tmp_path / "var" / "witness.json").write_text('{"version": 1}', encoding="utf-8")
    code, said = service.night(SECOND, TOMORROW)
    assert code == 4
    assert "est abîmé" in said
    (tmp_path / "var" / "witness.json").unlink()
    assert service.night(SECOND, TOMORROW)[0] == 0


def test_the_witness_lies_where_the_configuration_says_and_none_where_it_says_none(tmp_path: Path) -> None:
    elsewhere = service_in(tmp_path / "a", '[store]\nwitness = "ailleurs/temoin.json"')
    elsewhere.night(FIRST, DAY)
    assert (tmp_path / "a" / "ailleurs" / "temoin.json").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "a" / "var" / "witness.json").exists()
    none = service_in(tmp_path / "b", '[store]\nwitness = ""')
    none.night(FIRST, DAY)
    assert not list((tmp_path / "b").rglob("*witness*"))


def test_a_dry_run_writes_no_witness_and_hears_it(restored: Service) -> None:
    kept = (restored.root / "var" / "witness.json").read_bytes()
    code, _ = restored.night(THIRD, AFTER, "--dry-run")
    assert code == 4
    assert (restored.root / "var" / "witness.json").read_bytes() == kept


def test_the_witness_names_nobody(restored: Service) -> None:
    said = (restored.root / "var" / "witness.json").read_text(encoding="utf-8")
    for word in ("FICTIVE", "example.org", "EF00", "@"):
        assert word not in said
