"""The mails of ours that did not reach somebody, as mail servers say it: Postfix, Exchange, Exim."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses

from schemas.reports.letterbox import Bounce

OURS = re.compile(r"<((?:RETOURS-)?(?:ADMIN_EFIT|CRH_ST|CHV_ST_ETS)[A-Z0-9_-]*\.[0-9a-f]{32}@[^<>\s]+)>")
# What comes of a file or a mail that is none, or damaged.
BROKEN = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, LookupError, zlib.error, struct.error)


def header_text(message: Message, name: str) -> str:
    """Return a header as text; "" where it is missing or nothing that can be read."""
    try:
        return str(message.get(name, ""))
    except (MessageError, *BROKEN, AttributeError, TypeError):
        return ""


def bounces_of(message: EmailMessage) -> Iterator[Bounce]:
    """Return whom a mail of ours did not reach (RFC 3464, or as Exim says it in a text); a mere delay is none."""
    failed = header_text(message, "X-Failed-Recipients")
    if message.get_content_type() != "multipart/report" and not failed:
        return
    parts = list(message.walk())
    # Exchange may leave out the mail, and names it as what it answers
    quoted = [
        *map(_original_id, parts[1:] or parts),
        header_text(message, "In-Reply-To"),
        header_text(message, "References"),
    ]
    ours = next((found for text in quoted if (found := OURS.search(text))), None)
    if message.get_content_type() != "multipart/report":
        for _, recipient in getaddresses([failed]):
            yield Bounce(
                ours[1] if ours else "", recipient.lower(), "5.0.0"
            )  # RFC 3463: failed for good, nobody says why
        return
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        payload = part.get_payload()
        for block in payload if isinstance(payload, list) else []:
            if isinstance(block, Message) and header_text(block, "Action").strip().lower() == "failed":
                recipient = header_text(block, "Final-Recipient").rpartition(";")[2].strip().lower()
                yield Bounce(ours[1] if ours else "", recipient, header_text(block, "Status").strip())


def _original_id(part: Message) -> str:
    """The Message-ID that a part of a bounce quotes: of the mail itself, of its headers alone, or in the text."""
    if part.get_content_maintype() == "text":
        payload = part.get_payload(decode=True)
        return payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
    return header_text(part, "Message-ID")
