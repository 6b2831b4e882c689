"""What a safeguard holds back until a human has looked."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Hold:
    """One updater's set that waits: what there is too much of, in how many accounts of how many.

    `what`: deactivations, updates, creations (which are held alone), undone (people who
    had been taken away come back), rules (an upgrade of ours), or source (then
    `scope` is its name and `post` empty), and a figure of it (`stood`): active, assignments, ranks, numbers.
    """

    post: str
    scope: str
    what: str
    count: int
    total: int


# What a human lets pass: (post, scope, what) → up to which count.
Ceilings = Mapping[tuple[str, str, str], int]
