"""One run at a time. The lock is the operating system's or the server's: a killed process frees it by dying.

SQLite: `flock` on `<file>.lock`. PostgreSQL: a session advisory lock on a connection of its own. The row in the table
`lock` only says who.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from connectors.store import tables
from connectors.store.database import Database
from schemas.changes.stored import LockHolder, LockOwner
from schemas.errors import RunInProgressError, StoreError
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text
from schemas.typography import moment_text

RUN_KEY = 4_970_331_202
NAME = "run"
# So that the server notices a machine that vanished within two minutes, and never hangs up on a long night.
_SESSION = {
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "20",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
}

_BEAT = sa.update(tables.lock).where(tables.lock.c.name == NAME)  # made once, like every statement that is said often


@contextmanager
def exclusive(database: Database, owner: LockOwner, now: datetime) -> Iterator[None]:
    """Hold the store for one run. Raises RunInProgressError at once when another live run holds it."""
    with _held(database):
        _sign(database, owner, now)
        try:
            yield
        finally:
            with suppress(StoreError), database.writing() as connection:  # a row left behind does no harm
                mine = (tables.lock.c.name == NAME) & (tables.lock.c.token == owner.token)
                connection.execute(sa.delete(tables.lock).where(mine))


def beat(connection: sa.Connection, now: datetime) -> None:
    """Note that the run that holds the lock is alive."""
    connection.execute(_BEAT, {"beat": now})


def holder(database: Database) -> LockHolder | None:
    """Tell who signed the lock, and whether it is held; nobody is disturbed. Raises StoreError."""
    with database.reading() as connection:
        row = connection.execute(sa.select(tables.lock).where(tables.lock.c.name == NAME)).one_or_none()
        if row is None:
            return None
        alive = _file_is_locked(database) if database.on_sqlite else _session_is_locked(connection)
    return LockHolder(row.pid, row.host, row.since, alive)


def _file_is_locked(database: Database) -> bool:
    """By asking to share it: only asked when somebody signed, so that no run that begins finds it taken by us."""
    try:
        asked = os.open(f"{database.path}.lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(asked, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(asked)
    return False


def _session_is_locked(connection: sa.Connection) -> bool:
    locks = sa.table("pg_locks", *map(sa.column, ("locktype", "classid", "objid", "granted", "database")))
    ours = sa.select(sa.func.count()).where(
        locks.c.locktype == "advisory",
        locks.c.classid == RUN_KEY >> 32,  # a number of 64 bits, shown in two halves
        locks.c.objid == RUN_KEY & 0xFFFFFFFF,
        locks.c.granted,
        locks.c.database == sa.text("(SELECT oid FROM pg_database WHERE datname = current_database())"),
    )
    return bool(connection.execute(ours).scalar_one())


@contextmanager
def _held(database: Database) -> Iterator[None]:
    if database.path:
        with _file_locked(database):
            yield
    elif database.on_sqlite:  # in memory: nobody else can see it
        yield
    else:
        with _session_locked(database):
            yield


@contextmanager
def _file_locked(database: Database) -> Iterator[None]:
    path = f"{database.path}.lock"  # stays when unlocked: to delete it would race with whoever opens it
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(say("store.unreachable", url=database.shown, found=refusal_text(error))) from None
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise _in_progress(database) from None
        yield
    finally:
        os.close(held)


@contextmanager
def _session_locked(database: Database) -> Iterator[None]:
    with database.translated():
        session = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        session.detach()  # never back into the pool: the lock ends with the session
    try:
        with database.translated():
            known = sa.table("pg_settings", sa.column("name"))
            named = sa.values(sa.column("name", sa.Text), sa.column("value", sa.Text), name="wanted").data(
                list(_SESSION.items())
            )
            session.execute(
                sa.select(sa.func.set_config(named.c.name, named.c.value, False)).join_from(
                    named, known, known.c.name == named.c.name
                )
            )
            taken = session.execute(sa.select(sa.func.pg_try_advisory_lock(RUN_KEY))).scalar_one()
        if not taken:
            raise _in_progress(database)
        yield
    finally:
        with suppress(sa.exc.SQLAlchemyError):  # at once, where closing alone would take the server a moment
            session.execute(sa.select(sa.func.pg_advisory_unlock(RUN_KEY)))
        session.close()


def _sign(database: Database, owner: LockOwner, now: datetime) -> None:
    with database.writing() as connection:
        connection.execute(sa.delete(tables.lock).where(tables.lock.c.name == NAME))
        who = {"token": owner.token, "pid": owner.pid, "host": owner.host}
        connection.execute(sa.insert(tables.lock).values(name=NAME, since=now, beat=now, **who))


def _in_progress(database: Database) -> RunInProgressError:
    with database.reading() as connection:
        row = connection.execute(sa.select(tables.lock).where(tables.lock.c.name == NAME)).one_or_none()
    if row is None:  # it has only just begun
        return RunInProgressError(say("store.locked_unsigned"))
    since = row.since.astimezone(ZoneInfo("Europe/Paris"))
    return RunInProgressError(say("store.locked", since=moment_text(since), pid=row.pid, host=row.host))
