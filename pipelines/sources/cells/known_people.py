"""Whom the annuaire knows: what decides between several readings of a file is what agrees with it on the other rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from sys import intern
from typing import NamedTuple

from pipelines.names import bag, full_key, words_of
from pipelines.sources.cells.bare_number import numbers_typed, read_number
from schemas.nomenclatures import rows
from schemas.people.assignment import Account
from schemas.words import label_key

Record = dict[str, str]


class Known(NamedTuple):
    """Somebody with an account: what a column of a workbook may say of them. `held`: (structure, function, rank)."""

    last_name: str
    first_name: str
    card_expires_on: str = ""
    places: frozenset[str] = frozenset()
    ranks: frozenset[str] = frozenset()
    held: tuple[tuple[str, str, str], ...] = ()
    email: str = ""
    phone: str = ""


class KnownByWords(dict[str, Known]):
    """People by the words of a name (`names.bag`) that one alone has; asked for all these words, it goes through them
    once a night.
    """

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of their names."""
        told = (name for one in self.values() for name in (one.last_name, one.first_name))
        return frozenset(word for name in told for word in label_key(name).split())


@dataclass(frozen=True, slots=True)
class People:
    """Those with an account: by the number that one alone has, their names, and the words of one alone's name.

    `registered`: the numbers that the registers alone know, where they were asked too.
    """

    by_number: Mapping[str, Known] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    by_words: KnownByWords = field(default_factory=KnownByWords)
    registered: frozenset[str] = frozenset()

    def who(self, record: Record) -> Known | None:
        """Tell whom a row is about by its number alone; None where nobody has it."""
        if "cpx_number~2" in record:
            numbers = read_number(values_of(record, "cpx_number")).numbers
        else:  # nearly always: asked of every row, a dozen times
            numbers = numbers_typed(record.get("cpx_number", ""))
        for number in numbers:
            if number in self.by_number:
                return self.by_number[number]
        return None


NOBODY = People()


def people_of(accounts: Iterable[Account]) -> People:
    """Return the people of an annuaire; a number that two accounts have tells nothing."""
    found: dict[str, Known | None] = {}
    shared = dict[frozenset[str], frozenset[str]]().setdefault  # one for all who are at one structure, or have one rank
    names: set[str] = set()
    words: dict[str, Known | None] = {}
    for one in accounts:
        names.add(full_key(one.last_name, one.first_name))
        key = bag((one.last_name, one.first_name))
        ends = one.card_expires_on.isoformat() if one.card_expires_on else ""
        places, ranks = one.places, frozenset(held.rank for held in one.assignments)
        held = tuple((held.structure_code, held.function, held.rank) for held in one.assignments)
        email = intern(one.email.strip().lower())  # mostly the very text that the account has
        known = Known(
            one.last_name,
            one.first_name,
            ends,
            shared(places, places),
            shared(ranks, ranks),
            held,
            email,
            one.phone,
        )
        words[key] = None if key in words else known
        if one.number.usable:
            found[one.number.number] = None if one.number.number in found else known
    by_number = {number: one for number, one in found.items() if one}
    return People(by_number, frozenset(names), KnownByWords({key: one for key, one in words.items() if one}))


def values_of(record: Record, name: str) -> list[str]:
    """Return what the columns of one header say in a row, the first first."""
    first = record.get(name, "")
    if f"{name}~2" not in record:  # nearly always: it has no further columns
        return [first]
    return [first, *(record[key] for key in twins_of(record).get(name, ()))]


def twins_of(record: Record) -> Mapping[str, Sequence[str]]:
    """Return header → its further columns, of the few headers that have any: for whoever asks of many at once."""
    return _twins(tuple(record))


@lru_cache(maxsize=256)  # the rows of a sheet have the same columns
def _twins(columns: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for key in sorted(columns):
        name, twin, _ = key.partition("~")
        if twin:
            found.setdefault(name, []).append(key)
    return found


@dataclass(slots=True)
class Votes:
    """How many rows agree with each reading; `asked`: how many could."""

    asked: int = 0
    given: dict[str, int] = field(default_factory=dict)

    def add(self, readings: Iterable[str]) -> None:
        """Count a row about somebody known, and the readings of it that agree."""
        self.asked += 1
        for one in readings:
            self.given[one] = self.given.get(one, 0) + 1

    def decided(self) -> str:
        """Return the one reading that the annuaire bears out (`reading_thresholds.csv`); "" where none does."""
        limit = thresholds()
        if self.asked < limit["least"]:
            return ""
        shares = sorted(((count / self.asked, name) for name, count in self.given.items()), reverse=True)
        if not shares or shares[0][0] < limit["share"]:
            return ""
        return shares[0][1] if len(shares) == 1 or shares[1][0] <= limit["against"] else ""


@cache
def thresholds() -> dict[str, float]:
    """Tell how much must agree, by name."""
    return {row["name"]: float(row["value"]) for row in rows("reading_thresholds")}


def same_words(one: str, other: str) -> bool:
    """Tell whether two names have a word in common, titles and small words aside."""
    mine, theirs = set(words_of(one)), set(words_of(other))
    return any(len(word) > 1 for word in mine & theirs)
