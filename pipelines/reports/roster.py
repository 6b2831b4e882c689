"""Who has a function at each establishment of a report, for a visit or a call: the person, the card, what is to do."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from pipelines.changes.compare import Comparison
from pipelines.changes.contact_lines import phone_text
from pipelines.changes.routing import Routing, updater_of
from pipelines.matching.identify import Identity
from pipelines.natural_order import natural
from pipelines.phrase import action_text, day_text, function_text, person_text, reason_text, structure_text
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change, PostKey
from schemas.nomenclatures import say
from schemas.people.assignment import Account
from schemas.reports.visit import ReportPlace, VisitPage


def places_of(
    changes: Sequence[Change], snapshot: Snapshot, comparison: Comparison
) -> Callable[[PostKey], tuple[ReportPlace, ...]]:
    """Return what tells for (post, scope) the establishments that its changes are about, each with those of its people
    it answers for: worked out when it is asked, for one post after the other.
    """
    mine: dict[PostKey, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for change in changes:
        if code := change.assignment.structure_code:
            mine[change.updater.post, change.updater.scope][code].append(change)
    staff = _staff(snapshot, {code for places in mine.values() for code in places})

    def told(post: PostKey) -> tuple[ReportPlace, ...]:
        found = mine.get(post, {})
        places = (_place(code, about, staff.get(code, ()), post, snapshot, comparison) for code, about in found.items())
        return tuple(sorted(places, key=lambda place: (natural(place.name), place.code)))

    return told


def _staff(snapshot: Snapshot, wanted: set[str]) -> Mapping[str, Sequence[Account]]:
    found: dict[str, list[Account]] = defaultdict(list)
    for account in snapshot.active_accounts():
        for code in account.places & wanted:
            found[code].append(account)
    return found


def _place(
    code: str,
    changes: Sequence[Change],
    staff: Sequence[Account],
    post: PostKey,
    snapshot: Snapshot,
    comparison: Comparison,
) -> ReportPlace:
    about = defaultdict(list)
    for change in changes:
        about[change.account_id or ""].append(change)
    people = [_visit(one, code, about, comparison) for one in staff if _theirs(one, code, post, comparison.routing)]
    there = {account.account_id for account in staff}
    coming = (one for one in changes if one.account_id and one.account_id not in there)
    people += [page for one in coming if (page := _coming(one, snapshot, comparison))]
    newcomers = (one for one in about[""] if one.person.last_name)
    people += [
        VisitPage(person_text(one), function_text(one.assignment), _contact(one), _card_told(one), (_to_do(one),))
        for one in newcomers
    ]
    whole = tuple(_to_do(one) for one in about[""] if not one.person.last_name)
    name = structure_text(changes[0].assignment, snapshot.structures)
    return ReportPlace(name, code, whole, tuple(sorted(people, key=lambda one: natural(one.person))))


def _coming(change: Change, snapshot: Snapshot, comparison: Comparison) -> VisitPage | None:
    """Somebody with an account elsewhere, whose function here is still to be entered."""
    account = snapshot.accounts.get(change.account_id or "")
    if account is None or change.kind != "add_assignment":
        return None
    card = _card(account, comparison.identities.get(account.account_id))
    contact = "\n".join(filter(None, (account.email.lower(), phone_text(account.phone))))
    role = say("roster.to_add", function=function_text(change.assignment))
    return VisitPage(f"{account.last_name} {account.first_name}", role, contact, card, (_to_do(change),))


def _theirs(account: Account, code: str, post: PostKey, routing: Routing) -> bool:
    held = (one for one in account.assignments if one.structure_code == code)
    owners = (updater_of(one, routing) for one in held)
    return any((one.post, one.scope) == post for one in owners)


def _visit(account: Account, code: str, about: Mapping[str, Sequence[Change]], comparison: Comparison) -> VisitPage:
    roles = ", ".join(one.label() for one in account.assignments if one.structure_code == code)
    contact = "\n".join(filter(None, (account.email.lower(), phone_text(account.phone))))
    name = f"{account.last_name} {account.first_name}"
    card = _card(account, comparison.identities.get(account.account_id))
    return VisitPage(name, roles, contact, card, tuple(_to_do(one) for one in about.get(account.account_id, ())))


def _card(account: Account, identity: Identity | None) -> str:
    """The card that counts today; where nobody knows it, what the annuaire has."""
    card = identity.card if identity and identity.told else None
    if card and card.ends_on:
        return say(f"roster.card_{card.state}", card=card.card_type or "CPx", date=day_text(card.ends_on))
    if account.card_expires_on:
        return say("roster.card_annuaire", card=account.card_type or "CPx", date=day_text(account.card_expires_on))
    return say("roster.card_unknown")


def _card_told(change: Change) -> str:
    """The card with which an account is to be created, where it is known until when it serves."""
    given = {one.field: one.after or "" for one in change.fields}
    if change.kind != "create_account" or not given.get("card_expires_on"):
        return say("roster.no_account")
    day = day_text(date.fromisoformat(given["card_expires_on"]))
    return say("roster.no_account_card", card=given.get("card_type") or "CPx", date=day)


def _to_do(change: Change) -> str:
    return say("roster.to_do", action=action_text(change), reason=reason_text(change))


def _contact(change: Change) -> str:
    given = {one.field: one.after or "" for one in change.fields}
    return "\n".join(filter(None, (given.get("email"), phone_text(given.get("phone") or ""))))
