"""A token from Microsoft's sign-in (OAuth 2, client credentials), for a mailbox that takes no password."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import msal
import requests
from msal.exceptions import MsalError

from schemas.errors import MailboxError
from schemas.nomenclatures import say

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class TokenOffice:
    """Who gives tokens, to which application. `ca_file`: a private authority of its certificate."""

    authority: str
    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""
    ca_file: str = ""


def token_of(office: TokenOffice) -> str:
    """Return a token for the mailbox. Raises MailboxError; no secret, and no word of the server, is repeated."""
    with requests.Session() as session:
        try:
            application = msal.ConfidentialClientApplication(
                office.client_id,
                client_credential=office.client_secret,
                authority=f"{office.authority}/{office.tenant}",
                instance_discovery=False,  # asked of the configured authority alone
                http_client=_Patient(session, office.ca_file),
            )
            answer = application.acquire_token_for_client(scopes=[office.scope])
        except (requests.RequestException, MsalError, ssl.SSLError, OSError, ValueError) as error:
            raise MailboxError(say("mailbox.no_token", place=office.authority)) from error
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise MailboxError(say("mailbox.token_refused", place=office.authority, code=_code(answer)))
    return token


def _code(answer: Mapping[str, object]) -> str:
    """« invalid_client, AADSTS7000222 »: the number tells a secret that has run out from a wrong one."""
    numbers = answer.get("error_codes")
    given = [f"AADSTS{one}" for one in numbers if isinstance(one, int)] if isinstance(numbers, list) else []
    return ", ".join((str(answer.get("error", "?"))[:40], *given[:1]))


class _Patient:
    """What msal wants of an HTTP client, with an end to its patience; a configured authority is the only one."""

    def __init__(self, session: requests.Session, ca_file: str) -> None:
        self._session = session
        # said with each request: REQUESTS_CA_BUNDLE would go before what the session has
        self._ours = {"timeout": SECONDS, **({"verify": ca_file} if ca_file else {})}

    def get(self, url: str, **keys: object) -> requests.Response:
        """As `requests` does."""
        return self._session.get(url, **{**keys, **self._ours})  # type: ignore[arg-type]

    def post(self, url: str, **keys: object) -> requests.Response:
        """As `requests` does."""
        return self._session.post(url, **{**keys, **self._ours})  # type: ignore[arg-type]

    def close(self) -> None:
        """The session is closed by who made it."""
