"""`purge`: personal data past its time, forgotten every month as `efit-annuaire purge` does."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.jobs.purge import forget
from flows.orchestration.names import named
from flows.orchestration.parallel.tasks import PrefectSink
from flows.orchestration.parameters import CONFIG, settings_for
from flows.orchestration.states import state_of_error
from schemas.errors import AnnuaireSyncError
from schemas.nomenclatures import say


@flow(
    name="purge",
    flow_run_name=named("purge"),
    description=say("prefect.purge"),
    timeout_seconds=1800,
    persist_result=False,
)
def purge(config: str | None = CONFIG) -> State[Any]:
    """Forget; counts of what was forgotten in the log."""
    try:
        forgotten = forget(settings_for(config), None)
    except AnnuaireSyncError as error:
        return state_of_error(error)
    PrefectSink().info("purge", files=forgotten.files, **forgotten.counts)
    return Completed(message=say("prefect.purged", before=f"{forgotten.before:%d/%m/%Y}"))
