"""Whose end a safeguard holds tonight: until somebody has looked, nothing is concluded from it (contract §6a)."""

from collections.abc import Collection, Mapping, Sequence

from pipelines.expect import DEACTIVATIONS, ENDING
from pipelines.rules.scene import Planned
from pipelines.upgrade import RULES, by_rules_alone
from schemas.change import Change
from schemas.safeguard import Hold


def held_ends(changes: Sequence[Change], held: Sequence[Hold], origins: Mapping[str, str]) -> frozenset[str]:
    """The accounts of which an end, or the deactivation, is in a set that waits: announced to nobody yet."""
    many = {(one.post, one.scope) for one in held if one.what == DEACTIVATIONS}
    ours = {(one.post, one.scope) for one in held if one.what == RULES}
    return frozenset(
        change.account_id
        for change in changes
        if change.account_id
        and change.kind in ENDING
        and change.status == "new"
        and (
            (updater := (change.updater.post, change.updater.scope)) in many
            or (updater in ours and by_rules_alone(change, origins))
        )
    )


def disbelieve(planned: Planned, accounts: Collection[str]) -> None:
    """Let no rule believe in the ends of these accounts: no post falls vacant by them, and nobody's cards are let go.

    The ends themselves stay to be said, once the set is let out.
    """
    if accounts:
        planned.ended = {one for one in planned.ended if one[0] not in accounts}
