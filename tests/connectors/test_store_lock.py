"""The store: one run at a time, and a dead one holds nobody up."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connectors.store import LockOwner, Store, open_store
from schemas.changes.lifecycle import Event
from schemas.errors import RunInProgressError, StoreError
from tests.invented_changes import CRH
from tests.invented_nights import DAY, NOW, SOURCES, answer, born, changes, count, mailed, play, rewrite, start, told
from tests.patience import patient

ROOT = Path(__file__).parents[2]
UPDATE, ENDING, ALERT = changes()
OWNER = LockOwner(4711, "serveur-fictif", "a1")

HOLDER = """
import sys, time
from datetime import UTC, datetime
from connectors.store import LockOwner, open_store
with open_store(sys.argv[1]) as store, store.lock(LockOwner(4711, "serveur-fictif", "a1"), datetime.now(UTC)):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def holder(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is killed."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_second_run_says_so_at_once(store_url: str) -> None:
    with holder(store_url), open_store(store_url) as store:
        began = time.monotonic()
        with pytest.raises(RunInProgressError, match=r"processus 4711 sur serveur-fictif"), store.lock(OWNER, NOW):
            pass
        assert time.monotonic() - began < patient(2)
        assert play(store, "reader", (), ()) == "reader"  # to read and to take decisions in stays possible


def test_a_killed_run_frees_the_lock(store_url: str) -> None:
    with open_store(store_url) as store, holder(store_url) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert count(store_url, "lock") == 1
        taken = False
        for _ in range(50):  # PostgreSQL takes a moment to see that nobody is there any more
            try:
                with store.lock(OWNER, NOW):
                    taken = True
                    break
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


OPENER = "import sys; from connectors.store import open_store; open_store(sys.argv[1]).close()"

WRITER = """
import sys
from connectors.store import open_store
from tests.invented_nights import *
mine = [one.model_copy(update={"id": f"{one.id}-{sys.argv[2]}"}) for one in changes()]
with open_store(sys.argv[1]) as store:
    for round in range(20):
        run_id = f"{sys.argv[2]}-{round}"
        store.begin_run(start(run_id, inputs=run_id), SOURCES, NOW)
        record(store, run_id, mine, born(*mine) if not round else ())
        seen = mine[0].id
        store.record_mail(mailed(run_id, f"<{run_id}>", CRH, [seen]), NOW, told(mine[0]) if not round else ())
"""


def test_a_store_opened_by_several_for_the_first_time_is_made_once(store_url: str) -> None:
    openers = [subprocess.Popen([sys.executable, "-c", OPENER, store_url], cwd=ROOT) for _ in range(3)]
    assert [process.wait(patient(60)) for process in openers] == [0, 0, 0]
    with open_store(store_url) as store:
        assert store.runs() == []


def test_two_writers_at_once_leave_one_whole_history(store_url: str) -> None:
    open_store(store_url).close()
    script = WRITER.replace("import *", "import *\nfrom tests.invented_changes import CRH")
    writers = [subprocess.Popen([sys.executable, "-c", script, store_url, who], cwd=ROOT) for who in "ab"]
    assert [process.wait(patient(60)) for process in writers] == [0, 0]
    with open_store(store_url) as store:
        assert store.verify_chain() is None
        assert count(store_url, "event") == 8
        assert count(store_url, "mail") == 40
        assert len(store.runs()) == 40


STEPS = """
import os, signal, sys
from connectors.store import open_store
from tests.invented_nights import *
from tests.invented_changes import CRH
import connectors.store.events as events, connectors.store.nights.versions as versions
module, name = sys.argv[2].split(".")
def die(*args, **others):
    os.kill(os.getpid(), signal.SIGKILL)
setattr({"events": events, "versions": versions}[module], name, die)
with open_store(sys.argv[1]) as store:
    run_id = store.begin_run(start("killed"), SOURCES, NOW)
    seen = changes()
    record(store, run_id, seen, born(*seen), accounts=[account(1)])
"""


@pytest.mark.parametrize("where", ["events.append", "versions.record"])
def test_a_night_killed_while_it_is_recorded_left_nothing_of_it(store_url: str, where: str) -> None:
    killed = subprocess.run([sys.executable, "-c", STEPS, store_url, where], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with open_store(store_url) as store:
        assert store.states() == {}
        assert store.annuaire_at(DAY) == ({}, {})
        assert count(store_url, "change") == 0
        assert store.begin_run(start("again"), SOURCES, NOW) == "killed"
        play(store, "next", (UPDATE,), born(UPDATE))
        store.record_mail(mailed("next", "<1@x>", CRH, [UPDATE.id]), NOW, told(UPDATE))
        answer(store, (), [Event(UPDATE.id, DAY, "notified", "accepted", "decision")])
        assert store.verify_chain() is None
