"""The mailbox that reports come back to: IMAP over TLS, its certificate always verified.

Nothing is marked as read, changed or removed but what is moved away, one mail at a time.
"""

import hashlib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError, LoginError

from connectors.system.closing import Closing
from schemas.errors import MailboxError, NotMovedError
from schemas.nomenclatures import say
from schemas.reports.letterbox import Mailbox

_AT_ONCE = 500  # heads asked for in one word
_KNOWN_BY = b"MESSAGE-ID DATE FROM SUBJECT"
_FIELD = re.compile(rb"^(message-id|date|from|subject)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")


def mark_of(mail: bytes) -> str:
    """Return what a mail, or its head alone, is known again by on any server; "" without a Message-ID."""
    head = _HEAD_ENDS.split(mail, 1)[0]
    fields = {(name.lower(), b" ".join(value.split())) for name, value in _FIELD.findall(head)}
    if not any(name == b"message-id" and value for name, value in fields):
        return ""
    return hashlib.sha256(b"\n".join(name + b":" + value for name, value in sorted(fields))).hexdigest()[:32]


@dataclass(slots=True)
class MailboxLine(Closing):
    """The open folder of a mailbox. Raises MailboxError in French for whatever the server does not do.

    `uid_next`: the number that the next mail will have; 0 where the server does not say.
    """

    mailbox: Mailbox
    uid_validity: int = field(init=False, default=0)
    uid_next: int = field(init=False, default=0)
    _imap: IMAPClient = field(init=False)
    _prefix: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self._imap = _connected(self.mailbox)
        try:
            with _telling(self.mailbox):
                chosen = self._imap.select_folder(self.mailbox.folder)
                self.uid_validity = int(chosen.get(b"UIDVALIDITY", 0))
                self.uid_next = int(chosen.get(b"UIDNEXT", 0))
                self._prefix = self._personal_prefix()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Say goodbye, if anybody is there."""
        try:
            self._imap.logout()
        except (IMAPClientError, OSError):
            with suppress(IMAPClientError, OSError):
                self._imap.shutdown()

    def since(self, uid: int) -> dict[int, int]:
        """Return UID → bytes, of the mails from this UID on, the oldest first."""
        with _telling(self.mailbox):
            uids = [one for one in self._imap.search(["UID", f"{max(uid, 1)}:*", "NOT", "DELETED"]) if one >= uid]
            found = self._imap.fetch(uids, ["RFC822.SIZE"]) if uids else {}
            return {one: int(found[one][b"RFC822.SIZE"]) for one in sorted(uids) if one in found}

    def marks(self, uids: Sequence[int]) -> dict[int, str]:
        """Return UID → what the mail is known again by, of those that are there."""
        found: dict[int, str] = {}
        asked = b"BODY.PEEK[HEADER.FIELDS (" + _KNOWN_BY + b")]"
        with _telling(self.mailbox):
            for first in range(0, len(uids), _AT_ONCE):
                answers = self._imap.fetch(uids[first : first + _AT_ONCE], [asked])
                for uid, parts in answers.items():
                    heads = (value for key, value in parts.items() if key.startswith(b"BODY[HEADER.FIELDS"))
                    found[uid] = mark_of(next((bytes(one) for one in heads if one), b""))
        return found

    def read(self, uid: int) -> bytes:
        """Return the whole mail as it came; it stays unread."""
        with _telling(self.mailbox):
            found: dict[int, dict[bytes, Any]] = self._imap.fetch([uid], ["BODY.PEEK[]"])
            return bytes(found.get(uid, {}).get(b"BODY[]", b""))

    def move(self, uid: int, folder: str) -> None:
        """Move it into a folder of its own name, made where it is not there yet; no other mail is touched.

        Raises NotMovedError where the server refuses that and stays.
        """
        target = self._prefix + folder
        with _telling(self.mailbox, folder):
            if not self._imap.folder_exists(target):
                self._imap.create_folder(target)
                self._imap.subscribe_folder(target)
            if self._imap.has_capability("MOVE"):
                self._imap.move([uid], target)
                return
            self._imap.copy([uid], target)
            self._imap.delete_messages([uid], silent=True)
            if self._imap.has_capability("UIDPLUS"):  # without it the mail stays, marked: EXPUNGE takes others along
                self._imap.uid_expunge([uid])

    def _personal_prefix(self) -> str:
        """What a folder of ours begins with: « INBOX. » on some servers."""
        if not self._imap.has_capability("NAMESPACE"):
            return ""
        personal = self._imap.namespace().personal
        return str(personal[0][0]) if personal else ""


def probe(mailbox: Mailbox) -> None:
    """Connect, log in, open the folder, and leave. Raises MailboxError."""
    with MailboxLine(mailbox):
        return


def _connected(mailbox: Mailbox) -> IMAPClient:
    try:
        context = ssl.create_default_context(cafile=mailbox.ca_file or None)
    except OSError as error:  # an SSLError too: no certificate in it
        raise MailboxError(say("config.mailbox_ca_file", path=mailbox.ca_file)) from error
    with _telling(mailbox):
        imap = IMAPClient(mailbox.host, mailbox.port, ssl=True, ssl_context=context, timeout=mailbox.timeout)
    try:
        with _telling(mailbox):
            if mailbox.token:
                imap.oauth2_login(mailbox.user, mailbox.token)
            else:
                imap.login(mailbox.user, mailbox.password)
    except BaseException:
        with suppress(IMAPClientError, OSError):
            imap.shutdown()
        raise
    return imap


@contextmanager
def _telling(mailbox: Mailbox, into: str = "") -> Iterator[None]:
    """What the library raises, as our error; the server's own words are not repeated: they may quote a password.

    `into`: the folder that one mail is being moved to.
    """
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailboxError(say("mailbox.certificate", place=mailbox.place, code=error.verify_code)) from error
    except LoginError as error:
        broken = isinstance(error.__context__, IMAPClientAbortError)  # the line went while it was asked
        refused = "mailbox.login_token" if mailbox.token else "mailbox.login"
        raise MailboxError(say("mailbox.unreachable" if broken else refused, place=mailbox.place)) from None
    except IMAPClientReadOnlyError as error:
        raise MailboxError(say("mailbox.read_only", place=mailbox.place, folder=mailbox.folder)) from error
    except IMAPClientAbortError as error:  # the line is gone
        raise MailboxError(say("mailbox.unreachable", place=mailbox.place)) from error
    except IMAPClientError as error:
        if into:
            raise NotMovedError(say("mailbox.not_moved", place=mailbox.place, folder=into)) from error
        raise MailboxError(say("mailbox.refused", place=mailbox.place, folder=mailbox.folder)) from error
    except OSError as error:
        raise MailboxError(say("mailbox.unreachable", place=mailbox.place)) from error
