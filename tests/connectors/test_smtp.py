"""Mail servers as they are: with TLS and passwords, refusing, asking to wait, hanging, dying at the worst moment."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from connectors.mail.smtp import SmtpLine, probe
from schemas.errors import DeliveryError, RecipientRefusal, RefusedByAllError, UnknownDeliveryError
from schemas.reports.smtp_server import SmtpServer, smtp_server
from tests.mail_servers import (
    HOST,
    PASSWORD,
    USER,
    Authority,
    Post,
    mail_server,
    new_authority,
    rough_server,
    tls_context,
)
from tests.patience import patient


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def machine(authority: Authority) -> tuple[Path, Path]:
    return authority.signed(HOST)


def mail(*recipients: str, text: str = "Bonjour,\r\n.\r\n..à bientôt\r\n") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "annuaire@example.org"
    message["To"] = ", ".join(recipients or ("crh.24@example.org",))
    message["Message-ID"] = "<CRH_ST-24.0123abcd@example.org>"
    message["Subject"] = "Réglages d'été"
    message.set_content(text, cte="quoted-printable")
    return message


def server(port: int, **other: object) -> SmtpServer:
    """In the clear on this machine, impatient."""
    known = SmtpServer(HOST, port, "none", timeout=patient(5), attempts=3, retry_seconds=10)
    return replace(known, **other)  # type: ignore[arg-type]


class Waits(list[float]):
    """A clock that only writes down how long one would have slept."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def send(line: SmtpLine, message: EmailMessage | None = None) -> tuple[RecipientRefusal, ...]:
    return line.send(message or mail(), lambda: None)


@pytest.fixture(params=["starttls", "tls"])
def secured(
    request: pytest.FixtureRequest, authority: Authority, machine: tuple[Path, Path]
) -> Iterator[tuple[Post, SmtpServer]]:
    """A server with a certificate of a private authority, and how to reach it."""
    context = tls_context(*machine)
    begins = request.param == "tls"
    with mail_server(tls=context if begins else None, starttls=None if begins else context) as post:
        scheme = "smtps" if begins else "smtp+starttls"
        found = smtp_server(f"{scheme}://{USER}@{HOST}:{post.port}")
        yield post, replace(found, password=PASSWORD, ca_file=str(authority.file), timeout=patient(5), attempts=2)


# ── a mail arrives ───────────────────────────────────────────────────────────────────────────────


def test_a_mail_arrives_over_tls_with_its_password(secured: tuple[Post, SmtpServer]) -> None:
    post, found = secured
    with SmtpLine(found) as line:
        assert send(line) == ()
    [arrived] = post.mails
    assert post.authenticated == [True]
    assert arrived["Message-ID"] == "<CRH_ST-24.0123abcd@example.org>"
    assert arrived["Subject"] == "Réglages d'été"
    assert arrived.get_content().splitlines() == ["Bonjour,", ".", "..à bientôt"]
    assert (post.taken[0].mail_from, post.taken[0].rcpt_tos) == ("annuaire@example.org", ["crh.24@example.org"])


def test_one_connection_serves_a_whole_run(secured: tuple[Post, SmtpServer]) -> None:
    post, found = secured
    with SmtpLine(found) as line:
        for _ in range(3):
            send(line)
    assert (len(post.taken), post.connections, post.logins) == (3, 1, 1)


def test_a_server_that_hung_up_between_two_mails_is_called_again() -> None:
    post = Post()
    line = SmtpLine(server(0), waits := Waits())
    with mail_server(post):
        line.server = server(post.port)
        send(line)
    with mail_server(post):
        send(line)
        line.close()
    assert (len(post.taken), post.connections, waits) == (2, 2, [])


def test_what_must_be_known_is_written_down_before_the_content_goes_out() -> None:
    with mail_server() as post, SmtpLine(server(post.port)) as line:
        told: list[int] = []
        line.send(mail(), lambda: told.append(len(post.taken)))
        assert told == [0]


def test_a_mail_that_cannot_be_written_down_does_not_leave() -> None:
    def full() -> None:
        raise OSError("disk full")

    with mail_server() as post, SmtpLine(server(post.port), Waits()) as line:
        with pytest.raises(OSError, match="disk full"):
            line.send(mail(), full)
        assert post.taken == []
        send(line)
        assert len(post.taken) == 1


