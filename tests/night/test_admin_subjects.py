"""What the administrator reads in the subject: the cause first, and never « 0 ligne à corriger » (contract §6a)."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.night.commanded import BOOK_24, Service
from tests.spec.tables import Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(20)]
ACCOUNTS, ROWS = [account(who) for who in STAFF], [row(who) for who in STAFF]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A first night over a country that agrees with itself."""
    made = Service(tmp_path)
    made.write(ACCOUNTS, ROWS)
    assert made.night()[0] == 0
    made.write(ACCOUNTS, ROWS)
    return made


def letter(service: Service) -> tuple[str, str]:
    """(subject, text) of the administrator's only mail."""
    (path,) = (service.folder / "var" / "outbox").glob("ADMIN_EFIT-*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body
    return str(message["Subject"]).replace("\u00a0", " "), body.get_content().replace("\u00a0", " ").replace("’", "'")


def check(service: Service, expected: str) -> None:
    subject, text = letter(service)
    assert expected in subject
    assert len(subject) < 60
    assert "à corriger" not in subject
    assert "restent hors de la comparaison" not in " ".join(text.split())


def test_an_account_that_vanished_is_the_subject(service: Service) -> None:
    service.write(ACCOUNTS[1:], ROWS)
    assert service.night()[0] == 0
    check(service, "1 compte disparu")


def test_a_workbook_that_is_missing_is_the_subject(service: Service) -> None:
    service.file(BOOK_24).unlink()
    assert service.night()[0] == 3
    check(service, "sans classeur 24.csv")


def test_a_workbook_that_was_cut_is_the_subject(service: Service) -> None:
    service.cut(BOOK_24, 0.6)
    assert service.night()[0] == 3
    check(service, "classeur 24.csv à vérifier")


def test_several_troubles_are_counted_where_they_are_too_long(service: Service) -> None:
    service.write(ACCOUNTS[1:], ROWS)
    service.file(BOOK_24).unlink()
    service.file("regions/52.csv").write_bytes(b"")
    assert service.night()[0] == 3
    subject, _ = letter(service)
    assert "2 points à vérifier" in subject or "compte disparu" in subject
