"""The short mail that tells the administrator whom the mail server refused: counts and posts, no address."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from schemas.mail import MailRow
from schemas.nomenclatures import say
from schemas.typography import say_count

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: bool(name) and ".html" in str(name),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(t=say)


def compose_notice(
    mails: Sequence[MailRow], *, sender: str, admin: str, sent_at: datetime, run_id: str
) -> EmailMessage:
    """One mail for all refusals of a run; sender and admin are usable addresses. The same refusals are one mail."""
    message = EmailMessage(policy=SMTP)
    from_address = Address(addr_spec=sender)
    subject = say("notice.subject", counts=say_count("count.refusal", sum(len(one.refusals) for one in mails)))
    digest = hashlib.sha256(json.dumps([one.message_id for one in mails]).encode()).hexdigest()
    message["From"] = from_address
    message["To"] = Address(addr_spec=admin)
    message["Subject"] = subject
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<ADMIN_EFIT.{digest[:32]}@{from_address.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    facts = {"subject": subject, "lines": [line for one in mails for line in _lines(one)], "run_id": run_id}
    message.set_content(TEMPLATES.get_template("notice.txt.j2").render(facts), cte="quoted-printable")
    html = TEMPLATES.get_template("notice.html.j2").render(facts)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{digest[:24]}_0")
    return message


def _lines(mail: MailRow) -> list[str]:
    """« CRH-ST de la région 24 : adresse n° 2, code 550 », one per refusal."""
    post = say(f"post.{mail.updater.post}", scope=mail.updater.scope)
    return [
        say("notice.line" if one.code else "notice.unusable", post=post, position=one.position, code=one.code)
        for one in sorted(mail.refusals)
    ]
