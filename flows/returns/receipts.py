"""Receipts: one for each return and post, at most once; the intent is in the store before anything leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from functools import partial

from connectors.mail.outbox import is_in_outbox
from connectors.mail.receipt import compose_receipt
from connectors.mail.smime import sign
from connectors.store import Store
from flows.delivery.post_addresses import Posts, posts_of
from flows.delivery.way_out import Send, mail_signature, way_out
from flows.settings.mail import MailSettings
from flows.settings.model import Settings
from pipelines.lifecycle.decisions.receipts import is_loop, receipt_of, standing_of
from pipelines.phrase import post_text
from schemas.changes.change import PostRef
from schemas.changes.decision import lot_day
from schemas.changes.receipt import KeptReturn
from schemas.errors import ConfigurationError, DeliveryError, RefusedByAllError, UnknownDeliveryError
from schemas.nomenclatures import say
from schemas.words import clean
from schemas.zone import PARIS


@dataclass(frozen=True, slots=True)
class _Due:
    """What came back at once for one post, and the mail that answers it."""

    returns: tuple[KeptReturn, ...]
    message: EmailMessage

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.returns]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


def send_receipts(settings: Settings, store: Store, day: date) -> str:
    """Send every receipt that is due, those of a run that was killed included; what kept one back, "" where nothing.

    To be called by whoever holds the store: nobody else is sending.
    """
    _settle_interrupted(settings, store)
    due = store.returns(outcome="due")
    if not due:
        return ""
    if not (settings.mail.smtp_url or settings.mail.outbox):
        store.set_receipt([one.number for one in due], "none", "")
        return ""
    try:
        signature = mail_signature(settings)
        posts = posts_of(settings, store, day)
        answered = [one for one in store.returns() if one.receipt_outcome in ("sent", "unknown")]
        problems = []
        with way_out(settings) as send:
            for those in _grouped(due):
                if one := _mail(settings.mail, store, posts, those, answered):
                    message = sign(one.message, signature) if signature else one.message
                    problems.append(_send(settings, store, send, _Due(one.returns, message)))
                    answered += [replace(each, receipt=one.message_id) for each in one.returns]
    except (ConfigurationError, DeliveryError) as error:
        return say("receipt.problem", found=str(error))
    return " ".join(filter(None, problems))


def _grouped(due: Sequence[KeptReturn]) -> list[tuple[KeptReturn, ...]]:
    """What came in one mail for one post is answered at once."""
    found: dict[tuple[str, str], list[KeptReturn]] = {}
    for one in due:
        post = one.returned.post
        found.setdefault((one.returned.parcel.key, post.name if post else ""), []).append(one)
    return [tuple(those) for those in found.values()]


def _mail(
    mail: MailSettings,
    store: Store,
    posts: Posts,
    returns: tuple[KeptReturn, ...],
    answered: Sequence[KeptReturn],
) -> _Due | None:
    """The receipt; None, and written down as such, where there is no post, nobody of it can be written to, or a machine
    would be answered. `answered`: what had its receipt before.
    """
    first = returns[0].returned
    automatic = all(one.returned.facts.outcome == "automatic" for one in returns) or is_loop(returns, answered)
    to = posts.reachable(first.post, first.parcel.sender) if first.post and not automatic else []
    if first.post is None or not to:
        store.set_receipt([one.number for one in returns], "none", "")
        return None
    standing = standing_of(first.post, posts.states, _answered_since(store, first.post, returns))
    theirs = posts.may(first.parcel.sender, first.post) if first.parcel.sender else False
    message = compose_receipt(
        receipt_of(returns, first.post, standing, theirs=theirs),
        sender=clean(mail.sender),
        to=to,
        reply_to=clean(mail.reply_to or mail.sender),
        about="|".join([first.parcel.key, *(one.returned.facts.outcome for one in returns)]),
        sent_at=datetime.now(PARIS),
    )
    return _Due(returns, message)


def _answered_since(store: Store, post: PostRef, returns: Sequence[KeptReturn]) -> list[tuple[str, date]]:
    """Who else answered lines of the post on other files since this report was sent, and when; each answer once."""
    own = {one.returned.digest for one in returns}
    me = {one.returned.parcel.sender for one in returns} - {""}
    sent = min((day for one in returns if (day := lot_day(one.returned.facts.lot))), default=None)
    if sent is None:
        return []
    return [
        (one.returned.parcel.sender, one.day)
        for one in store.returns()
        if one.returned.post == post and one.day >= sent and one.returned.digest not in own
        if one.returned.parcel.sender not in me
        for _ in range(one.returned.facts.taken - one.returned.facts.again)
    ]


def _send(settings: Settings, store: Store, send: Send, due: _Due) -> str:
    """Hand one over; what kept it back, in French."""
    outbox = "" if settings.mail.smtp_url else settings.mail.outbox or ""
    before = partial(store.set_receipt, due.numbers, "sending", due.message_id, outbox)
    try:
        send(due.message, before)
    except RefusedByAllError:
        store.set_receipt(due.numbers, "none", due.message_id)
        post = due.returns[0].returned.post
        return say("receipt.refused_by_all", post=post_text(post) if post else "")
    except UnknownDeliveryError:
        store.set_receipt(due.numbers, "unknown", due.message_id)
        return ""  # it may have arrived: it is never sent again
    except DeliveryError as error:
        store.set_receipt(due.numbers, "due", "")
        return say("receipt.problem", found=str(error))
    store.set_receipt(due.numbers, "sent", due.message_id, outbox)
    return ""


def _settle_interrupted(settings: Settings, store: Store) -> None:
    """One that was about to leave when its run was killed: an outbox can be looked into, of a server nobody can say."""
    for one in store.returns(outcome="sending"):
        outbox = settings.mail.outbox if not settings.mail.smtp_url else None
        if outbox is None:
            store.set_receipt([one.number], "unknown", one.receipt)
        elif is_in_outbox(one.receipt, settings.path(outbox)):
            store.set_receipt([one.number], "sent", one.receipt, outbox)
        else:
            store.set_receipt([one.number], "due", "")
