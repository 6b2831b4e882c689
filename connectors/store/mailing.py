"""The store's part about mails: written down before they go, and what became of each."""

from collections.abc import Sequence
from datetime import date, datetime

from connectors.store import events
from connectors.store.database import Database
from connectors.store.letters import holders, mails
from schemas.changes.lifecycle import Event
from schemas.reports.mail import HolderTold, MailRow


class Mailing:
    """What the store says, and is told, of mails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_holder_mail(
        self, account_id: str, ends_on: date, days: int, outcome: str, day: date, now: datetime
    ) -> None:
        """Record what became of a mail to the holder of a card (« sending » before it goes); said again, the last
        counts.
        """
        with self._database.writing() as connection:
            holders.record(connection, account_id, ends_on, days, outcome, day, now)

    def holder_mails(self) -> list[HolderTold]:
        """Return the mails to holders of cards, oldest first."""
        with self._database.reading() as connection:
            return holders.read(connection)

    def record_mail(self, row: MailRow, now: datetime, events_of_mail: Sequence[Event] = ()) -> None:
        """Record what is known of a mail, over what was known: it is about to leave, it left, it did not, or perhaps it
        did.

        Nobody sends again what may have left until a human has said what became of it; if nothing more is ever
        recorded of one that was about to, its fate is unknown. What left before stays sent: said again, nothing is
        added. `events_of_mail`: of the changes that a mail which left has announced.
        """
        with self._database.writing() as connection:
            if row.outcome in ("sent", "failed") and mails.is_sent(connection, row.message_id):
                return
            mails.record(connection, row, now)
            if row.outcome == "sent":
                if row.change_ids:
                    mails.replace_unknown(connection, row.updater, row.change_ids)
                events.append(connection, row.run_id, events_of_mail, now)

    def mail_sent(self, message_id: str) -> bool:
        """Tell whether this very mail has left already."""
        with self._database.reading() as connection:
            return mails.is_sent(connection, message_id)

    def message_ids(self) -> set[str]:
        """Return the Message-IDs of all mails that left, did not, or may have."""
        with self._database.reading() as connection:
            return mails.message_ids(connection)

    def unknown_mails(self) -> list[MailRow]:
        """Return those that may have left, a killed run's included, until they are settled or a later mail said the
        same.
        """
        with self._database.reading() as connection:
            return mails.unknown(connection)

    def interrupted_mails(self) -> list[MailRow]:
        """Return those that were about to leave when their run was killed: an outbox can be looked into, a server
        cannot.
        """
        with self._database.reading() as connection:
            return mails.interrupted(connection)

    def last_mail_in(self, outbox: str) -> str:
        """Return the Message-ID of the last mail that was put into this outbox, "" before the first."""
        with self._database.reading() as connection:
            return mails.last_in(connection, outbox)

    def refused_mails(self, run_id: str) -> list[MailRow]:
        """Return those of a run that left, but not for every recipient."""
        with self._database.reading() as connection:
            return mails.refused(connection, run_id)

    def settle_mail(self, row: MailRow, *, arrived: bool, by: str, now: datetime) -> None:
        """Record what a human says became of an unknown mail."""
        with self._database.writing() as connection:
            mails.settle(connection, row, arrived=arrived, by=by, now=now)
