"""An installation after its first night, and its mailbox on a real IMAP server."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from tests.connectors.test_letter_in import archive, letter, nested
from tests.mailboxes import IMAP_PASSWORD, Box
from tests.night.country import TODAY
from tests.night.played import Installation, fill, lines_of
from tests.outlook import compound, msg, winmail

REPORT = "CRH_ST-24.xlsx"
DAY = ("--as-of", TODAY.isoformat())


class House:
    """An installation after its first night, and its mailbox."""

    def __init__(self, there: Installation, post: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there, self.post = there, post
        monkeypatch.setenv("EFIT_MAIL__MAILBOX_PASSWORD", IMAP_PASSWORD)
        text = there.config.read_text(encoding="utf-8").replace('inbox = "inbox"\n', "")
        text += f'mailbox = "{post.url}"\nmailbox_ca_file = "{post.authority.file}"\n'
        there.config.write_text(text, encoding="utf-8")
        self.filled = 0

    @property
    def holder(self) -> str:
        """An address of the CRH-ST of region 24."""
        changes = self.there.changeset()["changes"]
        found = next(c["updater"]["recipients"] for c in changes if c["updater"]["scope"] == "24")
        return str(found[0])

    def answered(self, decision: str = "Fait") -> tuple[bytes, str]:
        """(the report with the next line answered, the change)."""
        sheet, key = lines_of(self.there.reports / REPORT)[self.filled]
        self.filled += 1
        target = self.there.folder / f"retour-{self.filled}.xlsx"
        fill(self.there.reports / REPORT, target, (sheet, key, decision, None, ""))
        return target.read_bytes(), key

    def arrives(self, message: EmailMessage, sender: str = "", flags: str = "") -> None:
        del message["From"]
        message["From"] = sender or self.holder
        self.post.put(message.as_bytes(), flags)

    def collect(self) -> tuple[int, Any]:
        code, found = self.there.json("decisions", *DAY)
        return code, found

    def status(self, change_id: str) -> str:
        with self.there.store() as store:
            return store.states()[change_id].status

    @property
    def outbox(self) -> list[str]:
        """The mails of ours that are no reports."""
        found = (
            path.read_text(encoding="utf-8").replace("=\n", "")
            for path in (self.there.folder / "var" / "outbox").glob("*RETOURS*")
        )
        return sorted(found)

    @property
    def receipts(self) -> list[str]:
        """Subject and text of each, as they are read."""
        found = sorted((self.there.folder / "var" / "outbox").glob("RETOURS-*"))
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
        texts = [f"{one['Subject']}\n{one.get_body(('plain',)).get_content()}" for one in mails]  # type: ignore[union-attr]
        return [re.sub(r"\s+", " ", text) for text in texts]


def numbered(message: EmailMessage, number: int) -> EmailMessage:
    """A mail of its own: another subject, another Message-ID."""
    for name, value in (("Subject", f"réponse {number}"), ("Message-ID", f"<{number}@example.org>")):
        del message[name]
        message[name] = value
    return message


FORMS: dict[str, Callable[[bytes], EmailMessage]] = {
    "workbook": lambda book: letter((REPORT, book)),
    "mail in a mail": lambda book: nested(letter((REPORT, book)), 2),
    "eml": lambda book: letter(("r.eml", letter((REPORT, book)).as_bytes())),
    "msg": lambda book: letter(("r.msg", compound(msg((REPORT, book))))),
    "zip": lambda book: letter(("r.zip", archive(**{REPORT: book}))),
    "winmail.dat": lambda book: letter(("winmail.dat", winmail(REPORT, book))),
}


def our_mail(house: House) -> str:
    """The Message-ID of the report that went to the CRH-ST of region 24."""
    path = next((house.there.folder / "var" / "outbox").glob("CRH_ST-24*"))
    line = next(one for one in path.read_text(encoding="utf-8").splitlines() if one.startswith("Message-ID"))
    return line.partition("<")[2].rstrip(">")
