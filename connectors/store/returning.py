"""The store's part about what comes back: decisions, what else was written, and the receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from connectors.store import events
from connectors.store.database import Database
from connectors.store.letters import intake, judgements, mails, receipts, remarks
from schemas.changes.decision import DecisionEntry, Issued
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import Event
from schemas.changes.receipt import KeptReturn, LastAnswer, ReceiptOutcome, Return
from schemas.changes.remark import KeptRemark, Remark
from schemas.changes.stored import StoredDecision


@dataclass(frozen=True, slots=True)
class Answers:
    """What the answers of a file come to: as they were given, the events of those that count, what they decide of who
    is who; `retaken`: the closed questions whose answer is taken back, or given anew.
    """

    entries: Sequence[DecisionEntry] = ()
    events: Sequence[Event] = ()
    judgements: Sequence[Judgement] = ()
    retaken: frozenset[str] = frozenset()


class Returning:
    """What the store says, and is told, of what comes back."""

    _database: Database

    def judgements(self) -> list[Judgement]:
        """Return what was ever decided of who is who, oldest first; what was taken back too."""
        with self._database.reading() as connection:
            return judgements.read(connection)

    def undo(self, change_id: str, by: str, now: datetime, again: Sequence[Event] = ()) -> int:
        """Take back what the answers to a question decided of who is who; how many of them stood. `again`: the step by
        which the question waits again.
        """
        with self._database.writing() as connection:
            events.append(connection, "", again, now)
            return judgements.undo(connection, change_id, by, now)

    def record_return(
        self,
        found: Return,
        answers: Answers,
        said: Sequence[Remark],
        day: date,
        now: datetime,
    ) -> None:
        """Record a file that came back, all that it says, and that its receipt is due: wholly or not at all.

        Of a question that is answered again the new answer counts alone. Looked at again, it has no second receipt.
        """
        with self._database.writing() as connection:
            _record(connection, answers, now)
            number = receipts.record(connection, found, day, now)
            if number is not None:
                remarks.record(connection, number, found.post, said)

    def decisions(self, change_id: str | None = None) -> list[StoredDecision]:
        """Return the decisions of one change, or all, in the order they came."""
        with self._database.reading() as connection:
            return intake.read(connection, change_id)

    def issued(self) -> Issued:
        """Tell when each lot of reports was mailed, and on which one each change was last answered."""
        with self._database.reading() as connection:
            return Issued(mails.lots(connection), intake.answered(connection), receipts.sent(connection))

    def file_seen(self, digest: str) -> bool:
        """Tell whether a returned file of this content was taken in before."""
        with self._database.reading() as connection:
            return intake.file_seen(connection, digest) or receipts.file_seen(connection, digest)

    def returns(self, *, digest: str | None = None, outcome: ReceiptOutcome | None = None) -> list[KeptReturn]:
        """Return what came back, oldest first: all of it, of one content, or those whose receipt stands so."""
        with self._database.reading() as connection:
            return receipts.read(connection, digest, outcome)

    def mail_taken(self, message_id: str) -> bool:
        """Tell whether a mail was looked at before."""
        with self._database.reading() as connection:
            return receipts.mail_taken(connection, message_id)

    def set_receipt(self, numbers: Sequence[int], outcome: ReceiptOutcome, message_id: str, outbox: str = "") -> None:
        """Record where the receipt of some returns stands: said before it leaves, and when it is out."""
        with self._database.writing() as connection:
            receipts.set_receipt(connection, numbers, outcome, message_id, outbox)

    def remarks(self, change_id: str | None = None, since: datetime | None = None) -> list[KeptRemark]:
        """Return what was written, oldest first: on a change, or all of it; `since`: what came after a moment."""
        with self._database.reading() as connection:
            return remarks.read(connection, change_id, since)

    def last_answers(self) -> dict[str, LastAnswer]:
        """Change id → the last answer that was given to it, counted or not."""
        with self._database.reading() as connection:
            return remarks.last_answers(connection)


def _record(connection: sa.Connection, found: Answers, now: datetime) -> None:
    intake.record(connection, found.entries, events.append(connection, "", found.events, now), now)
    answered = found.retaken | {event.change_id for event in found.events}
    judgements.record(connection, answered, found.judgements, now)
