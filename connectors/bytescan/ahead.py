"""Reading ahead on another core: while one block is judged, the next one is read, hashed and looked at.

What is ahead is a few blocks, whatever the size of the file; what comes out is the same, in the same order. It pays for
work that leaves Python to C: reading, SHA-256, the compiled glance.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
MOST = 4  # blocks that wait: more would only take memory
_SECONDS = 0.1  # after which whoever waits looks whether anybody is still there
_HANDS: ContextVar[int] = ContextVar("hands", default=1)


@contextmanager
def with_hands(count: int) -> Iterator[None]:
    """Let so many cores work at once while the block lasts; one unless this is said."""
    before = _HANDS.set(count)
    try:
        yield
    finally:
        _HANDS.reset(before)


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the same items, made by a thread of its own where there is a second hand.

    Raises what making them raises, behind the items before it. When its reader stops early, so does the thread, before
    this comes to its end: nobody closes a file under its hands.
    """
    if _HANDS.get() < 2:
        yield from items
        return
    waiting: Queue[tuple[T | None, BaseException | None]] = Queue(MOST)
    done = Event()
    thread = Thread(target=_make, args=(items, waiting, done), name="ahead", daemon=True)
    thread.start()
    try:
        while True:
            item, error = waiting.get()
            if error:
                if isinstance(error, _EndError):
                    return
                raise error
            yield item  # type: ignore[misc]  # without an error there is one
    finally:
        done.set()
        _emptied(waiting)
        thread.join()


class _EndError(Exception):
    """There is nothing more."""


def _make(items: Iterator[T], waiting: "Queue[tuple[T | None, BaseException | None]]", done: Event) -> None:
    error: BaseException = _EndError()
    try:
        for item in items:
            if not _put(waiting, (item, None), done):
                return
    except BaseException as raised:  # noqa: BLE001  # whatever it is, it is raised where the items are used
        error = raised
    _put(waiting, (None, error), done)


def _put(
    waiting: "Queue[tuple[T | None, BaseException | None]]", one: tuple[T | None, BaseException | None], done: Event
) -> bool:
    """Whether it was taken before nobody wanted any more."""
    while not done.is_set():
        try:
            waiting.put(one, timeout=_SECONDS)
        except Full:
            continue
        return True
    return False


def _emptied(waiting: "Queue[tuple[T | None, BaseException | None]]") -> None:
    try:
        while True:
            waiting.get_nowait()
    except Empty:
        return
