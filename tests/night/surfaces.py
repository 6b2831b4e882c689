"""Everything that people read of a night: page, sheets, mails, terminal and `run.json`, as text."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl

from tests.night.played import Installation


@dataclass(frozen=True, slots=True)
class Surfaces:
    """Of one night. `pages`: file → HTML; `sheets`: report → the words of its « Synthèse »; `mails`: by recipient."""

    pages: dict[str, str]
    sheets: dict[str, str]
    mails: dict[str, EmailMessage]
    status: str
    known: dict[str, Any]
    run: dict[str, Any]

    def texts(self) -> Iterator[tuple[str, str]]:
        """(surface, what is read on it), with plain spaces."""
        yield from ((name, spaced(page_text(text))) for name, text in self.pages.items())
        yield from ((name, spaced(text)) for name, text in self.sheets.items())
        for to, mail in self.mails.items():
            yield to, spaced("\n".join((str(mail["Subject"]), body(mail, "plain"), page_text(body(mail, "html")))))
        yield "status", spaced(self.status)


def surfaces(there: Installation, day: str) -> Surfaces:
    """Play the night of a day and gather what it leaves; the mails are those that it sent."""
    outbox = there.folder / "var" / "outbox"
    before = set(outbox.glob("*.eml"))
    there.run("sync", "--as-of", day)
    mails = [read_mail(path) for path in sorted(set(outbox.glob("*.eml")) - before)]
    out = there.folder / "out"
    return Surfaces(
        pages={path.name: path.read_text(encoding="utf-8") for path in (out / "dashboard").glob("*.html")},
        sheets={path.stem: summary_of(path) for path in (out / "reports").glob("*.xlsx")},
        mails={str(mail["To"]): mail for mail in mails},
        status=there.run("status", "--as-of", day)[1],
        known=there.json("status", "--as-of", day)[1],
        run=json.loads((out / "run.json").read_text(encoding="utf-8")),
    )


def spaced(text: str) -> str:
    """With plain spaces and apostrophes, on one line: as one searches in it."""
    return re.sub(r"\s+", " ", text.replace("’", "'"))


def page_text(page: str) -> str:
    """What is read of a page, without what is hidden in its head."""
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


def summary_of(report: Path) -> str:
    """Every cell of the first sheet, the numbers of its pictures too."""
    sheet = openpyxl.load_workbook(report)["Synthèse"]
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def cells_of(report: Path) -> list[list[Any]]:
    """The first sheet, row by row, without its empty cells."""
    sheet = openpyxl.load_workbook(report)["Synthèse"]
    rows = ([cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows())
    return [row for row in rows if row]


def read_mail(path: Path) -> EmailMessage:
    """As it is read on the other side."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    """« plain » or « html »."""
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())
