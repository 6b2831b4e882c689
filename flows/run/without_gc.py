"""The night without Python's search for garbage that holds itself: it walks all accounts, again and again, for nothing.

Measured on 20,000 accounts: 17 % of the processor time, for 3 MB of memory (docs/performance.md « Growth »); and half a
second of every command, at its start and its end, among nothing but modules (« Where the time goes »).
"""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache

_NEW_OBJECTS = 100_000  # after which garbage is searched for; Python's own 700 are for programs that import little
_MMAP_THRESHOLD, _LARGE = -3, 128 << 10  # of mallopt(3), and bytes: what it is before anything was met
_ROOMS = "flows.", "pipelines.", "connectors.", "schemas."
_Remembering = type(lru_cache(maxsize=1)(bool))


def start_lightly() -> None:
    """Search seldom for garbage, and start no threads for an algebra nobody does here: before numpy is imported."""
    gc.set_threshold(_NEW_OBJECTS)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no garbage be searched for while the block lasts; whoever had it on has it on again.

    What the block made counts as old by then: as new, all of it would be walked at once (behind a night: 0.1 s). Not
    where somebody has frozen what they hold: it would thaw.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def forget() -> None:
    """Let go of what our functions remember of what they were asked: names, cells, numbers that a comparison meets
    again and again, and that nothing behind it asks for. What they keep for good, the tables, stays.
    """
    ours = [module for name, module in list(sys.modules.items()) if name.startswith(_ROOMS)]
    for one in {id(one): one for module in ours for one in vars(module).values()}.values():
        if isinstance(one, _Remembering) and one.cache_parameters()["maxsize"]:
            one.cache_clear()


def give_large_blocks_back() -> None:
    """Let the system have every large block back as it is let go of, from now on: glibc keeps those of up to 32 MB once
    it has met such, and what is small settles in them. For a large country: 200,000 accounts, 126 MB less of 920 once
    the registers are read, and 5 % more processor time while files are (docs/performance.md « Growth »).
    """
    with suppress(OSError, AttributeError, TypeError):  # of glibc alone
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def give_memory_back() -> None:
    """Give the system what a stage needed and the next may not: some thousandths of a second, a tenth of the peak."""
    with suppress(OSError, AttributeError, TypeError):  # of glibc alone
        ctypes.CDLL(None).malloc_trim(0)
