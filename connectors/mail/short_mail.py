"""A short mail in plain words, about one event: a return from an unknown address, a mail of ours that came back."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from connectors.mail.envelope import envelope
from schemas.words import clean


def compose_word(
    subject: str, lines: Sequence[str], *, sender: str, to: Sequence[str], name: str, about: str, sent_at: datetime
) -> EmailMessage:
    """Return text only; the same event (`about`) told to the same people is one mail."""
    digest = hashlib.sha256("\n".join([subject, about, *sorted(to)]).encode()).hexdigest()
    addresses = [Address(addr_spec=one) for one in to]
    message = envelope(Address(addr_spec=sender), addresses, clean(subject), sent_at=sent_at, name=name, digest=digest)
    message.set_content("\n\n".join(lines) + "\n", cte="quoted-printable")
    return message
