"""The mail that goes with a report: counts and what to do, never a person's name or number (contract §9)."""

import hashlib
import json
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from schemas.errors import DeliveryError
from schemas.nomenclatures import ADMIN_EFIT, CRH_ST_POST, say
from schemas.report import Report
from schemas.typography import say_count, typeset
from schemas.words import clean

Mode = Literal["encrypted", "none", "plain"]
LONGEST_SUBJECT = 60
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: bool(name) and ".html" in str(name),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def compose(
    report: Report,
    *,
    sender: str,
    admin: str,
    sent_at: datetime,
    mode: Mode,
    attachment: bytes | None = None,
    attachment_name: str = "",
    report_place: str = "",
    reply_to: str = "",
    escalation: str = "",
    run_id: str = "",
) -> EmailMessage:
    """The mail to one updater, text and HTML, with the report when there is an attachment.

    `mode`: « encrypted » (`attachment` is sealed: say that a password is needed), « plain », or « none » (say
    that the report lies at `report_place`). `sent_at` carries its time zone. A report without a usable
    address goes to `admin`. `escalation`: why it goes to somebody else than its updater, said first; `run_id`: the
    run that sends it. The Message-ID depends on the updater and the content alone (changes, statuses,
    reminders; rejects where there is no change): the same content twice is one mail.

    Raises DeliveryError when neither sender nor recipient is usable.
    """
    message = EmailMessage(policy=SMTP)
    from_address = usable_address(sender)
    if from_address is None:
        raise DeliveryError(say("mail.bad_sender", found=clean(sender)))
    recipients = [found for text in report.recipients if (found := usable_address(text))]
    digest = _digest(report)
    message["From"] = from_address
    message["To"] = recipients or _fallback(admin, report)
    message["Reply-To"] = usable_address(reply_to) or from_address
    message["Subject"] = subject(report)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<{report.name}.{digest[:32]}@{from_address.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    facts = _facts(report, mode if attachment else "none", report_place, admin)
    facts |= {"escalation": escalation, "run_id": run_id}
    text = typeset(TEMPLATES.get_template("letter.txt.j2").render(facts))
    message.set_content(text, cte="quoted-printable")
    html = TEMPLATES.get_template("letter.html.j2").render(facts)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if attachment:
        maintype, subtype = XLSX
        name = clean(attachment_name) or report.file_name
        message.add_attachment(attachment, maintype, subtype, filename=name)
    _fix_boundaries(message, digest)
    return message


def subject(report: Report) -> str:
    """« e-FIT région 24 : 3 accès menacés, 12 mises à jour », under 60 characters; a reminder says so."""
    others = report.total - report.access
    counts = [say_count("count.access", report.access)] if report.access else []
    counts += [say_count("count.update", others)] if others else []
    counts = counts or [say_count("count.correction", len(report.rejects))]
    for kept in (counts, counts[:1]):
        line = say("mail.subject", reminder=_reminder(report), scope=_scope(report), counts=", ".join(kept))
        if len(line) < LONGEST_SUBJECT:
            break
    return typeset(line)


def _reminder(report: Report) -> str:
    return say("mail.reminder") if report.overdue and not report.fresh else ""


def _scope(report: Report) -> str:
    if report.updater.post == ADMIN_EFIT:
        return say("mail.admin")
    if report.updater.post == CRH_ST_POST:
        return say("mail.region", code=report.updater.scope)
    return report.updater.scope


def usable_address(text: str) -> Address | None:
    """The address, None when it is none: line ends and stray text are refused before they reach a header."""
    try:
        found = Address(addr_spec=text.strip())
    except (ValueError, IndexError, HeaderParseError):  # what the standard library says of « a@ » and « @b »
        return None
    plain = found.addr_spec.isascii() and found.addr_spec.isprintable() and "." in found.domain
    return found if plain and found.username else None


def _fallback(admin: str, report: Report) -> list[Address]:
    found = usable_address(admin)
    if found is None:
        raise DeliveryError(say("mail.no_recipient", post=report.addressee))
    return [found]


def _digest(report: Report) -> str:
    """Of the updater and the content; the lot and the hour are left out, so that a repeated run is seen."""
    content: list[Any] = [report.name, sorted(report.statuses.items()), report.overdue, report.born]
    if report.notices:  # a source missing or a set held: said each night it lasts, once a night
        content += [report.as_of.isoformat(), len(report.notices)]
    if not report.statuses:
        content += [[reject.source, reject.location, reject.message] for reject in report.rejects]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _facts(report: Report, mode: Mode, report_place: str, admin: str) -> dict[str, Any]:
    """What the templates may say: counts, places and contacts, no line of the report."""
    at_stake = say_count("count.consequence", report.access)
    return {
        "addressee": report.addressee,
        "admin": admin,
        "as_of": f"{report.as_of:%d/%m/%Y}",
        "consequence": at_stake if report.access else say("report.no_access_at_stake"),
        "counts": report.counts,
        "access": report.access,
        "total": report.total,
        "fresh": report.fresh,
        "overdue": len(report.overdue),
        "deadlines": report.deadlines,
        "rejects": len(report.rejects),
        "notices": report.notices,
        "help_lines": report.help_lines,
        "lot": report.lot,
        "mode": mode,
        "report_place": report_place,
        "subject": subject(report),
    }


def _fix_boundaries(message: EmailMessage, digest: str) -> None:
    """Boundaries that do not change from run to run: the same mail is the same file."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for rank, part in enumerate(parts):
        part.set_boundary(f"=_{digest[:24]}_{rank}")
