"""What the rows of a workbook were judged by: who judges them again can tell which would come out otherwise.

More people known may change how rows are understood together (which is a date, a name, an establishment), and what is
asked of one row's person. Where the first is not so, the judgements of all rows stand of which the second is not.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.sources.cells.known_people import Known, People
from pipelines.sources.workbook.row.found import RowFound
from schemas.reading.filled import Filled


class JudgedTheSame(Exception):  # noqa: N818  # nothing is wrong
    """The rows would be judged as they were."""


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """`meant`: a digest of the rows as they were understood; `in_vain`: the numbers asked of them that nobody had;
    `rows`: what was found in each; `vain`: the place of a row → the numbers asked in vain of it; none where nobody may
    judge them again. `figures`: how many lines are about its own places, and about people one knows; `decisive`: the
    numbers by which what stands beside the rows is heard otherwise, once they are known.
    """

    meant: bytes = b""
    in_vain: frozenset[str] = frozenset()
    rows: tuple[RowFound, ...] = ()
    vain: Mapping[int, frozenset[str]] = field(default_factory=dict)
    figures: Mapping[str, Filled] = field(default_factory=dict)
    decisive: frozenset[str] = frozenset()

    def same(self, meant: bytes, people: People) -> bool:
        """Tell whether rows so understood are judged the same by these people, who have all that those before had."""
        return self.meant == meant and not any(number in people.by_number for number in self.in_vain)

    def standing(self, meant: bytes, people: People) -> Mapping[int, RowFound]:
        """Return the place of each row → what was found in it, of those that are judged the same by these people."""
        if self.meant != meant:
            return {}
        known = people.by_number
        otherwise = {at for at, vain in self.vain.items() if any(number in known for number in vain)}
        return {at: row for at, row in enumerate(self.rows) if at not in otherwise}

    def stands(self, meant: bytes, rows: Sequence[RowFound], figures: Mapping[str, Filled], people: People) -> bool:
        """Tell whether the whole judgement is the same, now that its rows were judged by people of whom those whom
        nobody knew before have no account.
        """
        if self.meant != meant or self.figures != figures:
            return False
        known = people.by_number
        newly = [number for number in self.in_vain if number in known]
        if not people.registered.issuperset(newly) or any(number in known for number in self.decisive):
            return False
        return self.rows == tuple(rows)

    def with_rows(self, rows: Iterable[RowFound]) -> "JudgedBy":
        """Return it with rows that say the same."""
        return replace(self, rows=tuple(rows))

    def without_rows(self) -> "JudgedBy":
        """Return it for whom nobody judges again: they are a good deal to hold."""
        return replace(self, rows=(), vain={}, figures={})


UNJUDGED = JudgedBy()
_NONE: frozenset[str] = frozenset()  # one for all rows: an empty one of its own takes 216 bytes


def digest_of(*told: object) -> bytes:
    """Return a digest of all that was understood, whatever it is made of."""
    return hashlib.blake2b(repr(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()


class NumbersAsked(Mapping[str, Known]):
    """People by their numbers, who note which were asked for `in_vain`."""

    def __init__(self, by_number: Mapping[str, Known]) -> None:
        self._by_number = by_number
        self._in_vain: set[str] = set()

    def taken(self) -> frozenset[str]:
        """Return those asked for in vain since this was asked last."""
        if not self._in_vain:
            return _NONE
        found = frozenset(self._in_vain)
        self._in_vain.clear()
        return found

    def __getitem__(self, number: str) -> Known:
        if number not in self:
            raise KeyError(number)
        return self._by_number[number]

    def __contains__(self, number: object) -> bool:
        found = number in self._by_number
        if not found:
            self._in_vain.add(str(number))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_number)

    def __len__(self) -> int:
        return len(self._by_number)
