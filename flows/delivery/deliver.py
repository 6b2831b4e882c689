"""Each report on its way: to whom, sealed, signed, handed over at most once, and what became of it recorded."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from connectors.mail.letter import Mode, compose
from connectors.mail.refused_addresses import compose_notice
from connectors.mail.smime import Signature, sign
from flows.delivery.holders import tell_holders
from flows.delivery.way_out import Send, mail_signature, way_out
from flows.run.run import Run
from flows.run.steps import Step, Trouble
from flows.settings.passwords import password_of, passwords
from flows.state.run_state import RunState
from pipelines.lifecycle.findings import Findings
from pipelines.reports.mailing.addressees import Addressees, addressees, administrator, allowed
from pipelines.reports.mailing.sending import about_to_be_told, going_out, own_of, told_by
from pipelines.workbook_keepers import ADMIN
from schemas.changes.change import Change, PostRef
from schemas.errors import DeliveryError, RecipientRefusal, RefusedByAllError, UnknownDeliveryError
from schemas.glyphs import pair
from schemas.nomenclatures import ADMIN_EFIT, post_said, say
from schemas.reports.delivery import Delivery
from schemas.reports.mail import MailRow
from schemas.reports.report import Report
from schemas.zone import PARIS


@dataclass(frozen=True, slots=True)
class Postroom:
    """What a run needs to send its mails. `out`: the folder in which its reports lie."""

    run: Run
    send: Send
    secrets: Mapping[str, str]
    signature: Signature | None
    changes: Mapping[str, Change]
    out: Path


def deliver_night(run: Run, findings: Findings, reports: Sequence[Report]) -> tuple[Delivery, ...]:
    """Return the mails of a night; none of one that waits as a whole, and none of a dry run."""
    if findings.sources.night_held or run.request.dry_run:
        return ()
    lives = findings.lives
    # What is wrong with a source was said when this very night was played before.
    reports = [one for one in reports if one.fresh or one.overdue] if run.state.repeats else reports
    return deliver_reports(run, going_out(reports, findings.held), lives.open_changes, run.out, lives.perhaps)


def deliver_reports(
    run: Run, leaving: Sequence[Report], changes: Sequence[Change], out: Path, perhaps: Collection[str] = ()
) -> tuple[Delivery, ...]:
    """Return one mail per report; one that cannot leave does not keep the others.

    Each mail is recorded before it goes, with the changes it tells of, and once more when it is out. Whoever comes
    after a kill in between finds it in the outbox; of one to a server nobody knows, and nothing it may have announced
    is announced again. Whom the server refused is told to the administrator in a mail of its own. `perhaps`: the new
    changes that such a mail may have told of.
    """
    settings, state = run.settings, run.state
    known = {change.id: change for change in changes}
    done = []
    with way_out(settings) as send:
        room = Postroom(run, send, passwords(settings), mail_signature(settings), known, out)
        state.record_witness(about_to_be=about_to_be_told(leaving, known, run.day))
        for report in leaving:
            delivery = run.steps(Step("mail", report.name), partial(deliver_report, room, report), unsent)
            state.step(f"deliver:{report.name}", "failed" if delivery.error else "done")
            done.append(delivery)
        tell_holders(run, changes, send, room.signature)
        if state.refused_mails(run.day):
            done.append(run.steps(Step("mail", "refusals"), partial(deliver_notice, room), unsent))
    return (*done, *_unsettled(state, done, perhaps))


def _unsettled(state: RunState, done: Sequence[Delivery], perhaps: Collection[str]) -> Iterator[Delivery]:
    """The mails of earlier runs of which nobody knows whether they arrived, and that no mail of this run made good.

    They may have announced the changes `perhaps`: a human is asked again, and nothing is sent.
    """
    asked = {one.unknown for one in done}
    waiting: dict[tuple[str, str, str], list[str]] = {}
    for key, told in sorted(state.perhaps_told().items()):
        if key in perhaps and told.message_id not in asked:
            waiting.setdefault((told.message_id, told.to.post, told.to.scope), []).append(key)
    for (message_id, post, scope), ids in sorted(waiting.items()):
        updater = PostRef.model_validate({"post": post, "scope": scope})
        error = _unknown(updater, message_id)
        yield Delivery(updater, tuple(ids), told=False, error=error, unknown=message_id)


def unsent(delivery: Delivery) -> Trouble | None:
    """Return a mail that did not leave; what may pass by itself the door has tried again already."""
    return Trouble(unsent_text(delivery)) if delivery.error else None


def unsent_text(delivery: Delivery) -> str:
    """Return « Le courriel pour le CRH-ST de la région 24 n'est pas parti », or perhaps it is."""
    updater = post_said(delivery.updater.post, delivery.updater.scope)
    return say("mail.perhaps" if delivery.unknown else "mail.unsent", updater=updater)


