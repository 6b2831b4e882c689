"""A real HTTPS server of files for tests, in threads of the test: it redirects, stalls, cuts, lies, asks to wait."""

import gzip
import hashlib
import io
import re
import select
import socket
import socketserver
import ssl
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.https_servers import HttpsServer, serving
from tests.mail_servers import Authority, tls_context

HOST = "127.0.0.1"
ZIP_NAME = "PS_LibreAcces_202611220824.zip"


@dataclass
class Shelf:
    """What a server holds and how it behaves; `acts` are what it does at the next requests, then it behaves well.

    « cut:100 » hangs up after so many bytes · « stall:100 » falls silent then · « lie:50 » promises 50 bytes more than
    there are · « 429 », « 503:7 » (Retry-After) · « redirect », « plain », « round » · « page » a page of the web ·
    « close » no length, hangs up at the end · « drip » a byte, then a break · « shift:7 » the rest, but from 7 bytes
    further on · « unasked » a part that nobody asked for · « careless » the rest of whatever lies there now ·
    « gzip » packed on the way · « other » a redirection to `elsewhere`.
    """

    content: bytes = b""
    name: str = ZIP_NAME
    etag: bool = True
    fixed: str = ""  # the tag that it gives whatever lies there
    modified: datetime | None = None
    ranges: bool = True
    acts: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    base: str = ""
    elsewhere: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"{self.base}/V300/services/extraction/PS_LibreAcces"

    @property
    def tag(self) -> str:
        found = self.fixed or f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'
        return found if self.etag else ""

    def validators(self) -> dict[str, str]:
        found = {"ETag": self.tag} if self.tag else {}
        if self.modified:
            found["Last-Modified"] = format_datetime(self.modified, usegmt=True)
        return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def handle(self) -> None:
        with suppress(OSError):  # an SSLError too: the other side goes as it likes
            super().handle()

    def do_HEAD(self) -> None:
        self._head(200, {"Content-Length": "0", **self.server.shelf.validators()})

    def do_GET(self) -> None:
        shelf = self.server.shelf
        shelf.asked.append(dict(self.headers))
        act, _, number = (shelf.acts.pop(0) if shelf.acts else "").partition(":")
        if act.isdigit():
            self._head(int(act), {"Content-Length": "0", **({"Retry-After": number} if number else {})})
        elif act in ("redirect", "round", "plain", "other"):
            to = {"plain": shelf.base.replace("https", "http"), "other": shelf.elsewhere}.get(act, shelf.base)
            if act == "round":
                shelf.acts.append("round")
            self._head(302, {"Location": f"{to}/ailleurs/fichier.bin", "Content-Length": "0"})
        elif act == "gzip":
            headers = {"Content-Encoding": "gzip", "Content-Disposition": f'attachment; filename="{shelf.name}"'}
            self._whole(gzip.compress(shelf.content), {**shelf.validators(), **headers})
        elif act == "unasked":
            part = shelf.content[10:]
            headers = {"Content-Range": f"bytes 10-{len(shelf.content) - 1}/{len(shelf.content)}"}
            self._head(206, {**headers, "Content-Length": str(len(part))})
            self.wfile.write(part)
        elif act == "nowhere":
            self._head(302, {"Content-Length": "0"})
        elif act == "garbled":
            self._head(200, {"Content-Length": "-5"})
        elif act == "page":
            self._whole(b"<!DOCTYPE html><html><body>Connexion</body></html>", {"Content-Type": "text/html"})
        else:
            self._file(shelf, act, int(number or 0))

    def _file(self, shelf: Shelf, act: str, number: int) -> None:
        validators = shelf.validators()
        if not act and self._known(validators):
            return self._head(304, validators)
        content, status, start = shelf.content, 200, 0
        headers = dict(validators)
        if shelf.name:
            headers["Content-Disposition"] = f'attachment; filename="{shelf.name}"'
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range", "")
        if found and shelf.ranges and (act in ("careless", "shift") or condition in ("", *validators.values())):
            start = int(found[1]) + (number if act == "shift" else 0)
            if act == "careless":
                headers.pop("ETag", None)
            if start >= len(content):
                return self._head(416, {"Content-Range": f"bytes */{len(content)}", "Content-Length": "0"})
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            content = content[start:]
        if act == "close":
            self._head(status, headers)
            self.wfile.write(content[: number or None])
            self.close_connection = True
            return None
        headers["Content-Length"] = str(len(content) + (number if act == "lie" else 0))
        self._head(status, headers)
        if act == "drip":
            content, act = content[:1], "cut"
        self.wfile.write(content[:number] if act in ("cut", "stall") and number else content)
        self.wfile.flush()
        if act == "stall":
            shelf.over.wait(20)
        if act in ("cut", "stall", "lie"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        return None

    def _known(self, validators: dict[str, str]) -> bool:
        tag, day = validators.get("ETag"), validators.get("Last-Modified")
        asked = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        return bool((tag and asked[0] == tag) or (day and asked[1] == day))

    def _whole(self, content: bytes, headers: dict[str, str]) -> None:
        self._head(200, {"Content-Length": str(len(content)), **headers})
        self.wfile.write(content)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.server.shelf.answered.append(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


class _Server(HttpsServer):
    shelf: Shelf


@contextmanager
def file_server(shelf: Shelf, authority: Authority, *, days: int = 7, clients: bool = False) -> Iterator[Shelf]:
    """Serve while the block lasts; `days` its certificate has left; `clients`: it wants one of the same authority."""
    server = _Server((HOST, 0), _Handler)
    server.shelf = shelf
    server.tls = tls = tls_context(*authority.signed(HOST, days=days))
    if clients:
        tls.load_verify_locations(authority.file)
        tls.verify_mode = ssl.CERT_REQUIRED
    shelf.base = f"https://{HOST}:{server.server_address[1]}"
    shelf.over.clear()
    with serving(server):
        try:
            yield shelf
        finally:
            shelf.over.set()


# ── a proxy ──────────────────────────────────────────────────────────────────────────────────────


class _Proxy(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            block = self.request.recv(4096)
            if not block:
                return
            head += block
        place = head.split()[1].decode()
        self.server.asked.append(place)  # type: ignore[attr-defined]
        host, _, port = place.rpartition(":")
        with socket.create_connection((host, int(port)), 10) as far, suppress(OSError):
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            until = time.monotonic() + 20
            while time.monotonic() < until:
                ready, _, _ = select.select([self.request, far], [], [], 1)
                for one in ready:
                    block = one.recv(65536)
                    if not block:
                        return
                    (far if one is self.request else self.request).sendall(block)


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    """(its address, the places it was asked to connect to)."""
    server = socketserver.ThreadingTCPServer((HOST, 0), _Proxy)
    server.daemon_threads = True
    asked: list[str] = []
    server.asked = asked  # type: ignore[attr-defined]
    with serving(server):
        yield f"http://{HOST}:{server.server_address[1]}", asked


# ── what lies there ──────────────────────────────────────────────────────────────────────────────


def zipped(**texts: int | str) -> bytes:
    """A zip of texts by their names, « .txt » added; a number makes as many lines."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            lines = text if isinstance(text, str) else "".join(f"ligne|{at * 7919}|x\n" for at in range(text))
            archive.writestr(zipfile.ZipInfo(f"{name}.txt", (2026, 11, 22, 8, 0, 0)), lines)
    return file.getvalue()
