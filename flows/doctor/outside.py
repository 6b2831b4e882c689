"""What leaves this machine and who starts its nights: outputs, mail, Prefect."""

import os
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import make_url

from connectors.mail.smtp import probe
from connectors.mailbox.letterbox import probe as open_mailbox
from connectors.system.machine import is_listening, is_writable
from connectors.web.prefect_api import ServerState, ask_server
from flows.delivery.way_out import check_mail, mail_server
from flows.doctor.examination import Visit
from flows.installing.passwords import posts
from flows.returns.letterbox import mailbox, mailbox_place, with_token
from flows.settings.model import Settings
from flows.settings.passwords import without_password
from schemas.errors import AnnuaireError, ConfigurationError, DeliveryError, MailboxError, OrchestratorError
from schemas.nomenclatures import say
from schemas.reports.checkup import Finding, failure, ok, warning
from schemas.reports.smtp_server import SmtpServer

FLOWS = ("sync-annuaire", "collect-decisions", "remind", "purge", "alert")
SMTP_SECONDS = 10.0  # a mail may wait longer; whoever waits for this answer may not


def check_outputs(visit: Visit) -> Iterator[Finding]:
    """Check that the folder of the results can be written, the folder of returned reports is there."""
    shown = visit.settings.shown(visit.out)
    if is_writable(visit.out):
        yield ok(say("doctor.writable", path=shown))
    else:
        yield failure(say("doctor.not_writable", path=shown), say("doctor.not_writable_todo"))
    inbox = visit.settings.mail.inbox
    if inbox and not visit.settings.path(inbox).is_dir():
        yield warning(say("doctor.inbox_missing", path=inbox), say("doctor.inbox_missing_todo"))


def check_mailbox(visit: Visit) -> Iterator[Finding]:
    """Check the mailbox that reports come back to opens; nothing in it is touched."""
    if visit.settings.mail.mailbox is None:
        return
    try:
        box = mailbox(visit.settings)
        open_mailbox(with_token(visit.settings, replace(box, timeout=min(box.timeout, SMTP_SECONDS))))
    except MailboxError as error:
        yield warning(str(error), say("doctor.mailbox_todo"))
    except ConfigurationError as error:  # what else is missing for mails is said with it
        yield from (failure(problem, say("doctor.configuration_todo")) for problem in error.problems)
    else:
        yield ok(say("doctor.mailbox", place=mailbox_place(visit.settings)))


def check_delivery(visit: Visit) -> Iterator[Finding]:
    """Check the passwords of the reports can be read; the outbox can be written, or the server answers."""
    yield from check_mailbox(visit)
    mail = visit.settings.mail
    if mail.attachments == "plain":
        yield warning(say("doctor.plain"), say("doctor.plain_todo"))
    try:
        check_mail(visit.settings)
    except ConfigurationError as error:
        yield from (failure(problem, say("doctor.configuration_todo")) for problem in error.problems)
        return
    yield from _passwords(visit.settings)
    server = mail_server(visit.settings)
    if server:
        yield _server(server)
    elif mail.outbox:
        folder = visit.settings.path(mail.outbox)
        if is_writable(folder):
            yield ok(say("doctor.outbox", path=mail.outbox))
        else:
            yield failure(say("doctor.not_writable", path=mail.outbox), say("doctor.not_writable_todo"))


def _passwords(settings: Settings) -> Iterator[Finding]:
    """Every post whose reports nobody could open."""
    try:
        names = without_password(settings, posts(settings))
    except (AnnuaireError, ConfigurationError):  # said where the annuaire is looked at
        return
    if names:
        told = say("doctor.no_password", count=len(names), names=", ".join(names))
        yield warning(told, say("doctor.no_password_todo"))
    elif settings.mail.attachments == "encrypted":
        yield ok(say("doctor.passwords"))


def _server(server: SmtpServer) -> Finding:
    """Connected, encrypted, logged in, thanked: no mail is sent."""
    try:
        probe(replace(server, timeout=min(server.timeout, SMTP_SECONDS)))
    except DeliveryError as error:
        return failure(str(error), say("doctor.smtp_todo"))
    return ok(say("doctor.smtp", place=server.place))


def check_prefect(_visit: Visit) -> Iterator[Finding]:
    """Check the server answers, every flow of ours is deployed and not paused, somebody is there to run it."""
    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        yield ok(say("doctor.prefect_none"))
        return
    try:
        state = ask_server(url, os.environ.get("PREFECT_API_AUTH_STRING", ""), os.environ.get("PREFECT_API_KEY", ""))
    except OrchestratorError as error:
        yield failure(str(error), say("doctor.prefect_todo"))
        return
    faults = list(_faults(state))
    yield from faults
    if not faults:
        workers = sum(state.workers.values())
        yield ok(say("doctor.prefect", url=url, deployments=len(state.deployments), workers=workers))


def _faults(state: ServerState) -> Iterator[Finding]:
    ours = [one for one in state.deployments if one.name.split("/")[0] in FLOWS]
    for flow in FLOWS:
        if not any(one.name.startswith(f"{flow}/") for one in ours):
            yield failure(say("doctor.prefect_missing", flow=flow), say("doctor.prefect_missing_todo"))
    for one in ours:
        if one.paused:
            yield failure(say("doctor.prefect_paused", name=one.name), say("doctor.prefect_paused_todo"))
        elif one.unscheduled:
            yield failure(say("doctor.prefect_unscheduled", name=one.name), say("doctor.prefect_unscheduled_todo"))
    for pool in sorted({one.pool for one in ours if one.pool}):
        if not state.workers.get(pool):
            yield failure(say("doctor.prefect_idle", pool=pool), say("doctor.prefect_idle_todo"))


def check_cluster(visit: Visit) -> Iterator[Finding]:
    """Check where a cluster is named: its scheduler is there, and the store is one that other machines see."""
    address = visit.settings.orchestration.dask
    if not address:
        yield ok(say("doctor.cluster_none"))
        return
    host, _, port = address.rpartition("//")[2].rpartition(":")
    if is_listening(host, int(port)):
        yield ok(say("doctor.cluster", address=address))
    else:
        yield warning(say("doctor.cluster_silent", address=address), say("doctor.cluster_silent_todo"))
    if make_url(visit.settings.store.url).get_backend_name() == "sqlite":
        yield warning(say("doctor.cluster_file"), say("doctor.cluster_file_todo"))
