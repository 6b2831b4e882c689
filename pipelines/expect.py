"""What a night may look like before it goes out: too many endings for one updater are held for a human look."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.world import Policy
from schemas.change import Change

_ENDINGS = ("end_assignment", "deactivate_account")


def held_updaters(
    changes: Sequence[Change], accounts: Mapping[tuple[str, str], int], policy: Policy
) -> dict[tuple[str, str], tuple[int, int]]:
    """(post, scope) → (accounts that would lose something, accounts of that updater), above the share and the number.

    Counted in accounts: somebody whose three functions end is one person who loses access.
    """
    ending: dict[tuple[str, str], set[str]] = {}
    for change in changes:
        if change.kind in _ENDINGS and change.account_id:
            ending.setdefault((change.updater.post, change.updater.scope), set()).add(change.account_id)
    counts = Counter({key: len(ids) for key, ids in ending.items()})
    return {
        key: (count, accounts.get(key, 0))
        for key, count in sorted(counts.items())
        if count >= max(policy.min_deactivations_to_hold, 1)
        and count > policy.max_deactivation_share * max(accounts.get(key, 0), 1)
    }
