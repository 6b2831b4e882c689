"""The mail to the holder of a card: about their own card and nothing else, with its end for their calendar."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from connectors.mail.calendar_entry import DAYS_BEFORE, day_entry
from connectors.mail.envelope import envelope, environment, fix_boundaries, write_words
from schemas.nomenclatures import say
from schemas.reports.mail import HolderMail

NAME = "HOLDER"


def compose_holder(
    mail: HolderMail, *, sender: str, reply_to: Sequence[str], to: str, sent_at: datetime
) -> EmailMessage:
    """Compose one mail for one card and one of its days: the same said twice is the same mail. Addresses are usable
    ones.
    """
    digest = hashlib.sha256("|".join((mail.account_id, mail.ends_on.isoformat(), str(mail.days))).encode()).hexdigest()
    origin = Address(addr_spec=sender)
    message = envelope(origin, Address(addr_spec=to), mail.subject, sent_at=sent_at, name=NAME, digest=digest)
    message["Reply-To"] = [Address(addr_spec=one) for one in reply_to]
    write_words(message, environment(), "holder", {"mail": mail, "subject": mail.subject})
    if mail.to_come:
        _add_day(message, mail, origin.domain, sent_at)
    fix_boundaries(message, digest)
    return message


def _add_day(message: EmailMessage, mail: HolderMail, domain: str, sent_at: datetime) -> None:
    about = hashlib.sha256(f"{mail.account_id}|{mail.ends_on}".encode()).hexdigest()[:32]
    description = "\n".join(mail.steps)
    reminds = mail.days > DAYS_BEFORE  # by the night's day, as everything the mail says
    uid = f"{about}@{domain}"
    entry = day_entry(mail.ends_on, say("holder.entry"), description, uid=uid, stamp=sent_at, reminds=reminds)
    told = {"method": "PUBLISH", "charset": "utf-8"}
    message.add_attachment(entry.encode(), "text", "calendar", filename=say("holder.file"), params=told)
