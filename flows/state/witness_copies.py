"""What lies outside the state folder and knows of nights: a backup may bring back the store and its witness.

A copy of the witness among the results (`out/.witness.json`), and the letters in the outbox. Neither has to be there,
and neither says anything of another store: what is missing or cannot be read proves nothing.
"""

from pathlib import Path

from connectors.mail.outbox import OutboxLetter, unknown_letters
from connectors.store import Store
from connectors.system.witness import read_witness
from flows.settings.model import Settings
from schemas.changes.witness import Witness
from schemas.errors import StoreError

_COPY = ".witness.json"


def copy_in(out: Path) -> Path:
    """Tell where the copy of the witness lies among the results."""
    return out / _COPY


def later_copies(root: Path, store: Store, out: Path | None) -> dict[Path, Witness]:
    """Return the copies that saw this very store further than it is: in the results of this run, and in the usual
    place.
    """
    first = store.first_run()
    found: dict[Path, Witness] = {}
    for folder in (out, root / "out"):
        copy = _read(copy_in(folder)) if folder else None
        ours = folder and copy and first and copy.first_run == first
        if folder and copy and ours and not store.remembers(copy.run_id, copy.events, copy.head):
            found[copy_in(folder)] = copy
    return found


def later_letters(settings: Settings, store: Store) -> list[OutboxLetter]:
    """Return the letters to updaters that lie in the outbox, left after the last night, and that the store does not
    know.
    """
    outbox, last = settings.mail.outbox, store.last_night()
    if settings.mail.smtp_url or not outbox or last is None or not store.last_mail_in(outbox):
        return []
    return unknown_letters(settings.path(outbox), store.message_ids(), last.finished_at)


def _read(path: Path) -> Witness | None:
    try:
        return read_witness(path)
    except StoreError:
        return None
