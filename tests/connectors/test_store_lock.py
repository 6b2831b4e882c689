"""The store: one run at a time, and a dead one holds nobody up."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from connectors.store import LockOwner, Store, events, open_store
from connectors.store.nights import versions
from schemas.changes.lifecycle import Event
from schemas.errors import RunInProgressError, StoreError
from tests.invented_changes import CRH
from tests.invented_nights import (
    DAY,
    NOW,
    SOURCES,
    account,
    answer,
    born,
    changes,
    count,
    mailed,
    play,
    record,
    rewrite,
    start,
    told,
)
from tests.patience import patient

UPDATE, ENDING, ALERT = changes()
OWNER = LockOwner(4711, "serveur-fictif", "a1")

FORK = multiprocessing.get_context("fork")  # another process, that has imported what this one has


def _hold(url: str, held: Any) -> None:
    with open_store(url) as store, store.lock(LockOwner(4711, "serveur-fictif", "a1"), NOW):
        held.set()
        time.sleep(600)


@contextmanager
def holder(url: str) -> Iterator[BaseProcess]:
    """Another process that holds the lock until it is killed."""
    held = FORK.Event()
    process = FORK.Process(target=_hold, args=(url, held))
    process.start()
    try:
        assert held.wait(patient(60))
        yield process
    finally:
        process.kill()
        process.join()


def ended(*processes: BaseProcess) -> list[int | None]:
    """The exit codes of processes, once they are over; minus the signal that ended one."""
    for process in processes:
        process.start()
    for process in processes:
        process.join(patient(60))
    return [process.exitcode for process in processes]


def test_a_second_run_says_so_at_once(store_url: str) -> None:
    with holder(store_url), open_store(store_url) as store:
        began = time.monotonic()
        with pytest.raises(RunInProgressError, match=r"processus 4711 sur serveur-fictif"), store.lock(OWNER, NOW):
            pass
        assert time.monotonic() - began < patient(2)
        assert play(store, "reader", (), ()) == "reader"  # to read and to take decisions in stays possible


def test_a_killed_run_frees_the_lock(store_url: str) -> None:
    with open_store(store_url) as store, holder(store_url) as process:
        process.kill()
        process.join()
        assert count(store_url, "lock") == 1
        taken = False
        until = time.monotonic() + patient(5)
        while not taken and time.monotonic() < until:  # PostgreSQL takes a moment to see that nobody is there any more
            try:
                with store.lock(OWNER, NOW):
                    taken = True
            except RunInProgressError:
                time.sleep(0.1)
        assert taken
        assert count(store_url, "lock") == 0


def test_the_lock_is_free_again_when_its_run_ends_or_fails(store: Store, store_url: str) -> None:
    with store.lock(OWNER, NOW):
        assert count(store_url, "lock") == 1
    with pytest.raises(KeyError), store.lock(OWNER, NOW):
        raise KeyError
    assert count(store_url, "lock") == 0
    with store.lock(OWNER, NOW), pytest.raises(RunInProgressError), store.lock(LockOwner(1, "h", "b2"), NOW):
        pass


def test_a_run_that_has_not_signed_yet_is_told_all_the_same(store: Store, store_url: str) -> None:
    with store.lock(OWNER, NOW):
        rewrite(store_url, "DELETE FROM lock")
        with pytest.raises(RunInProgressError, match="vient de commencer"), store.lock(OWNER, NOW):
            pass


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        (tmp_path / "a.db.lock").mkdir()
        with pytest.raises(StoreError, match="ne peut pas être ouverte"), store.lock(OWNER, NOW):
            pass


def _open(url: str) -> None:
    open_store(url).close()


def _write(url: str, who: str) -> None:
    mine = [one.model_copy(update={"id": f"{one.id}-{who}"}) for one in changes()]
    with open_store(url) as store:
        for number in range(20):
            run_id = f"{who}-{number}"
            store.begin_run(start(run_id, inputs=run_id), SOURCES, NOW)
            record(store, run_id, mine, born(*mine) if not number else ())
            seen = mine[0].id
            store.record_mail(mailed(run_id, f"<{run_id}>", CRH, [seen]), NOW, told(mine[0]) if not number else ())


def test_a_store_opened_by_several_for_the_first_time_is_made_once(store_url: str) -> None:
    openers = [FORK.Process(target=_open, args=(store_url,)) for _ in range(3)]
    assert ended(*openers) == [0, 0, 0]
    with open_store(store_url) as store:
        assert store.runs() == []


def test_two_writers_at_once_leave_one_whole_history(store_url: str) -> None:
    open_store(store_url).close()
    assert ended(*(FORK.Process(target=_write, args=(store_url, who)) for who in "ab")) == [0, 0]
    with open_store(store_url) as store:
        assert store.verify_chain() is None
        assert count(store_url, "event") == 8
        assert count(store_url, "mail") == 40
        assert len(store.runs()) == 40


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _record_until(url: str, where: str) -> None:
    module, name = where.split(".")
    setattr({"events": events, "versions": versions}[module], name, _die)
    with open_store(url) as store:
        run_id = store.begin_run(start("killed"), SOURCES, NOW)
        seen = changes()
        record(store, run_id, seen, born(*seen), accounts=[account(1)])


@pytest.mark.parametrize("where", ["events.append", "versions.record"])
def test_a_night_killed_while_it_is_recorded_left_nothing_of_it(store_url: str, where: str) -> None:
    assert ended(FORK.Process(target=_record_until, args=(store_url, where))) == [-signal.SIGKILL]
    with open_store(store_url) as store:
        assert store.states() == {}
        assert store.annuaire_at(DAY) == ({}, {})
        assert count(store_url, "change") == 0
        assert store.begin_run(start("again"), SOURCES, NOW) == "killed"
        play(store, "next", (UPDATE,), born(UPDATE))
        store.record_mail(mailed("next", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
        answer(store, (), [Event(UPDATE.id, DAY, "notified", "accepted", "decision")])
        assert store.verify_chain() is None
