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
from pipelines.sources.snapshot import World
from schemas.people.assignment import Account, Assignment
from schemas.people.card import Card
from schemas.people.identifiers import CpxReading, NumberKind
from schemas.people.person import RegisterPerson
from schemas.people.structure import FinessRow, Structure
from schemas.people.workbook import Convention, Further, UnreadRow, WorkbookLine
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
    each: Callable[[World, Change], World]


def _accounts(world: World, change: Change) -> World:
    return replace(world, accounts={key: change(one) for key, one in world.accounts.items()})


def _lines(world: World, change: Change) -> World:
    return replace(world, lines=tuple(map(change, world.lines)))


def _held(world: World, change: Change) -> World:
    def of_account(one: Account) -> Account:
        return replace(one, assignments=tuple(map(change, one.assignments)))

    return _lines(_accounts(world, of_account), lambda line: replace(line, assignment=change(line.assignment)))


def _numbers(world: World, change: Change) -> World:
    def of_anybody(one: Any) -> Any:
        return replace(one, number=change(one.number))

    return _lines(_accounts(world, of_anybody), of_anybody)


def _register(world: World, change: Change) -> World:
    return replace(world, register=change(world.register))


def _persons(world: World, change: Change) -> World:
    persons = {key: change(one) for key, one in world.register.persons.items()}
    return replace(world, register=replace(world.register, persons=persons))


def _cards(world: World, change: Change) -> World:
    cards = {key: tuple(map(change, theirs)) for key, theirs in world.register.cards.items()}
    return replace(world, register=replace(world.register, cards=cards))


def _scopes(world: World, change: Change) -> World:
    return replace(world, scopes=tuple(map(change, world.scopes)))


def _unread(world: World, change: Change) -> World:
    return replace(world, unread=tuple(map(change, world.unread)))


def _conventions(world: World, change: Change) -> World:
    return replace(world, conventions=tuple(map(change, world.conventions)))


def _structures(world: World, change: Change) -> World:
    return replace(world, structures={key: change(one) for key, one in world.structures.items()})


def _establishments(world: World, change: Change) -> World:
    found = {key: change(one) for key, one in (world.establishments or {}).items()}
    return replace(world, establishments=None if world.establishments is None else found)


PLACES = (
    Place("world", World, lambda world, change: change(world)),
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


def forget(fact: str) -> Callable[[World], World]:
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

    return lambda world: place.each(world, change)


def blank(value: object) -> object:
    """Nothing, of the kind of a value."""
    if isinstance(value, date):
        return FAR
    if isinstance(value, tuple | list):
        return ()
    found = next((one for kind, one in BLANKS.items() if isinstance(value, kind)), None)
    return {} if isinstance(value, Mapping) else found
