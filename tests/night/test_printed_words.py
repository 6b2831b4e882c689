"""What the sample night prints, mails and writes is set as French is, wherever it is read."""

import email
import email.policy
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from tests.night.played import Installation

STRAIGHT = re.compile(r"\b[a-zàâéèêîôû]+'[a-zàâéèêîôûhy«{]", re.IGNORECASE)
BREAKING = re.compile(r"[^\s] [:;?!»%€](?=\s|$|[).,])|« ", re.MULTILINE)
BRACKETS = re.compile(r"\w\((?:s|e|x|es|aux)\)")


class Text(HTMLParser):
    """The words of a page, without its styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.aside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the signature is the parser's
        self.aside = self.aside or tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.aside = self.aside and tag not in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.aside and data.strip():
            self.words.append(data)


def words_of(html: str) -> list[str]:
    page = Text()
    page.feed(html)
    return page.words


def cells_of(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]


def mails_of(folder: Path) -> list[str]:
    found: list[str] = []
    for path in sorted(folder.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text
        assert html
        found += [str(message["Subject"]), *text.get_content().splitlines(), *words_of(html.get_content())]
    return found


@pytest.fixture(scope="module")
def written(first_night: Installation) -> dict[str, list[str]]:
    """Every text a person meets after the first night, by the place where it is met."""
    out = first_night.folder / "out"
    return {
        "mails": mails_of(first_night.folder / "var" / "outbox"),
        "reports": [text for path in sorted((out / "reports").glob("*.xlsx")) for text in cells_of(path)],
        "pages": [text for path in sorted((out / "dashboard").glob("*.html")) for text in words_of(path.read_text())],
        "status": first_night.run("status", "--as-of", "2026-11-22")[1].splitlines(),
        "history": first_night.run("history", "--as-of", "2026-11-22")[1].splitlines(),
        "doctor": first_night.run("doctor")[1].splitlines(),
    }


PLACES = ["mails", "reports", "pages", "status", "history", "doctor"]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_read_is_set_as_french_is(written: dict[str, list[str]], place: str, values: str) -> None:
    texts = written[place]
    assert len(texts) > 10
    assert [text for text in texts if BREAKING.search(text)] == []
    assert [text for text in texts if BRACKETS.search(text)] == []
    assert [text for text in texts if any(found not in values for found in STRAIGHT.findall(text))] == []


@pytest.fixture(scope="module")
def values(first_night: Installation) -> str:
    """What people wrote themselves, with their own apostrophes: it is shown as it stands."""
    return "\n".join(cells_of(first_night.folder / "efit" / "export.xlsx"))
