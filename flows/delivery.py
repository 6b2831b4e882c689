"""Each report on its way: to whom, sealed, signed, handed over at most once, and what became of it recorded."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.mail.letter import Mode, compose
from connectors.mail.notice import compose_notice
from connectors.mail.smime import Signature, sign
from flows.addressees import Addressees, addressees, administrator, allowed
from flows.holders import tell_holders
from flows.passwords import password_of, passwords
from flows.settings import Settings
from flows.state import NightState
from flows.steps import Do, Step, Trouble, plainly
from flows.way_out import Send, mail_signature, way_out
from pipelines.expect import CREATIONS
from pipelines.upgrade import RULES
from schemas.change import Change, PostRef
from schemas.errors import DeliveryError, RefusedByAllError, UnknownDeliveryError
from schemas.glyphs import pair
from schemas.mail import Refusal
from schemas.nomenclatures import ADMIN_EFIT, say
from schemas.report import Report
from schemas.safeguard import Hold
from schemas.witness import Announced

PARIS = ZoneInfo("Europe/Paris")
ADMIN = PostRef(post="ADMIN_EFIT")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one updater's mail.

    `told`: it was accepted by the outbox or the server, now (`sent`) or before. `unknown`: the Message-ID of a mail
    that may have told them: nothing is sent until a human has said. `refused`: how many of their addresses did not
    get it. `escalated`: it went to the administrator, for want of anybody else.
    """

    updater: PostRef
    change_ids: tuple[str, ...]
    told: bool
    sent: bool = False
    error: str = ""
    unknown: str = ""
    refused: int = 0
    escalated: bool = False

    def summary(self) -> dict[str, Any]:
        """As `run.json` has it: no address, no name."""
        return {
            **self.updater.model_dump(),
            "told": self.told,
            "sent": self.sent,
            "error": self.error,
            "unknown": self.unknown,
            "refused": self.refused,
            "escalated": self.escalated,
        }


@dataclass(frozen=True, slots=True)
class Postroom:
    """What a run needs to send its mails."""

    settings: Settings
    send: Send
    secrets: Mapping[str, str]
    signature: Signature | None
    changes: Mapping[str, Change]
    out: Path
    day: date
    state: NightState


def deliver_reports(
    settings: Settings,
    reports: Sequence[Report],
    changes: Sequence[Change],
    held: Sequence[Hold],
    out: Path,
    day: date,
    state: NightState,
    do: Do = plainly,
    perhaps: Collection[str] = (),
) -> tuple[Delivery, ...]:
    """One mail per report that says something new or overdue; one that cannot leave does not keep the others.

    Each mail is recorded before it goes, with the changes it tells of, and once more when it is out. Whoever comes
    after a kill in between finds it in the outbox; of one to a server nobody knows, and nothing it may have announced
    is announced again. Whom the server refused is told to the administrator in a mail of its own. `perhaps`: the new
    changes that such a mail may have told of.
    """
    found = {change.id: change for change in changes}
    done = []
    with way_out(settings) as send:
        room = Postroom(settings, send, passwords(settings), mail_signature(settings), found, out, day, state)
        leaving = going_out(reports, held)
        state.record_witness(about_to_be=_about_to_be(room, leaving))
        for report in leaving:
            delivery = do(Step("mail", report.name), partial(deliver_report, room, report), unsent)
            state.step(f"deliver:{report.name}", "failed" if delivery.error else "done")
            done.append(delivery)
        tell_holders(settings, changes, day, state, send, room.signature)
        if state.refused_mails(day):
            done.append(do(Step("mail", "refusals"), partial(deliver_notice, room), unsent))
    return (*done, *_unsettled(state, done, perhaps))


def _unsettled(state: NightState, done: Sequence[Delivery], perhaps: Collection[str]) -> Iterator[Delivery]:
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
    """A mail that did not leave; what may pass by itself the door has tried again already."""
    return Trouble(unsent_text(delivery)) if delivery.error else None


def unsent_text(delivery: Delivery) -> str:
    """« Le courriel pour le CRH-ST de la région 24 n'est pas parti », or perhaps it is."""
    return say("mail.perhaps" if delivery.unknown else "mail.unsent", updater=_post(delivery.updater))


def going_out(reports: Sequence[Report], held: Sequence[Hold]) -> tuple[Report, ...]:
    """The reports that are mailed: something new or overdue, not held; the administrator's also for a notice.

    When all that is new or overdue is held, nothing is sent (contract §1, exit code 4).
    """
    sets = [hold for hold in held if hold.post and hold.what != RULES]
    waiting = {(hold.post, hold.scope) for hold in sets if hold.what != CREATIONS}  # these are out of the reports alone
    free = [one for one in reports if (one.updater.post, one.updater.scope) not in waiting]
    if sets and not any(one.fresh or one.overdue for one in free):
        return ()
    return tuple(one for one in free if one.fresh or one.overdue or (one.notices and one.updater == ADMIN))


def _about_to_be(room: Postroom, leaving: Sequence[Report]) -> dict[str, Announced]:
    """What the mails are about to announce or remind of; a change's first day as new counts from today."""
    return {
        change.id: Announced(change.first_seen, room.day, room.day, report.updater)
        for report in leaving
        for change in _told(report, _own(room, report))
    }


