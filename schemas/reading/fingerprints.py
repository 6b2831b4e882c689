"""What was read of everybody and everything met on a night, as digests by digests: nobody is named."""

from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain

_FEW = 5  # of whom half may well change in a night


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Key → digest, of accounts, persons and the places of each workbook; and of what was answered about them."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def kinds(self) -> tuple[Mapping[str, str], ...]:
        """Return accounts, persons, places."""
        return self.accounts, self.persons, self.places

    def all(self) -> Mapping[str, str]:
        """Return it as the store keeps them; nothing is copied, for there may be millions."""
        return _Together((*self.kinds(), self.answers))

    def same_as(self, before: Mapping[str, str]) -> Iterator[str]:
        """Yield the keys that say what they said.

        Where more than half of one kind differs, and there are more than a few, it is our reading of it that changed,
        not half a country in a night: what is said of them is then not known to have changed.
        """
        for kind in self.kinds():
            common = {key: value for key, value in kind.items() if key in before}
            same = [key for key, value in common.items() if before[key] == value]
            read_otherwise = len(common) >= _FEW and 2 * len(same) < len(common)
            yield from common if read_otherwise else same


def in_order(digests: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield keys with their digests in the order of the keys; of those that have them so, one after the other."""
    known = getattr(digests, "in_order", None)
    return known() if known else iter(sorted(digests.items()))


class _Together(Mapping[str, str]):
    """Several kinds, none of which has a key of another, as one."""

    def __init__(self, kinds: tuple[Mapping[str, str], ...]) -> None:
        self._kinds = kinds

    def __getitem__(self, key: str) -> str:
        for kind in self._kinds:
            if key in kind:
                return kind[key]
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._kinds)

    def __len__(self) -> int:
        return sum(map(len, self._kinds))

    def items(self) -> ItemsView[str, str]:
        """Return the pairs, none of which is looked up."""
        return _PairsTogether(self)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield keys with their digests, kind by kind."""
        return chain.from_iterable(kind.items() for kind in self._kinds)

    def in_order(self) -> Iterator[tuple[str, str]]:
        """Yield them in the order of the keys, whatever their kind."""
        return merge(*map(in_order, self._kinds))


class _PairsTogether(ItemsView[str, str]):
    def __init__(self, together: _Together) -> None:
        super().__init__(together)
        self._together = together

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return self._together.pairs()
