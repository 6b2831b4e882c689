"""Real mail servers for tests, in a thread of the test: with TLS and passwords, refusing, hanging, dying."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.patience import patient

USER, PASSWORD = "annuaire", "Ouvre-toi, sésame 7"
HOST = "127.0.0.1"


# ── certificates ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Authority:
    """A private authority, and what it signed: files in a folder."""

    folder: Path
    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        return self.folder / "authority.pem"

    def signed(
        self, name: str, *, mail: bool = False, client: bool = False, password: str = "", days: int = 7
    ) -> tuple[Path, Path]:
        """(certificate, key) of a machine (by its address or name) or of a sender of mails; `days` < 0: it is over."""
        key = generate_private_key(SECP256R1())
        subject: x509.GeneralName = x509.RFC822Name(name) if mail else _place(name)
        usage = ExtendedKeyUsageOID.EMAIL_PROTECTION if mail else ExtendedKeyUsageOID.SERVER_AUTH
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else usage
        made = _builder(name, self.certificate.subject, key, days).add_extension(
            x509.SubjectAlternativeName([subject]), critical=False
        )
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())  # Python 3.13 asks for it
        made = made.add_extension(issuer, critical=False)
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        paths[0].write_bytes(made.sign(self.key, SHA256()).public_bytes(Encoding.PEM))
        lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
        return paths


def new_authority(folder: Path, days: int = 7) -> Authority:
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Autorité d'essai")])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = _builder("Autorité d'essai", name, key, days).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), True
    )
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = made.add_extension(usage, critical=True).add_extension(own, critical=False).sign(key, SHA256())
    authority = Authority(folder, key, certificate)
    authority.file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return authority


def _place(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(name: str, issuer: x509.Name, key: EllipticCurvePrivateKey, days: int = 7) -> x509.CertificateBuilder:
    today = datetime.now(UTC)  # noqa: TID251 - what looks at a certificate looks at the real clock
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=30))
        .not_valid_after(today + timedelta(days=days))
    )


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


# ── a server that speaks the whole protocol ──────────────────────────────────────────────────────


@dataclass
class Post:
    """What a server did: the mails it took, who connected how often; and what it refuses."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    connections: int = 0
    logins: int = 0
    authenticated: list[bool] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # address → answer to RCPT
    answers: list[str] = field(default_factory=list)  # to the next contents, before « 250 »
    on_content: Callable[[], None] = lambda: None  # the content is there, the answer is not yet

    @property
    def mails(self) -> list[EmailMessage]:
        return [read(envelope) for envelope in self.taken]

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append(envelope)
            self.authenticated.append(bool(session.authenticated))
        self.on_content()
        return answer

    def authenticate(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.logins += 1
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)


def read(envelope: Envelope) -> EmailMessage:
    """The mail as it is read on the other side."""
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def mail_server(
    post: Post | None = None, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Post]:
    """A server while the block lasts. With either context it asks for USER and PASSWORD, and for TLS before."""
    post = post or Post()
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        post.connections += 1
        secured: dict[str, Any] = {}
        if starttls or tls:
            # aiosmtpd sees no TLS in a transport that began with it, and warns of what it takes for carelessness
            needs = starttls is not None
            secured = {"auth_required": needs, "auth_require_tls": needs, "authenticator": post.authenticate}
        return SMTP(
            post,
            hostname="essai",
            enable_SMTPUTF8=False,
            tls_context=starttls,
            require_starttls=starttls is not None,
            loop=loop,
            **secured,
        )

    server = loop.run_until_complete(loop.create_server(protocol, HOST, post.port, ssl=tls))
    post.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(patient(10))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(patient(10))
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


# ── a server that dies or hangs ──────────────────────────────────────────────────────────────────


@contextmanager
def rough_server(*ends: str) -> Iterator[tuple[int, list[bytes]]]:
    """(port, contents it got): at each connection the next of `ends` happens.

    « mute »: never a word. « die »: hangs up on the content. « hang »: never answers to the content. « drop »: hangs
    up on MAIL. « ok »: takes it.
    """
    contents: list[bytes] = []
    left = list(ends)
    over = threading.Event()
    talks: list[threading.Thread] = []
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            end = left.pop(0) if left else "ok"
            talks.append(threading.Thread(target=_talk, args=(connection, end, contents, over), daemon=True))
            talks[-1].start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], contents
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for one in (thread, *talks):
            one.join(patient(10))


def _talk(connection: socket.socket, end: str, contents: list[bytes], over: threading.Event) -> None:
    connection.settimeout(patient(10))
    with connection, connection.makefile("rwb") as stream:
        if end == "mute":
            over.wait(10)
            return

        def say(line: bytes) -> None:
            stream.write(line + b"\r\n")
            stream.flush()

        say(b"220 essai")
        while line := stream.readline():
            word = line[:4].upper().strip()
            if word == b"MAIL" and end == "drop":
                return
            if word == b"QUIT":
                say(b"221 au revoir")
                return
            if word != b"DATA":
                say(b"250 OK")
                continue
            say(b"354 j'attends")
            got = b"".join(iter(stream.readline, b".\r\n"))
            contents.append(got)
            if end == "die":
                return
            if end == "hang":
                over.wait(10)
                return
            say(b"250 OK")
