"""The store looked at without changing it: no file is made, no table brought up to date, nobody is made to wait."""

import os
from datetime import UTC, datetime

import sqlalchemy as sa

from connectors.store import events
from connectors.store.database import Store
from connectors.store.exclusive import holder
from connectors.store.letters import mails
from connectors.store.nights import runs
from connectors.store.tables import run
from schemas.changes.ledger import LastNight, StoreState
from schemas.errors import StoreError
from schemas.nomenclatures import say


def inspect_store(url: str) -> StoreState | None:
    """What `doctor` wants to know; None when no night has made the store yet. Raises StoreError.

    A store of an earlier version is only said to be so: the next night brings it up to date.
    """
    store = Store(url)
    try:
        if not _made(store):
            return None
        if not store.up_to_date():
            return StoreState(up_to_date=False, read_only=_read_only(store), clock=_clock(store))
        return _state(store)
    finally:
        store.close()


def find_last_success(url: str) -> LastNight | None:
    """The last night that ended complete or partial, None without one; of a store of any version. Raises StoreError."""
    store = Store(url)
    try:
        if not _made(store):
            return None
        with store.reading() as connection:
            return runs.last_success(connection)
    finally:
        store.close()


def _made(store: Store) -> bool:
    if store.path:
        return store.path.is_file()
    with store.translated(), store.engine.connect() as connection:
        return sa.inspect(connection).has_table(run.name)


def _state(store: Store) -> StoreState:
    if store.path:
        _check_pages(store)
    held_by = holder(store)
    with store.reading() as connection:
        last = next(iter(runs.read_runs(connection, 1)), None)
        return StoreState(
            up_to_date=True,
            read_only=_read_only(store),
            clock=_clock(store),
            holder=held_by,
            last=last,
            last_success=runs.last_success(connection),
            unsent=mails.unsent(connection, last.run_id) if last else 0,
            unknown=len(mails.unknown(connection)),
            broken=events.first_broken(connection),
        )


def _check_pages(store: Store) -> None:
    """Raises StoreError for a damaged SQLite file: a bad disk, or a copy made while a night was writing."""
    with store.reading() as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    if found != "ok":
        raise StoreError(say("store.damaged", url=store.shown))


def _read_only(store: Store) -> bool:
    if store.path:
        return not all(os.access(place, os.W_OK) for place in (store.path, store.path.parent))
    with store.reading() as connection:
        may_not = connection.exec_driver_sql("SHOW transaction_read_only").scalar_one() == "on"
        allowed = sa.select(sa.func.has_table_privilege(run.name, "INSERT"))
        return may_not or not connection.execute(allowed).scalar_one()


def _clock(store: Store) -> datetime | None:
    if store.on_sqlite:
        return None
    with store.reading() as connection:
        moment: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)
