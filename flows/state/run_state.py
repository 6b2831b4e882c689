"""A run's way to our own state: what it asks of the store and what it writes there, in its own name."""

import hashlib
import os
import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex

from connectors.store import LockOwner, RunRow, RunStart, Store, open_store
from connectors.store.unwritten import no_store, open_unwritten
from connectors.system.ownership import own_name
from flows.settings.model import Settings
from flows.state.check_installation import check_installation
from flows.state.interrupted import settle_interrupted
from flows.state.missing import missing_of, still_missing
from flows.state.past import baseline_of, past_runs
from flows.state.version import reading_digest, rules_digest, software
from flows.state.witness import Testimony, ask_witness, record_witness
from flows.state.witness_copies import copy_in
from pipelines.lifecycle.findings import Findings, KnownBefore
from pipelines.lifecycle.new_rules import Unchanged
from pipelines.lifecycle.rules_last_used import recorded, to_keep, unchanged_since
from pipelines.lifecycle.vanished_accounts import Missing
from pipelines.reports.mailing.sending import may_have_told, told_events, told_perhaps
from pipelines.reports.pages.facts import as_if_recorded
from pipelines.sources.baseline import Baseline
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.vocabulary import new_words
from pipelines.sources.wholeness.remembered import footprints_of, mentions_of
from schemas.changes.change import Change
from schemas.changes.lifecycle import ChangeState, Told, slot_of
from schemas.changes.safeguard import Ceilings, Hold
from schemas.changes.witness import Announced
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.people.assignment import Account
from schemas.people.structure import Structure
from schemas.people.vocabulary import Word
from schemas.reading.extraction import Extraction
from schemas.reading.fingerprints import Fingerprints
from schemas.reading.source import SourceReport
from schemas.reading.source_names import ANNUAIRE
from schemas.reports.mail import MailRow

_RUNS = 60  # in which a source was last used by other rules


@contextmanager
def run_state(settings: Settings, *, dry_run: bool, out: Path | None = None) -> Iterator["RunState"]:
    """Open the state of a run, locked for it; a dry run reads what is there, locks and writes nothing.

    `out`: where it leaves its results, a copy of the witness among them.

    Raises StoreError when the store cannot be opened, RunInProgressError when another run is at work,
    ConfigurationError when this is not the installation that was used here.
    """
    check_installation(settings)
    url, file = settings.store_url, settings.store_file
    if dry_run:
        with no_store() if file and not file.is_file() else open_unwritten(url) as read:
            yield RunState(settings, read, testimony=ask_witness(settings, read, out))
        return
    owner = LockOwner(os.getpid(), socket.gethostname(), token_hex(8))
    with open_store(url) as store, store.lock(owner, now()):
        testimony = ask_witness(settings, store, out)  # before anything is written
        settle_interrupted(settings, store, now())
        yield RunState(settings, store, out, testimony)


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


def _new_id() -> str:
    return f"{now():%Y%m%dT%H%M%SZ}-{token_hex(3)}"


def who() -> str:
    """Tell who types: EFIT_USER, else the login name."""
    return os.environ.get("EFIT_USER") or own_name()


