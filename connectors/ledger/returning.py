"""The ledger's part about what comes back: decisions, what else was written, and the receipts."""

from collections.abc import Sequence
from datetime import date, datetime

from connectors.ledger import events, intake, mails, receipts, remarks
from connectors.ledger.store import Store
from schemas.decision import DecisionEntry, Issued
from schemas.ledger import LedgerDecision
from schemas.lifecycle import Event
from schemas.receipt import KeptReturn, LastAnswer, ReceiptOutcome, Return
from schemas.written import KeptRemark, Remark


class Returning:
    """What the store says, and is told, of what comes back."""

    _store: Store

    def record_decisions(
        self, entries: Sequence[DecisionEntry], events_of_file: Sequence[Event], now: datetime
    ) -> None:
        """What came back, refused lines included, and the events of those that count."""
        with self._store.writing() as connection:
            intake.record(connection, entries, events.append(connection, "", events_of_file, now), now)

    def record_return(
        self,
        found: Return,
        entries: Sequence[DecisionEntry],
        events_of_file: Sequence[Event],
        said: Sequence[Remark],
        day: date,
        now: datetime,
    ) -> None:
        """A file that came back, all that it says, and that its receipt is due: wholly or not at all.

        Looked at again, it has no second receipt.
        """
        with self._store.writing() as connection:
            intake.record(connection, entries, events.append(connection, "", events_of_file, now), now)
            number = receipts.record(connection, found, day, now)
            if number is not None:
                remarks.record(connection, number, found.post, said)

    def decisions(self, change_id: str | None = None) -> list[LedgerDecision]:
        """The decisions of one change, or all, in the order they came."""
        with self._store.reading() as connection:
            return intake.read(connection, change_id)

    def issued(self) -> Issued:
        """When each lot of reports was mailed, and on which one each change was last answered."""
        with self._store.reading() as connection:
            return Issued(mails.lots(connection), intake.answered(connection))

    def file_seen(self, digest: str) -> bool:
        """A returned file of this content was taken in before."""
        with self._store.reading() as connection:
            return intake.file_seen(connection, digest) or receipts.file_seen(connection, digest)

    def returns(self, *, digest: str | None = None, outcome: ReceiptOutcome | None = None) -> list[KeptReturn]:
        """What came back, oldest first: all of it, of one content, or those whose receipt stands so."""
        with self._store.reading() as connection:
            return receipts.read(connection, digest, outcome)

    def mail_taken(self, message_id: str) -> bool:
        """A mail was looked at before."""
        with self._store.reading() as connection:
            return receipts.mail_taken(connection, message_id)

    def set_receipt(self, numbers: Sequence[int], outcome: ReceiptOutcome, message_id: str, outbox: str = "") -> None:
        """Where the receipt of some returns stands: said before it leaves, and when it is out."""
        with self._store.writing() as connection:
            receipts.set_receipt(connection, numbers, outcome, message_id, outbox)

    def remarks(self, change_id: str | None = None, since: datetime | None = None) -> list[KeptRemark]:
        """What was written, oldest first: on a change, or all of it; `since`: what came after a moment."""
        with self._store.reading() as connection:
            return remarks.read(connection, change_id, since)

    def last_answers(self) -> dict[str, LastAnswer]:
        """Change id → the last answer that was given to it, counted or not."""
        with self._store.reading() as connection:
            return remarks.last_answers(connection)
