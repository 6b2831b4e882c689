"""A signed mail: judged by openssl, which shares nothing with what signs."""

import shutil
import subprocess
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from connectors.mail.letter import compose
from connectors.mail.smime import Signature, read_signature, sign
from connectors.mail.smtp import SmtpLine
from pipelines.reports.report import build_reports
from schemas.errors import DeliveryError
from schemas.reports.smtp_server import SmtpServer
from tests.invented_changes import DAY, LOT, STRUCTURES, invented_changes
from tests.invented_changes import sign as signed_token
from tests.mail_servers import HOST, Authority, mail_server, new_authority
from tests.patience import patient

SENDER = "annuaire@example.org"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl judges the signature")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def signature(authority: Authority) -> Signature:
    certificate, key = authority.signed(SENDER, mail=True, password="clé")
    return read_signature(certificate, key, "clé")


@pytest.fixture(scope="module")
def letter() -> EmailMessage:
    """A whole one: text, HTML and an attachment, accents everywhere."""
    made = build_reports(
        invented_changes(), as_of=DAY, lot=LOT, structures=STRUCTURES, rejects=(), notices={}, sign=signed_token
    )
    sent_at = datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
    return compose(
        next(made),
        sender=SENDER,
        admin="admin@example.org",
        sent_at=sent_at,
        mode="plain",
        attachment=b"PK\x00\n.\r\n" * 99,
    )


def judged(content: bytes, authority: Authority, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "mail.eml"
    path.write_bytes(content)
    words = ["smime", "-verify", "-in", str(path), "-CAfile", str(authority.file), "-out", str(folder / "inside")]
    return subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)


def parts(message: Message) -> list[tuple[str, bytes]]:
    """Each part as it is read: its type and its content, line ends apart."""
    found = [part for part in message.walk() if not part.is_multipart()]
    return [(one.get_content_type(), bytes(one.get_payload(decode=True)).replace(b"\r\n", b"\n")) for one in found]


@needs_openssl
def test_a_signed_mail_is_known_to_come_from_its_sender(
    letter: EmailMessage, signature: Signature, authority: Authority, tmp_path: Path
) -> None:
    verdict = judged(sign(letter, signature).as_bytes(), authority, tmp_path)
    assert verdict.returncode == 0, verdict.stderr
    inside = message_from_bytes((tmp_path / "inside").read_bytes(), policy=policy.default)
    sent = message_from_bytes(letter.as_bytes(), policy=policy.default)
    assert parts(inside) == parts(sent)
    assert len(parts(sent)) == 3


@needs_openssl
def test_a_signature_holds_after_a_mail_server_has_had_it_in_its_hands(
    letter: EmailMessage, signature: Signature, authority: Authority, tmp_path: Path
) -> None:
    with mail_server() as post, SmtpLine(SmtpServer(HOST, post.port, "none", timeout=patient(5))) as line:
        line.send(sign(letter, signature), lambda: None)
    content = post.taken[0].content
    assert isinstance(content, bytes)
    assert judged(content, authority, tmp_path).returncode == 0


@needs_openssl
def test_a_signed_mail_that_was_altered_is_found_out(
    letter: EmailMessage, signature: Signature, authority: Authority, tmp_path: Path
) -> None:
    content = sign(letter, signature).as_bytes()
    assert b"Annuaire e-FIT" in content
    verdict = judged(content.replace(b"Annuaire e-FIT", b"Annuaire e-FAT"), authority, tmp_path)
    assert verdict.returncode != 0


def test_a_signed_mail_keeps_its_headers_and_its_id(letter: EmailMessage, signature: Signature) -> None:
    read = message_from_bytes(sign(letter, signature).as_bytes(), policy=policy.default)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted", "Content-Language"):
        assert read[name] == letter[name]
    assert read.get_content_type() == "multipart/signed"
    assert [part.get_content_type() for part in read.walk()][1] == "multipart/mixed"
    assert read["MIME-Version"] == "1.0"


def test_a_key_that_cannot_serve_is_told_without_its_password(authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.signed("une.autre@example.org", mail=True, password="secret")
    other = authority.signed("encore@example.org", mail=True)[1]
    with pytest.raises(DeliveryError, match="smime_key") as told:
        read_signature(certificate, key, "faux-secret")
    assert "faux-secret" not in str(told.value)
    assert told.value.__suppress_context__
    with pytest.raises(DeliveryError, match="n’est pas la clé"):
        read_signature(certificate, other)
    with pytest.raises(DeliveryError, match="smime_certificate"):
        read_signature(tmp_path / "absent.pem", key, "secret")
    assert "Key" not in repr(read_signature(certificate, key, "secret"))
