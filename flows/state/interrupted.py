"""What became of the mails that were about to leave when a run was killed.

An outbox can be looked into: what lies there has arrived, what does not lie there has not left, as long as nobody
empties it. Of a mail server nobody can say: such a mail stays of unknown fate until a human has asked.
"""

from datetime import datetime

from connectors.mail.outbox import is_in_outbox
from connectors.store import Store
from flows.settings.model import Settings

WHO = "outbox"  # who says what became of it


def settle_interrupted(settings: Settings, store: Store, moment: datetime) -> None:
    """Look for each where it was to be put. To be called by whoever holds the store: nobody else is sending."""
    for row in store.interrupted_mails():
        if not row.outbox:
            continue
        folder = settings.path(row.outbox)
        arrived = is_in_outbox(row.message_id, folder)
        last = store.last_mail_in(row.outbox)
        if arrived or not last or is_in_outbox(last, folder):
            store.settle_mail(row, arrived=arrived, by=WHO, now=moment)
