"""What is looked up in something that is made when the first asks, and never where nobody does."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K")
_LAST = 20_000  # values: those of an ordinary night, while a country may have millions


class LastUsed(dict[K, T]):
    """What was made last: a value is made anew where it is asked for again after so many others."""

    def __setitem__(self, key: K, value: T) -> None:
        if len(self) >= _LAST:
            self.clear()
        super().__setitem__(key, value)


class Deferred(Mapping[str, T]):
    """What `make` gives, once somebody asks."""

    def __init__(self, make: Callable[[], Mapping[str, T]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, T]:
        return self._make()

    def __getitem__(self, key: str) -> T:
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __reduce__(self) -> tuple[type[dict[str, T]], tuple[dict[str, T]]]:
        return dict, (dict(self._made),)  # what makes it is of no use elsewhere
