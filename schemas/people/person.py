"""A person as the national register knows them: a multiset of activities, whatever the order of the rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class ActivityRow(BaseModel):
    """One row of the register that concerns us: person × exercise × savoir-faire × activity."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id_type: str
    identifier: str
    national_id: str
    civility_practice: str = ""
    civility: str = ""
    last_name: str
    first_name: str
    profession: str = ""
    category: str = ""
    skill_type: str = ""
    skill: str = ""
    practice_mode: str = ""
    finess_site: str = ""
    finess_legal: str = ""
    structure_id: str = ""
    structure_name: str = ""
    role: str = ""
    activity_kind: str = ""
    sector: str = ""
    departement: str = ""

    @model_validator(mode="after")
    def _identification_is_type_and_identifier(self) -> "ActivityRow":
        if self.id_type + self.identifier != self.national_id:
            raise ValueError("the national id is not the type followed by the identifier")
        return self


class CrosswalkRow(BaseModel):
    """One line of the correspondence: an ADELI number (without its 0) and the RPPS number (without its 8)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    adeli: str
    rpps: str


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    """One national identification. `activities`: a digest of them all; their order and full duplicates say nothing."""

    national_id: str
    last_name: str
    first_name: str
    civilities: tuple[str, ...]
    professions: tuple[str, ...]
    categories: tuple[str, ...]
    finess: frozenset[str]
    activities: bytes
    source: str = ""  # where it is not the national file of its number


@dataclass(frozen=True, slots=True)
class Sourced:
    """A value of the golden record that can say where it comes from."""

    value: str
    source: str


@lru_cache(maxsize=4096)
def _one_of(alike: tuple[Any, ...]) -> tuple[Any, ...]:
    """One for all that are equal: the fields that persons have, and their sources, are a few lists."""
    return alike


class SourcedFields(Mapping[str, Sourced]):
    """Field → its value with its source: 150 bytes a person, where a dictionary takes 420."""

    __slots__ = ("_names", "_sources", "_values")

    def __init__(self, fields: Mapping[str, Sourced]) -> None:
        self._names: tuple[str, ...] = _one_of(tuple(fields))
        self._sources: tuple[str, ...] = _one_of(tuple(one.source for one in fields.values()))
        self._values = tuple(one.value for one in fields.values())

    def __getitem__(self, name: str) -> Sourced:
        if name not in self._names:
            raise KeyError(name)
        at = self._names.index(name)
        return Sourced(self._values[at], self._sources[at])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class SourcedContacts(Mapping[str, tuple[Sourced, ...]]):
    """« email » and « phone » → every one, with its source; as small."""

    __slots__ = ("_names", "_sources", "_values")

    def __init__(self, contacts: Mapping[str, tuple[Sourced, ...]], alike: Iterable[tuple[str, ...]] = ()) -> None:
        self._names: tuple[str, ...] = _one_of(tuple(contacts))
        found = contacts.values()
        self._sources: tuple[tuple[str, ...], ...] = _one_of(tuple(tuple(one.source for one in all_) for all_ in found))
        lists = {one: one for one in alike}  # those of a line stand for the equal ones
        values = (tuple(one.value for one in all_) for all_ in found)
        self._values = tuple(lists.get(one, one) for one in values)

    def __getitem__(self, name: str) -> tuple[Sourced, ...]:
        if name not in self._names:
            raise KeyError(name)
        at = self._names.index(name)
        return tuple(map(Sourced, self._values[at], self._sources[at]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


NO_CONTACTS = SourcedContacts({})


@dataclass(frozen=True, slots=True)
class CurrentCard:
    """The card that counts on the day (contract §6) and its state: valid, expired, opposed or not_started.

    Or « unsure »: valid by its dates, and nobody knows whether it is under opposition, nor which number it carries.
    Where nothing but the opposition is unknown (`opposition_known`) the dates count; in order it is not. `next_on`: the
    first day of one that has not begun, where this one opens nothing.
    """

    card_type: str
    ends_on: date | None
    state: str
    number: str
    source: str
    successor: bool = False
    opposed_on: date | None = None
    next_on: date | None = None
    opposition_known: bool = True

    @property
    def unsure(self) -> bool:
        """Its dates are all that is known of it: nothing is to be changed to it."""
        return self.state == "unsure"


@dataclass(frozen=True, slots=True)
class GoldenPerson:
    """What the sources together hold true of one person; each value of `fields` can say where it comes from.

    `person_id`: the resolved national identification, "" when none is known. `fields` has, where known, last_name,
    first_name, civility, profession (code of the nomenclature), cpx_number (what stands on the first line of
    the current card), bills. `civilities` and `professions` are all that the register admits. `contacts`: email and
    phone → every one that the workbooks give, the one to keep first.
    """

    person_id: str
    registered: bool
    fields: Mapping[str, Sourced]
    civilities: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    contacts: Mapping[str, tuple[Sourced, ...]] = field(default_factory=dict)
    in_training: bool = False
    card: CurrentCard | None = None
    cards_known: bool = True
    bills: bool | None = None

    @property
    def sure_card(self) -> CurrentCard | None:
        """The current card, unless nobody knows which one that is."""
        return None if self.card and self.card.unsure else self.card

    @property
    def certain(self) -> bool:
        """Whether their access is in order can be told."""
        return self.sure_card is self.card

    def value(self, name: str) -> str:
        """Return a field's value, "" when unknown."""
        found = self.fields.get(name)
        return found.value if found else ""
