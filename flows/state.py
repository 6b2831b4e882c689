"""The night's way to our own state: everything it reads and writes there, or nothing at all on a dry run."""

import getpass
import hashlib
import os
import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex

from connectors.ledger import Ledger, LockOwner, RunRow, RunStart, open_ledger
from flows.astray import check_installation
from flows.interrupted import settle_interrupted
from flows.missing import missing_of, still_missing
from flows.past import baseline_of
from flows.settings import Settings
from flows.traces import copy_in
from flows.upgraded import to_keep, unchanged_since
from flows.version import reading_digest, rules_digest, software
from flows.witness import Testimony, ask_witness, record_witness
from pipelines.baseline import NOTHING_BEFORE, Baseline
from pipelines.coverage import spoken_for
from pipelines.fingerprint import Evidence
from pipelines.life import Lives
from pipelines.miss import Missing
from pipelines.regain import regain
from pipelines.upgrade import Unchanged
from pipelines.wholeness import footprint_of
from pipelines.world import World
from schemas.assignment import Account
from schemas.change import Change, PostRef
from schemas.errors import ConfigurationError
from schemas.extraction import Extraction
from schemas.lifecycle import ChangeState, Event, Told, slot_of
from schemas.mail import MailRow, Refusal
from schemas.nomenclatures import say
from schemas.safeguard import Hold
from schemas.source import SourceReport
from schemas.structure import Structure
from schemas.vocabulary import Word
from schemas.witness import Announced


def store_url(settings: Settings) -> str:
    """The store's address; an SQLite path is relative to the configuration."""
    return settings.database(settings.store.url)


@contextmanager
def night_state(settings: Settings, *, dry_run: bool, out: Path | None = None) -> Iterator["NightState"]:
    """The state of a run, locked for it; a dry run reads what is there, locks and writes nothing.

    `out`: where it leaves its results, a copy of the witness among them.

    Raises StoreError when the store cannot be opened, RunInProgressError when another run is at work,
    ConfigurationError when this is not the installation that was used here.
    """
    check_installation(settings)
    url, file = store_url(settings), settings.store_file
    if dry_run and file and not file.is_file():
        yield NightState(settings, None, writes=False, testimony=ask_witness(settings, None))
        return
    with open_ledger(url) as ledger:
        if dry_run:
            yield NightState(settings, ledger, writes=False, testimony=ask_witness(settings, ledger, out))
            return
        owner = LockOwner(os.getpid(), socket.gethostname(), token_hex(8))
        with ledger.lock(owner, now()):
            testimony = ask_witness(settings, ledger, out)  # before anything is written
            settle_interrupted(settings, ledger, now())
            yield NightState(settings, ledger, writes=True, out=out, testimony=testimony)


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def _new_id() -> str:
    return f"{now():%Y%m%dT%H%M%SZ}-{token_hex(3)}"


def who() -> str:
    """Who types: EFIT_USER, else the login name."""
    return os.environ.get("EFIT_USER") or getpass.getuser()


