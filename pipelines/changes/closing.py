"""Accounts that tonight's changes close: nobody is asked to renew a card for one, or to correct it (contract §6)."""

from collections.abc import Collection, Iterable, Mapping

from pipelines.changes.draft import Draft
from pipelines.changes.rules.scene import Planned
from pipelines.matching.identify import Identity
from schemas.nomenclatures import reasons

_CARE = ("update_account", "card_alert")


def closing(identities: Mapping[str, Identity], planned: Planned, kept: Collection[str]) -> frozenset[str]:
    """Return the accounts that lose their last function tonight, or have none, and get no other; but those `kept`.

    Whether the deactivation is said tonight or waits for a workbook makes no difference: the last function goes.
    """
    coming = {who for who, _ in planned.added}
    return frozenset(
        key
        for key, identity in identities.items()
        if not (identity.blocked or identity.present or key in coming or key in kept)
        and all((key, held) in planned.ended for held in identity.account.assignments)
    )


def without_care(drafts: Iterable[Draft], closed: Collection[str]) -> Iterable[Draft]:
    """Return all but what would be entered, or a card asked for, on an account that the same report closes."""
    return (one for one in drafts if not (one.account and one.who in closed and reasons()[one.reason]["kind"] in _CARE))