@dataclass(slots=True)
class RunState:
    """What a run needs of the store, in its own name.

    `repeats`: this very night was played to its end before; whoever it told has been told. `testimony`: what the
    witness has to say of the store.
    """

    settings: Settings
    store: Store
    out: Path | None = None
    testimony: Testimony = field(default_factory=Testimony)
    repeats: bool = False
    run_id: str = field(default_factory=_new_id)
    begun: bool = False

    # ── what there is to know ─────────────────────────────────────────────────────────────────────

    def baseline(self, names: Sequence[str], ceilings: Ceilings) -> Baseline:
        """Return what tonight's sources of these names are held against; `ceilings`: what a human let pass."""
        found = baseline_of(self.store, names, ceilings)
        return replace(found, footprints={**self.testimony.footprints, **found.footprints})

    def ceilings(self, run_id: str | None) -> Ceilings:
        """Return what a human lets pass: the holds of a run up to their counts. Raises ConfigurationError if it held
        none.
        """
        if run_id is None:
            return {}
        held = self.store.holds(run_id)
        if not held:
            raise ConfigurationError([say("config.unknown_run", found=run_id)])
        return {(hold.post, hold.scope, hold.what): hold.count for hold in held}

    def states(self) -> dict[str, ChangeState]:
        """Return the changes as they stood before this run, so that a killed one plays again from where it began."""
        return self.store.states(without_run=self.run_id)

    def states_after(self, findings: Findings) -> list[ChangeState]:
        """Tell where the changes stand after the night; on a dry run as if it had been recorded."""
        if self.store.writes:
            return [*self.store.states(seen=findings.lives.open_changes).values()]
        return as_if_recorded(findings.before, findings.lives, findings.snapshot.day)

    def known(self, snapshot: Snapshot, released: Ceilings) -> KnownBefore:
        """Return what there is to know when a snapshot is compared."""
        states = self.states()
        return KnownBefore(
            states=states,
            missing=self._missing(snapshot, states),
            announced=self.testimony.lost,
            perhaps=self.perhaps_told(),
            unchanged=partial(self._unchanged, snapshot.sources.reports),
            first_night=self.store.first_night(),
            released=released,
            taken_back=tuple(one for one in self.store.judgements() if not one.stands),
        )

    def _missing(self, snapshot: Snapshot, known: Mapping[str, ChangeState]) -> Missing:
        """Who is missing tonight, those included whom only an open change still knows."""
        if snapshot.sources.annuaire_held:
            return Missing()
        report = snapshot.sources.report_of(ANNUAIRE)
        concerned = {state.change.account_id or "" for state in known.values() if state.is_open}
        digest = report.sha256 if report else ""
        found = missing_of(self.store, snapshot.day, snapshot.accounts, concerned, digest)
        return found.known_by(snapshot.register)

    def _unchanged(self, sources: Sequence[SourceReport], fingerprints: Fingerprints) -> Unchanged:
        """What is as it was when other rules last used it; else nothing."""
        before = (run for run in self.store.runs(limit=_RUNS) if run.run_id != self.run_id)
        runs = recorded(before, self.store.holds)
        return unchanged_since(runs, self.store.evidence, rules_digest(self.settings), sources, fingerprints)

    def missed(self, day: date, present: Collection[str]) -> Mapping[str, Account]:
        """Return the accounts that were there and are missing from tonight's, as they last were, while that proves
        nothing.
        """
        return missing_of(self.store, day, present).accounts

    def vanished(self, snapshot: Snapshot) -> Missing:
        """Tell who is missing from a snapshot, for whoever only looks."""
        return missing_of(self.store, snapshot.day, snapshot.accounts).known_by(snapshot.register)

    def still_missing(self, day: date) -> Missing:
        """Tell who was missing from the last annuaire that was read."""
        return still_missing(self.store, day)

    @property
    def deactivations_wait(self) -> bool:
        """A workbook could not be heard in the last night that compared anything: the person may be in it."""
        last = next(iter(self.store.ended("complete", "partial")), None)
        return bool(last and last.counts.get("waiting_deactivations"))

    def structures(self, day: date) -> dict[str, Structure]:
        """Return the structures of the annuaire as they stood on a day."""
        return self.store.annuaire_at(day)[1]

    def past_runs(self) -> list[RunRow]:
        """Return the runs that a page may show, the present one among them once it has begun."""
        return past_runs(self.store)

    def words(self) -> list[Word]:
        """Return the installation's own words, whatever was answered."""
        return [*self.store.words().values()]

    def perhaps_told(self) -> dict[str, Told]:
        """Change id → the mail of another run that may have announced it: nobody knows whether it arrived."""
        return told_perhaps(row for row in self.store.unknown_mails() if row.run_id != self.run_id)

    # ── the national files ────────────────────────────────────────────────────────────────────────

    def recall(self, source: str) -> Extraction | None:
        """Return what was taken out of a national file last, if our readers are the same."""
        return self.store.extraction(source, reading_digest())

    def keep(self, found: Extraction) -> None:
        """Keep what was taken out of a national file for the next night."""
        self.store.keep_extraction(found, reading_digest())

    # ── the run ───────────────────────────────────────────────────────────────────────────────────

    def begin(self, day: date, sources: Sequence[SourceReport], scope: Sequence[str]) -> None:
        """Open the run, or take up the one that was killed over the same inputs."""
        if self.begun and self.store.writes:  # a file changed meanwhile: what was begun over the old one has failed
            self.run_id = _new_id()
        self.begun = True
        text = repr([(s.name, s.sha256, s.status.value) for s in sources] + list(scope))
        digest = hashlib.sha256(text.encode()).hexdigest()
        start = RunStart(self.run_id, day, digest, rules_digest(self.settings), software())
        same = (start.as_of, start.inputs_digest, start.rules_digest)
        ended = self.store.ended("complete", "partial")
        self.repeats = any((run.as_of, run.inputs_digest, run.rules_digest) == same for run in ended)
        self.run_id = self.store.begin_run(start, sources, now())

    def continue_last_run(self) -> str:
        """Go on in the name of the last run that ended: what is sent now is sent of its changes."""
        last = next(iter(self.store.ended("complete", "partial", "held")), None)
        self.run_id = last.run_id if last else self.run_id
        return self.run_id

    def step(self, name: str, outcome: str = "done") -> None:
        """Record that a step is over."""
        self.store.record_step(self.run_id, name, outcome, now())

    def record(self, findings: Findings, held_run: str | None, ceilings: Ceilings) -> None:
        """Record state first, then the mails: what was recorded is sent by whoever takes the run up again.

        Changes, events, the annuaire of the day, who is missing from it, and the holds; a night that waits as a whole
        writes down nothing but what it waits for. `held_run`: the run that this one lets out, up to `ceilings`.
        """
        store = self.store
        if findings.sources.night_held:
            store.hold(self.run_id, findings.held)
            return
        if held_run:
            self._release(held_run, ceilings)
        if findings.forgotten:
            store.regain(self.run_id, findings.forgotten, now())
        missing, snapshot, lives = findings.missing, findings.snapshot, findings.lives
        store.record_absences(snapshot.day, missing.absences, missing.accounts, missing.structures)
        origins = findings.origins
        seen = {change.id: (change, slot_of(change), origins.get(change.id, "data")) for change in lives.open_changes}
        accounts, structures = snapshot.accounts, snapshot.structures
        store.record_night(self.run_id, snapshot.day, lives.events, seen, accounts, structures, findings.held, now())
        store.remember_sources(footprints_of(snapshot.sources.reports), mentions_of(snapshot.scopes))
        store.record_words([*new_words(snapshot, self.words(), snapshot.day)])

    def _release(self, held_run: str, ceilings: Ceilings) -> None:
        """Remember who let a held set out."""
        by = who()
        said = {(one.hold, one.by) for one in self.store.releases(held_run)}  # by this run, before it was killed
        for (post, scope, what), count in sorted(ceilings.items()):
            hold = Hold(post, scope, what, count, count)
            if (hold, by) not in said:
                self.store.release(held_run, hold, by, now())

    def finish(self, status: str, counts: Mapping[str, object], findings: Findings, *, whole: bool) -> None:
        """Close the run, and keep what its changes rested on, where it looked at everything (`whole`)."""
        held = findings.sources.night_held  # then it wrote down nothing of what it saw
        looked, reports = whole and not held, findings.sources.reports
        kept = to_keep(findings.rested_on, reports, self.store.evidence) if looked else None
        self.store.finish_run(self.run_id, status, dict(counts), now(), kept)
        if not held:
            self.record_witness(findings.lost)

    # ── mails ─────────────────────────────────────────────────────────────────────────────────────

    def record_witness(
        self, lost: Mapping[str, Announced] | None = None, about_to_be: Mapping[str, Announced] | None = None
    ) -> None:
        """Tell the witness where the store stands, what is still `lost`, and what is about to be announced."""
        if self.store.writes:
            still = self.testimony.lost if lost is None else lost
            copies = {*self.testimony.copies, *([copy_in(self.out)] if self.out else [])}
            record_witness(self.settings, self.store, still, about_to_be, copies, night=True)

    def record_mail(self, row: MailRow, announced: Sequence[Change] = ()) -> None:
        """Record what is known of a mail now; of one that left, the changes it `announced` are known to their
        updater.
        """
        self.store.record_mail(row, now(), told_events(announced, row.day) if row.outcome == "sent" else ())

    def told_already(self, row: MailRow) -> MailRow | None:
        """Return the mail that has told, or may have told, its updater all of this; None when there is none."""
        if self.store.mail_sent(row.message_id):
            return replace(row, outcome="sent")
        return may_have_told(row, self.store.unknown_mails())

    def refused_mails(self, day: date) -> list[MailRow]:
        """Return the mails of this run and day that left, but not for every recipient; a reminder has a day of
        its own.
        """
        return [row for row in self.store.refused_mails(self.run_id) if row.day == day]
