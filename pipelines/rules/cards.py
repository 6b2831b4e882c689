"""Cards that end, have ended, are under opposition, or are not known (contract §6, procedure §2 and §3)."""

from collections.abc import Iterator

from pipelines.draft import Draft
from pipelines.identify import Identity
from pipelines.world import World
from schemas.identifiers import NumberKind
from schemas.person import CurrentCard


def card_alert(world: World, identity: Identity) -> Iterator[Draft]:
    """At most one alert for an account: about its current card, or that there is none."""
    if identity.blocked or not _readable(world, identity):
        return
    card = identity.person.card
    if card is None:
        if identity.person.cards_known:
            yield _alert(identity, "card_missing", "", "", "")
        return
    reason, day, severity = _state(world, card)
    if reason:
        yield _alert(identity, reason, day, severity, card.ends_on.isoformat() if card.ends_on else "")


def _readable(world: World, identity: Identity) -> bool:
    """While the card file is unread, the cards of registered persons may have been renewed: nothing is said."""
    register = world.register
    if identity.account.number.kind is NumberKind.ESTABLISHMENT or not register.configured:
        return True
    return register.cards_read and (register.persons_read or bool(register.cards.get(identity.person.person_id)))


def _state(world: World, card: CurrentCard) -> tuple[str, str, str]:
    """(reason, the day that counts, severity or "" for the table's)."""
    if card.state == "expired" and card.ends_on:
        return "card_expired", f"{card.ends_on:%d/%m/%Y}", ""
    if card.state == "opposed" and card.opposed_on:
        return "card_opposed", f"{card.opposed_on:%d/%m/%Y}", ""
    warning = world.policy.expiry_warning_days
    if card.state != "valid" or card.successor or card.ends_on is None or not warning:
        return "", "", ""
    left = (card.ends_on - world.day).days
    if left > max(warning):
        return "", "", ""
    return "card_expiring", f"{card.ends_on:%d/%m/%Y}", "access" if left <= min(warning) else "important"


def _alert(identity: Identity, reason: str, day: str, severity: str, ends_on: str) -> Draft:
    account = identity.account
    return Draft(
        reason=reason,
        who=account.account_id,
        account=account,
        person=identity.person,
        severity=severity,
        target=[reason, ends_on],
        values={"date": day},
        card_steps=True,
        number_kind=account.number.kind.value,
    )
