"""Deactivations that were announced, and wait for a workbook: nobody is shown them meanwhile (contract §6a)."""

from collections.abc import Iterable
from dataclasses import replace

from pipelines.lifecycle.advance import Lives
from pipelines.sources.snapshot import Snapshot


def wait(lives: Lives, snapshot: Snapshot, tonight: Iterable[str]) -> tuple[Lives, frozenset[str]]:
    """Return (the lives as they are shown, the accounts whose deactivation waits, `tonight`'s among them).

    Such a change stays open where it stands: it is neither withdrawn nor announced again when the workbook is back.
    """
    waiting, all_wait = frozenset(tonight), bool(snapshot.unsure_workbooks)
    asked = [
        change
        for change in lives.open_changes
        if change.kind == "deactivate_account" and (all_wait or change.account_id in waiting)
    ]
    hidden = frozenset(change.id for change in asked)
    shown = replace(
        lives,
        open_changes=tuple(change for change in lives.open_changes if change.id not in hidden),
        listed=lives.listed - hidden,
        fresh=lives.fresh - hidden,
        due=lives.due - hidden,
        perhaps=lives.perhaps - hidden,
    )
    return shown, waiting | {change.account_id for change in asked if change.account_id}


def unheard(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the workbooks that they wait for: those not heard to their end, else those with rows that could not be
    read.
    """
    return snapshot.unsure_workbooks or tuple(sorted({row.source for row in snapshot.unread}))
