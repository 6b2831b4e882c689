"""Which accounts a line is compared with at all: those that share a key, so that the work grows with the lines.

A key is a number, an address, every word of the name as it sounds, or the beginning of one word at one structure. At
a structure of any size a line meets those whose names begin alike, not everybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines import names
from pipelines.weigh import Seen

_HEAD = 3
Key = tuple[str, ...]


@dataclass(slots=True)
class Blocks:
    """Key → ids of the accounts that have it."""

    ids: dict[Key, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, account_id: str, seen: Seen) -> None:
        """Put an account where lines will find it."""
        for key in dict.fromkeys(keys_of(seen)):
            self.ids[key].append(account_id)

    def near(self, seen: Seen) -> list[str]:
        """Ids of the accounts that share a key with the record, sorted."""
        return sorted({one for key in keys_of(seen) for one in self.ids.get(key, ())})

    def at(self, keys: Iterable[Key]) -> list[str]:
        """Ids of the accounts under any of these keys, sorted."""
        return sorted({one for key in keys for one in self.ids.get(key, ())})


def keys_of(seen: Seen) -> Iterator[Key]:
    """Every key of a record."""
    if seen.number:
        yield number_key(seen.number)
    for email in seen.emails:
        yield "email", email
    for name in seen.known_as:
        if name[0]:
            yield name_key(name)
            yield from (("place", place, head) for place in seen.places for head in _heads(name))


def number_key(number: str) -> Key:
    """The key of a resolved number."""
    return "number", number


def name_key(name: names.Name) -> Key:
    """The key of the whole name, wherever its words stand."""
    return "name", names.bag(name)


def _heads(name: names.Name) -> set[str]:
    """The beginnings of the words as they sound: one slip of the finger leaves one of them whole."""
    words = (word for part in name for word in names.without_particles(names.words_of(part)))
    return {names.sound(word)[:_HEAD] for word in words}
