"""The persons of a register extract, each made of their rows when somebody asks for them."""

import hashlib
from collections import defaultdict, namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from sys import intern
from typing import Any

from pipelines.sources.national.deferred import LastUsed
from schemas.nomenclatures import profession_group
from schemas.people.person import ActivityRow, RegisterPerson
from schemas.text_rows import ReadRows, TextPlaces

_PLACES = "finess_site", "finess_legal"
PERSON_COLUMNS = ("id_type", "identifier", "national_id", "last_name", "first_name", *_PLACES, "profession")
"""What is looked at of everybody: of most, nothing else."""

_DIGEST = 12  # bytes
_CELL_END = "\x00"  # stands in no cell that is text
_ALIKE = None  # before a combination of values, which is no value itself


class KnownPersons(Mapping[str, RegisterPerson]):
    """National identification → person. Whose number, name and places alone are asked for is not made.

    `places`: at which of the rows each number stands.
    """

    def __init__(self, rows: ReadRows, places: TextPlaces) -> None:
        self._rows, self._places = rows, places
        self._activity_of = _Activities(rows.columns)
        self._made: LastUsed[str, RegisterPerson] = LastUsed()
        self._finess: LastUsed[str, frozenset[str]] = LastUsed()
        self._last, self._first = rows.texts("last_name"), rows.texts("first_name")
        self._site, self._legal, self._profession = map(rows.texts, (*_PLACES, "profession"))
        self._works_as = {text: (text,) if profession_group(text) else () for text in set(self._profession)}
        self._shared = _Shared()
        self._frozen: LastUsed[tuple[str, ...], frozenset[str]] = LastUsed()

    def __getitem__(self, number: str) -> RegisterPerson:
        found = self._made.get(number)
        if found is None:
            rows = [self._activity_of(self._rows.row(at)) for at in self._places[number]]
            found = self._made[number] = _person(intern(number), rows, self._shared)
        return found

    def __contains__(self, number: object) -> bool:
        return number in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._places))

    def __len__(self) -> int:
        return len(self._places)

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Yield (number, last name, first name) of everybody."""
        last, first, following = self._last, self._first, self._places.following
        for number, at in self._places.firsts():
            told = last[at], first[at]
            if not following[at] or all((last[one], first[one]) == told for one in self._places.more(number)):
                yield number, *told
            else:
                person = self[number]
                yield number, person.last_name, person.first_name

    def name_of(self, number: str) -> tuple[str, str]:
        """Return last and first name of somebody."""
        if self._places.more(number):  # its rows may differ, or lack one
            person = self[number]
            return person.last_name, person.first_name
        at = self._places.first[number]
        return self._last[at], self._first[at]

    def finess_of(self, number: str) -> frozenset[str]:
        """Return where somebody works."""
        found = self._finess.get(number)
        if found is None:
            first, more = self._places.first[number], self._places.more(number)
            rest = (text for at in more for text in (self._site[at], self._legal[at]))
            texts = self._site[first], self._legal[first], *rest
            found = self._frozen.get(texts)
            if found is None:
                found = self._frozen[texts] = frozenset(filter(None, texts))
            self._finess[number] = found
        return found

    def professions_of(self, number: str) -> tuple[str, ...]:
        """Return what somebody works as."""
        at, following = self._places.first[number], self._places.following
        if not following[at]:
            return self._works_as[self._profession[at]]
        found = {*self._works_as[self._profession[at]]}
        while at := following[at]:
            found.update(self._works_as[self._profession[at]])
        return tuple(sorted(found))

    def by_place(self, numbers: Iterable[str]) -> dict[str, list[str]]:
        """Return FINESS → those of some people who work there."""
        found: dict[str, list[str]] = defaultdict(list)
        site, legal, first, following = self._site, self._legal, self._places.first, self._places.following
        for number in numbers:
            at = first[number]
            places = {site[at], legal[at]}
            while at := following[at]:
                places.add(site[at])
                places.add(legal[at])
            for place in places:
                found[place].append(number)
        found.pop("", None)
        return found

    def by_professions(self, numbers: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
        """Return what people work as → those of them who do."""
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        works_as, first, following = self._works_as, self._places.first, self._places.following
        for number in numbers:
            at = first[number]
            told = works_as[self._profession[at]]
            while at := following[at]:
                if (more := works_as[self._profession[at]]) and more[0] not in told:
                    told = tuple(sorted((*told, *more)))
            found[told].append(number)
        return found


_FIELDS = tuple(ActivityRow.model_fields)
_Activity = namedtuple("_Activity", _FIELDS)  # type: ignore[misc]  # the same fields, unjudged


class MadePersons(dict[str, RegisterPerson]):
    """The same of persons who are made already."""

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Yield (number, last name, first name) of everybody."""
        return ((number, one.last_name, one.first_name) for number, one in self.items())

    def name_of(self, number: str) -> tuple[str, str]:
        """Return last and first name of somebody."""
        return self[number].last_name, self[number].first_name

    def finess_of(self, number: str) -> frozenset[str]:
        """Return where somebody works."""
        return self[number].finess

    def professions_of(self, number: str) -> tuple[str, ...]:
        """Return what somebody works as."""
        return self[number].professions

    def by_place(self, numbers: Iterable[str]) -> dict[str, list[str]]:
        """Return FINESS → those of some people who work there."""
        found: dict[str, list[str]] = defaultdict(list)
        for number in numbers:
            for place in self[number].finess:
                found[place].append(number)
        return found

    def by_professions(self, numbers: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
        """Return what people work as → those of them who do."""
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for number in numbers:
            found[self[number].professions].append(number)
        return found


class PersonsTogether(Mapping[str, RegisterPerson]):
    """Everybody of several files; of whom is in two of them what the first one says."""

    def __init__(self, files: Sequence[KnownPersons | MadePersons]) -> None:
        self._file = {number: file for file in reversed(files) for number in file}

    def __getitem__(self, number: str) -> RegisterPerson:
        return self._file[number][number]

    def __contains__(self, number: object) -> bool:
        return number in self._file

    def __iter__(self) -> Iterator[str]:
        return iter(self._file)

    def __len__(self) -> int:
        return len(self._file)

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Yield (number, last name, first name) of everybody."""
        for file in {id(one): one for one in self._file.values()}.values():
            yield from (one for one in file.names() if self._file[one[0]] is file)

    def name_of(self, number: str) -> tuple[str, str]:
        """Return last and first name of somebody."""
        return self._file[number].name_of(number)

    def professions_of(self, number: str) -> tuple[str, ...]:
        """Return what somebody works as."""
        return self._file[number].professions_of(number)

    def finess_of(self, number: str) -> frozenset[str]:
        """Return where somebody works."""
        return self._file[number].finess_of(number)

    def by_place(self, numbers: Iterable[str]) -> dict[str, list[str]]:
        """Return FINESS → those of some people who work there."""
        found: dict[str, list[str]] = defaultdict(list)
        for file, some in self._by_file(numbers):
            for place, theirs in file.by_place(some).items():
                found[place] += theirs
        return found

    def by_professions(self, numbers: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
        """Return what people work as → those of them who do."""
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for file, some in self._by_file(numbers):
            for told, theirs in file.by_professions(some).items():
                found[told] += theirs
        return found

    def _by_file(self, numbers: Iterable[str]) -> Iterable[tuple["KnownPersons | MadePersons", list[str]]]:
        """Each file that tells of some of them, with those."""
        found: dict[int, tuple[KnownPersons | MadePersons, list[str]]] = {}
        for number in numbers:
            file = self._file[number]
            found.setdefault(id(file), (file, []))[1].append(number)
        return found.values()


SeenPersons = KnownPersons | MadePersons | PersonsTogether


def seen_beside(persons: Mapping[str, RegisterPerson]) -> SeenPersons:
    """Return them so that number, name, places and professions can be asked of those who are not made."""
    return persons if isinstance(persons, SeenPersons) else MadePersons(persons)


def together(files: Sequence[Mapping[str, RegisterPerson]]) -> SeenPersons:
    """Return everybody of several files; of whom is in two of them what the first one says."""
    given = [seen_beside(one) for one in files if one]
    several = [one for one in given if not isinstance(one, PersonsTogether)]
    return given[0] if len(given) == 1 else PersonsTogether(several)


class _Activities:
    """From a row to its activity; "" where a column is absent. It can be sent to another process."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._places = [columns.index(name) if name in columns else None for name in _FIELDS]
        every = [at for at in self._places if at is not None]
        self._all = itemgetter(*every) if len(every) == len(_FIELDS) else None

    def __call__(self, row: Sequence[str]) -> Any:
        if self._all is not None:
            return _Activity._make(self._all(row))
        return _Activity._make("" if at is None else row[at] for at in self._places)


class _Shared(dict[Any, Any]):
    """One of each value: many people have the same profession or establishment, and there may be millions of them."""

    def __missing__(self, value: Any) -> Any:
        """The value itself, the first time."""
        return self.setdefault(value, value)


def _person(national_id: str, rows: list[Any], shared: _Shared) -> RegisterPerson:
    if len(rows) == 1:
        return _person_of_one(national_id, rows[0], shared)
    unique = sorted(set(rows))
    civilities = {value for row in unique for value in (row.civility, row.civility_practice) if value}
    professions = {row.profession for row in unique if profession_group(row.profession)}
    categories = {row.category for row in unique if row.category}
    finess = frozenset(value for row in unique for value in (row.finess_site, row.finess_legal) if value)
    return RegisterPerson(
        national_id=national_id,
        last_name=intern(_first_given(row.last_name for row in unique)),
        first_name=intern(_first_given(row.first_name for row in unique)),
        civilities=shared[tuple(sorted(civilities))],
        professions=shared[tuple(sorted(professions))],
        categories=shared[tuple(sorted(categories))],
        finess=shared[finess],
        activities=hashlib.blake2b("\n".join(map(_CELL_END.join, unique)).encode(), digest_size=_DIGEST).digest(),
    )


def _person_of_one(national_id: str, row: Any, shared: _Shared) -> RegisterPerson:
    """The same of one row alone, as of most: its values come in few combinations."""
    known = shared.get(key := (_ALIKE, row.civility, row.civility_practice, row.profession, row.category))
    if known is None:
        civilities = tuple(sorted({value for value in key[1:3] if value}))
        professions = (row.profession,) if profession_group(row.profession) else ()
        categories = (row.category,) if row.category else ()
        known = shared[key] = shared[civilities], shared[professions], shared[categories]
    places = _ALIKE, row.finess_site, row.finess_legal
    finess = shared.get(places)
    if finess is None:
        finess = shared[places] = shared[frozenset(filter(None, places[1:]))]
    return RegisterPerson(
        national_id=national_id,
        last_name=intern(row.last_name),
        first_name=intern(row.first_name),
        civilities=known[0],
        professions=known[1],
        categories=known[2],
        finess=finess,
        activities=hashlib.blake2b(_CELL_END.join(row).encode(), digest_size=_DIGEST).digest(),
    )


def _first_given(values: Iterable[str]) -> str:
    """A row in which it is missing denies no other."""
    return next(filter(None, values), "")
