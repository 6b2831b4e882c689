"""One golden record per person: register first for who they are, workbook for everybody outside the register."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.normalize import civility_code
from pipelines.sources.national.consolidate import current_card, declared_card
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import code_of, say
from schemas.people.assignment import Account, level_rank
from schemas.people.identifiers import NumberKind, kind_of
from schemas.people.person import (
    NO_CONTACTS,
    CurrentCard,
    GoldenPerson,
    RegisterPerson,
    Sourced,
    SourcedContacts,
    SourcedFields,
)
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ANNUAIRE, CARD_SOURCES, CROSSWALK, PERSONS

IN_TRAINING = "E"
MOST_KEPT = 16_384  # golden records, some 8 MB
_NO_FIELDS = SourcedFields({})


class GoldenRecords:
    """The golden records of accounts, each made when somebody asks; the last ones stay, for there may be millions."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._made: dict[str, GoldenPerson] = {}
        self._compared = False

    def of(self, account: Account, person_id: str, lines: Sequence[WorkbookLine]) -> GoldenPerson:
        """Return what is true of the person behind an account, of whom these lines tell."""
        found = self._made.get(account.account_id)
        if found is None:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            made = golden(self._snapshot, person_id, lines, account)
            found = self._made[account.account_id] = _without_values(made) if self._compared else made
        return found

    def has(self, person_id: str) -> bool:
        """Tell whether the register has the person."""
        return person_id in self._snapshot.register.persons

    def forget_values(self) -> None:
        """Keep who everybody is, and how their access stands, without what was compared of them."""
        self._compared = True
        self._made = {key: _without_values(one) for key, one in self._made.items()}

    def rest_on(self, snapshot: Snapshot) -> None:
        """Look nowhere else than there for whoever is asked for from now on."""
        self._snapshot = snapshot


def _without_values(person: GoldenPerson) -> GoldenPerson:
    return replace(person, fields=_NO_FIELDS, contacts=NO_CONTACTS)


def golden(
    snapshot: Snapshot, person_id: str, lines: Sequence[WorkbookLine], account: Account | None = None
) -> GoldenPerson:
    """Return what is true of a person (contract §6 « Precedence of sources »).

    `lines`: the workbook's present lines about them. The number is the one on the current card; with no usable card
    known, the national identification.
    """
    lines = sorted(lines, key=line_order)
    person = snapshot.register.persons.get(person_id)
    card, cards_known = _card(snapshot, person_id, lines, account)
    fields = _register_fields(person) if person else _workbook_fields(lines)
    number = _number(snapshot, person_id, person, card, lines)
    if number:
        fields["cpx_number"] = number
    bills = next((line for line in lines if line.bills is not None), None)
    if bills:
        fields["bills"] = Sourced(say("answer.yes" if bills.bills else "answer.no"), bills.source)
    return GoldenPerson(
        person_id=person_id,
        registered=person is not None,
        fields=SourcedFields(fields),
        civilities=person.civilities if person else (),
        professions=person.professions if person else (),
        contacts=_contacts(snapshot, person, lines, account) if lines else NO_CONTACTS,
        in_training=bool(person and IN_TRAINING in person.categories) or bool(card and card.card_type == "CPF"),
        card=card,
        cards_known=cards_known,
        bills=bills.bills if bills else None,
    )


def _contacts(
    snapshot: Snapshot, person: RegisterPerson | None, lines: Sequence[WorkbookLine], account: Account | None
) -> SourcedContacts:
    """What the lines give, but for what is another's own."""
    mine = {(who.last_name, who.first_name) for who in (person, account, *lines) if who}
    given = contacts_of(lines)
    own = {
        name: tuple(one for one in found if not snapshot.addresses.anothers(one.value, mine))
        for name, found in given.items()
    }
    alike = (each for line in lines for each in (line.emails, line.phones))
    return SourcedContacts({name: found for name, found in own.items() if found}, alike)


def contacts_of(lines: Sequence[WorkbookLine]) -> dict[str, tuple[Sourced, ...]]:
    """Return every e-mail and telephone of the lines, once; first the one that survives.

    That is the highest function's, then the lowest structure code's: never the last file read, so that two workbooks
    that differ do not take turns.
    """
    ordered = sorted(lines, key=line_order)
    given = {
        "email": [Sourced(email, line.source) for line in ordered for email in line.emails],
        "phone": [Sourced(phone, line.source) for line in ordered for phone in line.phones],
    }
    return {name: _once(found) for name, found in given.items() if found}


