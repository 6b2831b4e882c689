"""Who will lose access, and when, if nobody acts (procedure §1, §2): for each active account one day, or none.

Access is a card and its number in the annuaire: it ends with the card that has no successor, with an opposition, or
with the old card when the next one carries another number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.changes.fields import number_differs
from pipelines.changes.routing import Routing, owner_of
from pipelines.changes.rules.cards import readable
from pipelines.matching.identify import Identity
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import PostRef
from schemas.people.assignment import Account, level_rank
from schemas.people.card import lost_on
from schemas.people.identifiers import NumberKind
from schemas.people.person import CurrentCard
from schemas.reading.source_names import CARD_SOURCES

HORIZON_DAYS = 90
NUMBER_REASONS = ("adeli_to_rpps", "card_number_differs")


@dataclass(frozen=True, slots=True)
class AccessEnd:
    """One account whose access ends. `reason`: a code of contract §6. `region_code`: of its highest function, "" for
    a national one.

    `day`: the first day without access (`card.lost_on`); for `lost` accounts, which cannot log in on the day
    of the night already, that day in the past, or the night's own where it is not known.
    """

    account_id: str
    region_code: str
    day: date
    reason: str
    lost: bool = False

    @property
    def last_day(self) -> date:
        """The last day on which the access serves: warnings count to it, as alerts do to the end of a card."""
        return self.day - timedelta(days=1)

    @property
    def week(self) -> date:
        """The Monday of the week in which it is lost."""
        return self.day - timedelta(days=self.day.weekday())


def foresee(
    snapshot: Snapshot, identities: Mapping[str, Identity], horizon_days: int = HORIZON_DAYS
) -> list[AccessEnd]:
    """Return the accesses lost already and those that serve for the horizon at most, by day and account.

    Nothing is foretold of an account under doubt, nor where the cards could not be read (contract §6).
    """
    last = snapshot.day + timedelta(days=horizon_days)
    ends = (_end(snapshot, identity) for identity in identities.values())
    return sorted((end for end in ends if end and end.last_day <= last), key=lambda end: (end.day, end.account_id))


def by_updater(
    ends: Iterable[AccessEnd], accounts: Mapping[str, Account], routing: Routing
) -> dict[PostRef, list[AccessEnd]]:
    """Return the ends each updater answers for: who owns the account owns its access (contract §5)."""
    found: dict[PostRef, list[AccessEnd]] = {}
    for end in ends:
        owner, _ = owner_of(accounts[end.account_id].assignments, routing)
        found.setdefault(PostRef(post=owner.post, scope=owner.scope), []).append(end)
    return found


def by_region(ends: Iterable[AccessEnd]) -> dict[str, Counter[date | None]]:
    """Return region code → week (None for those lost already) → how many, without a name."""
    found: dict[str, Counter[date | None]] = {}
    for end in ends:
        found.setdefault(end.region_code, Counter())[None if end.lost else end.week] += 1
    return dict(sorted(found.items()))


def _end(snapshot: Snapshot, identity: Identity) -> AccessEnd | None:
    if not identity.told or not readable(snapshot, identity):
        return None
    account, card, day = identity.account, identity.card, snapshot.day
    if card is None:
        return _lost(snapshot, account, day, "card_missing") if identity.cards_known else None
    if card.state in ("expired", "opposed"):
        opposed_on = card.opposed_on if card.state == "opposed" else None
        since = lost_on(card.ends_on, opposed_on) if card.ends_on else opposed_on
        return _lost(snapshot, account, since or day, f"card_{card.state}")
    if differs := number_differs(snapshot, identity):
        return _lost(snapshot, account, day, differs)
    found = _card_end(snapshot, identity, card) if card.state in ("valid", "unsure") else None
    return AccessEnd(account.account_id, home_region(snapshot, account), *found) if found else None


def _card_end(snapshot: Snapshot, identity: Identity, card: CurrentCard) -> tuple[date, str] | None:
    """(first day without access, reason): the present card's chain of successors, as far as the annuaire's number goes
    with it."""
    cards = snapshot.register.cards.get(identity.person_id, ()) if card.source in CARD_SOURCES else ()
    if not cards:
        return (lost_on(card.ends_on), "card_expiring") if card.ends_on else None
    alive = sorted((one for one in cards if not one.opposed(snapshot.day)), key=lambda one: (one.lost_on, one.serial))
    mine = [one for one in alive if (one.content_id or one.holder) == card.number]
    until = mine[-1]
    if alive[-1].lost_on > until.lost_on:
        renumbered = identity.account.number.kind is NumberKind.ADELI
        return until.lost_on, "adeli_to_rpps" if renumbered else "card_number_differs"
    opposed = until.opposed_on is not None and until.opposed_on <= until.ends_on
    return until.lost_on, "card_opposed" if opposed else "card_expiring"


def _lost(snapshot: Snapshot, account: Account, day: date, reason: str) -> AccessEnd:
    return AccessEnd(account.account_id, home_region(snapshot, account), day, reason, lost=True)


def home_region(snapshot: Snapshot, account: Account) -> str:
    """Return the region of the highest function, as for the updater (contract §5); a national body has none."""
    held = sorted(account.assignments, key=lambda one: (level_rank(snapshot.type_of(one), one.structure_code), one))
    structure = snapshot.structures.get(held[0].structure_code) if held else None
    return structure.region_code if structure else ""