def deliver_report(room: Postroom, report: Report) -> Delivery:
    """Send one report's mail, unless it left already or may have."""
    own = own_of(report, room.changes)
    announced = told_by(report, own)
    ids = tuple(change.id for change in own)
    try:
        to = addressees(report, *_admin(room))
        message = _message(room, report, to)
    except DeliveryError as error:
        return Delivery(report.updater, ids, told=False, error=str(error))
    try:
        done = _hand_over(room, message, report.updater, announced, to, report.lot)
    except RefusedByAllError as refused:
        if report.updater.post == ADMIN_EFIT or to.escalation:
            mail = _row(room, message, report.updater, (), report.lot)
            room.run.state.record_mail(replace(mail, outcome="failed", error=str(refused)))
            return Delivery(report.updater, ids, told=False, error=str(refused), refused=len(refused.refusals))
        done = _escalate(room, report, announced, to.told(refused.refusals))
    return replace(done, change_ids=ids)


def _escalate(
    room: Postroom, report: Report, announced: Sequence[Change], refusals: tuple[RecipientRefusal, ...]
) -> Delivery:
    """The server takes it for none of its recipients: the administrator gets it, and reads why."""
    try:
        to = administrator(report, *_admin(room), "mail.escalated_refused", refusals)
        return _hand_over(room, _message(room, report, to), report.updater, announced, to, report.lot)
    except DeliveryError as error:
        return Delivery(report.updater, (), told=False, error=str(error), refused=len(refusals))


def _admin(room: Postroom) -> tuple[str, tuple[str, ...]]:
    """The administrator's address, and the domains that may be written to."""
    mail = room.run.settings.mail
    return mail.admin or "", tuple(mail.allowed_domains)


def deliver_notice(room: Postroom) -> Delivery:
    """Tell the administrator whose addresses the server refused in this run, once."""
    mail = room.run.settings.mail
    try:
        if not allowed(mail.admin or "", mail.allowed_domains) or not mail.admin:
            raise DeliveryError(say("notice.no_admin"))
        message = compose_notice(
            room.run.state.refused_mails(room.run.day),
            sender=mail.sender,
            admin=mail.admin,
            sent_at=datetime.now(PARIS),
            run_id=room.run.state.run_id,
        )
        message = sign(message, room.signature) if room.signature else message
        return _hand_over(room, message, ADMIN, (), Addressees((mail.admin,), (1,)))
    except DeliveryError as error:
        return Delivery(ADMIN, (), told=False, error=str(error))


def _hand_over(
    room: Postroom, message: EmailMessage, updater: PostRef, announced: Sequence[Change], to: Addressees, lot: str = ""
) -> Delivery:
    """Raises RefusedByAllError; whatever else goes wrong is in the delivery."""
    state, mail = room.run.state, _row(room, message, updater, announced, lot)
    if before := state.told_already(mail):
        if before.outcome == "sent":
            return Delivery(updater, (), told=True)
        error = _unknown(updater, before.message_id)
        return Delivery(updater, (), told=False, error=error, unknown=before.message_id)
    try:
        sent, refused = room.send(message, partial(state.record_mail, mail))
    except RefusedByAllError:
        raise
    except UnknownDeliveryError as error:
        state.record_mail(replace(mail, outcome="unknown"))
        said = f"{error} {_unknown(updater, mail.message_id)}"
        return Delivery(updater, (), told=False, error=said, unknown=mail.message_id)
    except DeliveryError as error:
        state.record_mail(replace(mail, outcome="failed", change_ids=(), error=str(error)))
        return Delivery(updater, (), told=False, error=pair(post_said(updater.post, updater.scope), str(error)))
    refusals = to.told(refused)
    state.record_mail(replace(mail, outcome="sent", refusals=refusals), announced)
    return Delivery(updater, (), told=True, sent=sent, refused=len(refusals), escalated=bool(to.escalation))


def _row(room: Postroom, message: EmailMessage, updater: PostRef, announced: Sequence[Change], lot: str) -> MailRow:
    """The mail as it is about to leave: whoever comes after a kill must not send it again."""
    mail = room.run.settings.mail
    return MailRow(
        str(message["Message-ID"]),
        room.run.state.run_id,
        updater,
        room.run.day,
        "sending",
        tuple(change.id for change in announced),
        outbox="" if mail.smtp_url else mail.outbox or "",
        lot=lot,
    )


def _unknown(updater: PostRef, message_id: str) -> str:
    return say("mail.unknown", updater=post_said(updater.post, updater.scope), id=message_id.strip("<>"))


def _message(room: Postroom, report: Report, to: Addressees) -> EmailMessage:
    mail = room.run.settings.mail
    password = password_of(room.secrets, ADMIN_EFIT if to.escalation else report.name)
    mode: Mode = mail.attachments
    path = room.out / "reports" / report.file_name
    message = compose(
        replace(report, recipients=to.recipients),
        sender=mail.sender,
        admin=mail.admin or "",
        sent_at=datetime.now(PARIS),
        mode=mode,
        attachment=_attachment(path, mode, password),
        attachment_name=report.dated_name,
        reply_to=mail.reply_to or mail.sender,
        escalation=to.escalation,
    )
    return sign(message, room.signature) if room.signature else message


def _attachment(path: Path, mode: Mode, password: str) -> bytes | None:
    if mode == "none" or (mode == "encrypted" and not password):
        return None
    data = path.read_bytes()
    if mode != "encrypted":
        return data
    from connectors.excel.sealed import seal  # reports that leave plain do not wait for it

    return seal(data, password)
