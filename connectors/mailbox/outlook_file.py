"""Outlook's own form of a mail, a .msg: its texts, who sent it, what stands in it."""

import io
from collections.abc import Iterator
from email.utils import getaddresses

import olefile

from connectors.mailbox.bounces import BROKEN, OURS

# Of an attachment: its content and its two names.
DATA = "__substg1.0_37010102"
NAMES = ("__substg1.0_3707", "__substg1.0_3704")
_SENDERS = ("__substg1.0_5d01", "__substg1.0_5d02", "__substg1.0_0c1f", "__substg1.0_0065")
_LONGEST = 32_000  # characters of a text
_BODY, _ID = "__substg1.0_1000", "__substg1.0_1035"


def text(ole: "olefile.OleFileIO", path: list[str]) -> str:
    """Return a text of it: UTF-16 (001F) or of an old page of code (001E)."""
    raw: bytes = ole.openstream(path).read()
    return raw.decode("utf-16-le" if path[-1].upper().endswith("001F") else "cp1252", "replace").strip("\x00")


def sender(content: bytes) -> str:
    """Return who sent it, by its SMTP address; "" where it has another kind."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            found = (one for key in _SENDERS for one in _named(ole, key))
            return next((_address(written) for one in found if "@" in (written := text(ole, one))), "")
    except BROKEN:
        return ""


def bodies(ole: "olefile.OleFileIO") -> Iterator[str]:
    """Yield its text, with the mail that it answers; nothing of a mail of ours, saved as it came."""
    if any(OURS.search(text(ole, one)) for one in _named(ole, _ID)):
        return
    yield from (text(ole, one)[:_LONGEST] for one in _named(ole, _BODY))


def _named(ole: "olefile.OleFileIO", key: str) -> Iterator[list[str]]:
    """The streams of the mail itself, none of what is attached to it."""
    entries = ole.listdir(streams=True, storages=False)
    yield from (path for path in entries if len(path) == 1 and path[0].lower().startswith(key))


def _address(written: str) -> str:
    found = [address for _, address in getaddresses([written]) if "@" in address]
    return found[0].lower() if len(found) == 1 else ""
