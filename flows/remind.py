"""`remind`: what was announced long ago and still waits, told again from our own state; no source is read.

The night reminds as well; this goes out when the nights are held, or a register is missing for a week.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.astray import check_installation
from flows.configuration import load_settings
from flows.days import day_or_today
from flows.delivery import Delivery, deliver_reports
from flows.heard import heard
from flows.log import Log, Logged, file_log
from flows.outputs import write_reports
from flows.reporting import lot_of, remembered
from flows.settings import Settings
from flows.signing import signer
from flows.state import NightState, night_state
from flows.steps import Do, plainly
from flows.store import store_exists
from flows.telling import Tell
from flows.terminal.console import print_json, progress, stdout
from flows.way_out import check_mail
from pipelines.life import overdue
from pipelines.pending import pending
from pipelines.report import build_reports
from schemas.change import Change
from schemas.errors import ConfigurationError, StoreBehindError
from schemas.lifecycle import ChangeState
from schemas.nomenclatures import say
from schemas.report import Report


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
    settings = load_settings(config)
    day = day_or_today(as_of)
    check_installation(settings)
    with progress() as tell, file_log(settings) as sink:
        reminders = remind(settings, day, out or settings.root / "out", tell, log=Log((sink,)))
    if as_json:
        print_json({"changes": len(reminders.changes), "deliveries": [one.summary() for one in reminders.deliveries]})
    else:
        _print(reminders, settings.policy.remind_after_days)
    return 3 if reminders.failed else 0


def remind(settings: Settings, day: date, out: Path, tell: Tell, do: Do = plainly, log: Log | None = None) -> Reminders:
    """One mail per updater with something overdue; its report is in `<out>/reminders/reports`.

    A mail is recorded as the night records it: the next night does not remind again, nor does this when run twice.
    Raises RunInProgressError while a night is at work, ConfigurationError when no night has been played,
    StoreBehindError when the store is older than its witness.
    """
    check_mail(settings)
    if not store_exists(settings):
        raise ConfigurationError([say("store.none", path=settings.store.url)])
    log = log or Log()
    do = Logged(do, log)
    with night_state(settings, dry_run=False) as state:
        if doubt := state.testimony.doubt:
            raise StoreBehindError(doubt.message)
        states = state.states()  # before it goes on in a run's name
        late = overdue(states, day, settings.policy.remind_after_days)
        missing, waits = state.still_missing(day), state.deactivations_wait
        changes = tuple(
            change
            for change in late
            if not missing.doubtful(change) and not (waits and change.kind == "deactivate_account")
        )
        log.run = state.continue_last_run()
        if not changes:
            return _reminded(states, day, settings.policy.remind_after_days)
        answers = heard(state.ledger, states, day).answers
        reports = _reports(settings, changes, answers, day, state)
        tell(say("step.report"), 0, 0)
        write_reports(reports, out / "reminders", do)
        tell(say("step.deliver"), 0, 0)
        deliveries = deliver_reports(settings, reports, changes, (), out / "reminders", day, state, do)
        state.record_witness()
    log("remind", changes=len(changes), mails=sum(one.sent for one in deliveries))
    return Reminders(changes, deliveries)


def _reminded(states: Mapping[str, ChangeState], day: date, days: int) -> Reminders:
    """Nothing to remind of: what is late, its updaters were told of again not long ago."""
    late = sum(one.overdue for one in pending(states.values(), day, days))
    told = (one.told_on for one in states.values() if one.is_open and one.told_on)
    return Reminders((), (), late, max(told, default=None))


def _reports(
    settings: Settings, changes: Sequence[Change], answers: Mapping[str, str], day: date, state: NightState
) -> tuple[Report, ...]:
    return build_reports(
        changes,
        as_of=day,
        lot=lot_of(changes, day),
        structures=state.structures(day),
        rejects=(),
        notices={},
        sign=signer(settings, write=True),
        overdue=[change.id for change in changes],
        accesses=remembered(changes, day, state, "reminder"),
        answers=answers,
    )


def reminders_text(reminders: Reminders, days: int) -> str:
    """What was done; or why there was nothing to do."""
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
