"""The reminders of one updater leave together: one mail in a fortnight, and not one a day (contract §7, §9)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from schemas.changes.change import Change
from schemas.changes.lifecycle import ChangeState


def together(
    due: Collection[str], known: Mapping[str, ChangeState], tonight: Iterable[Change], day: date, remind_after_days: int
) -> frozenset[str]:
    """Return what is reminded of in the same mail as what is `due`: their days are counted together from then on.

    Once something of an updater's has waited long enough: whatever else that updater was told of before today and has
    not answered; and what they say is done, if it has not been seen for half as long.
    """
    wait = timedelta(days=remind_after_days)
    changes = {change.id: change for change in tonight if change.id in known}
    late = {_post(changes[key]) for key in due if key in changes and _waited(known[key], day) >= wait}
    least = {"notified": timedelta(days=1), "accepted": wait / 2}
    return frozenset(
        key
        for key, change in changes.items()
        if _post(change) in late
        and change.status == known[key].status  # what comes back tonight comes by itself
        and change.status in least
        and _waited(known[key], day) >= least[change.status]
    )


def _waited(state: ChangeState, day: date) -> timedelta:
    """Since the updater last heard of it or spoke of it; not at all, where they were never told."""
    if state.told_on is None or state.status not in ("notified", "accepted"):
        return timedelta(0)
    return day - max(state.told_on, state.since)


def _post(change: Change) -> tuple[str, str]:
    return change.updater.post, change.updater.scope
