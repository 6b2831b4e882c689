"""`sync-annuaire`: the night as a Prefect flow. `flows.night.nightly.run_night` is the night itself."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger

from flows.night.nightly import run_night
from flows.orchestration.artifacts import show_night
from flows.orchestration.names import named
from flows.orchestration.parallel.tasks import AsTasks, PrefectSink, ProgressArtifact
from flows.orchestration.parallel.workforce import workforce
from flows.orchestration.parameters import (
    AS_OF,
    CONFIG,
    DRY_RUN,
    OUT,
    REGION,
    RELEASE,
    Regions,
    RunDay,
    request_for,
    settings_for,
)
from flows.orchestration.states import state_of, state_of_error
from flows.run.log import Log, file_log
from flows.run.request import Request
from flows.run.run import Steps
from flows.settings.model import Settings
from flows.state.open_secrets import said_before
from schemas.errors import AnnuaireSyncError
from schemas.nomenclatures import say

TIMEOUT = 2 * 3600  # seconds; a night takes minutes: whatever takes longer hangs


@flow(
    name="sync-annuaire",
    flow_run_name=named("night"),
    description=say("prefect.sync"),
    timeout_seconds=TIMEOUT,
    persist_result=False,
)
def sync_annuaire(
    config: str | None = CONFIG,
    as_of: RunDay | None = AS_OF,
    region: Regions | None = REGION,
    dry_run: bool = DRY_RUN,
    release: str | None = RELEASE,
    out: str | None = OUT,
) -> State[Any]:
    """Play the nightly job; ends Completed, « Partiel », « Retenu » or failed with a French sentence."""
    try:
        settings = settings_for(config)
        request = request_for(settings, as_of, region, dry_run=dry_run, release=release, out=out)
        for sentence in () if dry_run else said_before(settings):
            get_run_logger().warning("%s", sentence)
        with _log(settings, request) as log, workforce(settings.orchestration.dask) as parts:
            do = AsTasks(settings.orchestration.retry_delays, parts)
            night = run_night(settings, request, Steps(do, ProgressArtifact(), log))
        show_night(settings, request, night)
    except AnnuaireSyncError as error:
        return state_of_error(error)
    return state_of(night)


@contextmanager
def _log(settings: Settings, request: Request) -> Iterator[Log]:
    with nullcontext() if request.dry_run else file_log(settings.state_folder) as sink:
        yield Log((PrefectSink(), sink) if sink else (PrefectSink(),))
