"""What is found under a key: nearly always one thing alone, which is then held as it is; a list of its own for each
would be a tenth of what a large country holds.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def put(held: dict[K, V | list[V]], key: K, one: V) -> None:
    """Put one under a key: itself where it is alone there, for a list of its own takes 88 bytes."""
    there = held.setdefault(key, one)
    if isinstance(there, list):
        there.append(one)
    elif there is not one:
        held[key] = [there, one]


def under(held: Mapping[K, V | list[V]], key: K) -> Sequence[V]:
    """Return what was put under a key, in the order in which it was."""
    found = held.get(key)
    if found is None:
        return ()
    return found if isinstance(found, list) else (found,)
