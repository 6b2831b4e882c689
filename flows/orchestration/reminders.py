"""`remind`: the weekly reminders, by the same steps as `efit-annuaire remind`."""

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.jobs.remind import remind as remind_of
from flows.jobs.remind import reminders_text
from flows.orchestration.names import named
from flows.orchestration.parallel.tasks import AsTasks, PrefectSink, ProgressArtifact
from flows.orchestration.parameters import AS_OF, CONFIG, OUT, RunDay, day_of, settings_for
from flows.orchestration.states import partial, state_of_error
from flows.run.log import Log, file_log
from flows.run.run import Steps
from flows.state.opened import store_exists
from schemas.errors import AnnuaireSyncError
from schemas.nomenclatures import say


@flow(
    name="remind",
    flow_run_name=named("remind"),
    description=say("prefect.remind"),
    timeout_seconds=1800,
    persist_result=False,
)
def remind(config: str | None = CONFIG, as_of: RunDay | None = AS_OF, out: str | None = OUT) -> State[Any]:
    """Tell again what waits; « Partiel » when a mail did not leave."""
    try:
        settings = settings_for(config)
        if not store_exists(settings):
            return Completed(message=say("prefect.no_night"))
        folder = Path(out) if out else settings.root / "out"
        with file_log(settings.state_folder) as sink:
            steps = Steps(AsTasks(), ProgressArtifact(), Log((PrefectSink(), sink)))
            reminders = remind_of(settings, day_of(as_of), folder, steps)
    except AnnuaireSyncError as error:
        return state_of_error(error)
    message = reminders_text(reminders, settings.policy.remind_after_days)
    return partial(message) if reminders.failed else Completed(message=message)
