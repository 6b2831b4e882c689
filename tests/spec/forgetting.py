"""A snapshot that forgets one fact: with it, at least one spec test must fail, or nobody needs the fact.

A fact is a field of what a snapshot carries, « accounts.active=True »: every account is taken to be active. One without
a value is forgotten: no text, no day, nobody.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, get_type_hints

from pipelines.judgements import NO_JUDGEMENTS, Judgements
from pipelines.policy import Policy
from pipelines.sources.judged_sources import Sources
from pipelines.sources.national.consolidate import Register
from pipelines.sources.snapshot import Snapshot
from schemas.people.assignment import Account, Assignment
from schemas.people.card import Card
from schemas.people.identifiers import CpxReading, NumberKind
from schemas.people.person import RegisterPerson
from schemas.people.structure import FinessRow, Structure
from schemas.people.workbook_line import Convention, Further, UnreadRow, WorkbookLine
from schemas.reading.source import WorkbookScope

FAR = date(2060, 1, 1)  # where there must be a day
BLANKS: dict[type, object] = {
    NumberKind: NumberKind.NONE,
    str: "",
    bytes: b"",
    frozenset: frozenset(),
    Policy: Policy(),
    Register: Register(persons_read=False, cards_read=False),
    Sources: Sources(),
    CpxReading: CpxReading("", "", NumberKind.NONE),
    Assignment: Assignment("", "", ""),
    Further: Further(),
    Judgements: NO_JUDGEMENTS,
}

Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where nouns of a kind are in a snapshot, and how each is replaced by another."""

    name: str
    noun: type
    each: Callable[[Snapshot, Change], Snapshot]


def _accounts(snapshot: Snapshot, change: Change) -> Snapshot:
    return replace(snapshot, accounts={key: change(one) for key, one in snapshot.accounts.items()})


def _lines(snapshot: Snapshot, change: Change) -> Snapshot:
    return replace(snapshot, lines=tuple(map(change, snapshot.lines)))


def _held(snapshot: Snapshot, change: Change) -> Snapshot:
    def of_account(one: Account) -> Account:
        return replace(one, assignments=tuple(map(change, one.assignments)))

    return _lines(_accounts(snapshot, of_account), lambda line: replace(line, assignment=change(line.assignment)))


def _numbers(snapshot: Snapshot, change: Change) -> Snapshot:
    def of_anybody(one: Any) -> Any:
        return replace(one, number=change(one.number))

    return _lines(_accounts(snapshot, of_anybody), of_anybody)


def _register(snapshot: Snapshot, change: Change) -> Snapshot:
    return replace(snapshot, register=change(snapshot.register))


def _persons(snapshot: Snapshot, change: Change) -> Snapshot:
    persons = {key: change(one) for key, one in snapshot.register.persons.items()}
    return replace(snapshot, register=replace(snapshot.register, persons=persons))


def _cards(snapshot: Snapshot, change: Change) -> Snapshot:
    cards = {key: tuple(map(change, theirs)) for key, theirs in snapshot.register.cards.items()}
    return replace(snapshot, register=replace(snapshot.register, cards=cards))


def _scopes(snapshot: Snapshot, change: Change) -> Snapshot:
    return replace(snapshot, scopes=tuple(map(change, snapshot.scopes)))


def _unread(snapshot: Snapshot, change: Change) -> Snapshot:
    return replace(snapshot, unread=tuple(map(change, snapshot.unread)))


def _conventions(snapshot: Snapshot, change: Change) -> Snapshot:
    return replace(snapshot, conventions=tuple(map(change, snapshot.conventions)))


def _structures(snapshot: Snapshot, change: Change) -> Snapshot:
    return replace(snapshot, structures={key: change(one) for key, one in snapshot.structures.items()})


def _establishments(snapshot: Snapshot, change: Change) -> Snapshot:
    found = {key: change(one) for key, one in (snapshot.establishments or {}).items()}
    return replace(snapshot, establishments=None if snapshot.establishments is None else found)


PLACES = (
    Place("snapshot", Snapshot, lambda snapshot, change: change(snapshot)),
    Place("register", Register, _register),
    Place("accounts", Account, _accounts),
    Place("lines", WorkbookLine, _lines),
    Place("assignments", Assignment, _held),
    Place("numbers", CpxReading, _numbers),
    Place("persons", RegisterPerson, _persons),
    Place("cards", Card, _cards),
    Place("scopes", WorkbookScope, _scopes),
    Place("unread", UnreadRow, _unread),
    Place("conventions", Convention, _conventions),
    Place("structures", Structure, _structures),
    Place("establishments", FinessRow, _establishments),
)


def facts() -> Iterator[str]:
    """Every fact that a snapshot can carry; a yes or no in both its values."""
    for place in PLACES:
        names = FinessRow.model_fields if place.noun is FinessRow else [one.name for one in fields(place.noun)]
        for name in names:
            kind = get_type_hints(place.noun)[name]
            values = ("=True", "=False") if kind is bool else ("",)
            yield from (f"{place.name}.{name}{value}" for value in values)


def forget(fact: str) -> Callable[[Snapshot], Snapshot]:
    """What makes of a snapshot one in which this fact is lost."""
    where, _, said = fact.partition(".")
    name, _, value = said.partition("=")
    place = next(one for one in PLACES if one.name == where)

    def change(noun: Any) -> Any:
        found = (value == "True") if value else blank(getattr(noun, name))
        if isinstance(noun, FinessRow):
            return noun.model_copy(update={name: found})
        if fact == "register.persons":
            return replace(noun, persons={}, by_name={})
        return replace(noun, **{name: found})

    return lambda snapshot: place.each(snapshot, change)


def blank(value: object) -> object:
    """Nothing, of the kind of a value."""
    if isinstance(value, date):
        return FAR
    if isinstance(value, tuple | list):
        return ()
    found = next((one for kind, one in BLANKS.items() if isinstance(value, kind)), None)
    return {} if isinstance(value, Mapping) else found