@dataclass(slots=True)
class NightState:
    """What a run needs of the ledger. Without one, or on a dry run, it remembers nothing and changes nothing.

    `repeats`: this very night was played to its end before; whoever it told has been told. `testimony`: what the
    witness has to say of the store.
    """

    settings: Settings
    ledger: Ledger | None
    writes: bool
    out: Path | None = None
    repeats: bool = False
    testimony: Testimony = field(default_factory=Testimony)
    run_id: str = field(default_factory=_new_id)
    begun: bool = False

    def baseline(self, names: Sequence[str], ceilings: Mapping[tuple[str, str, str], int]) -> Baseline:
        """What tonight's sources of these names are held against; `ceilings`: what a human let pass."""
        return baseline_of(self.ledger, names, ceilings) if self.ledger is not None else NOTHING_BEFORE

    def first_night(self) -> date | None:
        """The day of the installation's first night; None: it is tonight."""
        return self.ledger.first_night() if self.ledger is not None else None

    def begin(self, day: date, sources: Sequence[SourceReport], scope: Sequence[str]) -> None:
        """Open the run, or take up the one that was killed over the same inputs."""
        if self.ledger is None or not self.writes:
            return
        if self.begun:  # a file changed meanwhile: what was begun over the old one has failed
            self.run_id = _new_id()
        self.begun = True
        text = repr([(s.name, s.sha256, s.status.value) for s in sources] + list(scope))
        digest = hashlib.sha256(text.encode()).hexdigest()
        start = RunStart(self.run_id, day, digest, rules_digest(self.settings), software())
        same = (start.as_of, start.inputs_digest, start.rules_digest)
        ended = (run for run in self.ledger.runs(limit=30) if run.status in ("complete", "partial"))
        self.repeats = any((run.as_of, run.inputs_digest, run.rules_digest) == same for run in ended)
        self.run_id = self.ledger.begin_run(start, sources, now())

    def continue_last_run(self) -> str:
        """Go on in the name of the last run that ended: what is sent now is sent of its changes."""
        last = self._last_run()
        self.run_id = last.run_id if last else self.run_id
        return self.run_id

    @property
    def deactivations_wait(self) -> bool:
        """A workbook could not be heard in the last night that compared anything: the person may be in it."""
        runs = self.ledger.runs(limit=30) if self.ledger is not None else []
        last = next((run for run in runs if run.status in ("complete", "partial")), None)
        return bool(last and last.counts.get("waiting_deactivations"))

    def structures(self, day: date) -> dict[str, Structure]:
        """The structures of the annuaire as they stood on a day."""
        return self.ledger.annuaire_at(day)[1] if self.ledger is not None else {}

    def step(self, name: str, outcome: str = "done") -> None:
        """Record that a step is over."""
        if self.ledger is not None and self.writes:
            self.ledger.record_step(self.run_id, name, outcome, now())

    def states(self) -> dict[str, ChangeState]:
        """The changes as they stood before this run, so that a killed one plays again from where it began."""
        return self.ledger.states(without_run=self.run_id) if self.ledger is not None else {}

    def unchanged(self, sources: Sequence[SourceReport], evidence: Evidence) -> Unchanged:
        """What is as it was when other rules last used it; else nothing."""
        if self.ledger is None:
            return Unchanged()
        return unchanged_since(self.ledger, self.run_id, rules_digest(self.settings), sources, evidence)

    def recall(self, source: str) -> Extraction | None:
        """What was taken out of a national file last, if our readers are the same."""
        return self.ledger.extraction(source, reading_digest()) if self.ledger is not None else None

    def keep(self, found: Extraction) -> None:
        """Keep what was taken out of a national file for the next night."""
        if self.ledger is not None and self.writes:
            self.ledger.keep_extraction(found, reading_digest())

    def missed(self, day: date, present: Collection[str]) -> Mapping[str, Account]:
        """The accounts that were there and are missing from tonight's, as they last were, while that proves nothing."""
        return missing_of(self.ledger, day, present).accounts

    def missing(
        self, day: date, present: Collection[str], known: Mapping[str, ChangeState], digest: str = ""
    ) -> Missing:
        """Who is missing tonight, those included whom only an open change still knows; `digest` of the export."""
        concerned = {state.change.account_id or "" for state in known.values() if state.is_open}
        return missing_of(self.ledger, day, present, concerned, digest)

    def still_missing(self, day: date) -> Missing:
        """Who was missing from the last annuaire that was read."""
        return still_missing(self.ledger, day) if self.ledger is not None else Missing()

    def _last_run(self) -> RunRow | None:
        runs = self.ledger.runs(limit=30) if self.ledger is not None else []
        # a killed run is « failed »: it told nobody anything, and may have run with the new rules already
        played = (run for run in runs if run.run_id != self.run_id and run.status in ("complete", "partial", "held"))
        return next(played, None)

    def ceilings(self, run_id: str | None) -> dict[tuple[str, str, str], int]:
        """What a human lets pass: the holds of a run up to their counts. Raises ConfigurationError if it held none."""
        if run_id is None:
            return {}
        held = self.ledger.holds(run_id) if self.ledger is not None else []
        if not held:
            raise ConfigurationError([say("config.unknown_run", found=run_id)])
        return {(hold.post, hold.scope, hold.what): hold.count for hold in held}

    def release(self, held_run: str, ceilings: Mapping[tuple[str, str, str], int]) -> None:
        """Remember who let a held set out."""
        if self.ledger is None or not self.writes:
            return
        by = who()
        said = {(one.hold, one.by) for one in self.ledger.releases(held_run)}  # by this run, before it was killed
        for (post, scope, what), count in sorted(ceilings.items()):
            hold = Hold(post, scope, what, count, count)
            if (hold, by) not in said:
                self.ledger.release(held_run, hold, by, now())

    def record(
        self,
        world: World,
        day: date,
        lives: Lives,
        origins: Mapping[str, str],
        held: Sequence[Hold],
        missing: Missing,
    ) -> None:
        """Changes, events, the annuaire of the day, who is missing from it, and the holds."""
        if self.ledger is None or not self.writes:
            return
        self.ledger.record_absences(day, missing.absences, missing.accounts, missing.structures)
        known = {change.id: (change, slot_of(change), origins.get(change.id, "data")) for change in lives.open_changes}
        self.ledger.record_night(self.run_id, day, lives.events, known, world.accounts, world.structures, held, now())

    def words(self) -> list[Word]:
        """The installation's own words, whatever was answered."""
        return list(self.ledger.words().values()) if self.ledger is not None else []

    def record_words(self, found: Sequence[Word]) -> None:
        """These were shown to the administrator."""
        if self.ledger is not None and self.writes:
            self.ledger.record_words(found)

    def remember(self, world: World, sources: Sequence[SourceReport]) -> None:
        """What the next nights hold their sources against: those that were used, and what workbooks were about."""
        if self.ledger is None or not self.writes:
            return
        used = {one.name: footprint_of(one) for one in sources if one.usable}
        mentions: dict[str, frozenset[str]] = {}
        for scope in world.scopes:
            if scope.sure:
                mentions[spoken_for(scope)] = mentions.get(spoken_for(scope), frozenset()) | scope.mentioned
        self.ledger.remember_sources(used, mentions)

    def forgotten(self, known: Mapping[str, ChangeState], tonight: Sequence[Change]) -> dict[str, ChangeState]:
        """What a store put back from a backup has forgotten, and its witness knows to have been announced."""
        return regain(self.testimony.lost, known, tonight)

    def regain(self, forgotten: Mapping[str, ChangeState]) -> None:
        """Write it down again."""
        if self.ledger is not None and self.writes and forgotten:
            self.ledger.regain(self.run_id, forgotten, now())

    def record_witness(
        self, lost: Mapping[str, Announced] | None = None, about_to_be: Mapping[str, Announced] | None = None
    ) -> None:
        """Tell the witness where the store stands, what is still `lost`, and what is about to be announced."""
        if self.ledger is not None and self.writes:
            still = self.testimony.lost if lost is None else lost
            copies = {*self.testimony.copies, *([copy_in(self.out)] if self.out else [])}
            record_witness(self.settings, self.ledger, still, about_to_be, copies, night=True)

    def record_holds(self, held: Sequence[Hold]) -> None:
        """A night that waits as a whole: nothing but what it waits for."""
        if self.ledger is not None and self.writes:
            self.ledger.hold(self.run_id, held)

    def mail_sent(self, message_id: str) -> bool:
        """This very mail has left already."""
        return self.ledger is not None and self.ledger.mail_sent(message_id)

    def record_mail(
        self,
        message_id: str,
        updater: PostRef,
        listed: Sequence[Change],
        day: date,
        refusals: Sequence[Refusal] = (),
    ) -> None:
        """The mail left: its changes are known to their updater."""
        if self.ledger is None or not self.writes:
            return
        events = [Event(change.id, day, "new", "notified", "mail") for change in listed if change.status == "new"]
        ids = [change.id for change in listed]
        self.ledger.record_mail(self.run_id, message_id, updater, ids, events, now(), refusals, day)

    def record_failure(self, message_id: str, updater: PostRef, error: str) -> None:
        """The mail did not leave; another night sends it."""
        if self.ledger is not None and self.writes:
            self.ledger.record_mail_failure(self.run_id, message_id, updater, error, now())

    def record_sending(
        self, message_id: str, updater: PostRef, listed: Sequence[Change], day: date, lot: str, outbox: str
    ) -> None:
        """The mail is about to leave: written first, so that whoever comes after a kill does not send it again."""
        if self.ledger is not None and self.writes:
            ids = [change.id for change in listed]
            self.ledger.record_sending(self.run_id, message_id, updater, ids, now(), day, lot=lot, outbox=outbox)

    def record_unknown(self, message_id: str, updater: PostRef, listed: Sequence[Change], day: date) -> None:
        """The mail may have left; a human says."""
        if self.ledger is not None and self.writes:
            self.ledger.record_mail_unknown(self.run_id, message_id, updater, [c.id for c in listed], now(), day)

    def perhaps_told(self) -> dict[str, Told]:
        """Change id → the mail of another run that may have announced it: nobody knows whether it arrived."""
        rows = self.ledger.unknown_mails() if self.ledger is not None else []
        others = (row for row in rows if row.run_id != self.run_id)
        return {key: Told(row.day, row.updater, row.message_id) for row in others for key in row.change_ids}

    def unknown_mail(self, message_id: str, updater: PostRef, listed: Sequence[Change]) -> str:
        """The Message-ID of a mail that may have told this updater all of this already; "" when there is none.

        This very mail, or another that spoke of all these changes: a reminder a day older says nothing more.
        """
        ids = {change.id for change in listed}
        for row in self.ledger.unknown_mails() if self.ledger is not None else ():
            same = row.updater == updater and bool(ids) and ids <= set(row.change_ids)
            if row.message_id == message_id or same:
                return row.message_id
        return ""

    def refused_mails(self, day: date) -> list[MailRow]:
        """The mails of this run and day that left, but not for every recipient; a reminder has a day of its own."""
        found = self.ledger.refused_mails(self.run_id) if self.ledger is not None else []
        return [row for row in found if row.day == day]

    def finish(
        self, status: str, counts: Mapping[str, object], evidence: Evidence | None, sources: Sequence[SourceReport]
    ) -> None:
        """Close the run, and keep what its changes rested on; None where it did not look at everything."""
        if self.ledger is not None and self.writes:
            kept = to_keep(self.ledger, evidence, sources) if evidence else None
            self.ledger.finish_run(self.run_id, status, dict(counts), now(), kept)
