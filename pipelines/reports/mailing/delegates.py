"""Who is written to in the place of a post's holders: always, or from one day to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from schemas.changes.change import PostKey


@dataclass(frozen=True, slots=True)
class Delegation:
    """Somebody stands in for the holder of a post, from one day to another, both included."""

    post: PostKey
    to: tuple[str, ...]
    first_day: date
    last_day: date


def named_for(
    day: date, always: Mapping[PostKey, tuple[str, ...]], delegations: Iterable[Delegation]
) -> Mapping[PostKey, tuple[str, ...]]:
    """Return (post, scope) → the addresses that are named for it; a delegation goes before what is named always."""
    today = {one.post: one.to for one in delegations if one.first_day <= day <= one.last_day}
    return {**always, **today}
