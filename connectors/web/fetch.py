"""A server of files: one answer at a time over HTTPS, its certificate always verified, proxies of the environment.

Nothing is decided here: who asks says what is wanted, where the content goes, and whether it is asked once more.
"""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import unquote

import httpx
from cryptography import x509

from connectors.system.closing import Closing
from connectors.web.client import open_client
from schemas.errors import BrokenOffError, FetchError
from schemas.nomenclatures import messages, say
from schemas.reading.arrival import Address, Certificate, ServerAnswer

LONGEST = 3600.0  # seconds of one answer, or of all: a server that gives a byte a minute never stalls and never ends
AGENT = "efit-annuaire-sync"
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")
_PAGES = ("text/html", "application/xhtml+xml")

Begin = Callable[[ServerAnswer], int | None]
"""Where the content of an answer is to be put; None where it is not wanted."""
OnReceived = Callable[[int, int], None]
"""Told (bytes there, bytes in all or 0)."""


class Growing(Protocol):
    """Where the content of an answer is put."""

    def go_to(self, at: int) -> None:
        """Put there what is written next."""

    def tell(self) -> int:
        """Return where the next byte belongs."""

    def write(self, block: bytes) -> None:
        """Write the next bytes."""

    def flush(self) -> None:
        """Hand it to the system."""


