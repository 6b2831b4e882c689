"""`python -m flows.orchestration.server_answers URL`: 0 where a server answers; `--busy PORT`: where any does."""

import os
import socket
import sys

import httpx

SECONDS = 5.0


def answers(api: str) -> bool:
    """Tell whether it is a Prefect server, which takes our key where it wants one."""
    user, _, password = os.environ.get("PREFECT_API_AUTH_STRING", "").partition(":")
    key = os.environ.get("PREFECT_API_KEY", "")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        found = httpx.get(f"{api}/health", timeout=SECONDS, auth=(user, password) if user else None, headers=headers)
    except httpx.HTTPError:
        return False
    return found.is_success


def is_busy(port: int) -> bool:
    """Tell whether some program listens on this port of this machine."""
    with socket.socket() as found:
        found.settimeout(SECONDS)
        return found.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(not (is_busy(int(words[1])) if words[0] == "--busy" else answers(words[0])))
