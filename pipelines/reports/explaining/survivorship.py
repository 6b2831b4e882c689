"""The golden record value by value: what is held true, from which source, and what other sources say of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.matching.golden import line_order
from pipelines.matching.identify import Identity
from schemas.people.person import Sourced


@dataclass(frozen=True, slots=True)
class Kept:
    """A value of the golden record. `others`: what else is given for it, and by whom."""

    account_id: str
    field: str
    value: str
    source: str
    others: tuple[Sourced, ...] = ()


def kept_of(identity: Identity) -> Iterator[Kept]:
    """Yield every value that is held of the person behind an account, each with its source; nothing without one."""
    person, key = identity.person, identity.account.account_id
    for name in ("cpx_number", "last_name", "first_name", "civility", "profession", "bills"):
        found = person.fields.get(name)
        if found and found.value:
            yield Kept(key, name, found.value, found.source)
    card = person.card
    if card and card.card_type:
        yield Kept(key, "card_type", card.card_type, card.source)
    if card and card.ends_on:
        yield Kept(key, "card_expires_on", card.ends_on.isoformat(), card.source)
    for name, (first, *others) in person.contacts.items():
        yield Kept(key, name, first.value, first.source, tuple(others))
    for line in sorted(identity.present, key=line_order):
        yield Kept(key, "function", f"{line.assignment.label()}, {line.assignment.structure_code}", line.source)
