"""Which accounts a line is compared with at all: those that share a key, so that the work grows with the lines.

A key is a number, an address, every word of the name as it sounds, or the beginning of one word at one structure. At
a structure of any size a line meets those whose names begin alike, not everybody.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines import names
from pipelines.matching.scoring import Comparable

_HEAD = 3
Key = str
"""What kind of key, and what it is, in one text: there are five an account, and a tuple takes three times the room."""


@dataclass(slots=True)
class Blocks:
    """Key → ids of the accounts that have it: the id alone where there is one, as for most keys."""

    ids: dict[Key, str | list[str]] = field(default_factory=dict)

    def add(self, account_id: str, seen: Comparable) -> None:
        """Put an account where lines will find it."""
        for key in dict.fromkeys(keys_of(seen)):
            there = self.ids.setdefault(key, account_id)
            if isinstance(there, list):
                there.append(account_id)
            elif there is not account_id:
                self.ids[key] = [there, account_id]

    def near(self, seen: Comparable) -> list[str]:
        """Return ids of the accounts that share a key with the record, sorted."""
        return self.at(keys_of(seen))

    def at(self, keys: Iterable[Key]) -> list[str]:
        """Return ids of the accounts under any of these keys, sorted."""
        return sorted({one for key in keys for one in self._under(key)})

    def _under(self, key: Key) -> Sequence[str]:
        found = self.ids.get(key, ())
        return (found,) if isinstance(found, str) else found


def keys_of(seen: Comparable) -> Iterator[Key]:
    """Yield every key of a record."""
    if seen.number:
        yield number_key(seen.number)
    if seen.unread:
        yield f"unread {seen.unread}"
    for email in seen.emails:
        yield email_key(email)
    for name in seen.known_as:
        if name[0]:
            yield name_key(name)
            yield from (f"place {head} {place}" for place in seen.places for head in _heads(name))


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
