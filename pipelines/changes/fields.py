"""Fields of an account that are not what the sources say (contract §5, §6). Comparison is on normalised values."""

from collections.abc import Iterator

from pipelines.changes.draft import Draft
from pipelines.matching.identify import Identity
from pipelines.normalize import civility_code, phone_key, show_phone
from pipelines.sources.snapshot import Snapshot
from pipelines.spelling import not_better
from schemas.changes.change import FieldChange
from schemas.nomenclatures import code_of, label_of
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind, kind_of
from schemas.people.person import CurrentCard
from schemas.reading.source_names import ANNUAIRE, CARD_SOURCES, CROSSWALK
from schemas.words import name_key

# An export loses a zero or shows a number as a float; a missing 8 or a serial number stands in e-FIT itself.
_EXPORT_ARTEFACTS = {"LEADING_ZERO_RESTORED", "NUMBER_REFORMATTED"}


def diff_account(snapshot: Snapshot, identity: Identity) -> list[Draft]:
    """Return the `update_account` drafts of one account, one per reason."""
    if not identity.told:
        return []
    account = identity.account
    unread = not snapshot.register.persons_read and _may_be_registered(snapshot, account)
    found: list[tuple[str, list[FieldChange]]] = []
    if not unread and not identity.blocked:
        found.extend(_number(snapshot, identity))
        found.append(("identity_changed", list(_identity(identity))))
        found.append(("profession_changed", list(_profession(identity))))
    found.append(("card_renewed", list(_card(snapshot, identity))))
    contact = list(_contact(identity))
    if contact and not identity.blocked and not unheard(snapshot, identity):
        found.append(("contact_changed", contact))
    told = [
        (reason, [one for one in fields if one.after]) for reason, fields in found
    ]  # nothing is known of the others
    return [
        Draft(
            reason=reason,
            who=account.account_id,
            account=account,
            person=identity.person,
            fields=tuple(fields),
            target={change.field: change.after for change in fields},
            values={"number": identity.person.value("cpx_number")},
            number_kind=account.number.kind.value,
        )
        for reason, fields in told
        if fields
    ]


def number_differs(snapshot: Snapshot, identity: Identity) -> str:
    """Return the reason for which `diff_account` tells of another number; "" where it tells of none."""
    unread = not snapshot.register.persons_read and _may_be_registered(snapshot, identity.account)
    if not identity.told or identity.blocked or unread or identity.number_as_held:
        return ""
    return next((reason for reason, fields in _number(snapshot, identity) if any(one.after for one in fields)), "")


def _may_be_registered(snapshot: Snapshot, account: Account) -> bool:
    """The register, were it read, would say who this is: by the number, or where none says that it is not in there."""
    if account.number.kind in (NumberKind.RPPS, NumberKind.ADELI):
        return True
    return snapshot.register.configured and account.number.kind is not NumberKind.ESTABLISHMENT


def number_stands(account: Account, number: str) -> bool:
    """Tell whether the annuaire has exactly this number, what only an export does to it aside."""
    return account.number.number == number and set(account.number.codes) <= _EXPORT_ARTEFACTS


def _number(snapshot: Snapshot, identity: Identity) -> Iterator[tuple[str, list[FieldChange]]]:
    account, person = identity.account, identity.person
    after = person.fields.get("cpx_number")
    if after is None or number_stands(account, after.value):
        identity.number_as_held = True
        return
    if not identity.certain:
        return
    from_adeli = account.number.kind is NumberKind.ADELI and after.value.startswith("8")
    linked = from_adeli and account.number.number in snapshot.register.crosswalk
    source = CROSSWALK if linked else after.source
    change = FieldChange(field="cpx_number", before=account.number.raw, after=after.value, source=source)
    yield ("adeli_to_rpps" if from_adeli else "card_number_differs"), [change]


def _identity(identity: Identity) -> Iterator[FieldChange]:
    account, person = identity.account, identity.person
    kept = _kept_names(identity)
    for name, before in (("last_name", account.last_name), ("first_name", account.first_name)):
        after = person.fields.get(name)
        if after and name_key(after.value) != name_key(before) and name not in kept:
            yield FieldChange(field=name, before=before, after=after.value, source=after.source)
    after = person.fields.get("civility")
    admitted = {civility_code(c) for c in person.civilities} | ({after.value} if after else set())
    if after and civility_code(account.civility) not in admitted and not _is_title(identity, after.value):
        label = label_of("civilities", after.value)
        yield FieldChange(field="civility", before=account.civility, after=label, source=after.source)


