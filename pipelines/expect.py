"""What a night may look like before it goes out; what is out of the ordinary waits for a human look.

Every threshold is a share *and* a number: both must be passed. A 0 in either allows none.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.fewer import FEW
from pipelines.world import Policy
from schemas.change import Change
from schemas.safeguard import Hold
from schemas.source import SourceReport

CREATIONS, DEACTIVATIONS = "creations", "deactivations"
ENDING = ("end_assignment", "deactivate_account")
_KINDS = {
    DEACTIVATIONS: ENDING,
    "updates": ("update_account",),
    CREATIONS: ("create_account",),
}


def holds(
    changes: Sequence[Change],
    accounts: Mapping[tuple[str, str], int],
    policy: Policy,
    released: Mapping[tuple[str, str, str], int],
    first_night: date | None = None,
) -> tuple[Hold, ...]:
    """The sets that pass a threshold, less those released up to at least tonight's count.

    Counted in accounts: somebody whose three functions end is one person who loses access; and of what would go out
    as new tonight: what an updater knows already, a released set above all, is not held again. `released`: (post,
    scope, what) → the count a human let pass, a ceiling and not a blank cheque. `first_night`: of the installation: it
    may create as many as it likes; None: it is tonight.
    """
    limits = limits_of(policy)
    found = []
    for what, kinds in _KINDS.items():
        touched: dict[tuple[str, str], set[str]] = {}
        for change in changes:
            if (
                change.kind in kinds
                and change.status == "new"
                and not (what == CREATIONS and _of_the_first(change, first_night))
            ):
                touched.setdefault((change.updater.post, change.updater.scope), set()).add(
                    change.account_id or change.id
                )
        for (post, scope), ids in touched.items():
            total = max(accounts.get((post, scope), 0), len(ids))
            ceiling = released.get((post, scope, what), 0)
            if passes(len(ids), total, *limits[what]) and len(ids) > ceiling:
                found.append(Hold(post, scope, what, len(ids), total))
    return tuple(sorted(found))


def limits_of(policy: Policy) -> dict[str, tuple[float, int]]:
    """What a set may have → the share and the number that it must pass to be held."""
    return {
        DEACTIVATIONS: (policy.max_deactivation_share, policy.min_deactivations_to_hold),
        "updates": (policy.max_update_share, policy.min_updates_to_hold),
        CREATIONS: (policy.max_creation_share, policy.min_creations_to_hold),
    }


def kept_back(changes: Sequence[Change], held: Sequence[Hold], first_night: date | None) -> frozenset[str]:
    """The creations that are held, alone of their updaters' sets; and the functions to add to an account so created."""
    posts = {(hold.post, hold.scope) for hold in held if hold.what == CREATIONS}
    creations = {
        change.id
        for change in changes
        if change.kind == "create_account"
        and change.status == "new"
        and (change.updater.post, change.updater.scope) in posts
        and not _of_the_first(change, first_night)
    }
    further = {
        change.id
        for change in changes
        if change.kind == "add_assignment" and not change.account_id and not creations.isdisjoint(change.linked_to)
    }
    return frozenset(creations | further)


def _of_the_first(change: Change, first_night: date | None) -> bool:
    return first_night is None or change.first_seen <= first_night


def passes(count: int, total: int, share: float, number: int) -> bool:
    """Above the share of the total and at or above the number; a 0 in either: any at all."""
    if not share or not number:
        return count > 0
    return count >= number and count > share * total


def too_many_rejects(report: SourceReport, policy: Policy) -> bool:
    """A source of which so much is unreadable that the rest is not to be trusted."""
    return passes(report.rows_rejected, report.rows_read, policy.max_rejected_share, policy.min_rejected_to_hold)


def hardly_legible(rejected: int, total: int, policy: Policy, *, strict: bool = True) -> bool:
    """Every one of its rows could be read by nobody, or (`strict`) more than may be."""
    every = rejected >= FEW and rejected >= total
    return every or (strict and passes(rejected, total, policy.max_rejected_share, policy.min_rejected_to_hold))
