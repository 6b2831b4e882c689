"""What a test process keeps from test to test, as every night opens a store: what it compiled, how a store is made.

The statements are those of the product, and go to a real database each time.
"""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Hashable
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.excel import returned
from connectors.sources import guard
from connectors.store import database as store
from connectors.system.database import make_tables
from flows.jobs import sync as commands
from flows.night import nightly, tonight
from flows.reading import local as annuaire_and_workbooks
from flows.reading import workbooks
from flows.returns import taking
from flows.run import run as stages
from flows.run import without_gc
from schemas.nomenclatures import own_rows
from tests.warm_child import HEAD


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

_WRITES = ("CREATE", "INSERT")
_made: dict[str, list[tuple[str, Any]]] = {}


def _made_alike(connection: sa.Connection, *how: Any) -> None:
    """An empty store is made by what was said to the first one of its kind."""
    kind = connection.dialect.name
    if kind not in _made:
        _made[kind] = _overheard(connection, *how)
        return
    cursor = connection.connection.cursor()
    for statement, parameters in _made[kind]:
        cursor.execute(statement, parameters)
    cursor.close()


def _overheard(connection: sa.Connection, *how: Any) -> list[tuple[str, Any]]:
    """What is written while a store is made."""
    said: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if statement.split(maxsplit=1)[0] in _WRITES:
            said.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", hear)
    try:
        make_tables(connection, *how)
    finally:
        sa.event.remove(connection, "before_cursor_execute", hear)
    return said


def learn_to_make_stores() -> None:
    """From now on SQLAlchemy puts into words once in this process how a store of each kind is made."""
    vars(store)["make_tables"] = _made_alike


# ── what no test can see ─────────────────────────────────────────────────────────────────────────


def wait_for_no_disk() -> None:
    """From now on nothing written here waits for the disk, and no memory is given back between the stages of a night:
    the one is for the day the power fails, the other for two million rows.
    """
    vars(os)["fsync"] = lambda _file: None
    for module in (tonight, stages):
        vars(module)["give_memory_back"] = lambda: None

    @sa.event.listens_for(sa.Engine, "connect")
    def _(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF").close()


def keep_what_was_remembered() -> None:
    """From now on a night does not forget what its pure functions were asked: the next night here has the same
    names and cells, and none has two million. It has tests of its own.

    What depends on the tables is forgotten where a deployment's own regions come or go.
    """
    tables = [own_rows()]

    def forget_of_other_tables() -> None:
        if (now := own_rows()) or tables[0]:
            without_gc.forget()
        tables[0] = now

    vars(nightly)["forget"] = forget_of_other_tables


# ── one core, and a child that is warm ───────────────────────────────────────────────────────────


def use_one_core() -> None:
    """From now on a command that is not told otherwise works on one core: to fork a process of half a gigabyte several
    times a night costs more than it brings, and xdist uses the others. `--jobs` has tests of its own.
    """
    vars(commands)["cores"] = lambda: 1


_warm: list[subprocess.Popen[bytes]] = []


def _ask_warm(request: bytes, _seconds: float) -> tuple[int, bytes]:
    """As `ask_child` does, of one that has imported what it needs."""
    if not _warm:
        command = [sys.executable, "-I", str(Path(__file__).with_name("warm_child.py"))]
        _warm.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=guard.no_secrets()))
    (parent,) = _warm
    assert parent.stdin
    assert parent.stdout
    parent.stdin.write(HEAD.pack(0, len(request)) + request)
    parent.stdin.flush()
    code, length = HEAD.unpack(parent.stdout.read(HEAD.size))
    return code, parent.stdout.read(length)


read_in_cold_child = returned.read_returned  # as the product does


def learn_to_open_returns() -> None:
    """From now on what comes back is opened by one child that is forked anew for each file."""
    for module in (returned, taking):
        vars(module)["read_returned"] = partial(read_in_cold_child, ask=_ask_warm)


# ── the process that opens spreadsheets ──────────────────────────────────────────────────────────

_PARENT = Path(__file__).with_name("warm_parent.py")
_openers: dict[int, "list[subprocess.Popen[bytes]]"] = defaultdict(list)  # by the process that asks: a fork has none
_said: dict[tuple[str, bytes, float], tuple[bytes, int | None]] = {}  # of a content: what its child said
_MOST_SAID = 1_000_000  # bytes together; the workbooks of the invented country are a third of that


class _WarmOpener(guard.Opener):
    """Begins with a process that has opened for an earlier night, if all went well there, and leaves it for the next.

    Each content is opened in a child of its own all the same, once: the next night on the same workbooks has what that
    one said.
    """

    _idle = True

    def _answer(self, path: Path) -> tuple[bytes, int | None]:
        content = path.read_bytes() if path.stat().st_size < _MOST_SAID else b""
        this = path.suffix, hashlib.sha256(content).digest(), self._seconds
        if content and this in _said:
            return _said[this]
        said, code = self._asked(path)
        if content and code == 0 and sum(len(one) for one, _ in _said.values()) + len(said) < _MOST_SAID:
            _said[this] = said, code
        return said, code

    def _asked(self, path: Path) -> tuple[bytes, int | None]:
        if self._parent is None:
            ready = _openers[os.getpid()]
            self._parent = ready.pop() if ready else guard.started(_PARENT)
        self._idle = False
        said, code = super()._answer(path)
        self._idle = code == 0
        return said, code

    def close(self) -> None:
        if self._idle and self._parent:
            _openers[os.getpid()].append(self._parent)
            self._parent = None
        super().close()


open_in_cold_child = guard.open_in_child  # as the product does


def _open_in_warm_child(path: Path, seconds: float = guard.SECONDS) -> guard.OpenedFile:
    with _WarmOpener(seconds) as opener:
        return opener.open(path)


def learn_to_open_spreadsheets() -> None:
    """From now on this process opens its spreadsheets by one that has started already."""
    for module in (annuaire_and_workbooks, workbooks):
        vars(module)["Opener"] = _WarmOpener
    vars(guard)["open_in_child"] = _open_in_warm_child


def forget() -> None:
    """End what was kept running."""
    while kept := _warm or _openers[os.getpid()]:
        kept.pop().communicate()