def _is_title(identity: Identity, told: str) -> bool:
    """« Dr » beside a name in a workbook does not deny the « Mme » of the annuaire."""
    known = civility_code(identity.account.civility)
    return not identity.registered and known in _SEXES and told not in _SEXES


_SEXES = ("M", "MME")


def _kept_names(identity: Identity) -> frozenset[str]:
    """The parts of a name in which a workbook brings nothing better; what the register says is always better."""
    account, person = identity.account, identity.person
    if person.registered:
        return frozenset()
    known = account.last_name, account.first_name
    told = person.value("last_name") or account.last_name, person.value("first_name")
    return not_better(known, told, (account.email, *(one.value for one in person.contacts.get("email", ()))))


def _profession(identity: Identity) -> Iterator[FieldChange]:
    account, person = identity.account, identity.person
    after = person.fields.get("profession")
    admitted = set(person.professions) | ({after.value} if after else set())
    if after and code_of("professions", account.profession) not in admitted:
        label = label_of("professions", after.value)
        yield FieldChange(field="profession", before=account.profession, after=label, source=after.source)


def _card(snapshot: Snapshot, identity: Identity) -> Iterator[FieldChange]:
    account, card = identity.account, identity.card
    if card is None or card.state != "valid" or card.source == ANNUAIRE:
        return
    known = account.card_expires_on
    if card.ends_on and (known is None or card.ends_on > known or _promises_too_much(snapshot, identity, card)):
        before = known.isoformat() if known else ""
        yield FieldChange(field="card_expires_on", before=before, after=card.ends_on.isoformat(), source=card.source)
    if card.card_type and code_of("card_types", account.card_type) != card.card_type:
        yield FieldChange(field="card_type", before=account.card_type, after=card.card_type, source=card.source)


def _promises_too_much(snapshot: Snapshot, identity: Identity, card: CurrentCard) -> bool:
    """The annuaire has a later end than the card, and no card that would make it true.

    Only whoever knows best may shorten it: the card file, or the workbook for those who are in no register.
    """
    account = identity.account
    if account.card_expires_on is None or card.ends_on is None or account.card_expires_on <= card.ends_on:
        return False
    if card.source in CARD_SOURCES:
        cards = snapshot.register.cards.get(identity.person_id, ())
        return not any(one.ends_on == account.card_expires_on and not one.opposed(snapshot.day) for one in cards)
    return kind_of(identity.person_id) is NumberKind.ESTABLISHMENT


def unheard(snapshot: Snapshot, identity: Identity) -> bool:
    """Tell whether a workbook, or a row, that may confirm what the annuaire has could not be read: no contact is judged
    tonight.
    """
    account = identity.account
    places = [
        snapshot.structures[a.structure_code] for a in account.assignments if a.structure_code in snapshot.structures
    ]
    scopes = [scope for place in places for scope in snapshot.scopes_of(place)]
    if not all(scope.sure for scope in scopes):
        return True
    numbers = {account.number.number, account.number.raw, identity.person_id}
    name, sources = (account.last_name, account.first_name), {scope.source for scope in scopes}
    read = {line.assignment.structure_code for line in identity.present}
    return any(
        snapshot.clues(one).point_at(name, numbers, place.code, read=place.code in read)
        for one in sources
        for place in places
    )


def _contact(identity: Identity) -> Iterator[FieldChange]:
    """Any of several addresses or numbers given suffices for no change; an empty cell never erases."""
    account, given = identity.account, identity.person.contacts
    emails = given.get("email", ())
    if emails and account.email.strip().lower() not in {one.value for one in emails}:
        yield FieldChange(field="email", before=account.email, after=emails[0].value, source=emails[0].source)
    phones = given.get("phone", ())
    if phones and phone_key(account.phone) not in {one.value for one in phones}:
        after = show_phone(phones[0].value)
        yield FieldChange(field="phone", before=account.phone, after=after, source=phones[0].source)
