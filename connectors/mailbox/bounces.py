"""The mails of ours that did not reach somebody, as Postfix, Exchange, Exim or qmail say it, or any server in words."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses
from functools import cache

from schemas.reports.letterbox import Bounce
from schemas.table_words import words_where
from schemas.words import fold

OURS = re.compile(r"<((?:RETOURS-)?(?:ADMIN_EFIT|CRH_ST|CHV_ST_ETS)[A-Z0-9_-]*\.[0-9a-f]{32}@[^<>\s]+)>")
# What comes of a file or a mail that is none, or damaged.
BROKEN = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, LookupError, zlib.error, struct.error)
_UNEXPLAINED = "5.0.0"  # RFC 3463: failed for good, nobody says why
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.-])([45])\d\d[ -]")  # RFC 5321: « 550 No such user »
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MOST_READ = 20_000  # signs of a text
_MOST_NAMED = 20  # addresses in it


def header_text(message: Message, name: str) -> str:
    """Return a header as text; "" where it is missing or nothing that can be read."""
    try:
        return str(message.get(name, ""))
    except (MessageError, *BROKEN, AttributeError, TypeError):
        return ""


def by_a_server(message: EmailMessage) -> bool:
    """Tell whether a mail server wrote it, and nobody: by its sender, its way back or its subject."""
    local = header_text(message, "From").rpartition("<")[2].partition("@")[0].strip().strip('"').lower()
    subject = fold(header_text(message, "Subject"))
    return (
        local in _words("sender")
        or header_text(message, "Return-Path").strip() == "<>"
        or any(subject.startswith(words) for words in _words("subject"))
    )


@cache
def _words(where: str) -> frozenset[str]:
    return frozenset(map(fold, words_where("bounce_words", where=where)))


def bounces_of(message: EmailMessage) -> Iterator[Bounce]:
    """Return whom a mail of ours did not reach (RFC 3464, as Exim says it in a text, or as any server does in words); a
    mere delay is none.
    """
    failed = header_text(message, "X-Failed-Recipients")
    is_report = message.get_content_type() == "multipart/report"
    if not is_report and not failed and not by_a_server(message):
        return
    parts = list(message.walk())
    # Exchange may leave out the mail, and names it as what it answers
    quoted = [
        *map(_original_id, parts[1:] or parts),
        header_text(message, "In-Reply-To"),
        header_text(message, "References"),
    ]
    ours = next((found[1] for text in quoted if (found := OURS.search(text))), "")
    if is_report:
        yield from _reported(parts, ours)
    elif failed:
        for _, recipient in getaddresses([failed]):
            yield Bounce(ours, recipient.lower(), _UNEXPLAINED)
    elif ours:
        yield from _told(message, parts, ours)


def _reported(parts: Sequence[Message], ours: str) -> Iterator[Bounce]:
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        payload = part.get_payload()
        for block in payload if isinstance(payload, list) else []:
            if isinstance(block, Message) and header_text(block, "Action").strip().lower() == "failed":
                recipient = header_text(block, "Final-Recipient").rpartition(";")[2].strip().lower()
                yield Bounce(ours, recipient, header_text(block, "Status").strip())


def _told(message: EmailMessage, parts: Sequence[Message], ours: str) -> Iterator[Bounce]:
    """What a text says: the addresses in it, and the code; one that speaks of a delay alone is none."""
    text = next((text for part in parts if (text := _text(part))), "")[:_MOST_READ]
    said = text.partition(ours)[0] or text  # behind it stands the mail that did not arrive
    codes = _CODE.findall(said) or [f"{one}.0.0" for one in _REPLY.findall(said)]
    lasting = next((one for one in codes if one.startswith("5")), "")
    if codes and not lasting:
        return
    own = header_text(message, "From").lower()
    named = dict.fromkeys(one.lower() for one in _ADDRESS.findall(said) if one.lower() not in own)
    for recipient in list(named)[:_MOST_NAMED]:
        yield Bounce(ours, recipient, lasting or _UNEXPLAINED, in_words=True)


def _text(part: Message) -> str:
    if part.get_content_maintype() != "text":
        return ""
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _original_id(part: Message) -> str:
    """The Message-ID that a part of a bounce quotes: of the mail itself, of its headers alone, or in the text."""
    return f"{header_text(part, 'Message-ID')}\n{_text(part)}"  # a mail cut behind its headers is a text
