"""The database under the store: opened, brought up to date, and entered one transaction at a time.

One writer at a time on both kinds: SQLite's `BEGIN IMMEDIATE`, an advisory lock on PostgreSQL. Readers see one moment.
Whatever the database complains of becomes a StoreError in French, without password and without anybody's row.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.store.tables import metadata
from connectors.system.database import is_known, make_tables, newest_revision, parsed_url, shown_url, upgrade
from connectors.system.ownership import no_access
from connectors.system.private_file import make_private_folder
from schemas.errors import StoreError
from schemas.nomenclatures import messages, say
from schemas.os_errors import refusal_text

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "store"
VERSION_TABLE = "annuaire_alembic_version"
WRITE_KEY = 4_970_331_201  # PostgreSQL's advisory locks are numbers: any, but ours
BUSY_SECONDS = 15
_DAMAGE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


class Database:
    """An open database. `path` is the file of an SQLite one."""

    def __init__(self, url: str) -> None:
        self.shown = shown_url(url, say("store.name"))
        try:
            self._url = parsed_url(url)
            self.engine = sa.create_engine(self._url, **_pool(self._url))
        except (sa.exc.NoSuchModuleError, ImportError):
            raise StoreError(say("store.driver", url=self.shown)) from None
        except (sa.exc.ArgumentError, ValueError):
            raise StoreError(say("store.url")) from None
        self.on_sqlite = self.engine.dialect.name == "sqlite"
        self.path = Path(str(self._url.database)) if self.on_sqlite and not _in_memory(self._url) else None
        self._idle: list[sa.Connection] = []
        if self.on_sqlite:
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)

    def close(self) -> None:
        """Give every connection back."""
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()

    def prepare(self) -> None:
        """Make the file, readable by its owner alone, and the tables as this version knows them."""
        with self.translated(), self._alone():
            if self.path:
                _make_private(self.path)
                with self.engine.connect() as connection:  # outside a transaction, and kept in the file for good
                    connection.connection.cursor().execute("PRAGMA journal_mode = WAL")
            if not self.up_to_date():
                with self.writing() as connection:
                    if sa.inspect(connection).has_table(VERSION_TABLE):
                        upgrade(connection, MIGRATIONS)
                    else:
                        make_tables(connection, metadata, VERSION_TABLE, newest_revision(MIGRATIONS))

    def up_to_date(self) -> bool:
        """Tell whether the tables are as this version knows them. Raises StoreError when a later version made them."""
        found = self._revision()
        if found is not None and not is_known(MIGRATIONS, found):
            raise StoreError(say("store.newer", url=self.shown))
        return found == newest_revision(MIGRATIONS)

    def _revision(self) -> str | None:
        with self.reading() as connection:
            if not sa.inspect(connection).has_table(VERSION_TABLE):
                return None
            return connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two processes that make the same file do it one after the other: SQLite cannot wait for its journal mode."""
        if not self.path:
            yield
            return
        make_private_folder(self.path.parent.absolute())
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A connection. That of a file stays open for the next transaction, where nothing went wrong in this one: a
        night has a hundred.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self.engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if self.path:
            self._idle.append(connection)
        else:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one moment of the store. Raises StoreError."""
        options: dict[str, Any] = {"writing": False} if self.on_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.translated(), self._connected() as connection, connection.execution_options(**options).begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction that nobody else writes beside, wholly done or not at all. Raises StoreError."""
        with self.translated(), self._connected() as connection, connection.execution_options(writing=True).begin():
            if not self.on_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_KEY)))
            yield connection

    def shrink(self) -> None:
        """Erase what was forgotten from SQLite's journal too, as soon as nobody reads; PostgreSQL does so by itself."""
        if self.path:
            with self.translated(), self.engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Translate what goes wrong inside into a StoreError in French."""
        try:
            yield
        except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
            raise StoreError(say("store.unreachable", url=self.shown, found=self._told(error))) from None
        except sqlite3.Error as error:  # a PRAGMA, which SQLAlchemy does not look after
            raise self._of_sqlite(error) from None
        except sa.exc.SQLAlchemyError as error:  # `from None`: the driver's message may quote a person's row
            if isinstance(error, sa.exc.DatabaseError) and _fault(error.orig) in _DAMAGE:
                raise StoreError(say("store.damaged", url=self.shown)) from None
            raise StoreError(say("store.refused", url=self.shown, found=type(error).__name__)) from None
        except PermissionError as error:
            raise StoreError(" ".join(no_access(error))) from None
        except OSError as error:
            raise StoreError(say("store.unreachable", url=self.shown, found=refusal_text(error))) from None

    def _of_sqlite(self, error: sqlite3.Error) -> StoreError:
        fault = _fault(error)
        if fault in _DAMAGE:
            return StoreError(say("store.damaged", url=self.shown))
        return StoreError(say("store.unreachable", url=self.shown, found=_in_french(fault) or str(error)))

    def _told(self, error: sa.exc.DBAPIError) -> str:
        """The driver's own first line: it names a server or a file, never a row; in French where SQLite says it."""
        if french := _in_french(_fault(error.orig)):
            return french
        lines = str(error.orig).strip().splitlines()
        text = lines[0] if lines else type(error).__name__
        password = self._url.password
        return text.replace(str(password), "***") if password else text


def _fault(error: BaseException | None) -> str:
    """« SQLITE_FULL »: SQLite's name of what happened, without its finer kinds; "" of another driver."""
    return "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])


def _in_french(fault: str) -> str:
    return messages().get(f"sqlite_fault.{fault}", "")


def _in_memory(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def _pool(url: sa.URL) -> dict[str, Any]:
    """A store in memory is one connection, whichever thread asks; a server may have hung up, a file has not."""
    if _in_memory(url):
        return {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}
    return {"pool_pre_ping": url.get_backend_name() != "sqlite"}


def _make_private(path: Path) -> None:
    """The file, empty if it was not there; one that others may read is closed to them where we may."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):
            path.chmod(0o600)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would leave tables outside transactions
    for pragma in ("foreign_keys = ON", f"busy_timeout = {BUSY_SECONDS * 1000}", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Said to the driver: a night begins a hundred transactions."""
    writing = connection.get_execution_options().get("writing")
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writing else "BEGIN")
