"""Each report on its way: sealed, attached or left where it lies, and its mail put into the outbox once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.letter import Mode, compose
from connectors.outbox import deliver
from connectors.sealed import seal
from flows.settings import Settings
from flows.state import NightState
from flows.steps import Do, Step, Trouble, plainly
from pipelines.upgrade import RULES
from schemas.change import Change, PostRef
from schemas.errors import ConfigurationError, DeliveryError
from schemas.nomenclatures import say
from schemas.report import Report
from schemas.safeguard import Hold

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one updater's mail. `told`: it lies in the outbox, put there now (`sent`) or before."""

    updater: PostRef
    change_ids: tuple[str, ...]
    told: bool
    sent: bool = False
    error: str = ""

    def summary(self) -> dict[str, Any]:
        """As `run.json` has it: no address, no name."""
        return {**self.updater.model_dump(), "told": self.told, "sent": self.sent, "error": self.error}


def passwords(settings: Settings) -> Mapping[str, str]:
    """Report name (`CRH_ST-11`) → password, of the TOML file of `mail.passwords_file`.

    Raises ConfigurationError when the file is named and cannot be read.
    """
    name = settings.mail.passwords_file
    if name is None:
        return {}
    try:
        found = tomllib.loads(settings.path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError([say("config.passwords", path=name)]) from error
    return {key: value for key, value in found.items() if isinstance(value, str) and value}


def check_mail(settings: Settings) -> None:
    """Raises ConfigurationError for what would stop the mails, before anything is written."""
    if settings.mail.smtp_url or not settings.mail.outbox:
        raise ConfigurationError([say("config.smtp")])
    passwords(settings)


def deliver_reports(
    settings: Settings,
    reports: Sequence[Report],
    changes: Sequence[Change],
    held: Sequence[Hold],
    out: Path,
    day: date,
    state: NightState,
    do: Do = plainly,
) -> tuple[Delivery, ...]:
    """One mail per report that says something new or overdue; one that cannot leave does not keep the others.

    What has left is recorded at once, mail by
    mail: a run killed between the outbox and the record finds its mail in the outbox and sends no second.
    """
    secrets = passwords(settings)
    found = {change.id: change for change in changes}
    done = []
    for report in going_out(reports, held):
        work = partial(_deliver, settings, report, found, out, secrets.get(report.name, ""), day, state)
        delivery = do(Step("mail", report.name), work, unsent)
        state.step(f"deliver:{report.name}", "failed" if delivery.error else "done")
        done.append(delivery)
    return tuple(done)


def unsent(delivery: Delivery) -> Trouble | None:
    """A mail that did not leave; what may pass by itself the door has tried again already."""
    updater = say(f"post.{delivery.updater.post}", scope=delivery.updater.scope)
    return Trouble(say("mail.unsent", updater=updater)) if delivery.error else None


def going_out(reports: Sequence[Report], held: Sequence[Hold]) -> tuple[Report, ...]:
    """The reports that are mailed: something new or overdue, not held; the administrator's also for a notice.

    When all that is new or overdue is held, nothing is sent (contract §1, exit code 4).
    """
    waiting = {(hold.post, hold.scope) for hold in held if hold.post and hold.what != RULES}
    free = [one for one in reports if (one.updater.post, one.updater.scope) not in waiting]
    if waiting and not any(one.fresh or one.overdue for one in free):
        return ()
    return tuple(one for one in free if one.fresh or one.overdue or one.notices)


def _deliver(
    settings: Settings,
    report: Report,
    changes: Mapping[str, Change],
    out: Path,
    password: str,
    day: date,
    state: NightState,
) -> Delivery:
    mine = (report.updater.post, report.updater.scope)
    own = [changes[key] for key in sorted(report.statuses)]
    own = [change for change in own if (change.updater.post, change.updater.scope) == mine]
    ids = tuple(change.id for change in own)
    try:
        message = _message(settings, report, out, password)
    except DeliveryError as error:
        return Delivery(report.updater, ids, told=False, error=str(error))
    message_id = str(message["Message-ID"])
    if state.mail_sent(message_id):
        return Delivery(report.updater, ids, told=True)
    try:
        sent = deliver(message, settings.path(settings.mail.outbox or ""))
    except DeliveryError as error:
        state.record_failure(message_id, report.updater, str(error))
        return Delivery(report.updater, ids, told=False, error=str(error))
    reminded = {key for key, _ in report.overdue}
    announced = [change for change in own if change.status == "new" or change.id in reminded]
    state.record_mail(message_id, report.updater, announced, day)
    return Delivery(report.updater, ids, told=True, sent=sent)


def _message(settings: Settings, report: Report, out: Path, password: str) -> EmailMessage:
    mail = settings.mail
    mode: Mode = "none" if mail.attachments == "encrypted" and not password else mail.attachments
    path = out / "reports" / report.file_name
    return compose(
        replace(report, recipients=allowed(report.recipients, mail.allowed_domains)),
        sender=mail.sender,
        admin=mail.admin or "",
        sent_at=datetime.now(PARIS),
        mode=mode,
        attachment=_attachment(path, mode, password),
        attachment_name=path.name,
        report_place=str(path.resolve()),
        reply_to=mail.sender,
    )


def allowed(recipients: Sequence[str], domains: Sequence[str]) -> tuple[str, ...]:
    """The addresses of the allowed domains; all of them when no domain is named."""
    kept = {domain.lower() for domain in domains}
    return tuple(one for one in recipients if not kept or one.rpartition("@")[2].lower() in kept)


def _attachment(path: Path, mode: Mode, password: str) -> bytes | None:
    if mode == "none":
        return None
    data = path.read_bytes()
    return seal(data, password) if mode == "encrypted" else data
