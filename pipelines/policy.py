"""The thresholds of the deployment, and whether a count passes one.

Every threshold is a share *and* a number: both must be passed. A 0 in either allows none.
"""

from dataclasses import dataclass

from schemas.reading.source import SourceReport

CREATIONS, DEACTIVATIONS = "creations", "deactivations"
FEW = 2  # people: one who is gone is no landslide, however few there were
_ROUNDING = 1e-9  # 0.95 × 60 is not quite 57


@dataclass(frozen=True, slots=True)
class Policy:
    """The decisions of the deployment that rules need (contract §2 `[policy]`)."""

    expiry_warning_days: tuple[int, ...] = (90, 30)
    card_validity_years: int = 3
    max_deactivation_share: float = 0.05
    min_deactivations_to_hold: int = 5
    max_update_share: float = 0.3
    min_updates_to_hold: int = 50
    max_rejected_share: float = 0.2
    min_rejected_to_hold: int = 50
    max_creation_share: float = 0.1
    min_creations_to_hold: int = 10
    min_annuaire_share: float = 0.95
    min_workbook_share: float = 0.8
    min_lost_rows_to_hold: int = 2
    min_register_share: float = 0.95


def limits_of(policy: Policy) -> dict[str, tuple[float, int]]:
    """Return what a set may have → the share and the number that it must pass to be held."""
    return {
        DEACTIVATIONS: (policy.max_deactivation_share, policy.min_deactivations_to_hold),
        "updates": (policy.max_update_share, policy.min_updates_to_hold),
        CREATIONS: (policy.max_creation_share, policy.min_creations_to_hold),
    }


def passes(count: int, total: int, share: float, number: int) -> bool:
    """Tell whether it is above the share of the total and at or above the number; a 0 in either: any at all."""
    if not share or not number:
        return count > 0
    return count >= number and count > share * total


def too_many_rejects(report: SourceReport, policy: Policy) -> bool:
    """Tell whether it is a source of which so much is unreadable that the rest is not to be trusted."""
    return passes(report.rows_rejected, report.rows_read, policy.max_rejected_share, policy.min_rejected_to_hold)


def hardly_legible(rejected: int, total: int, policy: Policy, *, strict: bool = True) -> bool:
    """Tell whether every one of its rows could be read by nobody, or (`strict`) more than may be."""
    every = rejected >= FEW and rejected >= total
    return every or (strict and passes(rejected, total, policy.max_rejected_share, policy.min_rejected_to_hold))


def fewer(now: int, before: int, share: float, few: int = FEW) -> bool:
    """Tell whether more than the share of what there was is gone, and at least a few; a 0, or a share of all: any at
    all.
    """
    if not few or share >= 1:
        return now < before
    return before - now >= few and now < share * before - _ROUNDING
