"""A mail server: one connection over a run's mails, certificates verified, each mail handed over at most once.

What becomes of a mail is one of four: accepted (perhaps not for every recipient), refused for all of them, not handed
over (another try is safe), or unknown: its content went out and no answer came back. An unknown one is never sent again
by itself. The server's own words are not repeated anywhere: they quote addresses. Its codes are.
"""

import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.message import EmailMessage

from connectors.system.closing import Closing
from schemas.errors import DeliveryError, RecipientRefusal, RefusedByAllError, UnknownDeliveryError
from schemas.nomenclatures import say
from schemas.reports.smtp_server import SmtpServer

# A server may look for viruses before it answers; giving up too early makes an unknown mail. RFC 5321 §4.5.3.2.6.
PATIENCE_AFTER_DATA = 10
_LONGEST_WAIT = 120.0


class _PassingError(Exception):
    """What may be over in a moment: 4xx, no connection, no answer before the content went out."""


class _NoConnectionError(_PassingError):
    """The server could not even be talked to: the other mails of the run need not wait for it again."""


@dataclass(slots=True)
class SmtpLine(Closing):
    """The connection, made at the first mail, kept for the next ones, made anew when the server hung up."""

    server: SmtpServer
    sleep: Callable[[float], None] = time.sleep
    _smtp: smtplib.SMTP | None = None
    _dead: DeliveryError | None = None

    def close(self) -> None:
        """Say goodbye, if anybody is there."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    def send(self, message: EmailMessage, before_content: Callable[[], None]) -> tuple[RecipientRefusal, ...]:
        """Hand the mail over to those of `To`; the recipients the server refused, when it took it for others.

        `before_content` is called once the server waits for the content, at each try: what must be known should
        nobody be there to hear the answer. 4xx and lost connections are tried again; the rest is not.
        Raises RefusedByAllError (nobody would get it), UnknownDeliveryError (never to be sent again by itself),
        DeliveryError (not handed over).
        """
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

        if self._dead is not None:
            raise self._dead
        tries = Retrying(
            stop=stop_after_attempt(self.server.attempts),
            wait=wait_exponential(multiplier=self.server.retry_seconds, exp_base=4, max=_LONGEST_WAIT),
            retry=retry_if_exception_type(_PassingError),
            sleep=self.sleep,
            reraise=True,
        )
        refusals: tuple[RecipientRefusal, ...] = ()
        try:
            for attempt in tries:
                with attempt:
                    last = attempt.retry_state.attempt_number >= self.server.attempts
                    refusals = self._hand_over(message, before_content, last=last)
        except _NoConnectionError as error:
            self._dead = DeliveryError(str(error))
            raise self._dead from error
        except _PassingError as error:
            raise DeliveryError(str(error)) from error
        return refusals

    def _hand_over(
        self, message: EmailMessage, before_content: Callable[[], None], *, last: bool
    ) -> tuple[RecipientRefusal, ...]:
        smtp = self._ready()
        recipients = [address.addr_spec for address in message["To"].addresses]
        with self._answering():
            self._expect(smtp.mail(message["From"].addresses[0].addr_spec), "smtp.sender_refused")
            refusals = self._refusals(smtp, recipients, last=last)
            self._expect(smtp.docmd("DATA"), "smtp.content_refused", wanted=354)
        try:
            before_content()
        except BaseException:
            self._drop()  # the server waits for a content that will not come
            raise
        code = self._content(smtp, message)
        self._expect((code, b""), "smtp.content_refused")
        return refusals

    def _refusals(self, smtp: smtplib.SMTP, recipients: Sequence[str], *, last: bool) -> tuple[RecipientRefusal, ...]:
        """Who is refused; a passing refusal is tried again first, unless this is the last try."""
        codes = [smtp.rcpt(recipient)[0] for recipient in recipients]
        if 421 in codes:
            self._expect((421, b""), "")
        refusals = tuple(RecipientRefusal(at, code) for at, code in enumerate(codes, start=1) if code not in (250, 251))
        passing = [one for one in refusals if one.code < 500]
        if passing and (not last or len(refusals) == len(codes)):
            raise _PassingError(say("smtp.passing", place=self.server.place, code=passing[0].code))
        if len(refusals) == len(codes):
            raise RefusedByAllError(say("smtp.all_refused", place=self.server.place, code=codes[0]), refusals)
        return refusals

    def _content(self, smtp: smtplib.SMTP, message: EmailMessage) -> int:
        """The answer to the whole content. Without one nobody knows whether the mail will arrive."""
        content = re.sub(rb"(?m)^\.", b"..", message.as_bytes())
        end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.server.timeout * PATIENCE_AFTER_DATA)
            smtp.send(content + end)
            code, _ = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self.server.timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise UnknownDeliveryError(say("smtp.unknown", place=self.server.place)) from error
        except BaseException:
            self._drop()
            raise
        return code

    def _expect(self, answer: tuple[int, bytes], refusal: str, wanted: int = 250) -> None:
        """Nothing for the wanted code. Raises _PassingError for 4xx, DeliveryError for the rest."""
        code = answer[0]
        if code == wanted:
            return
        if code == 421:  # the server is going away
            self._drop()
        if code < 500:
            raise _PassingError(say("smtp.passing", place=self.server.place, code=code))
        raise DeliveryError(say(refusal, place=self.server.place, code=code))

    def _ready(self) -> smtplib.SMTP:
        """The connection at the start of a mail; one that has gone in the meantime is no trouble."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._smtp.rset()[0] == 250:
                    return self._smtp
            self._drop()
        try:
            self._smtp = connect(self.server)
        except DeliveryError as error:
            self._dead = error
            raise
        return self._smtp

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Before the content nothing is lost with the connection: it is only tried again."""
        try:
            yield
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _PassingError(say("smtp.cut", place=self.server.place)) from error

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def probe(server: SmtpServer) -> None:
    """Connect, encrypt, authenticate, NOOP, and leave. Raises DeliveryError in French; nothing is tried again."""
    with SmtpLine(replace(server, attempts=1)) as line:
        try:
            smtp = line._ready()
            with line._answering():
                line._expect(smtp.noop(), "smtp.content_refused")
        except _PassingError as error:
            raise DeliveryError(str(error)) from error


def connect(server: SmtpServer) -> smtplib.SMTP:
    """Return an authenticated connection.

    Raises _NoConnectionError for what may pass, DeliveryError for what will not.
    """
    try:
        smtp = _open(server)
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError(say("smtp.certificate", place=server.place, found=error.verify_message)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise _NoConnectionError(say("smtp.unreachable", place=server.place, found=_why(error, server))) from error
    try:
        _secure(smtp, server)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _open(server: SmtpServer) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=_context(server))
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout)


def _secure(smtp: smtplib.SMTP, server: SmtpServer) -> None:
    """STARTTLS where it is asked for, then the password: never before the dialogue is encrypted."""
    try:
        smtp.ehlo()
        if server.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise DeliveryError(say("smtp.no_starttls", place=server.place))
            smtp.starttls(context=_context(server))
            smtp.ehlo()
        if server.user:
            _login(smtp, server)
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError(say("smtp.certificate", place=server.place, found=error.verify_message)) from error
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:
            raise _NoConnectionError(say("smtp.passing", place=server.place, code=error.smtp_code)) from error
        raise DeliveryError(say("smtp.login", place=server.place, code=error.smtp_code)) from None
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(say("smtp.no_login", place=server.place)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise _NoConnectionError(say("smtp.unreachable", place=server.place, found=_why(error, server))) from error


def _login(smtp: smtplib.SMTP, server: SmtpServer) -> None:
    """What the standard library does; and PLAIN in UTF-8 (RFC 4616) for the accents, which it does not know of."""
    if (server.user + server.password).isascii():
        smtp.login(server.user, server.password)
        return
    if "PLAIN" not in smtp.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError
    token = b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    code, _ = smtp.docmd("AUTH", f"PLAIN {token}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, b"")


def _context(server: SmtpServer) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except OSError as error:  # an SSLError too: no certificate in it
        raise DeliveryError(say("config.smtp_ca_file", path=server.ca_file)) from error


def _why(error: Exception, server: SmtpServer) -> str:
    """In French, from the kind of the error: a server's words may quote an address."""
    match error:
        case socket.gaierror():
            return say("smtp.why_name")
        case ConnectionRefusedError():
            return say("smtp.why_refused")
        case TimeoutError():
            return say("smtp.why_slow", seconds=f"{server.timeout:g}")
        case ssl.SSLError():
            return say("smtp.why_tls")
        case smtplib.SMTPResponseException():
            return say("smtp.why_code", code=error.smtp_code)
        case _:
            return say("smtp.why_cut", seconds=f"{server.timeout:g}")
