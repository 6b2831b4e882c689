"""Prefect's own client for the commands that set a server up: what keeps them from it is one sentence, as anywhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import ObjectNotFound
from prefect.settings import get_current_settings

from flows.run.exits import EXIT_DONE, EXIT_STOPPED, EXIT_USAGE
from flows.terminal.folding import complain
from schemas.errors import ConfigurationError, OrchestratorError
from schemas.nomenclatures import say


@contextmanager
def server_client() -> Iterator[SyncPrefectClient]:
    """Give a client of the server that PREFECT_API_URL names. Raises OrchestratorError where it cannot be asked."""
    url = get_current_settings().api.url
    if not url:  # Prefect would start one of its own, for this command alone
        raise OrchestratorError(say("prefect_api.unnamed"))
    try:
        with get_client(sync_client=True) as client:
            yield client
    except ObjectNotFound as error:
        raise OrchestratorError(say("prefect_api.undeployed", url=url)) from error
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        told = "prefect_api.refused" if code in (401, 403) else "prefect_api.answered"
        raise OrchestratorError(say(told, url=url, code=code)) from error
    except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:
        raise OrchestratorError(say("prefect_api.unreachable", url=url)) from error


def played(work: Callable[[], object]) -> int:
    """Carry out it and return the exit code; what went wrong goes to stderr."""
    try:
        work()
    except ConfigurationError as error:
        complain(error.problems)
        return EXIT_USAGE
    except OrchestratorError as error:
        complain([str(error)])
        return EXIT_STOPPED
    return EXIT_DONE
