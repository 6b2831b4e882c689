"""Near names elsewhere: a line may be about somebody who came from another place, under a name written otherwise.

« Cathy » for « Catherine », a second last name, a slip: where no number decides it is a question, of an account whose
person the register has at the line's place, or of which neither register nor line knows anything.
"""

from collections import defaultdict
from collections.abc import Iterator

from pipelines import names
from pipelines.matching.index import Index
from pipelines.matching.scoring import Comparable

_HEAD = 3


class Moved:
    """The accounts of which no certain line tells that somebody is there: where the register has their person, and
    those that no register knows, by their names. Needs the certain matches taken.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._at: dict[str, list[str]] = defaultdict(list)
        self._named: dict[str, list[str]] = defaultdict(list)
        for key, account in index.accounts.items():
            if key in index.there:
                continue
            person = index.register.persons.get(index.register.resolve(account.number.number))
            if person is not None:
                for place in person.finess - account.places:
                    self._at[place].append(key)
            else:
                for name in near_keys((account.last_name, account.first_name)):
                    self._named[name].append(key)

    def perhaps(self, seen: Comparable) -> list[str]:
        """Return ids of the accounts that a line may be about, in their order; none where the register confirms its
        number.
        """
        if seen.own or not seen.name[0]:
            return []
        return sorted({*self._registered(seen), *self._unknown(seen)})

    def _registered(self, seen: Comparable) -> Iterator[str]:
        for key in (key for place in seen.places for key in self._at.get(place, ())):
            if any(_alike(seen.name, name) for name in self._index.seen(key).known_as):
                yield key

    def _unknown(self, seen: Comparable) -> Iterator[str]:
        for key in dict.fromkeys(key for name in near_keys(seen.name) for key in self._named.get(name, ())):
            theirs = self._index.seen(key)
            differs = seen.professions and theirs.professions and seen.professions.isdisjoint(theirs.professions)
            here = not theirs.places.isdisjoint(seen.places)
            apart = differs or here or seen.civility not in ("", theirs.civility or seen.civility)
            if not apart and nearly(seen.name, theirs.name):
                yield key


def near_keys(name: names.Name) -> Iterator[str]:
    """Yield keys of a name, of which a slip in one of both names leaves one."""
    lasts = [names.sound(word) for word in names.without_particles(names.words_of(name[0]))]
    firsts = [names.sound(word) for word in names.words_of(name[1])]
    yield from (f"last {word}" for word in lasts)
    if lasts and firsts:
        yield f"first {lasts[0][:_HEAD]} {firsts[0]}"


def _alike(one: names.Name, other: names.Name) -> bool:
    """Nothing of the last name is another's, and the first one may be a short form."""
    return names.last_names(one[0], other[0]) != "other" and first_alike(one[1], other[1])


def nearly(one: names.Name, other: names.Name) -> bool:
    """Tell whether one of both names is the same, the other one near."""
    last, first = names.last_names(one[0], other[0]), names.first_names(one[1], other[1])
    if last in names.STRONG_LAST:
        return bool(one[1]) and first_alike(one[1], other[1])
    return last == "near" and first in names.STRONG_FIRST


def first_alike(one: str, other: str) -> bool:
    """Tell whether one may be the other: a slip, an initial, a short form (« Cathy », « Manu » of Emmanuel), one of
    several.
    """
    if names.first_names(one, other) != "other":
        return True
    mine, theirs = ("".join(names.words_of(name)) for name in (one, other))
    return mine[:2] == theirs[:2] or mine in theirs or theirs in mine
