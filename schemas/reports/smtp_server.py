"""A mail server as `[mail] smtp_url` names it: smtp+starttls://user@host:587, smtps://user@host:465, smtp://host:25."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from schemas.nomenclatures import say

Security = Literal["starttls", "tls", "none"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
    "smtp": ("none", 25),
}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where, who, how, and how patiently.

    `ca_file`: the private authority that signs its certificate, alone trusted then. `timeout`: seconds, for the
    connection and for each command. `attempts`: tries of one mail, the first included; `retry_seconds`: the wait
    before the second, four times longer before each next one.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    ca_file: str = ""
    timeout: float = 30.0
    attempts: int = 4
    retry_seconds: float = 5.0

    def __repr__(self) -> str:
        """As `place`: a password never reaches a log by way of a repr."""
        return f"SmtpServer({self.place})"

    @property
    def place(self) -> str:
        """« host:port », for messages."""
        return f"{self.host}:{self.port}"

    @property
    def on_this_machine(self) -> bool:
        """Nothing of the dialogue leaves the machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def smtp_server(url: str, *, plain: bool = False) -> SmtpServer:
    """Return the server of an address; `plain`: the configuration allows a dialogue in the clear beyond this machine.

    Raises ValueError in French: not such an address, a password in it, a dialogue or a user's password in the clear.
    The address itself is not repeated: it may hold a password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ValueError(say("smtp.url")) from error
    if parts.password is not None:
        raise ValueError(say("smtp.password_in_url"))
    if parts.scheme not in _SCHEMES or not _only_a_place(parts):
        raise ValueError(say("smtp.url"))
    security, usual_port = _SCHEMES[parts.scheme]
    server = SmtpServer(str(parts.hostname), port or usual_port, security, unquote(parts.username or ""))
    if security == "none" and not server.on_this_machine:
        if server.user:
            raise ValueError(say("smtp.plain_password"))
        if not plain:
            raise ValueError(say("smtp.plain"))
    return server


def _only_a_place(parts: SplitResult) -> bool:
    """A host, and nothing after it."""
    return bool(parts.hostname) and parts.path in ("", "/") and not parts.query and not parts.fragment
