"""Whom the quarantined rows of a workbook may be about: unreadable is not gone (decision 12)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pipelines import names
from pipelines.sources.mentions import names_beside, tells_of_others
from schemas.people.workbook_line import UnreadRow

_UNNAMED = "unnamed"  # a row on which something else stands where a name is expected
_LEAST = 3  # letters of a word that is no initial


@dataclass(slots=True)
class UnreadRows:
    """The rows of one source, by what they can point with: looked up, for there may be as many as accounts.

    `full_keys`: of the names in them (`names.full_key`); `near`: structure → the names there; `telling`: structure →
    the rows that may name somebody beside; `blank`: structures of rows with neither a name nor a readable number;
    `alone`: word → the words of rows that give no first name, as they sound. A structure that could not be read is "",
    which is everywhere.
    """

    numbers: set[str] = field(default_factory=set)
    full_keys: set[str] = field(default_factory=set)
    telling: dict[str, list[UnreadRow]] = field(default_factory=lambda: defaultdict(list))
    near: dict[str, list[names.Name]] = field(default_factory=lambda: defaultdict(list))
    blank: set[str] = field(default_factory=set)
    alone: dict[str, set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))

    def add(self, row: UnreadRow) -> None:
        """Add one more row."""
        if not row.name[1]:
            heard = _heard(row.name[0] or (row.wording if row.not_understood == _UNNAMED else ""))
            for word in heard:
                self.alone[word].add(heard)
        if not row.name[0] and not row.numbers:
            self.blank.add(row.structure_code)
            return
        self.numbers.update({*row.numbers, *row.further.numbers, row.raw_number} - {""})
        if tells_of_others(row.name, row.further, ()):
            self.telling[row.structure_code].append(row)
        if row.name[0]:
            self.full_keys.add(names.full_key(*row.name))
            self.near[row.structure_code].append(row.name)

    def point_at(self, name: names.Name, numbers: Collection[str], structure_code: str, *, read: bool = False) -> bool:
        """Tell whether a row may be about the person of this name and these numbers, at this structure.

        By a number; by the same name anywhere, or the last name alone, a near one at the same structure; and with
        neither a name nor a readable number, about everybody at its structure (everybody at all when that cannot be
        read either), but for whom a row of their own was `read` there.
        """
        places = dict.fromkeys(("", structure_code))
        return (
            (not read and not self.blank.isdisjoint(places))
            or not self.numbers.isdisjoint(numbers)
            or names.full_key(*name) in self.full_keys
            or self._gives_alone(name[0])
            or any(names.near(one, name) for place in places for one in self.near.get(place, ()))
            or any(
                names_beside(one.name, one.further, (), name) for place in places for one in self.telling.get(place, ())
            )
        )

    def _gives_alone(self, last_name: str) -> bool:
        mine = _heard(last_name) if self.alone else frozenset()
        return any(mine <= theirs for theirs in self.alone.get(next(iter(mine), ""), ()))


def _heard(name: str) -> frozenset[str]:
    """Its words as they sound, but for initials and particles."""
    words = names.without_particles(names.words_of(name))
    return frozenset(names.sound(word) for word in words if len(word) >= _LEAST)


def clues_of(rows: Iterable[UnreadRow]) -> dict[str, UnreadRows]:
    """Return source → its quarantined rows."""
    found: dict[str, UnreadRows] = defaultdict(UnreadRows)
    for row in rows:
        found[row.source].add(row)
    return dict(found)
