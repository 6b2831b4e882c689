"""Which accounts a line is compared with at all: those that share a key, so that the work grows with the lines.

A key is a number, an address, every word of the name as it sounds, or the beginning of one word at one structure. At
a structure of any size a line meets those whose names begin alike, not everybody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern

from pipelines import names
from pipelines.matching.scoring import Comparable
from schemas.one_or_several import put, under

NUMBER, UNREAD, EMAIL, NAME = "number", "unread", "email", "name"
_HEAD = 3
_OPEN = 256  # structures whose beginnings are in order: lines come structure by structure, more or less
Key = tuple[str, str]
"""What kind of key, and what it is."""
Ids = dict[str, str | list[str]]
"""What a key is → ids of the accounts that have it: the id alone where there is one, as for most keys."""


@dataclass(slots=True)
class Blocks:
    """Kind of key → what it is → ids: of a number, an address the text is the account's own.

    `there`: of each structure the beginnings of the names of who is there, each followed by an id; they are put in
    order when a line of the structure is looked at. In order for all of them they took five times as much.
    """

    ids: dict[str, Ids] = field(default_factory=lambda: {kind: {} for kind in (NUMBER, UNREAD, EMAIL, NAME)})
    there: dict[str, list[str]] = field(default_factory=dict)
    _open: dict[str, Ids] = field(default_factory=dict, repr=False)

    def add(self, account_id: str, seen: Comparable) -> None:
        """Put an account where lines will find it."""
        for kind, text in dict.fromkeys(keys_of(seen)):
            put(self.ids[kind], intern(text) if kind == EMAIL else text, account_id)
        pairs = [one for head in dict.fromkeys(_heads_of(seen)) for one in (intern(head), account_id)]
        for place in seen.places:
            self.there.setdefault(place, []).extend(pairs)
            self._open.pop(place, None)

    def near(self, seen: Comparable) -> list[str]:
        """Return ids of the accounts that share a key with the record, sorted."""
        found = {one for kind, text in keys_of(seen) for one in under(self.ids[kind], text)}
        heads = [*_heads_of(seen)]
        for place in seen.places:
            if there := self._heads_at(place):
                found.update(one for head in heads for one in under(there, head))
        return sorted(found)

    def at(self, keys: Iterable[Key]) -> list[str]:
        """Return ids of the accounts under any of these keys, sorted."""
        return sorted({one for kind, text in keys for one in under(self.ids[kind], text)})

    def forget_heads(self) -> None:
        """Let go of the beginnings of names, which lines alone are looked for by: `near` finds by whole keys since."""
        self.there.clear()
        self._open.clear()

    def _heads_at(self, place: str) -> Ids:
        """The beginnings of the names of who is at a structure → ids."""
        found = self._open.get(place)
        if found is None:
            if len(self._open) >= _OPEN:
                del self._open[next(iter(self._open))]
            pairs = iter(self.there.get(place, ()))
            found = self._open[place] = {}
            for head, account_id in zip(pairs, pairs, strict=True):
                put(found, head, account_id)
        return found


def keys_of(seen: Comparable) -> Iterator[Key]:
    """Yield every key of a record, wherever it is."""
    if seen.number:
        yield number_key(seen.number)
    if seen.unread:
        yield UNREAD, seen.unread
    for email in seen.emails:
        yield email_key(email)
    for name in seen.known_as:
        if name[0]:
            yield name_key(name)


def _heads_of(seen: Comparable) -> Iterator[str]:
    """The beginnings of all its names, to be looked for at its structures."""
    return (head for name in seen.known_as if name[0] for head in _heads(name))


def number_key(number: str) -> Key:
    """Return the key of a resolved number."""
    return NUMBER, number


def email_key(email: str) -> Key:
    """Return the key of an address."""
    return EMAIL, email


def name_key(name: names.Name) -> Key:
    """Return the key of the whole name, wherever its words stand."""
    return NAME, names.bag(name)


def _heads(name: names.Name) -> set[str]:
    """The beginnings of the words as they sound, and are heard: one slip of the finger leaves one of them whole; «
    LEGOFF » is « LE GOFF », « Yurgen » Jürgen.
    """
    parts = [names.words_of(part) for part in name]
    words = [word for part in parts for word in names.without_particles(part)]
    joined = ["".join(part) for part in parts[:1] if len(part) > 1]
    heard = (names.heard(part)[:_HEAD] for part in name if part)
    return {*heard, *(names.sound(word)[:_HEAD] for word in (*words, *joined))}
