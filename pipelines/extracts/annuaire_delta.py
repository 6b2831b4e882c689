"""What lies between two nights: accounts, structures and changes that came, went or moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import say
from schemas.people.assignment import Account
from schemas.people.structure import Structure

Thing = TypeVar("Thing", Account, Structure)
AnnuaireOfDay = tuple[Mapping[str, Account], Mapping[str, Structure]]

_ACCOUNT_FIELDS = (
    "last_name",
    "first_name",
    "civility",
    "profession",
    "cpx_number",
    "card_type",
    "card_expires_on",
    "email",
    "phone",
    "active",
)


@dataclass(frozen=True, slots=True)
class Altered:
    """One field of an account or structure that was modified; a function that came has no before, one that went no
    after.
    """

    key: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Between:
    """The annuaire from one night to another: keys that came and went, and what was modified in those that stayed."""

    accounts_added: tuple[str, ...]
    accounts_removed: tuple[str, ...]
    structures_added: tuple[str, ...]
    structures_removed: tuple[str, ...]
    altered: tuple[Altered, ...]


def between(before: AnnuaireOfDay, after: AnnuaireOfDay) -> Between:
    """Return two annuaires as they stood; equal ones give nothing."""
    altered = [*_altered_accounts(before[0], after[0]), *_altered_structures(before[1], after[1])]
    return Between(
        _only(after[0], before[0]),
        _only(before[0], after[0]),
        _only(after[1], before[1]),
        _only(before[1], after[1]),
        tuple(altered),
    )


def moves(before: Mapping[str, ChangeState], after: Mapping[str, ChangeState]) -> list[tuple[str, str, str]]:
    """Return (change id, status then, status later) of every change that moved; "" before it was born."""
    found = []
    for key in sorted(before.keys() | after.keys()):
        then, later = (states[key].status if key in states else "" for states in (before, after))
        if then != later:
            found.append((key, then, later))
    return found


def _only(these: Mapping[str, Thing], those: Mapping[str, Thing]) -> tuple[str, ...]:
    return tuple(sorted(these.keys() - those.keys()))


def _altered_accounts(before: Mapping[str, Account], after: Mapping[str, Account]) -> list[Altered]:
    found = []
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        for name in _ACCOUNT_FIELDS:
            was, now = _value(old, name), _value(new, name)
            if was != now:
                found.append(Altered(key, name, was, now))
        gone, come = set(old.assignments) - set(new.assignments), set(new.assignments) - set(old.assignments)
        found += [Altered(key, "function", f"{one.label()}, {one.structure_code}", "") for one in sorted(gone)]
        found += [Altered(key, "function", "", f"{one.label()}, {one.structure_code}") for one in sorted(come)]
    return found


def _value(account: Account, name: str) -> str:
    if name == "cpx_number":
        return account.number.raw
    if name == "active":
        return say("answer.yes" if account.active else "answer.no")
    value = getattr(account, name)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _altered_structures(before: Mapping[str, Structure], after: Mapping[str, Structure]) -> list[Altered]:
    return [
        Altered(key, name, getattr(before[key], name), getattr(after[key], name))
        for key in sorted(before.keys() & after.keys())
        for name in ("type", "name", "region_code", "parent_code")
        if getattr(before[key], name) != getattr(after[key], name)
    ]
