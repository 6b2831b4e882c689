"""What `deploy/up` asks before it starts anything, each by its exit code.

`python -m flows.orchestration.server_answers URL`: 0 where a server answers; `--busy PORT`: where any does;
`--config FILE`: where a night could begin with this configuration, else its mistakes on stderr.
"""

import os
import socket
import sys
from pathlib import Path

import httpx

from flows.settings.load import load_settings
from schemas.errors import ConfigurationError

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


def is_configuration(path: Path) -> bool:
    """Tell whether it is one, as this environment completes it; its mistakes go to stderr."""
    try:
        load_settings(path)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return False
    return True


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--busy", port]:
            found = is_busy(int(port))
        case ["--config", file]:
            found = is_configuration(Path(file))
        case [url]:
            found = answers(url)
    sys.exit(not found)
