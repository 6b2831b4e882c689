"""The store's part about what the next nights need: the annuaire as it stood, sources, who vanished, what was held."""

from collections.abc import Collection, Container, Mapping, Sequence
from datetime import date, datetime

from connectors.store.database import Database
from connectors.store.nights import (
    absences,
    extractions,
    footprints,
    holds,
    last_seen,
    runs,
    versions,
)
from schemas.changes.safeguard import Hold
from schemas.changes.stored import Release
from schemas.people.assignment import Account
from schemas.people.structure import Structure
from schemas.reading.absence import Absence
from schemas.reading.export_figures import Stood
from schemas.reading.extraction import Extraction
from schemas.reading.footprint import Footprint


class Remembering:
    """What the store says, and is told, of sources, accounts and holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def footprints(self) -> dict[str, Footprint]:
        """Return source → how it was when it was last used or released."""
        with self._database.reading() as connection:
            return footprints.read(connection)

    def mentioned(self) -> dict[str, frozenset[str]]:
        """Return what a workbook is complete for (« region:24 ») → the structures that one ever mentioned."""
        with self._database.reading() as connection:
            return footprints.mentioned(connection)

    def accepted_at(self, reason: str) -> frozenset[str]:
        """Return the structures of which a question was answered « Fait », and still is."""
        with self._database.reading() as connection:
            return footprints.accepted_at(connection, reason)

    def remember_sources(self, found: Mapping[str, Footprint], mentions: Mapping[str, frozenset[str]]) -> None:
        """Remember those that were used tonight, and what their workbooks were about."""
        with self._database.writing() as connection:
            footprints.remember(connection, found, mentions)

    # ── the annuaire, safeguards, forgetting ──────────────────────────────────────────────────────

    def annuaire_at(self, day: date) -> tuple[dict[str, Account], dict[str, Structure]]:
        """Return accounts and structures as the last night up to `day` saw them; `day` before the first: nothing."""
        with self._database.reading() as connection:
            return versions.annuaire_at(connection, day)

    def stood(self) -> Mapping[str, Stood]:
        """Account → how it stood in the annuaire as the last night that compared it saw it."""
        with self._database.reading() as connection:
            return versions.stood(connection)

    def account_ids_until(self, day: date, but: Container[str] = ()) -> set[str]:
        """Return the accounts that the last night up to `day` saw; those that are none of `but`: there may be
        millions.
        """
        with self._database.reading() as connection:
            return versions.account_ids_until(connection, day, but)

    def absences(self, day: date) -> dict[str, Absence]:
        """Account → its absence from the annuaire, as it stood before the night of `day`."""
        with self._database.reading() as connection:
            return absences.before(connection, day)

    def digests(self, name: str, since: date, before: date) -> dict[date, set[str]]:
        """Return day → digests of a source as the nights that compared anything read it, from `since` on and before a
        day.
        """
        with self._database.reading() as connection:
            return runs.digests(connection, name, since, before)

    def vanished_on(self, day: date) -> frozenset[str]:
        """Return the accounts that were missing on a day for the first time, as it was played last."""
        with self._database.reading() as connection:
            return absences.begun_on(connection, day)

    def last_seen(self, wanted: Collection[Absence]) -> dict[str, tuple[Account, list[Structure]]]:
        """Account → as it last was, and the structures it needs; of whom no more is known than the days: nothing."""
        if not wanted:  # as in most nights
            return {}
        with self._database.reading() as connection:
            return {key: last_seen.from_text(text) for key, text in absences.last_seen(connection, wanted).items()}

    def record_absences(
        self,
        day: date,
        missing: Mapping[str, Absence],
        accounts: Mapping[str, Account] | None = None,
        structures: Mapping[str, Structure] | None = None,
    ) -> None:
        """Record who is missing from the annuaire of a night; whoever was and is not is back. Replaces what was said of
        it.

        `accounts`, `structures`: as they last were.
        """
        there = structures or {}
        kept = {
            key: last_seen.to_text(one, [there[code] for code in sorted(one.places) if code in there])
            for key, one in (accounts or {}).items()
            if key in missing
        }
        with self._database.writing() as connection:
            absences.record(connection, day, missing, kept)

    def hold(self, run_id: str, held: Sequence[Hold]) -> None:
        """Record what a safeguard held back in a run that records nothing else; replaces what was said before."""
        with self._database.writing() as connection:
            holds.record(connection, run_id, held)

    def holds(self, run_id: str) -> list[Hold]:
        """Return what the run held back."""
        with self._database.reading() as connection:
            return holds.read(connection, run_id)

    def release(self, run_id: str, held: Hold, by: str, now: datetime) -> None:
        """Record that somebody let the held set of a run out, up to its count."""
        with self._database.writing() as connection:
            holds.release(connection, run_id, held, by, now)

    def releases(self, run_id: str | None = None) -> list[Release]:
        """Return what was let out of a run, or ever, oldest first."""
        with self._database.reading() as connection:
            return holds.releases(connection, run_id)

    # ── the national files ────────────────────────────────────────────────────────────────────────

    def extraction(self, source: str, edition: str) -> Extraction | None:
        """Return what was taken out of a national file last, by this edition of its reader; None where nothing
        is sure.
        """
        with self._database.reading() as connection:
            return extractions.recall(connection, source, edition)

    def keep_extraction(self, found: Extraction, edition: str) -> None:
        """Keep it instead of what was kept of its source."""
        with self._database.writing() as connection:
            extractions.keep(connection, found, edition)
