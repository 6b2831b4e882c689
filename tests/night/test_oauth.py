"""A Microsoft 365 mailbox: a token from a real token endpoint, taken by a real IMAP server instead of a password."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from connectors.mailbox.letterbox import MailboxLine, probe
from connectors.web.sign_in import TokenOffice, token_of
from flows.returns.letterbox import mailbox, with_token
from flows.settings.load import load_settings
from schemas.errors import ConfigurationError, MailboxError
from tests.https_servers import HttpsServer, serving
from tests.mail_servers import HOST, USER, Authority, new_authority, tls_context
from tests.mailboxes import DOVECOT, WHY_NOT, box

TENANT, CLIENT, SECRET, TOKEN = "chu.example.org", "app-42", "Secret-d-essai", "jeton-d-essai"
SCOPE = "https://outlook.office365.com/.default"


@dataclass
class Office:
    """What the token endpoint was asked; `mood`: « page » and « down » answer with a page of the web."""

    asked: list[dict[str, list[str]]] = field(default_factory=list)
    mood: str = ""
    base: str = ""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        base = f"{self.server.office.base}/{TENANT}"
        if "tokeninfo" in self.path:  # what Dovecot asks
            known = parse_qs(self.path.partition("?")[2]).get("access_token") == [TOKEN]
            self._send(
                {"username": USER, "active": "true"} if known else {"error": "invalid_token"}, 200 if known else 400
            )
            return
        ends = {
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }
        self._send({**ends, "issuer": f"{base}/v2.0"})

    def do_POST(self) -> None:
        wanted = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.office.asked.append(wanted)
        if self.server.office.mood in ("page", "down"):
            self.send_response(200 if self.server.office.mood == "page" else 503)
            self.end_headers()
            self.wfile.write(b"<html>Maintenance</html>")
        elif wanted.get("client_secret") != [SECRET]:
            self._send(
                {
                    "error": "invalid_client",
                    "error_codes": [7000222],
                    "error_description": f"wrong {wanted.get('client_secret')}",
                },
                401,
            )
        else:
            self._send({"token_type": "Bearer", "expires_in": 3600, "access_token": TOKEN})

    def _send(self, document: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(HttpsServer):
    office: Office


@contextmanager
def served(office: Office, authority: Authority | None) -> Iterator[str]:
    """Over HTTPS with an authority; without one in the clear, as Dovecot asks on its own machine."""
    server = _Server((HOST, 0), _Handler)
    server.office = office
    server.tls = tls_context(*authority.signed(HOST)) if authority else None
    with serving(server):
        yield f"{'https' if authority else 'http'}://{HOST}:{server.server_address[1]}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def office(authority: Authority) -> Iterator[Office]:
    found = Office()
    with served(found, authority) as base:
        found.base = base
        yield found


def asked_of(office: Office, authority: Authority, secret: str = SECRET) -> TokenOffice:
    return TokenOffice(office.base, TENANT, CLIENT, secret, SCOPE, str(authority.file))


def test_a_token_is_asked_for_in_the_name_of_the_application_and_for_mail_alone(
    office: Office, authority: Authority
) -> None:
    assert token_of(asked_of(office, authority)) == TOKEN
    [wanted] = office.asked
    assert wanted["grant_type"] == ["client_credentials"]
    assert wanted["client_id"] == [CLIENT]
    assert SCOPE in wanted["scope"][0]


def test_a_refused_secret_is_said_and_never_repeated(office: Office, authority: Authority) -> None:
    with pytest.raises(MailboxError) as told:
        token_of(asked_of(office, authority, "Autre-secret"))
    assert "invalid_client, AADSTS7000222" in str(told.value)
    assert "Autre-secret" not in str(told.value)


@pytest.mark.parametrize("mood", ["page", "down"])
def test_a_page_of_the_web_is_no_token(office: Office, authority: Authority, mood: str) -> None:
    office.mood = mood
    with pytest.raises(MailboxError, match="jeton"):
        token_of(asked_of(office, authority))


def test_a_server_of_another_authority_gets_no_secret(office: Office, tmp_path: Path) -> None:
    with pytest.raises(MailboxError):
        token_of(asked_of(office, new_authority(tmp_path)))
    assert office.asked == []


@pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)
def test_the_mailbox_opens_with_the_token_and_with_no_password(
    office: Office, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFIT_MAIL__OAUTH__CLIENT_SECRET", SECRET)
    monkeypatch.delenv("EFIT_MAIL__MAILBOX_PASSWORD", raising=False)
    with served(office, None) as plain:
        (tmp_path / "oauth2.conf").write_text(
            f"tokeninfo_url = {plain}/tokeninfo?access_token=\nusername_attribute = username\n"
            "active_attribute = active\nactive_value = true\nintrospection_mode = auth\n"
        )
        tmp_path.chmod(0o755)
        more = (
            "auth_mechanisms = plain xoauth2\n"
            f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {tmp_path}/oauth2.conf\n}}\n"
        )
        with box(authority, more=more) as post:
            config = tmp_path / "annuaire.toml"
            config.write_text(
                f'[annuaire]\nexport = "e.csv"\n[mail]\nmailbox = "{post.url}"\nmailbox_ca_file = "{authority.file}"\n'
                f'oauth = {{ tenant = "{TENANT}", client_id = "{CLIENT}", authority = "{office.base}" }}\n'
            )
            settings = load_settings(config)
            post.put(b"Subject: bonjour\r\n\r\n")
            with MailboxLine(with_token(settings, mailbox(settings))) as line:
                assert len(line.since(0)) == 1
            monkeypatch.setenv("EFIT_MAIL__OAUTH__CLIENT_SECRET", "Autre-secret")
            settings = load_settings(config)
            with pytest.raises(MailboxError, match="invalid_client"):
                probe(with_token(settings, mailbox(settings)))


def test_without_its_secret_the_mailbox_is_a_mistake_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EFIT_MAIL__OAUTH__CLIENT_SECRET", raising=False)
    config = tmp_path / "annuaire.toml"
    config.write_text(
        '[annuaire]\nexport = "e.csv"\n[mail]\nmailbox = "imaps://a%40b.fr@outlook.office365.com/INBOX"\n'
        f'oauth = {{ tenant = "{TENANT}", client_id = "{CLIENT}" }}\n'
    )
    with pytest.raises(ConfigurationError, match="EFIT_MAIL__OAUTH__CLIENT_SECRET"):
        mailbox(load_settings(config))
