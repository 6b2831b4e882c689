"""The store looked at without changing it: no file is made, no table brought up to date, nobody is made to wait."""

import os
from datetime import UTC, datetime

import sqlalchemy as sa

from connectors.store import events
from connectors.store.database import Database
from connectors.store.exclusive import holder
from connectors.store.letters import mails
from connectors.store.nights import runs
from connectors.store.tables import run
from schemas.changes.stored import LastNight, StoreState
from schemas.errors import StoreError
from schemas.nomenclatures import say


def inspect_store(url: str) -> StoreState | None:
    """Return what `doctor` wants to know; None when no night has made the store yet. Raises StoreError.

    A store of an earlier version is only said to be so: the next night brings it up to date.
    """
    database = Database(url)
    try:
        if not _made(database):
            return None
        if not database.up_to_date():
            return StoreState(up_to_date=False, read_only=_read_only(database), clock=_clock(database))
        return _state(database)
    finally:
        database.close()


def find_last_success(url: str) -> LastNight | None:
    """Find the last night that ended complete or partial, None without one; of a store of any version. Raises
    StoreError.
    """
    database = Database(url)
    try:
        if not _made(database):
            return None
        with database.reading() as connection:
            return runs.last_success(connection)
    finally:
        database.close()


def _made(database: Database) -> bool:
    if database.path:
        with database.translated():
            return database.path.is_file()
    with database.translated(), database.engine.connect() as connection:
        return sa.inspect(connection).has_table(run.name)


def _state(database: Database) -> StoreState:
    if database.path:
        _check_pages(database)
    held_by = holder(database)
    with database.reading() as connection:
        last = next(iter(runs.read_runs(connection, 1)), None)
        return StoreState(
            up_to_date=True,
            read_only=_read_only(database),
            clock=_clock(database),
            holder=held_by,
            last=last,
            last_success=runs.last_success(connection),
            unsent=mails.unsent(connection, last.run_id) if last else 0,
            unknown=len(mails.unknown(connection)),
            broken=events.first_broken(connection),
        )


def _check_pages(database: Database) -> None:
    """Raises StoreError for a damaged SQLite file: a bad disk, or a copy made while a night was writing."""
    with database.reading() as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    if found != "ok":
        raise StoreError(say("store.damaged", url=database.shown))


def _read_only(database: Database) -> bool:
    if database.path:
        return not all(os.access(place, os.W_OK) for place in (database.path, database.path.parent))
    with database.reading() as connection:
        may_not = connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on"
        allowed = sa.select(sa.func.has_table_privilege(run.name, "INSERT"))
        return may_not or not connection.execute(allowed).scalar_one()


def _clock(database: Database) -> datetime | None:
    if database.on_sqlite:
        return None
    with database.reading() as connection:
        moment: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)
