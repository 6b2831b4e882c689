"""`alert`: started by the automations when a run went wrong; tells the engineer by mail, once per run and kind."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.settings import get_current_settings
from prefect.states import Completed

from connectors.mail.alert import compose_alert
from connectors.mail.smime import sign
from flows.delivery.way_out import mail_signature, way_out
from flows.orchestration.cause import Cause, cause_of_hold
from flows.orchestration.parameters import CONFIG, settings_for
from flows.orchestration.states import state_of_error
from flows.settings.model import Settings
from pipelines.reports.mailing.addressees import allowed
from schemas.errors import AnnuaireSyncError, ConfigurationError
from schemas.nomenclatures import say
from schemas.zone import PARIS

AlertKind = Literal["failed", "configuration", "partial", "held", "not_started"]


@flow(name="alert", description=say("prefect.alert"), timeout_seconds=600, persist_result=False)
def alert(
    kind: AlertKind = "failed",
    flow_name: str = "",
    run_name: str = "",
    run_id: str = "",
    why: str = "",
    config: str | None = CONFIG,
) -> State[Any]:
    """Send one mail to `mail.operations`, else to the administrator; an error of ours is the state of the run.

    `why`: what the state of the run says; told where it is our own French sentence.
    """
    try:
        settings = settings_for(config)
        mail = settings.mail
        to = next((one for one in (mail.operations, mail.admin) if one and allowed(one, mail.allowed_domains)), "")
        if not to:
            raise ConfigurationError([say("alert.no_admin")])
        cause = cause_of_hold(settings.store_url) if kind == "held" else Cause()
        reason = [why] if kind in _OURS and why else []
        told = replace(cause, lines=[*cause.lines, *reason, *_page(run_id)])
        _send(settings, kind, flow_name, run_name, told, to)
    except AnnuaireSyncError as error:
        return state_of_error(error)
    return Completed(message=say(f"alert.{kind}"))


_OURS = ("configuration", "partial")  # kinds whose states are ours, and so what they say


def _page(run_id: str) -> list[str]:
    """Where the run is looked at; nothing where the server is heard on its own machine alone."""
    pages = (get_current_settings().ui_url or get_current_settings().api.url or "").removesuffix("/api")
    if urlsplit(pages).hostname in (None, "127.0.0.1", "localhost", "::1"):
        return []
    return [say("alert.where", url=f"{pages}/runs/flow-run/{run_id}" if run_id else f"{pages}/runs")]


def _send(settings: Settings, kind: AlertKind, flow_name: str, run_name: str, cause: Cause, to: str) -> None:
    lines = [*cause.lines, say("alert.doctor"), say("alert.book")]
    message = compose_alert(
        kind,
        flow_name,
        run_name,
        lines,
        sources=cause.sources,
        sender=settings.mail.sender,
        to=to,
        sent_at=datetime.now(PARIS),
    )
    signature = mail_signature(settings)
    with way_out(settings) as send:
        send(sign(message, signature) if signature else message, lambda: None)
