"""What a night may look like before it goes out; what is out of the ordinary waits for a human look.

Every threshold is a share *and* a number: both must be passed. A 0 in either allows none.
"""

from collections.abc import Mapping, Sequence

from pipelines.world import Policy
from schemas.change import Change
from schemas.safeguard import Hold
from schemas.source import SourceReport

_KINDS = {
    "deactivations": ("end_assignment", "deactivate_account"),
    "updates": ("update_account",),
}


def holds(
    changes: Sequence[Change],
    accounts: Mapping[tuple[str, str], int],
    policy: Policy,
    released: Mapping[tuple[str, str, str], int],
) -> tuple[Hold, ...]:
    """The sets that pass a threshold, less those released up to at least tonight's count.

    Counted in accounts: somebody whose three functions end is one person who loses access; and of what would go out
    as new tonight: what an updater knows already, a released set above all, is not held again. `released`: (post,
    scope, what) → the count a human let pass, a ceiling and not a blank cheque.
    """
    limits = {
        "deactivations": (policy.max_deactivation_share, policy.min_deactivations_to_hold),
        "updates": (policy.max_update_share, policy.min_updates_to_hold),
    }
    found = []
    for what, kinds in _KINDS.items():
        touched: dict[tuple[str, str], set[str]] = {}
        for change in changes:
            if change.kind in kinds and change.account_id and change.status == "new":
                touched.setdefault((change.updater.post, change.updater.scope), set()).add(change.account_id)
        for (post, scope), ids in touched.items():
            total = max(accounts.get((post, scope), 0), len(ids))
            ceiling = released.get((post, scope, what), 0)
            if passes(len(ids), total, *limits[what]) and len(ids) > ceiling:
                found.append(Hold(post, scope, what, len(ids), total))
    return tuple(sorted(found))


def passes(count: int, total: int, share: float, number: int) -> bool:
    """Above the share of the total and at or above the number; a 0 in either: any at all."""
    if not share or not number:
        return count > 0
    return count >= number and count > share * total


def too_many_rejects(report: SourceReport, policy: Policy) -> bool:
    """A source of which so much is unreadable that the rest is not to be trusted."""
    return passes(report.rows_rejected, report.rows_read, policy.max_rejected_share, policy.min_rejected_to_hold)


def shrunk(rows: int, before: int | None, policy: Policy) -> bool:
    """A workbook with far fewer rows than the last time it was used."""
    if before is None:
        return False
    return passes(before - rows, before, 1 - policy.min_workbook_share, policy.min_lost_rows_to_hold)


def below_floor(rows: int, before: int | None, least: int, policy: Policy) -> bool:
    """A register smaller than its floor, or than 95 % of the last one (formats.md « Sanity valves »)."""
    return rows < least or (before is not None and rows < policy.min_register_share * before)
