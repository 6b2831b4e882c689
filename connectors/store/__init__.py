"""Our own state: runs, changes and their events, decisions, mails, the annuaire of every night (contract §7).

Plain values in and out. Every method that writes is one transaction, and the only writer while it lasts; every
method raises StoreError when the database does not answer, or refuses.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from connectors.store import events, forgetting, regaining, whose
from connectors.store.database import Database
from connectors.store.exclusive import beat, exclusive
from connectors.store.letters import mails, replies
from connectors.store.mailing import Mailing
from connectors.store.nights import absences, changes, extractions, footprints, holds, runs, versions
from connectors.store.nights import fingerprints as evidence
from connectors.store.remembering import Remembering
from connectors.store.returning import Returning
from connectors.store.vocabulary import Vocabulary
from connectors.system.closing import Closing
from schemas.changes.change import Change
from schemas.changes.installed import Installation
from schemas.changes.lifecycle import ChangeState, Event, StoredEvent
from schemas.changes.safeguard import Hold
from schemas.changes.stored import Correspondence, LastNight, LockOwner, RunRow, RunSource, RunStart
from schemas.changes.witness import Witnessed
from schemas.people.assignment import Account
from schemas.people.structure import Structure
from schemas.reading.source import SourceReport

_LATE = 30  # runs

__all__ = ["LockOwner", "RunRow", "RunSource", "RunStart", "Store", "look_at_store", "open_store"]


def open_store(url: str) -> "Store":
    """Open the store, made (an SQLite file of mode 0600, its folder 0700) and brought up to date where needed.

    Raises StoreError. A relative SQLite path is the caller's to resolve.
    """
    database = Database(url)
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return Store(database)


def look_at_store(url: str) -> "Store":
    """Return the store as it stands, of which nothing is made or brought up to date: to be asked, not told."""
    return Store(Database(url))


class Store(Mailing, Remembering, Returning, Vocabulary, Closing):
    """The open store; a context manager that closes it. What it says and is told of mails is in `Mailing`, of what
    comes back in `Returning`, of sources, accounts and holds in `Remembering`, of words in `Vocabulary`.
    """

    writes = True

    def close(self) -> None:
        """Give the database's connections back."""
        self._database.close()

    def lock(self, owner: LockOwner, now: datetime) -> AbstractContextManager[None]:
        """Hold the store for one run; raises RunInProgressError at once when another one holds it.

        The death of the holder frees it, however it died.
        """
        return exclusive(self._database, owner, now)

    # ── runs ──────────────────────────────────────────────────────────────────────────────────────

    def begin_run(self, start: RunStart, sources: Sequence[SourceReport], now: datetime) -> str:
        """Return the run_id to use: an unfinished run over the same day, inputs and rules is taken up again.

        Its sources and steps are kept then. Other unfinished runs were killed: they are marked failed. A mail that
        a killed run was sending is one of unknown fate.
        """
        with self._database.writing() as connection:
            mails.find_interrupted(connection)
            return runs.begin(connection, start, sources, now)

    def record_step(self, run_id: str, step: str, outcome: str, now: datetime) -> None:
        """Record the outcome of a step; said again, the last one counts."""
        with self._database.writing() as connection:
            runs.record_step(connection, run_id, step, outcome, now)
            beat(connection, now)

    def steps(self, run_id: str) -> dict[str, str]:
        """Return step → outcome, in the order they were recorded."""
        with self._database.reading() as connection:
            return runs.steps(connection, run_id)

    def finish_run(
        self,
        run_id: str,
        status: str,
        counts: Mapping[str, Any],
        now: datetime,
        rested_on: Mapping[str, str] | None = None,
    ) -> None:
        """Close the run as complete, partial, held or failed; `rested_on` replaces what `evidence` gives."""
        with self._database.writing() as connection:
            runs.finish(connection, run_id, status, counts, now)
            if rested_on is not None:
                evidence.replace(connection, rested_on)

    def evidence(self) -> dict[str, str]:
        """Return digests of what the last finished run's changes rested on, by digests of whom it is about."""
        with self._database.reading() as connection:
            return evidence.read(connection)

    def runs(self, limit: int | None = None) -> list[RunRow]:
        """Return the runs with their sources, the last begun first."""
        with self._database.reading() as connection:
            return runs.read_runs(connection, limit)

    def ended(self, *statuses: str) -> list[RunRow]:
        """Return the runs of late that ended so, the last begun first. A killed one is « failed »: it told nobody
        anything.
        """
        return [run for run in self.runs(limit=_LATE) if run.status in statuses]

    def last_source(self, name: str) -> RunSource | None:
        """Return the source as the last finished (complete, partial or held) run that could use it read it."""
        with self._database.reading() as connection:
            return runs.last_source(connection, name)

    def superseded(self, names: Collection[str]) -> dict[str, dict[str, date]]:
        """Return, of each of these sources, digests that another content has replaced for a week or more → the last day
        each was used.
        """
        with self._database.reading() as connection:
            return runs.superseded(connection, names)

    def first_run(self) -> str:
        """Return the id of the first run ever begun: whose store this is; "" before it."""
        with self._database.reading() as connection:
            return runs.first_id(connection)

    def correspondence(self) -> tuple[Correspondence, ...]:
        """Return each post that was written to, and whether it ever answered."""
        with self._database.reading() as connection:
            return replies.read_replies(connection)

    def installation(self) -> Installation | None:
        """Return the installation as its last night saw it; None before one."""
        with self._database.reading() as connection:
            return whose.read_installation(connection)

    def remember_installation(self, found: Installation) -> None:
        """Remember whose store this is, and how tonight sees it."""
        with self._database.writing() as connection:
            whose.write_installation(connection, found)

    def last_night(self) -> LastNight | None:
        """Return the last run that ended complete or partial; None while there is none."""
        with self._database.reading() as connection:
            return runs.last_success(connection)

    def first_night(self) -> date | None:
        """Return the day of the first run that ended complete or partial; None while there is none."""
        with self._database.reading() as connection:
            return runs.first_success(connection)

    # ── changes ───────────────────────────────────────────────────────────────────────────────────

    def states(
        self, *, without_run: str | None = None, as_of: date | None = None, seen: Iterable[Change] = ()
    ) -> dict[str, ChangeState]:
        """Change id → where it stands, its events added up in order.

        `told_on` is the day of the last mail sent that lists it. `without_run`: as if that run had written and
        sent nothing, so that a killed one is played again from where it began. `as_of`: at the end of that day;
        the content of a change is as last seen all the same. `seen`: changes that are in memory, and need not be made
        anew.
        """
        with self._database.reading() as connection:
            return changes.states(connection, without_run, as_of, {one.id: one for one in seen})

    def record_night(
        self,
        run_id: str,
        day: date,
        events_of_run: Sequence[Event],
        seen: Mapping[str, tuple[Change, str, str]],
        accounts: Mapping[str, Account],
        structures: Mapping[str, Structure],
        held: Sequence[Hold],
        now: datetime,
    ) -> None:
        """Record what a night found: `seen` (change, slot, origin « data » or « rules »), events, the annuaire, the
        holds.

        Said again for the same run, only what is missing is added. Raises StoreError when a change has moved
        since it was looked at, IllegalTransitionError for a move outside the table.
        """
        with self._database.writing() as connection:
            changes.record(connection, seen)
            events.append_missing(connection, run_id, events_of_run, now)
            versions.record(connection, day, accounts, structures)
            holds.record(connection, run_id, held)

    def history(self, change_id: str) -> list[StoredEvent]:
        """Return the events of a change, oldest first, with the comments of decisions."""
        with self._database.reading() as connection:
            return events.history(connection, change_id)

    def verify_chain(self) -> int | None:
        """Return number of the first event that was altered, moved or removed; None when the history is whole."""
        with self._database.reading() as connection:
            return events.first_broken(connection)

    def head(self) -> tuple[int, str]:
        """Return (number, hash) of the last event; (0, "") before the first."""
        with self._database.reading() as connection:
            return events.head(connection)

    def remembers(self, run_id: str, events_then: int, head_then: str) -> bool:
        """Tell whether the store has been where a witness saw it: this run had begun, and the chain had this head."""
        with self._database.reading() as connection:
            return runs.is_known(connection, run_id) and events.remembers(connection, events_then, head_then)

    def witnessed(self) -> Witnessed | None:
        """Return where the store stands, for its witness; None before the first run."""
        with self._database.reading() as connection:
            last = runs.last_begun(connection)
            if last is None:
                return None
            return Witnessed(
                *last,
                *events.head(connection),
                first_run=runs.first_id(connection),
                announced=changes.announced(connection),
                footprints=footprints.read(connection),
            )

    def regain(self, run_id: str, states: Mapping[str, ChangeState], now: datetime) -> None:
        """Write down again, in a run, what was announced after the backup that this store was put back from."""
        with self._database.writing() as connection:
            regaining.record(connection, run_id, states, now)

    def purge(self, before: date, now: datetime) -> dict[str, int]:
        """Forget what is older than the day; how many `changes`, `versions`, `decisions` and `mails` were emptied.

        Closed changes whose last event is before it lose account, person, values, guidance and addresses;
        versions of the annuaire that ended by then go; decisions before it lose comment, file name and reason,
        mails their error. What was taken out of the national files goes as a whole. Events are never touched: the
        chain still verifies. A day to come counts as today.
        """
        with self._database.writing() as connection:
            day = min(before, now.date())
            counts = forgetting.forget(connection, day)
            absences.forget(connection, day)
            extractions.forget(connection)
        self._database.shrink()
        return counts
