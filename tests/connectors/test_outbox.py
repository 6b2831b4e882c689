"""The outbox keeps a mail once, whole, for its owner."""

import stat
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.mail.outbox import deliver
from schemas.errors import DeliveryError


def mail(message_id: str = "<CRH_ST-24.0123abcd@example.org>", text: str = "Bonjour") -> EmailMessage:
    message = EmailMessage()
    if message_id:
        message["Message-ID"] = message_id
    message["Subject"] = "Essai"
    message.set_content(text)
    return message


def test_a_mail_is_put_down_once_however_often_it_is_delivered(tmp_path: Path) -> None:
    outbox = tmp_path / "var" / "outbox"
    assert deliver(mail(), outbox)
    assert not deliver(mail(text="encore"), outbox)
    (path,) = outbox.iterdir()
    assert path.name.startswith("CRH_ST-24-")
    assert path.suffix == ".eml"
    assert b"Bonjour" in path.read_bytes()


def test_the_outbox_is_for_its_owner_alone(tmp_path: Path) -> None:
    deliver(mail(), tmp_path / "a" / "b")
    (path,) = (tmp_path / "a" / "b").iterdir()
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]


def test_another_mail_is_another_file(tmp_path: Path) -> None:
    for message_id in (
        "<CRH_ST-24.aa@example.org>",
        "<CRH_ST-24.bb@example.org>",
        "<../../evil@example.org>",
    ):
        assert deliver(mail(message_id), tmp_path / "outbox")
    assert len(list((tmp_path / "outbox").iterdir())) == 3
    assert [each.name for each in tmp_path.iterdir()] == ["outbox"]


def test_a_mail_without_an_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="identifiant"):
        deliver(mail(""), tmp_path)


def test_a_folder_that_cannot_be_made_is_said_in_french(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError, match="Impossible d’écrire"):
        deliver(mail(), tmp_path / "file" / "outbox")
