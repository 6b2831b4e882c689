"""How mails leave: into the outbox, or through one connection to the mail server over a whole run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from connectors.mail.outbox import deliver
from connectors.mail.smime import Signature, read_signature
from connectors.mail.smtp import SmtpLine
from flows.settings.model import Settings
from flows.settings.passwords import passwords
from flows.state.installed import installation_mark
from schemas.errors import ConfigurationError, DeliveryError, RecipientRefusal
from schemas.nomenclatures import say
from schemas.reports.smtp_server import SmtpServer, smtp_server

MARK = "X-Annuaire-Installation"  # whose mail it is: two services on one address are told apart by it
# The mail, and what to do once its content is about to go out: (it left now and not before, whom the server refused).
Send = Callable[[EmailMessage, Callable[[], None]], tuple[bool, tuple[RecipientRefusal, ...]]]


@contextmanager
def way_out(settings: Settings) -> Iterator[Send]:
    """Give the place where mails go while a run lasts; each names the installation that it is from."""
    server, mark = mail_server(settings), installation_mark(settings)
    if server is None:
        folder = settings.path(settings.mail.outbox or "")

        def put(message: EmailMessage, before: Callable[[], None]) -> tuple[bool, tuple[RecipientRefusal, ...]]:
            message[MARK] = mark
            before()
            return deliver(message, folder), ()

        yield put
        return
    with SmtpLine(server) as line:

        def send(message: EmailMessage, before: Callable[[], None]) -> tuple[bool, tuple[RecipientRefusal, ...]]:
            message[MARK] = mark
            return True, line.send(message, before)

        yield send


def mail_server(settings: Settings) -> SmtpServer | None:
    """Return the server of `mail.smtp_url` with all that goes with it; None when mails go to the outbox.

    Raises ConfigurationError when it has a user and no password, or when its authority's file is not there.
    """
    mail = settings.mail
    if not mail.smtp_url:
        return None
    server = smtp_server(mail.smtp_url, plain=mail.smtp_plain)
    if server.user and not mail.password:
        raise ConfigurationError([say("config.smtp_password", user=server.user)])
    authority = settings.path(mail.smtp_ca_file) if mail.smtp_ca_file else None
    if authority and not authority.is_file():
        raise ConfigurationError([say("config.smtp_ca_file", path=mail.smtp_ca_file)])
    return replace(
        server,
        password=mail.password or "",
        ca_file=str(authority or ""),
        timeout=mail.smtp_timeout,
        attempts=mail.smtp_attempts,
        retry_seconds=mail.smtp_retry_seconds,
    )


def mail_signature(settings: Settings) -> Signature | None:
    """Tell who signs the mails, if anybody. Raises ConfigurationError when certificate or key cannot be used."""
    mail = settings.mail
    if not (mail.smime_certificate and mail.smime_key):
        return None
    certificate, key = (Path(settings.path(name)) for name in (mail.smime_certificate, mail.smime_key))
    try:
        return read_signature(certificate, key, mail.smime_password or "")
    except DeliveryError as error:
        raise ConfigurationError([str(error)]) from None


def check_mail(settings: Settings) -> None:
    """Check raises ConfigurationError for what would stop the mails, before anything is written; all of it at once."""
    problems = [] if settings.mail.smtp_url or settings.mail.outbox else [say("config.no_way_out")]
    for check in (mail_server, mail_signature, passwords):
        try:
            check(settings)
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
