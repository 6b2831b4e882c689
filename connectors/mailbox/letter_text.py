"""The text of a mail, as plain lines, all of it: what its writer wrote and what they quote."""

import html
import re
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart

from connectors.mailbox.bounces import OURS, header_text

_LONGEST = 200_000  # characters of a page, tags and all
_TAGS = re.compile(r"<(?:style|script|head)\b.*?</(?:style|script|head)>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_QUOTE = re.compile(r"(?=<(?:blockquote|div id=\"(?:divRplyFwdMsg|appendonsend)\"|hr\b))", re.IGNORECASE)
_RULE = "\n________\n"  # above a quoted mail: what is written into that is told apart from ours
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>", re.IGNORECASE)
_MOST_FORWARDED = 5  # mails in a mail


def forwarded_in(message: EmailMessage) -> tuple[str, ...]:
    """Return the texts of the mails that it forwards; not of ours, which come back."""
    inner = [one for one in message.walk() if one is not message and isinstance(one, EmailMessage)]
    theirs = [one for one in inner if one["From"] and not OURS.search(header_text(one, "Message-ID"))]
    return tuple(text_of(one) or "" for one in theirs[:_MOST_FORWARDED])


def text_of(message: EmailMessage) -> str | None:
    """Return all of it, as plain text; None where it cannot be read, or is a file."""
    try:
        part = message.get_body(("plain", "html"))
        content = _content(part) if part is not None else ""
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, KeyError):
        return None
    if not isinstance(content, str) or (part is not None and part.get_filename()):
        return None
    plain = _plain(content) if part is not None and part.get_content_type() != "text/plain" else content
    page = message.get_body(("html",)) if not plain.strip() else None
    return text_of(page) if isinstance(page, EmailMessage) and page is not part else plain  # a text that was left empty


def _content(part: MIMEPart) -> object:
    """What it holds; by its bytes where it names a charset that is none: gateways write « unknown-8bit »."""
    try:
        return part.get_content()
    except LookupError:
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes):
            raise
    try:
        return raw.decode()
    except UnicodeDecodeError:
        is_text = 2 * sum(byte < 0x80 for byte in raw) > len(raw)
        return raw.decode("cp1252", "replace") if is_text else ""


def _plain(content: str) -> str:
    bare = re.sub(r"<[^>]*>", " ", _BREAKS.sub("\n", _QUOTE.sub(_RULE, _TAGS.sub(" ", content[:_LONGEST]))))
    return html.unescape(bare)
