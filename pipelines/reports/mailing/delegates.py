"""Who is written to in the place of a post's holders: always, or from one day to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

Post = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Delegation:
    """Somebody stands in for the holder of a post, from one day to another, both included."""

    post: Post
    to: tuple[str, ...]
    first_day: date
    last_day: date


def named_for(
    day: date, always: Mapping[Post, tuple[str, ...]], delegations: Iterable[Delegation]
) -> Mapping[Post, tuple[str, ...]]:
    """(post, scope) → the addresses that are named for it; a delegation goes before what is named always."""
    today = {one.post: one.to for one in delegations if one.first_day <= day <= one.last_day}
    return {**always, **today}
