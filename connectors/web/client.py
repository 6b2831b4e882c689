"""The HTTP client: proxies as the environment names them, and a sentence where that cannot be understood."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from schemas.errors import FetchError
from schemas.nomenclatures import say

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


def open_client(**settings: Any) -> httpx.Client:
    """Return a client of httpx with these settings.

    Raises FetchError where a proxy of the environment is none, or of a kind that is not served (SOCKS).
    """
    try:
        with _plain_no_proxy():
            return httpx.Client(**settings)
    except (ImportError, ValueError, httpx.InvalidURL) as error:  # what it says may hold a password
        names = [name for name in (*_PROXIES, *map(str.lower, _PROXIES)) if os.environ.get(name)]
        raise FetchError(say("fetch.proxy_setting", names=", ".join(names))) from error


@contextmanager
def _plain_no_proxy() -> Iterator[None]:
    """« [::1] » in NO_PROXY, as curl and Python take it, is « ::1 » for httpx, which would refuse it."""
    kept = {name: os.environ[name] for name in ("NO_PROXY", "no_proxy") if name in os.environ}
    for name, value in kept.items():
        os.environ[name] = value.replace("[", "").replace("]", "")
    try:
        yield
    finally:
        os.environ.update(kept)