# ── nobody is told who is not to be trusted ──────────────────────────────────────────────────────


def test_a_certificate_of_nobody_known_is_refused_at_once(secured: tuple[Post, SmtpServer]) -> None:
    post, found = secured
    waits = Waits()
    with SmtpLine(replace(found, ca_file=""), waits) as line, pytest.raises(DeliveryError, match="certificat"):
        send(line)
    assert (waits, post.logins, post.taken) == ([], 0, [])


def test_a_certificate_of_another_machine_is_refused(authority: Authority) -> None:
    other = authority.signed("autre.example.org")
    with mail_server(tls=tls_context(*other)) as post:
        found = server(post.port, security="tls", user=USER, password=PASSWORD, ca_file=str(authority.file))
        with SmtpLine(found) as line, pytest.raises(DeliveryError, match="smtp_ca_file"):
            send(line)
        assert post.logins == 0


def test_without_starttls_neither_password_nor_mail_leaves() -> None:
    with mail_server() as post:
        found = server(post.port, security="starttls", user=USER, password=PASSWORD)
        with SmtpLine(found) as line, pytest.raises(DeliveryError, match="STARTTLS"):
            send(line)
        assert (post.logins, post.taken) == (0, [])


def test_a_refused_password_is_not_tried_again_for_each_mail_and_never_repeated(
    secured: tuple[Post, SmtpServer],
) -> None:
    post, found = secured
    waits = Waits()
    with SmtpLine(replace(found, password="faux"), waits) as line:
        for _ in range(3):
            with pytest.raises(DeliveryError, match="code 535") as told:
                send(line)
            assert "faux" not in str(told.value)
    assert post.logins == len(("PLAIN", "LOGIN"))  # each way once, in one connection
    assert (post.connections, waits, post.taken) == (1, [], [])
    assert "faux" not in repr(replace(found, password="faux"))


def test_a_server_without_authentication_is_told() -> None:
    with mail_server() as post, SmtpLine(server(post.port, user=USER, password=PASSWORD)) as line:
        with pytest.raises(DeliveryError, match="aucune authentification"):
            send(line)
        assert post.taken == []


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


def test_one_refused_recipient_does_not_keep_the_others_from_it() -> None:
    post = Post(refused={"b@example.org": "550 <b@example.org> unknown"})
    with mail_server(post), SmtpLine(server(post.port)) as line:
        assert send(line, mail("a@example.org", "b@example.org", "c@example.org")) == (RecipientRefusal(2, 550),)
    assert post.taken[0].rcpt_tos == ["a@example.org", "c@example.org"]


def test_a_mail_refused_for_everybody_is_not_sent_and_names_nobody() -> None:
    post = Post(refused=dict.fromkeys(("a@example.org", "b@example.org"), "550 <a@example.org> unknown"))
    with mail_server(post), SmtpLine(server(post.port), waits := Waits()) as line:
        with pytest.raises(RefusedByAllError) as told:
            send(line, mail("a@example.org", "b@example.org"))
        assert told.value.refusals == (RecipientRefusal(1, 550), RecipientRefusal(2, 550))
        assert "example.org" not in str(told.value)
        send(line)  # the next mail is none the worse for it
    assert (waits, len(post.taken), post.connections) == ([], 1, 1)


def test_a_refused_content_is_not_tried_again() -> None:
    post = Post(answers=["552 too large"])
    with mail_server(post), SmtpLine(server(post.port), waits := Waits()) as line:
        with pytest.raises(DeliveryError, match="refuse le courriel"):
            send(line)
        assert (waits, post.taken) == ([], [])


# ── patience ─────────────────────────────────────────────────────────────────────────────────────


def test_a_server_that_asks_to_wait_is_asked_again_each_time_later() -> None:
    post = Post(answers=["451 wait", "451 wait"])
    with mail_server(post), SmtpLine(server(post.port), waits := Waits()) as line:
        assert send(line) == ()
    assert (len(post.taken), waits) == (1, [10, 40])


def test_a_server_that_always_asks_to_wait_gets_it_another_night() -> None:
    post = Post(answers=["451 wait"] * 3)
    with mail_server(post), SmtpLine(server(post.port), waits := Waits()) as line:
        with pytest.raises(DeliveryError, match="code 451") as told:
            send(line)
        assert not isinstance(told.value, UnknownDeliveryError)
    assert (post.taken, len(waits)) == ([], 2)


