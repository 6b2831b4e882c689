"""Work shared out between this process and others forked from it: every core, with what is in memory, nothing sent.

Each does one job after the other, whoever is free the next; what a child gives comes back pickled, through a pipe. This
process does not wait while there is a job left: what it looks at it need not copy, and what it learns it keeps. A child
that dies costs nothing but time: its jobs are done here.
"""

import ctypes
import os
import pickle
import signal
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fcntl import fcntl
from selectors import EVENT_READ, DefaultSelector
from typing import Any, TypeVar

S = TypeVar("S")
J = TypeVar("J")
R = TypeVar("R")

MOST = 4  # at once, however many cores there are: each is a process to hold
_JOB = struct.Struct("<i")  # written and read at once: no two children ever take the same
_MOST_JOBS = 4096  # what a pipe holds of them
_ANSWER = struct.Struct("<iq")  # job, bytes of what it gave
_PIECE = 1 << 20  # bytes: of a pipe, which whoever has given its answer need not wait to see emptied, and read at once
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Forked:
    """A `ParallelMap` of so many processes, `here`: they see what this one sees."""

    count: int
    here: bool = field(default=True, init=False)
    others: bool = field(default=False, init=False)

    def __call__(self, work: Callable[[S, J], R], shared: S, jobs: Iterable[J], /) -> Iterator[R]:
        """What each job gave, in their order; raises what the first of them raised."""
        every = list(jobs)
        if min(self.count, len(every)) < 2 or len(every) > _MOST_JOBS or not hasattr(os, "fork"):
            yield from (work(shared, job) for job in every)
            return
        crew = _Crew(lambda at: work(shared, every[at]), min(self.count, len(every)) - 1, len(every))
        try:
            for at, job in enumerate(every):
                outcome = crew.outcome(at)
                if outcome is None:  # whoever had it has died, or could not say it
                    yield work(shared, job)
                    continue
                gave, error = outcome
                if error is not None:
                    raise error
                yield gave
        finally:
            crew.dismiss()


_Outcome = tuple[Any, BaseException | None]


class _Crew:
    """The children, this process among them, and what they have said so far."""

    def __init__(self, work: Callable[[int], object], count: int, jobs: int) -> None:
        self._work = work
        self._mine: dict[int, _Outcome] = {}
        self._answers: dict[int, bytes] = {}
        self._said: dict[int, bytearray] = {}
        self._children: list[int] = []
        self._selector = DefaultSelector()
        self._tasks, asks = os.pipe()
        os.write(asks, b"".join(map(_JOB.pack, range(jobs))))
        os.close(asks)  # nothing comes behind them: whoever finds none left is done
        self._left = True
        for _ in range(count):
            self._fork(work)

    def _fork(self, work: Callable[[int], object]) -> None:
        told, tells = os.pipe()
        with suppress(OSError):
            fcntl(tells, _SET_PIPE_SIZE, _PIECE)
        parent = os.getpid()
        child = os.fork()
        if not child:
            try:
                _end_with(parent)
                os.close(told)
                for other in self._said:
                    os.close(other)
                _work_off(work, self._tasks, tells)
            finally:
                os._exit(0)  # nothing of the parent's is flushed, closed or taken away
        os.close(tells)
        self._children.append(child)
        self._said[told] = bytearray()
        self._selector.register(told, EVENT_READ)

    def outcome(self, job: int) -> _Outcome | None:
        """Return what became of a job, once it is done, other jobs meanwhile; None where no child can say it."""
        while job not in self._mine and job not in self._answers:
            heard = [key.fd for key, _ in self._selector.select(0)] if self._selector.get_map() else []
            for told in heard:
                self._hear(told)
            if not heard and not self._do_one():
                if not self._selector.get_map():
                    break
                for key, _ in self._selector.select():
                    self._hear(key.fd)
        if job in self._mine:
            return self._mine.pop(job)
        answer = self._answers.pop(job, None)
        return pickle.loads(answer) if answer is not None else None  # from a child of ours, through a pipe of ours

    def _do_one(self) -> bool:
        """Do the next job here; tell whether there was one."""
        said = os.read(self._tasks, _JOB.size) if self._left else b""
        self._left = len(said) == _JOB.size
        if self._left:
            (job,) = _JOB.unpack(said)
            self._mine[job] = _outcome_of(self._work, job)
        return self._left

    def _hear(self, told: int) -> None:
        more = os.read(told, _PIECE)
        said = self._said[told]
        said += more
        while len(said) >= _ANSWER.size:
            job, length = _ANSWER.unpack_from(said)
            if len(said) < _ANSWER.size + length:
                break
            if length:
                self._answers[job] = bytes(said[_ANSWER.size : _ANSWER.size + length])
            del said[: _ANSWER.size + length]
        if not more:
            self._selector.unregister(told)
            os.close(told)

    def dismiss(self) -> None:
        """Whoever is still at work is no longer needed."""
        for told in [key.fd for key in self._selector.get_map().values()]:
            self._selector.unregister(told)
            os.close(told)
        self._selector.close()
        os.close(self._tasks)
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


class Aside:
    """One piece of work, begun in a process forked from this one; what it gives is what it leaves on disk, if it ends
    well.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        parent = os.getpid()
        self._child = os.fork()
        if not self._child:
            try:
                _end_with(parent)
                work()
            finally:
                os._exit(0)  # nothing of the parent's is flushed, closed or taken away

    def wait(self) -> None:
        """Return once it has ended, in whatever way."""
        if self._child:
            with suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            self._child = 0

    def dismiss(self) -> None:
        """End it, wherever it is."""
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            self.wait()


def _end_with(parent: int) -> None:
    """A killed run leaves nobody who goes on writing for it."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and says what to do
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _work_off(work: Callable[[int], object], tasks: int, tells: int) -> None:
    while len(said := os.read(tasks, _JOB.size)) == _JOB.size:
        (job,) = _JOB.unpack(said)
        answer = _answer_of(work, job)
        _write(tells, (_ANSWER.pack(job, len(answer)), answer))


def _outcome_of(work: Callable[[int], object], job: int) -> _Outcome:
    try:
        return work(job), None
    except Exception as error:  # noqa: BLE001  # whatever it is, it is raised where the work is asked for
        return None, error


def _answer_of(work: Callable[[int], object], job: int) -> bytes:
    """Pickled; nothing where it cannot be, and the parent does it itself."""
    found = _outcome_of(work, job)
    try:
        answer = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
        if found[1] is not None:
            pickle.loads(answer)  # an error that is made of more than its words may not come back
        return answer
    except Exception:  # noqa: BLE001
        return b""


def _write(tells: int, parts: Sequence[bytes]) -> None:
    for part in parts:
        left = memoryview(part)
        while left:
            left = left[os.write(tells, left) :]
