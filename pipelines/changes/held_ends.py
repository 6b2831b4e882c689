"""Whose end a safeguard holds tonight: until somebody has looked, nothing is concluded from it (contract §6a)."""

from collections.abc import Collection

from pipelines.changes.rules.scene import Planned


def disbelieve(planned: Planned, accounts: Collection[str]) -> None:
    """Let no rule believe in the ends of these accounts: no post falls vacant by them, and nobody's cards are let go.

    The ends themselves stay to be said, once the set is let out.
    """
    if accounts:
        planned.ended = {one for one in planned.ended if one[0] not in accounts}
