"""What a test process keeps from test to test, as every night opens a store: what it compiled, how a store is made.

The statements are those of the product, and go to a real database each time.
"""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.store import database as store
from connectors.system.database import upgrade


class _Statements(dict[Hashable, Any]):
    """Compiled statements by what is compiled, and by the kind of database rather than by one dialect of it."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_by_kind(key), compiled)


def _by_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *what = key
    return (type(dialect), dialect.paramstyle, dialect.server_version_info, *what)


def share_statements() -> None:
    """From now on a statement is compiled once in this process, whatever store it is said to."""
    known = _Statements()

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def _(connection: sa.Connection) -> None:
        connection.execution_options(compiled_cache=known)


# ── an empty store ───────────────────────────────────────────────────────────────────────────────

_WRITES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")
_made: dict[str, list[tuple[str, Any]]] = {}


def _upgraded(connection: sa.Connection, folder: Path, revision: str = "head") -> None:
    """An empty store is made by what Alembic said to the first one of its kind; any other is Alembic's."""
    kind = connection.dialect.name
    if revision != "head" or sa.inspect(connection).get_table_names():
        upgrade(connection, folder, revision)
    elif kind in _made:
        for statement, parameters in _made[kind]:
            connection.exec_driver_sql(statement, parameters)
    else:
        _made[kind] = _overheard(connection, folder)


def _overheard(connection: sa.Connection, folder: Path) -> list[tuple[str, Any]]:
    """What Alembic writes while it makes a store."""
    said: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if statement.split(maxsplit=1)[0] in _WRITES:
            said.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", hear)
    try:
        upgrade(connection, folder)
    finally:
        sa.event.remove(connection, "before_cursor_execute", hear)
    return said


def learn_to_make_stores() -> None:
    """From now on Alembic makes one empty store of each kind in this process, and the others are made alike."""
    vars(store)["upgrade"] = _upgraded
