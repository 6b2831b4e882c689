"""Mails that somebody saved as files, in the order in which they were sent: the last one is the last word."""

from collections.abc import Sequence
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path


def in_order_sent(paths: Sequence[Path]) -> list[Path]:
    """Return the files in the order they are given; mails alone in the order they were sent."""
    if not all(path.suffix.lower() == ".eml" and path.is_file() for path in paths):
        return list(paths)
    return sorted(paths, key=sent_at)


def sent_at(path: Path) -> float:
    """Return when a saved mail was sent; of any other file when it was written."""
    written = path.stat().st_mtime
    if path.suffix.lower() != ".eml":
        return written
    try:
        with path.open("rb") as mail:
            sent = parsedate_to_datetime(str(BytesHeaderParser().parse(mail)["Date"]))
    except (OSError, TypeError, ValueError, IndexError):
        return written
    return min(sent.timestamp(), written)
