"""`alert`: started by the automations when a run went wrong; tells the engineer by mail, once per run and kind."""

from datetime import datetime
from typing import Any, Literal

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
from flows.run.days import PARIS
from flows.settings.model import Settings
from pipelines.reports.mailing.addressees import allowed
from schemas.errors import AnnuaireSyncError, ConfigurationError
from schemas.nomenclatures import say

AlertKind = Literal["failed", "partial", "held", "not_started"]


@flow(name="alert", description=say("prefect.alert"), timeout_seconds=600, persist_result=False)
def alert(
    kind: AlertKind = "failed", flow_name: str = "", run_name: str = "", config: str | None = CONFIG
) -> State[Any]:
    """Send one mail to `mail.operations`, else to the administrator; an error of ours is the state of the run."""
    try:
        settings = settings_for(config)
        mail = settings.mail
        to = next((one for one in (mail.operations, mail.admin) if one and allowed(one, mail.allowed_domains)), "")
        if not to:
            raise ConfigurationError([say("alert.no_admin")])
        _send(settings, kind, flow_name, run_name, to)
    except AnnuaireSyncError as error:
        return state_of_error(error)
    return Completed(message=say(f"alert.{kind}"))


def _send(settings: Settings, kind: AlertKind, flow_name: str, run_name: str, to: str) -> None:
    pages = get_current_settings().ui_url or get_current_settings().api.url or ""
    cause = cause_of_hold(settings.store_url) if kind == "held" else Cause()
    lines = [
        *cause.lines,
        say("alert.where", url=f"{pages.removesuffix('/api')}/runs"),
        say("alert.doctor"),
        say("alert.book"),
    ]
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
