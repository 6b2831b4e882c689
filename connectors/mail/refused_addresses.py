"""The short mail that tells the administrator whom the mail server refused: counts and posts, no address."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from connectors.mail.envelope import envelope, environment, fix_boundaries, write_words
from schemas.nomenclatures import ADMIN_EFIT, post_said, say
from schemas.reports.mail import MailRow
from schemas.typography import say_count


def compose_notice(
    mails: Sequence[MailRow], *, sender: str, admin: str, sent_at: datetime, run_id: str
) -> EmailMessage:
    """Compose one mail for all refusals of a run; sender and admin are usable addresses. The same refusals are one
    mail.
    """
    subject = say("notice.subject", counts=say_count("count.refusal", sum(len(one.refusals) for one in mails)))
    digest = hashlib.sha256(json.dumps([one.message_id for one in mails]).encode()).hexdigest()
    addresses = Address(addr_spec=sender), Address(addr_spec=admin)
    message = envelope(*addresses, subject, sent_at=sent_at, name=ADMIN_EFIT, digest=digest)
    facts = {"subject": subject, "lines": [line for one in mails for line in _lines(one)], "run_id": run_id}
    write_words(message, environment(), "notice", facts)
    fix_boundaries(message, digest)
    return message


def _lines(mail: MailRow) -> list[str]:
    """« CRH-ST de la région 24 : adresse n° 2, code 550 », one per refusal."""
    post = post_said(mail.updater.post, mail.updater.scope)
    return [
        say("notice.line" if one.code else "notice.unusable", post=post, position=one.position, code=one.code)
        for one in sorted(mail.refusals)
    ]
