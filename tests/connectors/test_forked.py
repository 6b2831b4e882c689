"""Work shared out among processes of this machine gives what one process gives, whatever becomes of them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.system.forked import Aside, Forked
from schemas.errors import DeliveryError, SourceError

HERE = os.getpid()


def squared(shared: list[int], job: int) -> tuple[int, int]:
    shared.append(job)  # of the child's own memory
    return job * job, os.getpid()


def slowly_squared(shared: list[int], job: int) -> tuple[int, int]:
    time.sleep(0.01)
    return squared(shared, job)


def test_each_job_is_done_once_and_given_in_order():
    shared: list[int] = []
    given = list(Forked(3)(slowly_squared, shared, range(50)))
    assert [one for one, _ in given] == [number * number for number in range(50)]
    processes = [process for _, process in given]
    assert len(set(processes)) == 3
    assert len(shared) == processes.count(HERE) > 5  # who hands the work out does a part of it


def failing_here(_: None, job: int) -> int:
    if os.getpid() != HERE:
        os._exit(1)
    if job > 3:
        raise DeliveryError(f"« {job} »")
    return job


def test_what_fails_here_is_told_of_in_its_turn():
    given = Forked(2)(failing_here, None, range(9))
    assert [next(given) for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(DeliveryError, match="« 4 »"):
        next(given)


def larger_than_most_pipes(folder: Path, job: int) -> bytes:
    """Here: not done before a child has begun its third job, and so has said what its second one gave."""
    (folder / f"{os.getpid()}-{job}").touch()
    deadline = time.monotonic() + 20
    while os.getpid() == HERE and time.monotonic() < deadline:
        if len([one for one in folder.iterdir() if not one.name.startswith(f"{HERE}-")]) > 2:
            return b"heard later"
        time.sleep(0.01)
    return b"x" * 300_000


def test_a_child_need_not_be_heard_while_this_process_is_at_work(tmp_path: Path):
    assert b"heard later" in list(Forked(2)(larger_than_most_pipes, tmp_path, range(6)))


def test_one_hand_or_one_job_is_done_here():
    assert {process for _, process in Forked(1)(squared, [], range(5))} == {HERE}
    assert {process for _, process in Forked(4)(squared, [], [7])} == {HERE}
    assert list(Forked(4)(squared, [], [])) == []


def large(shared: bytes, job: int) -> bytes:
    return shared[:1] * (job * 500_000)


def test_what_is_larger_than_a_pipe_comes_whole():
    assert [len(one) for one in Forked(2)(large, b"x", range(8))] == [job * 500_000 for job in range(8)]


def dying(shared: int, job: int) -> int:
    if os.getpid() != shared and job in (2, 3):
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def test_who_dies_costs_nothing_but_time():
    assert list(Forked(2)(dying, HERE, range(9))) == list(range(9))


def failing(_: None, job: int) -> int:
    if job == 3:
        raise DeliveryError("le disque est plein")
    if job == 5:
        raise SourceError("FILE_EMPTY", "le fichier est vide", "x.xlsx")
    return job


def test_the_first_error_is_raised_behind_what_came_before_it():
    given = Forked(2)(failing, None, range(9))
    assert [next(given) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(DeliveryError, match="le disque est plein"):
        next(given)
    with pytest.raises(SourceError) as raised:
        list(Forked(2)(failing, None, [4, 5]))
    assert (raised.value.code, raised.value.location) == ("FILE_EMPTY", "x.xlsx")


def unpicklable(_: None, job: int) -> object:
    return (lambda: job) if job else job


def test_what_cannot_be_sent_is_done_here():
    given = list(Forked(2)(unpicklable, None, range(3)))
    assert given[0] == 0
    assert [one() for one in given[1:]] == [1, 2]  # type: ignore[operator]


def children() -> set[str]:
    """Of this process, waited for or not."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_whoever_stops_early_leaves_nobody_at_work():
    before = children()
    given = Forked(2)(squared, [], range(1000))
    next(given)
    assert children() > before
    del given
    assert children() == before


def test_what_is_done_aside_is_done_once_it_is_waited_for(tmp_path: Path):
    before = children()
    written = tmp_path / "written"

    def work() -> None:
        time.sleep(0.2)
        written.write_text(str(os.getpid()))

    aside = Aside(work)
    aside.wait()
    assert int(written.read_text()) != HERE
    aside.wait()
    aside.dismiss()
    assert children() == before


@pytest.mark.parametrize("work", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0, lambda: sys.exit(3)])
def test_what_fails_aside_troubles_nobody(work: Callable[[], object]):
    before = children()
    Aside(work).wait()
    assert children() == before


def test_what_is_done_aside_ends_when_nobody_needs_it(tmp_path: Path):
    before = children()
    written = tmp_path / "written"

    def work() -> None:
        time.sleep(60)
        written.touch()

    aside = Aside(work)
    assert children() > before
    aside.dismiss()
    assert children() == before
    assert not written.exists()


SCRIPT = """
import sys, time
from pathlib import Path
from connectors.system.forked import Forked

def work(folder, job):
    (Path(folder) / f"{job}.begun").touch()
    time.sleep(2)
    (Path(folder) / f"{job}.written").touch()

print("ready", flush=True)
list(Forked(2)(work, sys.argv[1], range(6)))
"""


def test_a_killed_run_leaves_nobody_who_goes_on_writing(tmp_path: Path):
    run = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path)], stdout=subprocess.PIPE)
    while len([*tmp_path.glob("*.begun")]) < 2:
        time.sleep(0.01)
    run.kill()
    run.communicate()
    time.sleep(2.5)
    assert not [*tmp_path.glob("*.written")]
