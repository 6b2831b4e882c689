"""A mailbox that reports come back to: imaps://user@host:993/INBOX; and a mail taken apart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import unquote, urlsplit

from schemas.nomenclatures import say

LetterKind = Literal["letter", "automatic", "bounce"]
PORT = 993


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where, who, which folder. `ca_file`: the private authority of its certificate, alone trusted then.

    `token`: takes the place of the password.
    """

    host: str
    port: int
    user: str
    folder: str = "INBOX"
    password: str = ""
    ca_file: str = ""
    timeout: float = 30.0
    token: str = ""

    def __repr__(self) -> str:
        """As `place`: a password never reaches a log by way of a repr."""
        return f"Mailbox({self.place})"

    @property
    def place(self) -> str:
        """« host:port », for messages."""
        return f"{self.host}:{self.port}"


def mailbox_of(url: str) -> Mailbox:
    """Return the mailbox of an address. Raises ValueError in French; the address is not repeated: it may hold a
    password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ValueError(say("mailbox.url")) from error
    if parts.password is not None:
        raise ValueError(say("mailbox.password_in_url"))
    if parts.scheme != "imaps" or not parts.hostname or not parts.username or parts.query or parts.fragment:
        raise ValueError(say("mailbox.url"))
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Mailbox(parts.hostname, port or PORT, unquote(parts.username), folder)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that a mail holds, however deep."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours that did not reach somebody: which, whom, the code (« 5.1.1 »).

    `in_words`: the address stands somewhere in a text, and may be another's.
    """

    message_id: str
    recipient: str
    code: str
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail taken apart: who sent it, what kind it is, the workbooks in it; `answers`: mails it is about.

    `too_deep`: something in it was not opened, for its depth or size; `own`: its text with what it quotes, None where
    that cannot be read; `forwarded`, `notes`: those of the mails and notes in it; `text`: what is said in all of them
    (`pipelines/lifecycle/decisions/mails/heard.py`); `key`: its Message-ID, else a digest of it; `passed_over`: the
    names of the files in it that nobody can read answers from, a photo or a PDF; `sent`: when its writer sent it, by
    its own clock.
    """

    sender: str
    message_id: str
    kind: LetterKind
    enclosures: tuple[Enclosure, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    answers: tuple[str, ...] = ()
    too_deep: bool = False
    subject: str = ""
    own: str | None = None
    forwarded: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    text: str = ""
    key: str = ""
    passed_over: tuple[str, ...] = ()
    sent: datetime | None = None