@dataclass(slots=True)
class HttpsLine(Closing):
    """A connection to the server of an address, and to wherever it sends us, as long as that is HTTPS too.

    Raises FetchError where authority, certificate or key cannot be read, or a proxy of the environment is none.
    """

    address: Address
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = open_client(
            verify=context_of(self.address),
            follow_redirects=True,
            timeout=self.address.timeout,
            headers={"Accept-Encoding": "identity", "User-Agent": AGENT},
            event_hooks={"request": [self._only_https]},
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def get(self, headers: Mapping[str, str], begin: Begin, part: Growing, progress: OnReceived) -> ServerAnswer:
        """Ask for the file; the content, where it is wanted, lies in `part` when this returns.

        Raises BrokenOffError when it breaks off or stalls, `part` keeping what came; FetchError for what will not pass.
        """
        until = time.monotonic() + LONGEST
        with self._telling(), self._client.stream("GET", self.address.url, headers=dict(headers)) as response:
            answer = _answer(response)
            at = begin(answer)
            if at is None:
                return answer
            part.go_to(at)
            total = answer.total or (answer.length or 0)
            for block in response.iter_bytes():  # as it arrives: a break costs nothing of it
                part.write(block)
                progress(part.tell(), total)
                if time.monotonic() > until:
                    raise FetchError(say("fetch.too_slow", place=self.address.place), may_pass=True)
            part.flush()
            return answer

    def greet(self) -> tuple[int, Certificate | None]:
        """Return (the status of a HEAD, the server's certificate). Raises as `get` does."""
        with self._telling(), self._client.stream("HEAD", self.address.url) as response:
            stream = response.extensions.get("network_stream")
            shown = stream.get_extra_info("ssl_object") if stream else None
            found = shown.getpeercert() if shown else None
            return response.status_code, _shown_certificate(found) if found else None

    def _only_https(self, request: httpx.Request) -> None:
        if request.url.scheme != "https":
            raise FetchError(say("fetch.not_https", place=request.url.host))

    def _telling(self) -> "_Telling":
        return _Telling(self.address)


class _Telling:
    """Turns what httpx raises into our errors, in French."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            raise told(error, self._address) from error


def told(error: Exception, address: Address, asked_by: str = "fetch") -> FetchError:
    """Return what httpx raises, as our error in French: of the server that was asked, wherever we were sent to.

    `asked_by`: the section of the configuration that speaks of a certificate of ours.
    """
    place = _asked(error) or address.place
    why = next((one for one in _causes(error) if isinstance(one, ssl.SSLError)), None)
    if isinstance(why, ssl.SSLCertVerificationError):
        return FetchError(say("fetch.certificate", place=place, found=_verdict(why), todo=_remedy(why)))
    if why is not None and "CERTIFICATE" in str(why.reason):
        return FetchError(say(f"{asked_by}.ours_refused", place=place))
    match error:
        case httpx.ProxyError():
            return FetchError(say("fetch.proxy", place=place), may_pass=True)
        case httpx.ConnectError():
            return BrokenOffError(say("fetch.unreachable", place=place))
        case httpx.TimeoutException():
            return BrokenOffError(say("fetch.stalled", place=place, seconds=f"{address.timeout:g}"))
        case httpx.TooManyRedirects():
            return FetchError(say("fetch.round", place=place))
        case httpx.RemoteProtocolError() if not _closed(error):
            return FetchError(say("fetch.not_understood", place=place))
        case httpx.TransportError() if not isinstance(error, httpx.UnsupportedProtocol):
            return BrokenOffError(say("fetch.broken", place=place))
        case _:
            return FetchError(say("fetch.not_understood", place=place))


def _closed(error: Exception) -> bool:
    """Tell whether the other side hung up; any other breach of the protocol is as much one the next time."""
    return any(word in str(error).lower() for word in ("closed", "disconnected"))


def _asked(error: Exception) -> str:
    """Return « host:port » of the request that failed; "" where there was none yet."""
    try:
        return error.request.url.netloc.decode() if isinstance(error, httpx.RequestError) else ""
    except RuntimeError:
        return ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _verdict(error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate is not accepted: OpenSSL's code in French, its number where it is a rarer one."""
    key = f"fetch.certificate_{error.verify_code}"
    return say(key) if key in messages() else say("fetch.certificate_other", code=error.verify_code)


def _remedy(error: ssl.SSLCertVerificationError) -> str:
    """Tell who mends it: another authority of ours where it is not known, else whoever keeps the server."""
    key = f"fetch.certificate_{error.verify_code}_todo"
    return say(key) if key in messages() else say("fetch.certificate_todo")


def context_of(address: Address) -> ssl.SSLContext:
    """Return what verifies always; the configured authority is then the only one.

    Raises FetchError for an authority or a certificate that cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=address.ca_file or None)
    except OSError as error:  # an SSLError too: no certificate in it
        raise FetchError(say("config.fetch_ca_file", path=address.ca_file)) from error
    if address.certificate:
        try:
            context.load_cert_chain(address.certificate, address.key, password="")  # never asked for on a terminal
        except (OSError, ValueError) as error:
            raise FetchError(say("config.fetch_certificate", path=address.certificate, key=address.key)) from error
    return context


def _answer(response: httpx.Response) -> ServerAnswer:
    headers = response.headers
    length = headers.get("Content-Length", "")
    found = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", "").strip())
    begins, total = found.groups() if found else (None, None)
    own_length = int(length) if length.isdigit() else None
    return ServerAnswer(
        status=response.status_code,
        name=_offered_name(headers.get("Content-Disposition", "")) or unquote(PurePosixPath(response.url.path).name),
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
        length=own_length,
        begins=int(begins) if begins else None,
        total=int(total) if total and total.isdigit() else own_length if response.status_code == 200 else None,
        retry_after=headers.get("Retry-After", ""),
        encoded=headers.get("Content-Encoding", "identity").lower() not in ("", "identity"),
        page=headers.get("Content-Type", "").partition(";")[0].strip().lower() in _PAGES,
        date=headers.get("Date", ""),
        address=f"{response.url.netloc.decode()}{response.url.path}",  # without « ?… », often another each time
    )


def _offered_name(disposition: str) -> str:
    """The file name of a Content-Disposition, in either of its two writings."""
    message = Message()
    message["Content-Disposition"] = disposition
    return message.get_filename() or ""


def _shown_certificate(found: Mapping[str, Any]) -> Certificate:
    names = {key: value for part in found.get("subject", ()) for key, value in part}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"]))).astimezone()
    return Certificate(names.get("commonName", ""), until)


def read_certificates(path: str) -> tuple[Certificate, ...]:
    """Read the certificates of a PEM file, in its order. Raises FetchError where there is none to be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # a path that may be anything
            found = x509.load_pem_x509_certificates(file.read())
    except (OSError, ValueError) as error:
        raise FetchError(say("config.fetch_ca_file", path=path)) from error
    return tuple(Certificate(_common_name(one), one.not_valid_after_utc) for one in found)


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
