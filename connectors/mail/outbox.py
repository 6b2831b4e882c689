"""A folder of `.eml` files: where mails go when there is no server, and where one looks at them."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from connectors.system.private_file import write_private
from schemas.errors import DeliveryError
from schemas.nomenclatures import CHV_ST_ETS_POST, CRH_ST_POST, say

# `<CRH_ST-24.9f3c…@…>`: what `connectors.mail.letter` puts before the digest
_LETTERS = (f"{CRH_ST_POST}-", f"{CHV_ST_ETS_POST}-")
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
    """Tell whether the mail is in the folder, whole."""
    return (folder / outbox_name(message_id)).exists()


@dataclass(frozen=True, slots=True)
class OutboxLetter:
    """A mail that lies in the folder, and when it left."""

    name: str
    sent_at: datetime


def unknown_letters(folder: Path, known: Iterable[str], since: datetime) -> list[OutboxLetter]:
    """Return the letters to updaters that are none of the `known` Message-IDs and left after a moment, the first one
    first.

    What goes to the administrator is no letter here: alarms and notices are nobody's report.
    """
    names = {outbox_name(one) for one in known}
    others = (path for path in folder.glob("*.eml") if path.name.startswith(_LETTERS) and path.name not in names)
    found = [OutboxLetter(path.name, left) for path in others if (left := _sent_at(path)) and left > since]
    return sorted(found, key=lambda one: (one.sent_at, one.name))


def _sent_at(path: Path) -> datetime | None:
    try:
        with path.open("rb") as file:
            left = parsedate_to_datetime(str(BytesHeaderParser().parse(file)["Date"]))
    except (OSError, ValueError):
        return None
    return left if left.tzinfo else None


def outbox_name(message_id: str) -> str:
    """Return `<post>-<scope>-<hash of the Message-ID>.eml`, the same for the same mail."""
    updater = _UPDATER.match(message_id)
    digest = hashlib.sha256(message_id.encode()).hexdigest()[:16]
    return f"{updater[1] if updater else 'mail'}-{digest}.eml"
