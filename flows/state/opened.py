"""Our own state for the commands beside the night: opened to read, or locked to write."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from sqlalchemy import make_url

from connectors.store import Store, open_store
from flows.settings.model import Settings
from flows.state.check_installation import check_installation
from flows.state.interrupted import settle_interrupted
from flows.state.run_state import now
from flows.state.witness import check_not_vanished, check_store, record_witness
from schemas.changes.stored import LockOwner
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say


def store_exists(settings: Settings) -> bool:
    """Tell whether a night has been played; what lies there, or a server, is asked when it is opened."""
    file = settings.store_file
    return file is None or file.exists()


@contextmanager
def open_to_read(settings: Settings) -> Iterator[Store]:
    """Open the store as it stands; none is made.

    Raises ConfigurationError when no night has been played yet, StoreBehindError when one has and the store is gone.
    """
    check_installation(settings)
    check_not_vanished(settings)
    url = settings.store_url
    if not store_exists(settings):
        raise ConfigurationError([say("store.none", path=make_url(url).database or "")])
    with open_store(url) as store:
        yield store


@contextmanager
def open_to_write(settings: Settings) -> Iterator[Store]:
    """Open the store, ours alone. Raises RunInProgressError while a night or another command is at work.

    StoreBehindError when it is older than its witness, which is told when the block ends well.
    """
    owner = LockOwner(os.getpid(), socket.gethostname(), token_hex(8))
    with open_to_read(settings) as store, store.lock(owner, now()):
        lost = check_store(settings, store)
        settle_interrupted(settings, store, now())
        yield store
        record_witness(settings, store, lost)
