"""Which accounts a line is compared with at all: those that share a key, so that the work grows with the lines.

A key is a number, an address, every word of the name as it sounds, or the beginning of one word at one structure. At
a structure of any size a line meets those whose names begin alike, not everybody.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from sys import intern

from pipelines import names
from pipelines.matching.scoring import Comparable

_HEAD = 3
Key = str
"""What kind of key, and what it is, in one text: a tuple takes three times the room."""
Ids = dict[Key, str | list[str]]
"""Key → ids of the accounts that have it: the id alone where there is one, as for most keys."""


@dataclass(slots=True)
class Blocks:
    """Key → ids; and of each structure the beginnings of the names of who is there → ids: of these there are several
    an account, and the few beginnings that there are need no text for each structure.
    """

    ids: Ids = field(default_factory=dict)
    there: dict[str, Ids] = field(default_factory=dict)

    def add(self, account_id: str, seen: Comparable) -> None:
        """Put an account where lines will find it."""
        for key in dict.fromkeys(keys_of(seen)):
            _put(self.ids, key, account_id)
        heads = [*map(intern, dict.fromkeys(_heads_of(seen)))]
        for place in seen.places:
            there = self.there.setdefault(place, {})
            for head in heads:
                _put(there, head, account_id)

    def near(self, seen: Comparable) -> list[str]:
        """Return ids of the accounts that share a key with the record, sorted."""
        found = {one for key in keys_of(seen) for one in _under(self.ids, key)}
        heads = [*_heads_of(seen)]
        for place in seen.places:
            if there := self.there.get(place):
                found.update(one for head in heads for one in _under(there, head))
        return sorted(found)

    def at(self, keys: Iterable[Key]) -> list[str]:
        """Return ids of the accounts under any of these keys, sorted."""
        return sorted({one for key in keys for one in _under(self.ids, key)})


def _put(ids: Ids, key: Key, account_id: str) -> None:
    there = ids.setdefault(key, account_id)
    if isinstance(there, list):
        there.append(account_id)
    elif there is not account_id:
        ids[key] = [there, account_id]


def _under(ids: Ids, key: Key) -> Sequence[str]:
    found = ids.get(key, ())
    return (found,) if isinstance(found, str) else found


def keys_of(seen: Comparable) -> Iterator[Key]:
    """Yield every key of a record, wherever it is."""
    if seen.number:
        yield number_key(seen.number)
    if seen.unread:
        yield f"unread {seen.unread}"
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
    return f"number {number}"


def email_key(email: str) -> Key:
    """Return the key of an address."""
    return f"email {email}"


def name_key(name: names.Name) -> Key:
    """Return the key of the whole name, wherever its words stand."""
    return f"name {names.bag(name)}"


def _heads(name: names.Name) -> set[str]:
    """The beginnings of the words as they sound, and are heard: one slip of the finger leaves one of them whole; «
    LEGOFF » is « LE GOFF », « Yurgen » Jürgen.
    """
    parts = [names.words_of(part) for part in name]
    words = [word for part in parts for word in names.without_particles(part)]
    joined = ["".join(part) for part in parts[:1] if len(part) > 1]
    heard = (names.heard(part)[:_HEAD] for part in name if part)
    return {*heard, *(names.sound(word)[:_HEAD] for word in (*words, *joined))}
