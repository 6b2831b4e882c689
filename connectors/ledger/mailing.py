"""The ledger's part about mails: written down before they go, and what became of each."""

from collections.abc import Sequence
from datetime import date, datetime

from connectors.ledger import events, holders, mails
from connectors.ledger.store import Store
from schemas.change import PostRef
from schemas.lifecycle import Event
from schemas.mail import HolderTold, MailRow, Refusal


class Mailing:
    """What the store says, and is told, of mails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record_holder_mail(
        self, account_id: str, ends_on: date, days: int, outcome: str, day: date, now: datetime
    ) -> None:
        """What became of a mail to the holder of a card (« sending » before it goes); said again, the last counts."""
        with self._store.writing() as connection:
            holders.record(connection, account_id, ends_on, days, outcome, day, now)

    def holder_mails(self) -> list[HolderTold]:
        """The mails to holders of cards, oldest first."""
        with self._store.reading() as connection:
            return holders.read(connection)

    def record_sending(
        self,
        run_id: str,
        message_id: str,
        updater: PostRef,
        change_ids: Sequence[str],
        now: datetime,
        day: date,
        *,
        lot: str = "",
        outbox: str = "",
    ) -> None:
        """The content of the mail is about to go out: if nothing more is ever recorded, its fate is unknown.

        `lot`: of its report; `outbox`: the folder it is put into, where one can look for it.
        """
        with self._store.writing() as connection:
            mails.record(
                connection,
                run_id,
                message_id,
                updater,
                "sending",
                now,
                change_ids=change_ids,
                day=day,
                lot=lot,
                outbox=outbox,
            )

    def record_mail(
        self,
        run_id: str,
        message_id: str,
        updater: PostRef,
        change_ids: Sequence[str],
        events_of_mail: Sequence[Event],
        now: datetime,
        refusals: Sequence[Refusal] = (),
        day: date | None = None,
    ) -> None:
        """The mail left: `change_ids` are those it told of, new or again. Said again, nothing is added.

        `day`: of a mail that is of another day than its run: a reminder of what an earlier night found.
        """
        with self._store.writing() as connection:
            if not mails.is_sent(connection, message_id):
                mails.record(
                    connection,
                    run_id,
                    message_id,
                    updater,
                    "sent",
                    now,
                    change_ids=change_ids,
                    refusals=refusals,
                    day=day,
                )
                if change_ids:
                    mails.replace_unknown(connection, updater, change_ids)
                events.append(connection, run_id, events_of_mail, now)

    def record_mail_failure(self, run_id: str, message_id: str, updater: PostRef, error: str, now: datetime) -> None:
        """The mail did not leave; one that left before stays sent."""
        with self._store.writing() as connection:
            if not mails.is_sent(connection, message_id):
                mails.record(connection, run_id, message_id, updater, "failed", now, error=error or "?")

    def record_mail_unknown(
        self, run_id: str, message_id: str, updater: PostRef, change_ids: Sequence[str], now: datetime, day: date
    ) -> None:
        """The mail may have left: nobody sends it again until a human has said what became of it."""
        with self._store.writing() as connection:
            mails.record(connection, run_id, message_id, updater, "unknown", now, change_ids=change_ids, day=day)

    def mail_sent(self, message_id: str) -> bool:
        """This very mail has left already."""
        with self._store.reading() as connection:
            return mails.is_sent(connection, message_id)

    def message_ids(self) -> set[str]:
        """The Message-IDs of all mails that left, did not, or may have."""
        with self._store.reading() as connection:
            return mails.message_ids(connection)

    def unknown_mails(self) -> list[MailRow]:
        """Those that may have left, a killed run's included, until they are settled or a later mail said the same."""
        with self._store.reading() as connection:
            return mails.unknown(connection)

    def interrupted_mails(self) -> list[MailRow]:
        """Those that were about to leave when their run was killed: an outbox can be looked into, a server cannot."""
        with self._store.reading() as connection:
            return mails.interrupted(connection)

    def last_mail_in(self, outbox: str) -> str:
        """The Message-ID of the last mail that was put into this outbox, "" before the first."""
        with self._store.reading() as connection:
            return mails.last_in(connection, outbox)

    def refused_mails(self, run_id: str) -> list[MailRow]:
        """Those of a run that left, but not for every recipient."""
        with self._store.reading() as connection:
            return mails.refused(connection, run_id)

    def settle_mail(self, row: MailRow, *, arrived: bool, by: str, now: datetime) -> None:
        """What a human says became of an unknown mail."""
        with self._store.writing() as connection:
            mails.settle(connection, row, arrived=arrived, by=by, now=now)