def test_a_recipient_to_wait_for_holds_the_mail_up_until_the_last_try() -> None:
    post = Post(refused={"b@example.org": "450 greylisted"})
    with mail_server(post), SmtpLine(server(post.port), waits := Waits()) as line:
        assert send(line, mail("a@example.org", "b@example.org")) == (RecipientRefusal(2, 450),)
        with pytest.raises(DeliveryError, match="code 450"):
            send(line, mail("b@example.org"))
    assert (len(post.taken), len(waits)) == (1, 4)


def test_a_server_that_is_not_there_is_waited_for_by_one_mail_alone() -> None:
    with mail_server() as post:
        port = post.port
    line = SmtpLine(server(port), waits := Waits())
    for _ in range(3):
        with pytest.raises(DeliveryError, match="connexion refusée"):
            send(line)
    assert waits == [10, 40]


def test_a_server_that_never_says_a_word_is_left_after_a_while() -> None:
    with rough_server("mute", "mute") as (port, contents):
        line = SmtpLine(server(port, timeout=0.1, attempts=2), Waits())
        with pytest.raises(DeliveryError, match=r"0\.1 s"):
            send(line)
        assert contents == []


def test_a_connection_lost_before_the_content_loses_nothing() -> None:
    with rough_server("drop", "ok") as (port, contents), SmtpLine(server(port), waits := Waits()) as line:
        assert send(line) == ()
        assert (len(contents), waits) == (1, [10])


# ── unknown ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("end", ["die", "hang"])
def test_an_answer_that_never_comes_is_no_reason_to_send_again(end: str) -> None:
    with rough_server(end, "ok") as (port, contents):
        with SmtpLine(server(port, timeout=patient(0.1)), waits := Waits()) as line:
            with pytest.raises(UnknownDeliveryError, match="n’a pas répondu après"):
                send(line)
            assert (len(contents), waits) == (1, [])
            line.server = replace(line.server, timeout=patient(5))
            assert send(line, mail("autre@example.org")) == ()  # the next mail has a connection of its own
        assert len(contents) == 2


def test_nothing_of_the_dialogue_is_logged(secured: tuple[Post, SmtpServer], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with SmtpLine(secured[1]) as line:
        send(line)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("mail.", "asyncio"))]
    assert not any("example.org" in text or PASSWORD in text for text in ours)


# ── probing ──────────────────────────────────────────────────────────────────────────────────────


def test_a_probe_goes_as_far_as_a_mail_would_and_sends_none(secured: tuple[Post, SmtpServer]) -> None:
    post, found = secured
    probe(found)
    assert (post.logins, post.taken) == (1, [])
    with pytest.raises(DeliveryError, match="535"):
        probe(replace(found, password="faux"))


def test_a_probe_tells_at_once_that_nobody_is_there() -> None:
    with mail_server() as post:
        port = post.port
    with pytest.raises(DeliveryError, match="ne peut pas être joint"):
        probe(server(port, attempts=9))


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


def test_a_servers_address_says_how_it_is_spoken_to() -> None:
    found = smtp_server("smtp+starttls://annuaire%40example.org@mail.example.org")
    assert (found.host, found.port, found.security, found.user) == (
        "mail.example.org",
        587,
        "starttls",
        "annuaire@example.org",
    )
    assert smtp_server("smtps://mail.example.org").port == 465
    assert smtp_server("smtp://[::1]").on_this_machine
    assert smtp_server("smtp://mail.example.org:2525", plain=True).port == 2525


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtps://u:secret@mail.example.org", "EFIT_MAIL__PASSWORD"),
        ("smtp://mail.example.org", "smtp_plain"),
        ("smtp://u@mail.example.org", "mot de passe en clair"),
        ("http://mail.example.org", "mal formée"),
        ("smtps://", "mal formée"),
        ("smtps://mail.example.org:70000", "mal formée"),
        ("smtps://mail.example.org/inbox", "mal formée"),
    ],
)
def test_a_servers_address_that_will_not_do_is_told_and_not_repeated(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as told:
        smtp_server(url, plain=False)
    assert "secret" not in str(told.value)
