"""Whom of a file a departure means that is told of a post or a name: « Suppléant parti », « Parti : Dr LE GOFF »."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipelines.names import bag, sound, words_of
from pipelines.normalize import civility_code
from pipelines.sources.cells.known_people import People
from pipelines.sources.workbook.others.of_whom import DepartureTold, names_it
from schemas.people.workbook_line import WorkbookLine

_MAN, _WOMAN = "M", "MME"


@dataclass(frozen=True, slots=True)
class Somebody:
    """The person of a row. `posts`: codes of function, rank, profession; `gone`: their own row says that they left."""

    name: tuple[str, str]
    civility: str
    posts: frozenset[str]
    place: str
    gone: bool = False


NOBODY = Somebody(("", ""), "", frozenset(), "")


@dataclass(frozen=True, slots=True)
class Meant:
    """Those of the file whom a departure means, without those whose rows say so themselves; `known`: any was found."""

    people: tuple[Somebody, ...] = ()
    known: bool = False


class Crowd:
    """The people of a file, and the accounts."""

    def __init__(self, people: Sequence[Somebody], accounts: People) -> None:
        self._people = people
        self._accounts = accounts

    def meant(self, told: DepartureTold, own: Somebody, place: str) -> Meant | None:
        """Return who is meant, where it is not the row's own; None where it may be, or where nobody is named.

        `own`: NOBODY of a text that is of no single row.
        """
        if told.posts:
            return self._holders(told, own, place)
        others = self._named(told, own, place)
        mine = own is not NOBODY and names_it(told, own.name)
        if mine and not (others and _contradicts(told, own)):
            return None
        if others:
            return _without_gone(others)
        return Meant() if self._is_somebody(told, own, place) else None

    def _holders(self, told: DepartureTold, own: Somebody, place: str) -> Meant | None:
        if own is not NOBODY and (told.posts <= own.posts or not own.posts):
            return None
        here = [one for one in self._here.get(place, ()) if told.posts <= one.posts]
        return _without_gone(one for one in here if bag(one.name) != bag(own.name))

    def _named(self, told: DepartureTold, own: Somebody, place: str) -> list[Somebody]:
        for people in (self._here.get(place, ()), self._people):
            named = [one for one in people if names_it(told, one.name) and bag(one.name) != bag(own.name)]
            if named:
                return [one for one in named if not _contradicts(told, one)] or named
        return []

    def _is_somebody(self, told: DepartureTold, own: Somebody, place: str) -> bool:
        """A name behind a title that is none of the row's own, or one of an account of this place."""
        said = {sound(word) for word in told.titled}
        if said:
            return said.isdisjoint(sound(word) for part in own.name for word in words_of(part))
        there = (one for one in self._accounts.by_words.values() if place in one.places)
        return any(names_it(told, (one.last_name, one.first_name)) for one in there)

    @cached_property
    def _here(self) -> dict[str, list[Somebody]]:
        found: dict[str, list[Somebody]] = {}
        for one in self._people:
            if one.place:
                found.setdefault(one.place, []).append(one)
        return found


def _without_gone(people: Iterable[Somebody]) -> Meant:
    found = {bag(one.name): one for one in people}
    return Meant(tuple(one for one in found.values() if not one.gone), known=bool(found))


def _contradicts(told: DepartureTold, one: Somebody) -> bool:
    """« Mme FAURE » is not M. FAURE."""
    return {civility_code(told.title), one.civility} == {_MAN, _WOMAN}


def of_line(line: WorkbookLine) -> Somebody:
    """Return the person of a line."""
    held = line.assignment
    posts = frozenset(filter(None, (held.function, held.rank, line.profession)))
    return Somebody((line.last_name, line.first_name), line.civility, posts, held.structure_code, line.left)
