"""A night in a forked child that is killed (SIGKILL) at the n-th step, as a power cut or an impatient person would."""

import hashlib
import importlib
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.patience import patient

# What the night writes, in the words of its wires: a step after each. Between two writes nothing is changed, so that
# « after » one is « before » the next; before the first stands a step of its own.
WRITES = (
    "flows.state.run_state.RunState.begin",
    "flows.state.run_state.RunState.step",
    "flows.state.run_state.RunState.record",
    "connectors.store.Store.hold",
    "connectors.store.Store.release",
    "flows.state.run_state.RunState.record_mail",
    "flows.state.run_state.RunState.finish",
    "flows.night.outputs.write_report",
    "flows.delivery.way_out.deliver",
    "flows.night.outputs.write_changeset",
    "flows.night.outputs.write_rejects",
    "flows.night.outputs.write_run",
)
# Within a write: a step after each, in the middle of a transaction or of a file.
WITHIN = (
    "connectors.store.nights.runs.begin",
    "connectors.store.nights.changes.record",
    "connectors.store.events.append",
    "connectors.store.nights.absences.record",
    "connectors.store.nights.versions.record",
    "connectors.store.nights.holds.record",
    "connectors.store.letters.mails.record",
    "connectors.store.nights.runs.finish",
    "connectors.system.private_file._write",
)


class Steps:
    """Counts the steps of this process and ends it at one of them."""

    def __init__(
        self, deadly: int | None, look: Callable[[], str] | None = None, rest: Callable[[], object] | None = None
    ) -> None:
        self.deadly = deadly
        self.look = look
        self.rest = rest
        self.names: list[str] = []
        self.log: list[str] = []

    def take(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        self.log.append(f"{name}\t{self.look()}" if self.look else name)
        if self.rest:
            self.rest()

    def watch(self) -> None:
        """Wrap every write, by its name."""
        for name in (*WRITES, *WITHIN):
            owner, attribute = _owner(name)
            setattr(owner, attribute, self._watched(getattr(owner, attribute), name.rpartition(".")[2]))

    def _watched(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            if not self.names:
                self.take(f"before {name}")
            found = real(*args, **kwargs)
            self.take(f"after {name}")
            return found

        return watched


def _owner(name: str) -> tuple[Any, str]:
    """The module or class that holds what the dotted name says; fails when it is no longer there."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:-1]:
            owner = getattr(owner, part)
        return owner, parts[-1]
    raise ModuleNotFoundError(name)


def lying_there(root: Path, store: str) -> str:
    """A digest of what would lie there if everything ended now: every file, every row that is committed, and whether a
    transaction is open beside them. Where it is that of another step, a run killed here goes on as one killed there.
    """
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        kept = path.is_file() and "annuaire.db" not in path.name
        digest.update(f"{path}\0".encode() + (path.read_bytes() if kept else b""))
    for row in _rows(store):
        digest.update(f"{row}\n".encode())
    return digest.hexdigest()


def _rows(store: str) -> Iterator[str]:
    engine = sa.create_engine(store, poolclass=sa.NullPool)
    with engine.connect() as connection:
        for name in sorted(sa.inspect(connection).get_table_names()):
            yield name
            yield from sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"')))
    engine.dispose()


def telling(names: list[str]) -> dict[int, str]:
    """Of the steps of a log with looks, numbered from 1: the first of each that leave the same, with its name."""
    firsts: dict[str, int] = {}
    for at, line in enumerate(names, start=1):
        firsts.setdefault(line.partition("\t")[2], at)
    return {at: names[at - 1].partition("\t")[0] for at in firsts.values()}


class _Turns:
    """Child and parent, one after the other: at each step the child rests until the parent has done what it does."""

    def __init__(self) -> None:
        self._told, self._tell = os.pipe()
        self._go, self._let_go = os.pipe()

    def rest(self) -> None:
        os.write(self._tell, b".")
        if not os.read(self._go, 1):
            raise EOFError

    def become_child(self) -> None:
        os.close(self._told)
        os.close(self._let_go)

    def look_on(self, at_step: Callable[[int], object] | None) -> None:
        """Until the child has ended: at each of its steps, numbered from 1."""
        os.close(self._tell)
        os.close(self._go)
        numbers = count(1)
        try:
            while at_step and os.read(self._told, 1):
                at_step(next(numbers))
                os.write(self._let_go, b".")
        finally:
            os.close(self._told)
            os.close(self._let_go)


def in_child(
    work: Callable[[], object],
    deadly: int | None = None,
    log: Path | None = None,
    look: Callable[[], str] | None = None,
    at_step: Callable[[int], object] | None = None,
) -> int:
    """Run `work` in a forked child, killed at its step `deadly`: its exit code, or minus the signal.

    `log`: where the names of the steps go, each with what `look` sees there, or the traceback of what failed.
    `at_step`: done by the parent at each step, numbered from 1, while the child rests there: what lies on the disk is
    what would if it were killed there, for nothing but the disk outlives a process.
    """
    turns = _Turns()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            turns.become_child()
            steps = Steps(deadly, look, turns.rest if at_step else None)
            steps.watch()
            work()
            if log:
                log.write_text("\n".join(steps.log), encoding="utf-8")
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is, the parent must hear of it
            if log:
                log.write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(code)
    turns.look_on(at_step)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def begin_child(work: Callable[[], object]) -> int:
    """Let a forked child do `work`, unheard; its id. Whoever began it kills it, or waits for it with `ended`."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (1, 2):
                os.dup2(nothing, stream)
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    """Its exit code, or minus the signal, once it has ended."""
    until = time.monotonic() + patient(120)
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    raise AssertionError(f"child {child} never ends")
