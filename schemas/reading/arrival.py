"""What is brought in from a server: where it is asked for, what was answered, what came of it, what is remembered."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

FURTHEST = timedelta(days=366)  # a stamp so long after a file was there is none: it would be the newest for years
SEAM = 4096  # bytes at most of what came that come once more when it is taken up, and have to be the same
_AT_REST = timedelta(seconds=60)
FileKind = Literal["zip", "gzip", "text", "page", "empty"]
ArrivalOutcome = Literal["fetched", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file is asked for, and how one proves to be oneself on either side.

    `ca_file`: the authority of the server, alone trusted then; "" for those of the machine. `timeout`: seconds without
    a byte.
    """

    url: str
    ca_file: str = ""
    certificate: str = ""
    key: str = ""
    timeout: float = 60.0

    @property
    def place(self) -> str:
        """« host:port », for messages: the rest of an address may hold a secret."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """The head of an answer. `name`: what the server calls the file; `begins`, `total`: of the part that it sends.

    `encoded`: what arrives is not what lies on the server, and cannot be taken up in its middle; `page`: it says to be
    one of the web; `date`: when it was sent, by the server's clock; `address`: who answered, wherever we were sent to.
    """

    status: int
    name: str = ""
    etag: str = ""
    last_modified: str = ""
    length: int | None = None
    begins: int | None = None
    total: int | None = None
    retry_after: str = ""
    encoded: bool = False
    page: bool = False
    date: str = ""
    address: str = ""

    @property
    def validator(self) -> str:
        """What tells that a file is still the same, byte by byte; "" where the server knows nothing of the kind: its
        tag is weak, or its file changed within the minute in which it answered (RFC 9110, 8.8.2.2 and 8.8.3).
        """
        if self.encoded:
            return ""
        if self.etag:
            return "" if self.etag.startswith("W/") else self.etag
        changed, sent = moment_of(self.last_modified), moment_of(self.date)
        return self.last_modified if changed and sent and sent - changed >= _AT_REST else ""

    def continues(self, begun: "ServerAnswer") -> bool:
        """Tell whether it goes on with what another answer began: of the same version, by the same server. A tag that
        was asked for is to be said again, a day may be left out (RFC 9110, 15.3.7).
        """
        same = self.etag == begun.etag if begun.etag else self.last_modified in ("", begun.last_modified)
        return same and not self.encoded and self.address in ("", begun.address)


def https_address(url: str) -> bool:
    """Tell whether it is an address of HTTPS with a host, and without a password in it."""
    try:
        parts = urlsplit(url.strip())
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def safe_address(url: str) -> bool:
    """Tell whether it is an address of HTTPS, or one that never leaves this machine."""
    try:
        parts = urlsplit(url.strip())
        here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False
    return https_address(url) or (here and "@" not in parts.netloc)


class Begun(BaseModel):
    """A file that was begun and not ended, noted beside what lies there of it: whence, which version, since when.

    `kept`: bytes that were on the disk when it was noted; `place`: of which file of which boot, that alone may be
    longer.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    answer: ServerAnswer
    begun_at: datetime
    kept: int = 0
    place: str = ""


class Extent(BaseModel):
    """How much one text holds: lines and bytes, inflated; `ended`: its last line has its end."""

    model_config = ConfigDict(frozen=True)

    rows: int
    size: int
    ended: bool = True


class Arrived(BaseModel):
    """A file that was brought in: by what it is known again, of when it is, how much each of its texts holds."""

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str
    size: int
    moment: datetime
    extents: dict[str, Extent] = Field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Of all its texts."""
        return sum(one.rows for one in self.extents.values())


class Memory(BaseModel):
    """What is known of one source's fetching; `files` from the oldest to the newest."""

    model_config = ConfigDict(frozen=True)

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    asked_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""
    files: tuple[Arrived, ...] = ()

    @property
    def newest(self) -> Arrived | None:
        """The last file that came."""
        return self.files[-1] if self.files else None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of an authority, a server or ours: whose it is, until when it holds."""

    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one source; `file`: the one that came, or the last one; `removed`: older ones of ours.

    `stranger`: the source is configured to look elsewhere than where the file lies. `remarks`: that, and what else is
    to be known of the file.
    """

    source: str
    outcome: ArrivalOutcome
    message: str = ""
    file: Arrived | None = None
    path: str = ""
    removed: tuple[str, ...] = ()
    stranger: bool = False
    may_pass: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """The source is read from an older file, because a newer one did not come."""
        return self.outcome == "failed"


def pattern_for(path: str) -> str:
    """Return a pattern that finds a file and those that will come after it, whatever stamp they bear."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + re.sub(r"\d{6,}", "*", name)


def retry_seconds(retry_after: str, now: datetime) -> float | None:
    """Return what a `Retry-After` asks for: a number of seconds, or a date; None for anything else."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    moment = moment_of(retry_after)
    return max(0.0, (moment - now).total_seconds()) if moment else None


def moment_of(text: str) -> datetime | None:
    """Return a date of a header, with its zone; None where it is none."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
