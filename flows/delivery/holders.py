"""`[mail] holders = true`: whose card ends is told directly, at 90, 30 and 0 days, at most once each.

From the annuaire's address only, within `allowed_domains`, and nothing that is not about them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from connectors.mail.holder import compose_holder
from connectors.mail.smime import Signature, sign
from flows.delivery.way_out import Send
from flows.run.run import Run
from flows.settings.mail import MailSettings
from flows.state.run_state import RunState, now
from pipelines.reports.holder import due_days, holder_letter
from pipelines.reports.mailing.addressees import allowed
from schemas.changes.change import Change
from schemas.errors import DeliveryError, UnknownDeliveryError
from schemas.nomenclatures import say
from schemas.reading.source_names import ANNUAIRE
from schemas.reports.mail import HolderMail, HolderTold, usable_address
from schemas.zone import PARIS

_MAY_HAVE_LEFT = ("sent", "unknown")


@dataclass(frozen=True, slots=True)
class Due:
    """A mail that is to leave: for which change, to which address."""

    change: Change
    mail: HolderMail
    to: str


def holders_due(run: Run, changes: Iterable[Change]) -> tuple[Due, ...]:
    """Tell who is to be told tonight; nobody unless the configuration says so."""
    mail = run.settings.mail
    if not mail.holders:
        return ()
    # One that a killed run was sending may have left by a server; in the outbox the same mail is not put twice.
    over = (*_MAY_HAVE_LEFT, *(["sending"] if mail.smtp_url else []))
    told = {(one.account_id, one.ends_on, one.days) for one in run.state.store.holder_mails() if one.outcome in over}
    left = _left(run.state)
    found = (_due(one, run.day, mail) for one in changes if one.account_id not in left)
    return tuple(one for one in found if one and (one.mail.account_id, one.mail.ends_on, one.mail.days) not in told)


def _due(change: Change, day: date, mail: MailSettings) -> Due | None:
    days = due_days(change, day)
    if days is None or not change.account_id or change.status == "refused":
        return None
    to = next((one.after or "" for one in change.fields if one.field == "email" and one.source == ANNUAIRE), "")
    if not usable_address(to) or not allowed(to, mail.allowed_domains):
        return None
    ends_on = next(one.after or "" for one in change.fields if one.field == "card_expires_on")
    letter = holder_letter(change, day)
    told = HolderMail(
        change.account_id,
        date.fromisoformat(ends_on),
        days,
        letter.subject,
        letter.paragraphs,
        letter.steps,
        letter.closing,
        to_come=ends_on >= day.isoformat(),
    )
    return Due(change, told, to.strip())


def tell_holders(run: Run, changes: Sequence[Change], send: Send, signature: Signature | None = None) -> int:
    """Send what is due; how many left. One that cannot leave does not keep the others, and is tried another night.

    Each is written down before it goes: of one whose fate nobody knows, none is sent again.
    """
    mail = run.settings.mail
    done = 0
    for one in holders_due(run, changes):
        message = compose_holder(
            one.mail,
            sender=mail.sender,
            reply_to=_answered_by(one.change, mail),
            to=one.to,
            sent_at=datetime.now(PARIS),
        )
        message = sign(message, signature) if signature else message
        record = partial(_record, run, one.mail)
        try:
            send(message, partial(record, "sending"))
        except UnknownDeliveryError:
            record("unknown")
        except DeliveryError:  # refused by the server, or no way out tonight
            record("failed")
        else:
            record("sent")
            done += 1
    return done


def _answered_by(change: Change, mail: MailSettings) -> Sequence[str]:
    """Who reads what the holder answers: their updater, else the service."""
    theirs = [one for one in change.updater.recipients if usable_address(one) and allowed(one, mail.allowed_domains)]
    return theirs or [mail.reply_to or mail.sender]


def _record(run: Run, mail: HolderMail, outcome: str) -> None:
    run.state.store.record_holder_mail(mail.account_id, mail.ends_on, mail.days, outcome, run.day, now())


def _left(state: RunState) -> Collection[str]:
    """Accounts whose person left, an updater answered: nothing is written to them."""
    return {one.account for one in state.store.judgements() if one.stands and one.choice == "left"}


def holder_notes(run: Run, changes: Sequence[Change]) -> dict[str, str]:
    """Change id → what its holder was told directly, or is tonight."""
    notes: dict[str, list[str]] = {}
    of_account = {one.account_id: one.id for one in changes if one.kind == "card_alert" and one.account_id}
    for told in run.state.store.holder_mails():
        if told.account_id in of_account and told.outcome in _MAY_HAVE_LEFT:
            notes.setdefault(of_account[told.account_id], []).append(_said(told))
    for due in holders_due(run, changes):
        notes.setdefault(due.change.id, []).append(say("holder.tonight"))
    return {key: " ".join(texts) for key, texts in notes.items()}


def _said(told: HolderTold) -> str:
    return say(f"holder.told_{told.outcome}", day=f"{told.day:%d/%m/%Y}")
