"""How somebody is reached: name, function, address and telephone in one line, for whoever has to ask them."""

from collections.abc import Iterable

from pipelines.normalize import phone_key, show_phone
from pipelines.phrase import value_text
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import FieldChange
from schemas.nomenclatures import say
from schemas.people.assignment import Account, Assignment
from schemas.reading.source_names import ANNUAIRE


def reached_at(snapshot: Snapshot, structure_code: str) -> tuple[tuple[Account, Assignment], ...]:
    """Tell who has a function at a structure, in the order of their functions, then of their accounts."""
    found = (
        (account, held)
        for account in snapshot.staff(structure_code)
        for held in account.assignments
        if held.structure_code == structure_code
    )
    return tuple(sorted(found, key=lambda pair: (pair[1].function, pair[1].rank != "TITULAIRE", pair[0].account_id)))


def address_text(account: Account, role: str) -> str:
    """Return « EXEMPLE Anne, CHV-ST titulaire, anne@example.org, 01 99 00 12 34 »; what is not known is said."""
    name = f"{account.last_name} {account.first_name}".strip()
    contact = ", ".join(filter(None, (account.email.lower(), phone_text(account.phone))))
    return say("reach.person", name=name, role=role, contact=contact or say("reach.unknown"))


def phone_text(phone: str) -> str:
    """Return a telephone as people write it; as it stands where it is none."""
    key = phone_key(phone)
    return show_phone(key) if key.startswith("+") else value_text("phone", phone)


def people_at(snapshot: Snapshot, structure_code: str, only: Iterable[str] | None = None) -> tuple[FieldChange, ...]:
    """Return those whom a question about a structure is about, each with their account first; `only` some accounts."""
    wanted = None if only is None else set(only)
    return tuple(
        FieldChange(
            field="candidate",
            before=None,
            after=f"{account.account_id} {address_text(account, held.label())}",
            source=ANNUAIRE,
        )
        for account, held in reached_at(snapshot, structure_code)
        if wanted is None or account.account_id in wanted
    )


def contacts_at(snapshot: Snapshot, structure_code: str) -> tuple[FieldChange, ...]:
    """Return those who may be asked about a structure: nothing is decided about them."""
    return tuple(
        FieldChange(field="contact", before=None, after=address_text(account, held.label()), source=ANNUAIRE)
        for account, held in reached_at(snapshot, structure_code)
    )
