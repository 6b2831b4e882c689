"""A store that is read and never written to, for a dry run; and one that knows nothing, before the first night.

Whoever plays a run says to it what it says to any store: nothing of it stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from connectors.store import Store
from connectors.store.database import Database
from connectors.store.tables import metadata
from schemas.changes.change import Change
from schemas.changes.installed import Installation
from schemas.changes.lifecycle import ChangeState, Event
from schemas.changes.safeguard import Hold
from schemas.changes.stored import RunStart
from schemas.people.assignment import Account
from schemas.people.structure import Structure
from schemas.people.vocabulary import Word
from schemas.reading.absence import Absence
from schemas.reading.extraction import Extraction
from schemas.reading.footprint import Footprint
from schemas.reading.source import SourceReport
from schemas.reports.mail import MailRow


class Unwritten(Store):
    """Reads what is there; what a run would write down is not."""

    writes = False

    def begin_run(self, start: RunStart, _sources: Sequence[SourceReport], _now: datetime) -> str:
        """Return the id it came with."""
        return start.run_id

    def record_step(self, _run_id: str, _step: str, _outcome: str, _now: datetime) -> None:
        """Write nothing."""

    def finish_run(
        self,
        _run_id: str,
        _status: str,
        _counts: Mapping[str, Any],
        _now: datetime,
        _rested_on: Mapping[str, str] | None = None,
    ) -> None:
        """Write nothing."""

    def remember_sources(self, _found: Mapping[str, Footprint], _mentions: Mapping[str, frozenset[str]]) -> None:
        """Write nothing."""

    def record_night(
        self,
        _run_id: str,
        _day: date,
        _events_of_run: Sequence[Event],
        _seen: Mapping[str, tuple[Change, str, str]],
        _accounts: Mapping[str, Account],
        _structures: Mapping[str, Structure],
        _held: Sequence[Hold],
        _now: datetime,
    ) -> None:
        """Write nothing."""

    def regain(self, _run_id: str, _states: Mapping[str, ChangeState], _now: datetime) -> None:
        """Write nothing."""

    def record_absences(
        self,
        _day: date,
        _missing: Mapping[str, Absence],
        _accounts: Mapping[str, Account] | None = None,
        _structures: Mapping[str, Structure] | None = None,
    ) -> None:
        """Write nothing."""

    def hold(self, _run_id: str, _held: Sequence[Hold]) -> None:
        """Write nothing."""

    def release(self, _run_id: str, _held: Hold, _by: str, _now: datetime) -> None:
        """Write nothing."""

    def remember_installation(self, _found: Installation) -> None:
        """Write nothing."""

    def record_words(self, _found: Iterable[Word]) -> None:
        """Write nothing."""

    def record_holder_mail(
        self, _account_id: str, _ends_on: date, _days: int, _outcome: str, _day: date, _now: datetime
    ) -> None:
        """Write nothing."""

    def record_mail(self, _row: MailRow, _now: datetime, _events_of_mail: Sequence[Event] = ()) -> None:
        """Write nothing."""

    def keep_extraction(self, _found: Extraction, _edition: str) -> None:
        """Write nothing."""


def open_unwritten(url: str) -> Unwritten:
    """Return the store as it stands, brought up to date where needed, and from then on only read. Raises StoreError."""
    database = Database(url)
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return Unwritten(database)


def no_store() -> Unwritten:
    """Return a store of no night: whatever it is asked, there is nothing."""
    database = Database("sqlite://")
    with database.writing() as connection:
        metadata.create_all(connection)
    return Unwritten(database)
