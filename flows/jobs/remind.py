"""`remind`: what was announced long ago and still waits, told again from our own state; no source is read.

The night reminds as well; this goes out when the nights are held, or a register is missing for a week.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.delivery.deliver import deliver_reports
from flows.delivery.way_out import check_mail
from flows.night.outputs import write_reports
from flows.run.days import day_or_today
from flows.run.log import Log, file_log
from flows.run.out import check_out
from flows.run.request import Request
from flows.run.run import Run, Steps, opened
from flows.settings.load import load_settings
from flows.settings.model import Settings
from flows.settings.signing import keyring
from flows.state.check_installation import check_installation
from flows.state.open_secrets import said_before
from flows.state.opened import store_exists
from flows.state.remarks import heard
from flows.state.witness import check_not_vanished, far_ahead
from flows.terminal.console import print_json, progress, stdout
from flows.terminal.folding import complain
from pipelines.lifecycle.advance import overdue
from pipelines.lifecycle.pending import pending
from pipelines.reports.mailing.sending import going_out
from pipelines.reports.night_reports import lot_of, remembered
from pipelines.reports.report import build_reports
from schemas.changes.change import Change
from schemas.changes.lifecycle import ChangeState
from schemas.errors import ConfigurationError, StoreBehindError
from schemas.nomenclatures import say
from schemas.reports.delivery import Delivery
from schemas.reports.report import Report


@dataclass(frozen=True, slots=True)
class Reminders:
    """What was due, and what became of the mails; `late`: what is late and was reminded of already, the `last` time."""

    changes: tuple[Change, ...]
    deliveries: tuple[Delivery, ...]
    late: int = 0
    last: date | None = None

    @property
    def failed(self) -> bool:
        """A mail did not leave."""
        return any(one.error for one in self.deliveries)


def play_remind(config: Path, *, as_of: str | None, out: Path | None, as_json: bool) -> int:
    """Remind now. 0 done, 3 a mail did not leave (contract §1)."""
    check_out(out)
    settings = load_settings(config)
    day = day_or_today(as_of)
    check_installation(settings)
    complain(said_before(settings))
    with progress() as tell, file_log(settings.state_folder) as sink:
        reminders = remind(settings, day, out or settings.root / "out", Steps(tell=tell, log=Log((sink,))))
    complain(sink.remarks)
    if as_json:
        print_json({"changes": len(reminders.changes), "deliveries": [one.summary() for one in reminders.deliveries]})
    else:
        _print(reminders, settings.policy.remind_after_days)
    return 3 if reminders.failed else 0


def remind(settings: Settings, day: date, out: Path, steps: Steps | None = None) -> Reminders:
    """Send one mail per updater with something overdue; its report is in `<out>/reminders/reports`.

    A mail is recorded as the night records it: the next night does not remind again, nor does this when run twice.
    Raises RunInProgressError while a night is at work, ConfigurationError when no night has been played,
    StoreBehindError when the store is older than its witness, or the day far ahead.
    """
    check_mail(settings)
    check_not_vanished(settings)
    if not store_exists(settings):
        raise ConfigurationError([say("store.none", path=settings.store.url)])
    request = Request(day, out / "reminders")
    with opened(settings, request, steps or Steps(), witnessed=False) as run:
        if doubt := run.state.testimony.doubt:
            raise StoreBehindError(doubt.message)
        if ahead := far_ahead(settings, run.state.store.last_night(), day):
            raise StoreBehindError(ahead)
        states = run.state.states()  # before it goes on in a run's name
        changes = _due(run, states)
        run.steps.log.run = run.state.continue_last_run()
        if not changes:
            return _reminded(states, day, settings.policy.remind_after_days)
        run.steps.say("step.report")
        made = _reports(run, changes, heard(run.state.store, states, day).answers)
        _, reports = write_reports(made, run.out, run.steps)
        run.steps.say("step.deliver")
        deliveries = deliver_reports(run, going_out(reports, ()), changes, run.out)
        run.state.record_witness()
        run.steps.log("remind", changes=len(changes), mails=sum(one.sent for one in deliveries))
    return Reminders(changes, deliveries)


def _due(run: Run, states: Mapping[str, ChangeState]) -> tuple[Change, ...]:
    """What is overdue, and rests on nobody of whom nothing is known; of a post that was written to today, nothing: its
    next mail is for another day.
    """
    late = overdue(states, run.day, run.settings.policy.remind_after_days)
    written = {state.told_to.name for state in states.values() if state.told_to and state.told_on == run.day}
    missing, waits = run.state.still_missing(run.day), run.state.deactivations_wait
    return tuple(
        change
        for change in late
        if change.updater.name not in written
        and not missing.doubtful(change)
        and not (waits and change.kind == "deactivate_account")
    )


def _reminded(states: Mapping[str, ChangeState], day: date, days: int) -> Reminders:
    """Nothing to remind of: what is late, its updaters were told of again not long ago."""
    late = sum(one.overdue for one in pending(states.values(), day, days))
    told = (one.told_on for one in states.values() if one.is_open and one.told_on)
    return Reminders((), (), late, max(told, default=None))


def _reports(run: Run, changes: Sequence[Change], answers: Mapping[str, str]) -> Iterator[Report]:
    return build_reports(
        changes,
        as_of=run.day,
        lot=lot_of(changes, run.day),
        structures=run.state.structures(run.day),
        rejects=(),
        notices={},
        sign=keyring(run.settings).signer(write=True),
        overdue=[change.id for change in changes],
        accesses=remembered(changes, run.day, run.state.past_runs, "reminder"),
        answers=answers,
    )


def reminders_text(reminders: Reminders, days: int) -> str:
    """Return what was done; or why there was nothing to do."""
    if not reminders.changes and reminders.late and reminders.last:
        return say("reminder.already", count=reminders.late, date=f"{reminders.last:%d/%m/%Y}", days=days)
    if not reminders.changes:
        return say("reminder.none", days=days)
    sent = sum(one.sent for one in reminders.deliveries)
    return say("reminder.done", count=sent, changes=len(reminders.changes), days=days)


def _print(reminders: Reminders, days: int) -> None:
    console = stdout()
    console.print(reminders_text(reminders, days))
    for one in reminders.deliveries:
        if one.error:
            console.print(one.error, markup=False)
