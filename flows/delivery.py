"""Each report on its way: sealed, attached or left where it lies, and its mail put into the outbox once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.letter import Mode, compose
from connectors.outbox import deliver
from connectors.sealed import seal
from flows.settings import Settings
from schemas.change import PostRef
from schemas.errors import ConfigurationError, DeliveryError
from schemas.nomenclatures import say
from schemas.report import Report

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one updater's mail. `told`: it lies in the outbox, put there now (`sent`) or before."""

    updater: PostRef
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


def deliver_reports(settings: Settings, reports: Sequence[Report], out: Path) -> tuple[Delivery, ...]:
    """One mail per report with a change; one that cannot leave does not keep the others."""
    secrets = passwords(settings)
    folder = settings.path(settings.mail.outbox or "")
    sent_at = datetime.now(PARIS)
    return tuple(_deliver(settings, report, out, folder, secrets.get(report.name, ""), sent_at) for report in reports)


def _deliver(settings: Settings, report: Report, out: Path, folder: Path, password: str, sent_at: datetime) -> Delivery:
    mail = settings.mail
    mode: Mode = "none" if mail.attachments == "encrypted" and not password else mail.attachments
    path = out / "reports" / report.file_name
    try:
        message = compose(
            replace(report, recipients=allowed(report.recipients, mail.allowed_domains)),
            sender=mail.sender,
            admin=mail.admin or "",
            sent_at=sent_at,
            mode=mode,
            attachment=_attachment(path, mode, password),
            attachment_name=path.name,
            report_place=str(path.resolve()),
            reply_to=mail.sender,
        )
        sent = deliver(message, folder)
    except DeliveryError as error:
        return Delivery(report.updater, told=False, error=str(error))
    return Delivery(report.updater, told=True, sent=sent)


def allowed(recipients: Sequence[str], domains: Sequence[str]) -> tuple[str, ...]:
    """The addresses of the allowed domains; all of them when no domain is named."""
    kept = {domain.lower() for domain in domains}
    return tuple(one for one in recipients if not kept or one.rpartition("@")[2].lower() in kept)


def _attachment(path: Path, mode: Mode, password: str) -> bytes | None:
    if mode == "none":
        return None
    data = path.read_bytes()
    return seal(data, password) if mode == "encrypted" else data
