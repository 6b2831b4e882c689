"""A folder of `.eml` files: where mails go when there is no server, and where one looks at them."""

import hashlib
import re
from email.message import EmailMessage
from pathlib import Path

from connectors.private_file import write_private
from schemas.errors import DeliveryError
from schemas.nomenclatures import say

# `<CRH_ST-24.9f3c…@…>`: what `connectors.mail.letter` puts before the digest
_UPDATER = re.compile(r"<([A-Za-z0-9_-]+)\.[0-9a-f]+@")


def deliver(message: EmailMessage, folder: Path) -> bool:
    """Put the mail into the folder; False when it is there already, so that a crashed run never sends twice.

    Raises DeliveryError when it has no Message-ID, or when the disk or the rights refuse.
    """
    if not message["Message-ID"]:
        raise DeliveryError(say("mail.no_message_id"))
    if is_in_outbox(str(message["Message-ID"]), folder):
        return False
    write_private(folder / outbox_name(str(message["Message-ID"])), message.as_bytes())
    return True


def is_in_outbox(message_id: str, folder: Path) -> bool:
    """The mail is in the folder, whole."""
    return (folder / outbox_name(message_id)).exists()


def outbox_name(message_id: str) -> str:
    """`<post>-<scope>-<hash of the Message-ID>.eml`, the same for the same mail."""
    updater = _UPDATER.match(message_id)
    digest = hashlib.sha256(message_id.encode()).hexdigest()[:16]
    return f"{updater[1] if updater else 'mail'}-{digest}.eml"
