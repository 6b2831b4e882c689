"""`[mail] holders = true`: whose card ends is told directly, at 90, 30 and 0 days, at most once each.

From the annuaire's address only, within `allowed_domains`, and nothing that is not about them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from connectors.mail.holder import compose_holder
from connectors.mail.letter import usable_address
from connectors.mail.smime import Signature, sign
from flows.addressees import allowed
from flows.settings import MailSettings, Settings
from flows.state import NightState, now
from flows.way_out import Send
from pipelines.holder import due_days, holder_letter
from schemas.change import Change
from schemas.errors import DeliveryError, UnknownDeliveryError
from schemas.mail import HolderTold
from schemas.nomenclatures import say
from schemas.report import HolderMail

PARIS = ZoneInfo("Europe/Paris")
_MAY_HAVE_LEFT = ("sent", "unknown")


@dataclass(frozen=True, slots=True)
class Due:
    """A mail that is to leave: for which change, to which address."""

    change: Change
    mail: HolderMail
    to: str


def holders_due(settings: Settings, changes: Iterable[Change], day: date, state: NightState) -> tuple[Due, ...]:
    """Who is to be told tonight; nobody unless the configuration says so."""
    if not settings.mail.holders:
        return ()
    # One that a killed run was sending may have left by a server; in the outbox the same mail is not put twice.
    over = (*_MAY_HAVE_LEFT, *(["sending"] if settings.mail.smtp_url else []))
    told = {(one.account_id, one.ends_on, one.days) for one in _told(state) if one.outcome in over}
    left = _left(state)
    found = (_due(one, day, settings.mail) for one in changes if one.account_id not in left)
    return tuple(one for one in found if one and (one.mail.account_id, one.mail.ends_on, one.mail.days) not in told)


def _due(change: Change, day: date, mail: MailSettings) -> Due | None:
    days = due_days(change, day)
    if days is None or not change.account_id or change.status == "refused":
        return None
    to = next((one.after or "" for one in change.fields if one.field == "email" and one.source == "annuaire"), "")
    if not usable_address(to) or not allowed(to, mail):
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


def tell_holders(
    settings: Settings,
    changes: Sequence[Change],
    day: date,
    state: NightState,
    send: Send,
    signature: Signature | None = None,
) -> int:
    """Send what is due; how many left. One that cannot leave does not keep the others, and is tried another night.

    Each is written down before it goes: of one whose fate nobody knows, none is sent again.
    """
    done = 0
    for one in holders_due(settings, changes, day, state):
        message = compose_holder(
            one.mail,
            sender=settings.mail.sender,
            reply_to=settings.mail.reply_to or settings.mail.sender,
            to=one.to,
            sent_at=datetime.now(PARIS),
        )
        message = sign(message, signature) if signature else message
        record = partial(_record, state, one.mail, day)
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


def _record(state: NightState, mail: HolderMail, day: date, outcome: str) -> None:
    if state.ledger is not None and state.writes:
        state.ledger.record_holder_mail(mail.account_id, mail.ends_on, mail.days, outcome, day, now())


def _told(state: NightState) -> list[HolderTold]:
    return state.ledger.holder_mails() if state.ledger is not None else []


def _left(state: NightState) -> Collection[str]:
    """Accounts whose person left, an updater answered: nothing is written to them."""
    judged = state.ledger.judgements() if state.ledger is not None else []
    return {one.account for one in judged if one.stands and one.choice == "left"}


def holder_notes(settings: Settings, changes: Sequence[Change], day: date, state: NightState) -> dict[str, str]:
    """Change id → what its holder was told directly, or is tonight."""
    notes: dict[str, list[str]] = {}
    of_account = {one.account_id: one.id for one in changes if one.kind == "card_alert" and one.account_id}
    for told in _told(state):
        if told.account_id in of_account and told.outcome in _MAY_HAVE_LEFT:
            notes.setdefault(of_account[told.account_id], []).append(_said(told))
    for due in holders_due(settings, changes, day, state):
        notes.setdefault(due.change.id, []).append(say("holder.tonight"))
    return {key: " ".join(texts) for key, texts in notes.items()}


def _said(told: HolderTold) -> str:
    return say(f"holder.told_{told.outcome}", day=f"{told.day:%d/%m/%Y}")
