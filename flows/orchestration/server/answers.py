"""What `deploy/up` asks before it starts anything, each by its exit code.

`python -m flows.orchestration.server.answers URL`: 0 where a server answers; `--config FILE`: where a night could begin
with this configuration, else its mistakes on stderr.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import ConfigurationError

if TYPE_CHECKING:
    import httpx

SECONDS = 5.0


def answers(api: str) -> bool:
    """Tell whether it is a Prefect server, which takes our key where it wants one."""
    import httpx  # each of these commands loads what it needs: `deploy/up` waits for them one after the other

    try:
        with asking() as client:
            return client.get(f"{api}/health").is_success
    except httpx.HTTPError:
        return False


def asking() -> "httpx.Client":
    """Return what asks a Prefect server, with our key where it wants one."""
    import httpx

    user, _, password = os.environ.get("PREFECT_API_AUTH_STRING", "").partition(":")
    key = os.environ.get("PREFECT_API_KEY", "")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(timeout=SECONDS, auth=(user, password) if user else None, headers=headers)


def is_configuration(path: Path) -> bool:
    """Tell whether it is one, as this environment completes it; its mistakes go to stderr."""
    from flows.settings.load import load_settings

    try:
        load_settings(path)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return False
    return True


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--config", file]:
            found = is_configuration(Path(file))
        case [url]:
            found = answers(url)
    sys.exit(not found)
