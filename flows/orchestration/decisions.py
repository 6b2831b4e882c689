"""`collect-decisions`: what came back to the inbox, taken in by the same steps as `efit-annuaire decisions`."""

from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.orchestration.names import named
from flows.orchestration.parallel.tasks import AsTasks, PrefectSink, ProgressArtifact
from flows.orchestration.parameters import AS_OF, CONFIG, RunDay, day_of, settings_for
from flows.orchestration.states import partial, state_of_error
from flows.returns.decisions import collect_all, digest_name
from flows.returns.intake import Intake
from flows.run.log import Log, file_log
from flows.run.run import Steps
from schemas.errors import AnnuaireSyncError
from schemas.nomenclatures import say


@flow(
    name="collect-decisions",
    flow_run_name=named("decisions"),
    description=say("prefect.decisions"),
    timeout_seconds=1800,
    persist_result=False,
)
def collect_decisions(config: str | None = CONFIG, as_of: RunDay | None = AS_OF) -> State[Any]:
    """Take the inbox in; « Partiel » when somebody has to look at a file again."""
    try:
        settings = settings_for(config)
        if settings.mail.inbox is None and settings.mail.mailbox is None:
            return Completed(message=say("prefect.no_inbox"))
        with file_log(settings.state_folder) as sink:
            do = Steps(AsTasks(), log=Log((PrefectSink(), sink)))
            found = collect_all(settings, day_of(as_of), ProgressArtifact(), do)
            taken, waiting = found.taken, found.waiting
    except AnnuaireSyncError as error:
        return state_of_error(error)
    if taken:
        create_table_artifact([_row(one) for one in taken], key="retours", description=say("prefect.decisions"))
    refused = sum(one.refused for one in taken)
    message = say("prefect.taken_in", files=len(taken), refused=refused)
    if waiting:
        message += " " + say("decisions.waiting", count=waiting)
    if found.problem:
        message += " " + found.problem
    return partial(message) if refused or waiting or found.problem else Completed(message=message)


def _row(one: Intake) -> dict[str, Any]:
    """One file: what counted, and how much was refused; the reasons lie beside the file, they may name people."""
    counted = {say(f"status.{verdict}"): count for verdict, count in one.counts.items()}
    return {say("prefect.file"): digest_name(one.path), **counted, say("prefect.refused"): len(one.refusals)}