def _own(room: Postroom, report: Report) -> list[Change]:
    """The changes of a report that are its updater's own to enter."""
    mine = (report.updater.post, report.updater.scope)
    listed = (room.changes[key] for key in sorted(report.statuses))
    return [change for change in listed if (change.updater.post, change.updater.scope) == mine]


def _told(report: Report, own: Sequence[Change]) -> list[Change]:
    """Those that the mail announces as new, or reminds of."""
    reminded = {key for key, _ in report.overdue}
    return [change for change in own if change.status == "new" or change.id in reminded]


def deliver_report(room: Postroom, report: Report) -> Delivery:
    """Send one report's mail, unless it left already or may have."""
    own = _own(room, report)
    announced = _told(report, own)
    ids = tuple(change.id for change in own)
    try:
        to = addressees(report, room.settings.mail)
        message = _message(room, report, to)
    except DeliveryError as error:
        return Delivery(report.updater, ids, told=False, error=str(error))
    try:
        done = _hand_over(room, message, report.updater, announced, to, report.lot)
    except RefusedByAllError as refused:
        if report.updater.post == ADMIN_EFIT or to.escalation:
            room.state.record_failure(str(message["Message-ID"]), report.updater, str(refused))
            return Delivery(report.updater, ids, told=False, error=str(refused), refused=len(refused.refusals))
        done = _escalate(room, report, announced, to.told(refused.refusals))
    return replace(done, change_ids=ids)


def _escalate(room: Postroom, report: Report, announced: Sequence[Change], refusals: tuple[Refusal, ...]) -> Delivery:
    """The server takes it for none of its recipients: the administrator gets it, and reads why."""
    try:
        to = administrator(report, room.settings.mail, "mail.escalated_refused", refusals)
        return _hand_over(room, _message(room, report, to), report.updater, announced, to, report.lot)
    except DeliveryError as error:
        return Delivery(report.updater, (), told=False, error=str(error), refused=len(refusals))


def deliver_notice(room: Postroom) -> Delivery:
    """Tell the administrator whose addresses the server refused in this run, once."""
    mail = room.settings.mail
    try:
        if not allowed(mail.admin or "", mail) or not mail.admin:
            raise DeliveryError(say("notice.no_admin"))
        message = compose_notice(
            room.state.refused_mails(room.day),
            sender=mail.sender,
            admin=mail.admin,
            sent_at=datetime.now(PARIS),
            run_id=room.state.run_id,
        )
        message = sign(message, room.signature) if room.signature else message
        return _hand_over(room, message, ADMIN, (), Addressees((mail.admin,), (1,)))
    except DeliveryError as error:
        return Delivery(ADMIN, (), told=False, error=str(error))


def _hand_over(
    room: Postroom, message: EmailMessage, updater: PostRef, announced: Sequence[Change], to: Addressees, lot: str = ""
) -> Delivery:
    """Raises RefusedByAllError; whatever else goes wrong is in the delivery."""
    message_id = str(message["Message-ID"])
    if room.state.mail_sent(message_id):
        return Delivery(updater, (), told=True)
    if unknown := room.state.unknown_mail(message_id, updater, announced):
        return Delivery(updater, (), told=False, error=_unknown(updater, unknown), unknown=unknown)
    outbox = "" if room.settings.mail.smtp_url else room.settings.mail.outbox or ""
    before = partial(room.state.record_sending, message_id, updater, announced, room.day, lot, outbox)
    try:
        sent, refused = room.send(message, before)
    except RefusedByAllError:
        raise
    except UnknownDeliveryError as error:
        room.state.record_unknown(message_id, updater, announced, room.day)
        said = f"{error} {_unknown(updater, message_id)}"
        return Delivery(updater, (), told=False, error=said, unknown=message_id)
    except DeliveryError as error:
        room.state.record_failure(message_id, updater, str(error))
        return Delivery(updater, (), told=False, error=pair(_post(updater), str(error)))
    refusals = to.told(refused)
    room.state.record_mail(message_id, updater, announced, room.day, refusals)
    return Delivery(updater, (), told=True, sent=sent, refused=len(refusals), escalated=bool(to.escalation))


def _unknown(updater: PostRef, message_id: str) -> str:
    return say("mail.unknown", updater=_post(updater), id=message_id.strip("<>"))


def _post(updater: PostRef) -> str:
    return say(f"post.{updater.post}", scope=updater.scope)


def _message(room: Postroom, report: Report, to: Addressees) -> EmailMessage:
    mail = room.settings.mail
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
        attachment_name=path.name,
        reply_to=mail.reply_to or mail.sender,
        escalation=to.escalation,
        run_id=room.state.run_id,
    )
    return sign(message, room.signature) if room.signature else message


def _attachment(path: Path, mode: Mode, password: str) -> bytes | None:
    if mode == "none" or (mode == "encrypted" and not password):
        return None
    data = path.read_bytes()
    if mode != "encrypted":
        return data
    from connectors.sealed import seal  # reports that leave plain do not wait for it

    return seal(data, password)
