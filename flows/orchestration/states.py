"""The state a run ends in, so that red stays rare: red is a run that failed, and somebody has to be woken.

« Partiel » is a run that ended (COMPLETED), all that could be done being done; « Retenu » one that a safeguard stopped
(CANCELLED, grey), waiting for a decision. Both carry their name and their reason in every list, and their own alarm
(deploy/automations.toml expects the names, not the colours).
"""

from typing import TYPE_CHECKING, Any

from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Failed

from pipelines.phrase import source_text
from schemas.errors import AnnuaireSyncError, ConfigurationError, RunInProgressError
from schemas.nomenclatures import post_said, say

if TYPE_CHECKING:
    from flows.night.nightly import Night


def state_of(night: "Night") -> State[Any]:
    """Return « Completed », « Partiel » or « Retenu »."""
    status = night.changeset.status
    message = say(f"prefect.{status}", changes=len(night.changeset.changes), why=" ".join(_why(night)))
    if status == "complete":
        return Completed(message=message)
    return partial(message) if status == "partial" else Cancelled(name=say("prefect.state_held"), message=message)


def partial(message: str) -> State[Any]:
    """Return a run that is done, but for what the message names."""
    return Completed(name=say("prefect.state_partial"), message=message)


def _why(night: "Night") -> list[str]:
    """One sentence per source that did not come or sat out, set that is held, mail that did not leave: no name."""
    from flows.delivery.deliver import unsent_text  # whoever tells a night's state has played one: the others load none

    missing = [
        say("fetch.not_brought", source=source_text(one["name"]), found=one["message"])
        for one in night.summary["fetched"]
        if one["outcome"] == "failed"
    ]
    sources = [
        say("prefect.source", source=source_text(one.name), found=one.message)
        for one in night.changeset.sources
        if one.status != "ok"
    ]
    held = [
        say("prefect.held_set", updater=updater_name(one["post"], one["scope"]), count=one["count"], total=one["total"])
        for one in night.summary["held"]
        if one["post"]
    ]
    return [*missing, *sources, *held, *map(unsent_text, filter(lambda one: one.error, night.deliveries))]


def updater_name(post: str, scope: str) -> str:
    """Return « CRH-ST de la région 24 », as the terminal says it."""
    return post_said(post, scope) if post else scope


def state_of_error(error: AnnuaireSyncError) -> State[Any]:
    """Return what an expected error leaves: its French sentence, no traceback; a second run at once is cancelled."""
    if isinstance(error, RunInProgressError):
        return Cancelled(name=say("prefect.state_busy"), message=str(error))
    if isinstance(error, ConfigurationError):
        return Failed(name=say("prefect.state_configuration"), message="\n".join(error.problems))
    return Failed(message=str(error))
