"""A workbook that could not be used whole is told to the one who keeps it, in their next mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from flows.night.nightly import Night, run_night
from flows.run.request import Request
from schemas.nomenclatures import rows
from tests.night.small import ADMIN, Files, settings_of, write_files
from tests.spec.tables import ASSISTANT, CRH, ES, SITE, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
CRH_24 = Person(201, "PREMIER-FICTIF", "Ode")
CHV_ETS = Person(202, "SECOND-FICTIF", "Noé")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
AT_SITE = Person(205, "CINQUIEME-FICTIF", "Éva")
REST = [Person(210 + at, f"AUTRE{at}-FICTIF", "Ida") for at in range(6)]
ETS = "ETS-CPDL"
PEOPLE = [(CRH_24, "24", CRH), (CHV_ETS, ETS, TITULAIRE), (CHV, ES, TITULAIRE), (AT_SITE, SITE, TITULAIRE)]
PEOPLE += [(one, ES, ASSISTANT) for one in REST]
REGION, ETS_BOOK = "regions/24.csv", "ets/cpdl.csv"
ENDING = "2026-12-10"


def files(*ending: Person) -> Files:
    """A country in order, but for the cards of some people."""
    books: dict[str, list[Line]] = {REGION: [], ETS_BOOK: []}
    for who, at, role in PEOPLE:
        books[ETS_BOOK if at in (ETS, SITE) else REGION].append(row(who, at, role))
    held = [card(who, ENDING if who in ending else "2028-05-31") for who, _, _ in PEOPLE]
    accounts = [account(*place) for place in PEOPLE]
    return Files(accounts, books, [registered(who) for who, _, _ in PEOPLE], held)


def night(root: Path, found: Files, spoil: str = "", content: bytes = b"", at: int = 0) -> Night:
    day = DAY + timedelta(days=at)
    write_files(root, found, day)
    if spoil:
        (root / spoil).write_bytes(content)
    settings = settings_of(root)
    books = tuple(one for one in settings.workbook if one.path in found.books)
    settings = settings.model_copy(update={"workbook": books}).at(root)
    return run_night(settings, Request(day, root / "out"))


def mails(root: Path) -> dict[str, str]:
    """Address → what was written to it, in the last mail."""
    found = {}
    for path in sorted((root / "var/outbox").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found[str(message["To"])] = " ".join(body.get_content().replace("\xa0", " ").split())
    return found


UNREADABLE = [b"", b"\x00\x01\x02\x03" * 50, b"Nom;Fonction\nX;CHV-ST\n"]


@pytest.mark.parametrize("content", UNREADABLE)
def test_who_keeps_a_workbook_that_cannot_be_read_is_told_so_in_their_next_mail(tmp_path: Path, content: bytes) -> None:
    night(tmp_path, files(CHV), REGION, content)
    told = mails(tmp_path)
    assert f"Votre classeur {REGION} n’a pas pu être lu cette nuit" in told[CRH_24.email]
    assert "personne ne perd d’accès" in told[CRH_24.email]


def test_nobody_else_is_told(tmp_path: Path) -> None:
    night(tmp_path, files(CHV, AT_SITE), ETS_BOOK, b"\x00\x01")
    told = mails(tmp_path)
    assert f"Votre classeur {ETS_BOOK}" in told[CHV_ETS.email]
    assert "Votre classeur" not in told[CRH_24.email]
    assert "Votre classeur" not in told[ADMIN]


def test_no_mail_leaves_for_that_alone(tmp_path: Path) -> None:
    night(tmp_path, files(), REGION, b"\x00\x01")
    assert CRH_24.email not in mails(tmp_path)
    night(tmp_path, files(CHV), REGION, b"\x00\x01", at=1)
    assert "Votre classeur" in mails(tmp_path)[CRH_24.email]


def test_a_workbook_that_is_read_again_is_told_of_no_more(tmp_path: Path) -> None:
    night(tmp_path, files(), REGION, b"\x00\x01")
    night(tmp_path, files(CHV), at=1)
    assert "Votre classeur" not in mails(tmp_path)[CRH_24.email]


def test_who_keeps_a_workbook_that_lost_its_rows_is_told_that_it_ends_nobody(tmp_path: Path) -> None:
    night(tmp_path, files())
    whole = files(CHV)
    half: Sequence[Line] = list(whole.books[REGION] or ())[:3]
    night(tmp_path, replace(whole, books={**whole.books, REGION: half}), at=1)
    assert f"Votre classeur {REGION} n’est pas entier" in mails(tmp_path)[CRH_24.email]


def test_who_keeps_a_workbook_where_somebody_may_stand_unseen_is_told_why(tmp_path: Path) -> None:
    found = files(CHV)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    labels = {line["field"]: line["label"] for line in rows("workbook_columns")}
    sheet.append(list(labels.values()))
    for line in found.books[REGION] or ():
        sheet.append([line.cells.get(name, "") for name in labels])
    sheet.cell(sheet.max_row, list(labels).index("comment") + 1, "=A1")  # saved by a program that computes nothing
    content = BytesIO()
    book.save(content)
    night(tmp_path, found, REGION, content.getvalue())
    told = mails(tmp_path)[CRH_24.email]
    assert f"Votre classeur {REGION} n’a pas pu être lu en entier : 1 cellule avec une formule jamais calculée" in told
    assert "il ne met fin à aucun accès" in told
