"""What every real HTTPS server of the tests has in common: its certificate, its threads, its end."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import Any

from tests.patience import patient


class HttpsServer(ThreadingHTTPServer):
    """Speaks TLS, or in the clear where `tls` is None."""

    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def get_request(self) -> tuple[Any, Any]:
        """The connection that came, sealed; its handshake is for the thread that serves it."""
        connection, place = super().get_request()
        if self.tls is None:
            return connection, place
        return self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), place

    def handle_error(self, *_: Any) -> None:
        """Who refuses the handshake, or hangs up, has their reasons."""


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[None]:
    """Serve in a thread while the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(patient(10))