def _once(found: Iterable[Sourced]) -> tuple[Sourced, ...]:
    kept: dict[str, Sourced] = {}
    for one in found:
        kept.setdefault(one.value, one)
    return tuple(kept.values())


def line_order(line: WorkbookLine) -> tuple[object, ...]:
    """Return highest level first, then lowest structure code, then content: never the order of the file."""
    return (
        level_rank(line.structure_type, line.assignment.structure_code),
        line.assignment,
        line.last_name,
        line.first_name,
        line.emails,
        line.phones,
        line.source,
    )


def _register_fields(person: RegisterPerson) -> dict[str, Sourced]:
    """What the register knows of a person: an empty cell of it is no value, and says nothing."""
    source = person.source or PERSONS
    names = {"last_name": person.last_name, "first_name": person.first_name}
    fields = {name: Sourced(value, source) for name, value in names.items() if value}
    civil = [c for c in map(civility_code, person.civilities) if c]
    if civil:
        fields["civility"] = Sourced(next((c for c in civil if c in ("M", "MME")), civil[0]), source)
    if person.professions:
        fields["profession"] = Sourced(person.professions[0], source)
    return fields


def _workbook_fields(lines: Sequence[WorkbookLine]) -> dict[str, Sourced]:
    fields: dict[str, Sourced] = {}
    for line in lines:
        said = {
            "last_name": line.last_name,
            "first_name": line.first_name,
            "civility": line.civility,
            "profession": line.profession,
        }
        for name, value in said.items():
            if value and name not in fields:
                fields[name] = Sourced(value, line.source)
    return fields


def _card(
    snapshot: Snapshot, person_id: str, lines: Sequence[WorkbookLine], account: Account | None
) -> tuple[CurrentCard | None, bool]:
    """(the card that counts, whether enough was read to say that there is none)."""
    register = snapshot.register
    in_file = register.cards.get(person_id, ())
    if in_file:
        card = current_card(in_file, snapshot.day)
        unsure = card is not None and card.state == "valid" and not register.cards_certain
        return replace(card, state="unsure") if card and unsure else card, True
    declared = [
        declared_card(line.card_type, line.card_expires_on, line.number.number, line.source, snapshot.day)
        for line in lines
    ]
    found = next((card for card in declared if card and card.ends_on), None) or next(filter(None, declared), None)
    outside = kind_of(person_id) in (NumberKind.ESTABLISHMENT, NumberKind.NONE) or not register.cards_read
    if account and outside and (found is None or found.ends_on is None or _is_the_one_before(found, account, snapshot)):
        kept = declared_card(
            code_of("card_types", account.card_type),
            account.card_expires_on,
            account.number.number,
            ANNUAIRE,
            snapshot.day,
        )
        found = kept if kept and (found is None or kept.ends_on) else found
    return found, register.cards_read or outside


def _is_the_one_before(found: CurrentCard, account: Account, snapshot: Snapshot) -> bool:
    """The workbook still has the end of the card before: the annuaire's, on the same number, has years to run."""
    known = account.card_expires_on
    return (
        found.state == "expired"
        and known is not None
        and known >= snapshot.day
        and found.number in ("", account.number.number)
    )


def _number(
    snapshot: Snapshot,
    person_id: str,
    person: RegisterPerson | None,
    card: CurrentCard | None,
    lines: Sequence[WorkbookLine],
) -> Sourced | None:
    """The number to be found in the annuaire: the card's (procedure §1), else the person's own."""
    if card and card.source in CARD_SOURCES and card.state == "valid":
        return Sourced(card.number, card.source)
    if person:
        links = snapshot.register.links
        source = CROSSWALK if person_id in links.values() else person.source or PERSONS
        return Sourced(person_id, source)
    own = person_id if kind_of(person_id) is NumberKind.ESTABLISHMENT else ""
    given = (line for line in lines if line.number.kind is NumberKind.ESTABLISHMENT)
    line = next((line for line in given if line.number.number == (own or line.number.number)), None)
    return Sourced(line.number.number, line.source) if line else None
