"""Cards that end, have ended, are under opposition, or are not known (contract §6, procedure §2 and §3)."""

from collections import defaultdict
from collections.abc import Iterator

from pipelines.changes.draft import Draft
from pipelines.changes.rules.reviews import is_titulaire
from pipelines.changes.rules.scene import Rule, Scene
from pipelines.matching.identify import Identity
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.people.identifiers import NumberKind
from schemas.people.person import CurrentCard
from schemas.reading.source_names import ANNUAIRE


def card_alerts(scene: Scene) -> Iterator[Draft]:
    """Yield at most one alert for an account: about its current card, or that there is none."""
    able = _able(scene)
    for identity in scene.identities.values():
        for draft in _alerts(scene.snapshot, identity):
            structures = sorted(
                held.structure_code
                for held in identity.account.assignments
                if is_titulaire(held) and not able[held.structure_code] - {identity.account.account_id}
            )
            if structures:
                named = (scene.snapshot.structures.get(code) for code in structures)
                names = (one.name if one and one.name else code for code, one in zip(structures, named, strict=True))
                draft.values = {**draft.values, "structures": ", ".join(names)}
                draft.before = ("sole_titulaire",)
            yield draft


def _able(scene: Scene) -> defaultdict[str, set[str]]:
    """Structure → its titulaires of whom nothing says that they cannot log in."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, identity in scene.identities.items():
        card = identity.card
        if card is not None and card.state not in ("expired", "opposed"):
            for held in filter(is_titulaire, identity.account.assignments):
                found[held.structure_code].add(key)
    return found


def _alerts(snapshot: Snapshot, identity: Identity) -> Iterator[Draft]:
    if not identity.told or not readable(snapshot, identity):
        return
    card = identity.card
    if not identity.account.number.raw and not identity.person.value("cpx_number"):
        card = None  # a card nobody knows the number of lets nobody in
    if card is None:
        if identity.cards_known:
            yield _alert(identity, "card_missing", "", "")
        return
    reason, severity = _state(snapshot, card)
    if reason:
        yield _alert(identity, reason, severity, card.ends_on.isoformat() if card.ends_on else "")


def readable(snapshot: Snapshot, identity: Identity) -> bool:
    """Tell whether the card file was read: while it is not, the cards of registered persons may have been renewed."""
    register = snapshot.register
    if identity.account.number.kind is NumberKind.ESTABLISHMENT or not register.configured:
        return True
    return register.cards_read and (register.persons_read or bool(register.cards.get(identity.person_id)))


def _state(snapshot: Snapshot, card: CurrentCard) -> tuple[str, str]:
    """(reason or "", severity or "" for the table's)."""
    if card.state in ("expired", "opposed"):
        return f"card_{card.state}", ""
    warning = snapshot.policy.expiry_warning_days
    if card.state not in ("valid", "unsure") or card.successor or card.ends_on is None or not warning:
        return "", ""
    left = (card.ends_on - snapshot.day).days
    if left > max(warning):
        return "", ""
    return "card_expiring", "access" if left <= min(warning) else "important"


def _shown(card: CurrentCard | None) -> Iterator[FieldChange]:
    """The card that the alert is about, for the updater to recognise it."""
    if card is None:
        return
    days = {
        "card_expires_on": card.ends_on,
        "card_opposed_on": card.opposed_on if card.state == "opposed" else None,
    }
    if card.card_type:
        yield FieldChange(field="card_type", before=None, after=card.card_type, source=card.source)
    for name, day in days.items():
        if day:
            yield FieldChange(field=name, before=None, after=day.isoformat(), source=card.source)


def _reached(identity: Identity) -> Iterator[FieldChange]:
    """How the holder is told: the annuaire's address, else the workbook's."""
    account, given = identity.account, identity.person.contacts
    for name, known in (("email", account.email), ("phone", account.phone)):
        others = given.get(name, ())
        if known:
            yield FieldChange(field=name, before=None, after=known, source=ANNUAIRE)
        elif others:
            yield FieldChange(field=name, before=None, after=others[0].value, source=others[0].source)


def _alert(identity: Identity, reason: str, severity: str, ends_on: str) -> Draft:
    account, card = identity.account, identity.card
    next_on = card.next_on if card else None
    return Draft(
        reason=reason,
        who=account.account_id,
        account=account,
        person=identity.person,
        fields=(*_shown(identity.card), *_reached(identity)),
        severity=severity,
        target=[reason, ends_on],
        todo=("card_next",) if next_on else (),
        values={"next_on": f"{next_on:%d/%m/%Y}"} if next_on else {},
        card_steps=next_on is None,
        number_kind=account.number.kind.value,
    )


ALERTS: tuple[Rule, ...] = (card_alerts,)
