"""Ends that were announced and wait, for a workbook or for an answer: nobody is shown them meanwhile (contract §6a)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pipelines.changes.proof import assignment_of
from pipelines.lifecycle.advance import Lives
from pipelines.lifecycle.resting_on_absence import ON_SILENCE
from pipelines.matching.identify import Identity
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change


def in_question(change: Change, identities: Mapping[str, Identity]) -> bool:
    """Tell whether a line in doubt may be about somebody whose end was announced: it is not true tonight, and may be
    again once the question is answered, or is none any more.
    """
    identity = identities.get(change.account_id or "")
    if identity is None or not identity.maybe_at:
        return False
    if change.kind == "deactivate_account":
        return not identity.present
    held = assignment_of(change.assignment)
    may_be = held.structure_code in identity.maybe_at and held not in {one.assignment for one in identity.present}
    return change.kind == "end_assignment" and may_be


def rests_on_moved(
    change: Change, identities: Mapping[str, Identity], snapshot: Snapshot, unplaced: Collection[str]
) -> bool:
    """Tell whether it rests on there being no row, of somebody or of a structure, in one of the workbooks `unplaced`,
    whose column of establishments moved: nothing is known of it tonight.
    """
    identity = identities.get(change.account_id or "")
    if not unplaced or ON_SILENCE.isdisjoint(change.reasons) or (identity and identity.present):
        return False
    code = change.assignment.structure_code
    places = (code,) if code else identity.account.places if identity else ()
    known = (snapshot.structures[one] for one in places if one in snapshot.structures)
    return any(scope.source in unplaced for structure in known for scope in snapshot.scopes_of(structure))


def wait(
    lives: Lives, snapshot: Snapshot, tonight: Iterable[str], asked_about: frozenset[str]
) -> tuple[Lives, frozenset[str]]:
    """Return (the lives as they are shown, the accounts whose deactivation waits, `tonight`'s among them).

    `asked_about`: ends that are in question. Such a change stays open where it stands: it is neither withdrawn nor
    announced again when the workbook is back, the question answered.
    """
    waiting, all_wait = frozenset(tonight), bool(snapshot.unsure_workbooks)
    asked = [
        change
        for change in lives.open_changes
        if change.kind == "deactivate_account" and (all_wait or change.account_id in waiting)
    ]
    hidden = frozenset(change.id for change in asked) | asked_about
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
