"""Whom a name that somebody typed may be: accounts, people of the workbooks, people of the register."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change
from schemas.words import label_key


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody of the name. `key`: what to ask for instead, an account's id, a number, or a change's reference."""

    key: str
    label: str


def bearers(text: str, snapshot: Snapshot, changes: Mapping[str, Change]) -> tuple[Bearer, ...]:
    """Return everybody of this name, in any order of its words: each once, an account before anything else of them."""
    wanted = label_key(text).split()
    if not wanted:
        return ()
    found: dict[str, Bearer] = {}
    people: dict[str, str] = {}
    for bearer, number in _known(snapshot, changes):
        if not _is_named(wanted, bearer.label):
            continue
        if number and number in people:
            continue
        people[number or bearer.key] = bearer.key
        found.setdefault(bearer.key, bearer)
    return tuple(found.values())


def _known(snapshot: Snapshot, changes: Mapping[str, Change]) -> Iterator[tuple[Bearer, str]]:
    """With the number by which the same person is known elsewhere; "" for none."""
    resolve = snapshot.register.resolve
    for key, account in sorted(snapshot.accounts.items()):
        number = resolve(account.number.number) if account.number.usable else ""
        yield Bearer(key, f"{account.last_name} {account.first_name}"), number
    for line in snapshot.lines:
        if line.number.usable:
            number = resolve(line.number.number)
            yield Bearer(number, f"{line.last_name} {line.first_name}"), number
    for key, person in sorted(snapshot.register.persons.items()):
        yield Bearer(key, f"{person.last_name} {person.first_name}"), key
    for key, change in sorted(changes.items()):
        person_ref = change.person
        if not change.account_id and not person_ref.national_id:
            yield Bearer(key, f"{person_ref.last_name} {person_ref.first_name}"), ""


def _is_named(wanted: Sequence[str], label: str) -> bool:
    """Every word that was typed is one of the name."""
    return set(wanted) <= set(label_key(label).split())
