"""PostgreSQL goes away in the middle of a night: nothing is half-written, and the next night ends the same."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.sources.annuaire import load_annuaire, migrate_annuaire
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.store import open_store
from connectors.store.letters import mails as mails_of_the_store
from connectors.store.nights import versions
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from flows.run.run import Steps
from flows.run.steps import Plainly, Step, Trouble, no_trouble
from flows.run.steps import T as T
from schemas.errors import AnnuaireError, StoreError
from tests.night.small import settings_of, write_files
from tests.night.test_safeguards import DAY, files, mails
from tests.postgres import new_database


def close_everybody(url: str) -> None:
    """What an operator's restart of the server does to whoever is connected."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


class LosingAt(Plainly):
    """All connections to the store are lost just before a step."""

    def __init__(self, address: str, lost_at: str) -> None:
        self.store, self.lost_at = address, lost_at

    def __call__(self, step: Step, work: Callable[[], T], _: Callable[[T], Trouble | None] = no_trouble, /) -> T:
        if step.id == self.lost_at:
            close_everybody(self.store)
        return work()


def play(root: Path, address: str, lost_at: str = "") -> Night:
    """A night; all connections to the store are lost just before the step `lost_at`."""
    write_files(root, files(emails=("O",)), DAY)
    do = LosingAt(address, lost_at)
    return run_night(settings_of(root, address), Request(DAY, root / "out"), Steps(do))


def changes(address: str) -> list[tuple[str, str]]:
    with open_store(address) as store:
        assert store.verify_chain() is None
        return sorted((key, state.status) for key, state in store.states().items())


@pytest.mark.parametrize("lost_at", ["compare", "record", "report:CRH_ST-52", "mail:CRH_ST-52"])
def test_a_connection_lost_between_two_transactions_is_made_again(tmp_path: Path, lost_at: str) -> None:
    address, untouched = new_database(), new_database()
    quiet, night = play(tmp_path / "quiet", untouched), play(tmp_path / "lost", address, lost_at)
    assert night.exit_code == 0
    assert [one.id for one in night.changeset.changes] == [one.id for one in quiet.changeset.changes]
    assert changes(address) == changes(untouched)


@pytest.mark.parametrize("inside", [versions, mails_of_the_store], ids=["the night's changes", "a mail that left"])
def test_a_transaction_that_loses_its_connection_is_undone_and_the_next_night_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: ModuleType
) -> None:
    address, untouched = new_database(), new_database()
    play(tmp_path / "quiet", untouched)
    record = inside.record

    def lost(*words: Any, **named: Any) -> Any:
        close_everybody(address)
        return record(*words, **named)

    monkeypatch.setattr(inside, "record", lost)
    with pytest.raises(StoreError) as refused:
        play(tmp_path / "lost", address)
    monkeypatch.undo()
    assert "postgres" in str(refused.value).lower()
    play(tmp_path / "lost", address)
    assert changes(address) == changes(untouched)
    assert mails(tmp_path / "lost") == mails(tmp_path / "quiet") == ["CRH_ST-52"]


def test_the_annuaire_may_be_a_postgresql_database_for_a_whole_night(tmp_path: Path) -> None:
    plain = play(tmp_path / "export", "sqlite:///var/annuaire.db")
    url = new_database()
    migrate_annuaire(url)
    export = tmp_path / "export" / "efit" / "export.csv"
    load_annuaire(read_annuaire_export(export, "annuaire", shown="export.csv").frame, url)
    write_files(tmp_path / "database", files(emails=("O",)), DAY)
    settings = settings_of(tmp_path / "database")
    settings = settings.model_copy(
        update={"annuaire": settings.annuaire.model_copy(update={"export": None, "url": url})}
    )
    night = run_night(settings, Request(DAY, tmp_path / "database" / "out"))
    assert [one.id for one in night.changeset.changes] == [one.id for one in plain.changeset.changes]


def test_an_annuaire_that_cannot_be_reached_stops_the_night_before_anything_is_written(tmp_path: Path) -> None:
    write_files(tmp_path, files(), DAY)
    settings = settings_of(tmp_path)
    gone = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    settings = settings.model_copy(
        update={"annuaire": settings.annuaire.model_copy(update={"export": None, "url": gone})}
    )
    with pytest.raises(AnnuaireError):
        run_night(settings, Request(DAY, tmp_path / "out"))
    assert mails(tmp_path) == []
    assert not (tmp_path / "out" / "changeset.json").exists()
