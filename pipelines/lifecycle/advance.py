"""One night in the lives of the changes: which are new, still open, done, superseded, withdrawn; and who is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.lifecycle.reminders_together import together
from schemas.changes.change import Change, ChangeStatus, PostRef
from schemas.changes.lifecycle import ChangeState, Event, Told, check_transition, slot_of
from schemas.reading.absence import Absence

# What a report shows: what its updater has still to do. The rest is quiet (contract §7).
_SHOWN: tuple[ChangeStatus, ...] = ("new", "notified")


def _of_nobody(_: Change) -> None:
    """No account is missing."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What tonight's sources allow to conclude of a change that is no longer found.

    `shown`: the annuaire shows it done. `judged`: every source it depends on could be read; else it stays as it is.
    `doubtful`: it rests on an account that has vanished, of which nothing is concluded and nothing said; `gone`: the
    absence of one that has been missing long enough.
    """

    shown: Callable[[Change], bool]
    judged: Callable[[Change], bool]
    doubtful: Callable[[Change], bool | None] = _of_nobody
    gone: Callable[[Change], Absence | None] = _of_nobody


@dataclass(frozen=True, slots=True)
class Lives:
    """The night's outcome.

    `events` in order; `open_changes` with their status and first_seen, tonight's and those that could not be judged;
    `listed`: ids that the reports show; `fresh` and `due`: ids for which the updater is written to, as new or as a
    reminder; `born`: fresh id → ISO day it became new; `perhaps`: new ones that a mail of unknown fate may have
    announced: they are not announced as new a second time; `returning`: of those `due`, what was put off until today,
    which is no reminder.
    """

    events: tuple[Event, ...]
    open_changes: tuple[Change, ...]
    listed: frozenset[str]
    fresh: frozenset[str]
    due: frozenset[str]
    born: Mapping[str, str]
    perhaps: frozenset[str] = frozenset()
    returning: frozenset[str] = frozenset()

    @property
    def going_out(self) -> tuple[Change, ...]:
        """The open changes without those that are new and are not announced tonight."""
        return tuple(one for one in self.open_changes if one.status != "new" or one.id in self.fresh)


def advance(
    known: Mapping[str, ChangeState],
    tonight: Sequence[Change],
    proof: Proof,
    day: date,
    remind_after_days: int,
    perhaps_told: Mapping[str, Told] | None = None,
) -> Lives:
    """Move every change by one night. Pure: the same states and changes give the same events.

    `perhaps_told`: change id → the mail of an earlier run that may have announced it.

    Raises IllegalTransitionError if a move is not in the table (never for states that this function made).
    """
    found = {change.id: change for change in tonight}
    events = [*_births(known, tonight, day), *_endings(known, found, proof, day)]
    for event in events:
        check_transition(event.before, event.after, event.by)
    after = {event.change_id: event.after for event in events}
    still_open = [state for key, state in sorted(known.items()) if key not in found and _stays(state, after)]
    changes = [
        *(_with_state(change, known.get(change.id), after.get(change.id)) for change in tonight),
        *(state.change.model_copy(update={"status": state.status}) for state in still_open),
    ]
    perhaps = _perhaps(known, perhaps_told or {})
    due = {
        change.id
        for change in changes
        if change.id in known
        and change.id in found
        and (
            _is_due(known[change.id], change, day, remind_after_days)
            or (change.id in perhaps and not _same_post(perhaps[change.id].to, change.updater))
        )
    }
    due |= together(due, known, (change for change in changes if change.id in found), day, remind_after_days)
    said = [change for change in changes if change.id in found or not proof.doubtful(change)]
    unseen = {change.id for change in said if change.id in found and _is_unseen(change, known.get(change.id))}
    listed = {change.id for change in said if change.status in _SHOWN} | due | unseen
    fresh = {change.id for change in said if change.status == "new"} - set(perhaps)
    reborn = {event.change_id: event.day.isoformat() for event in events if event.after == "new"}
    born = {key: reborn.get(key) or known[key].since.isoformat() for key in fresh}
    told = frozenset(change.id for change in said if change.status == "new" and change.id in perhaps)
    returning = frozenset(key for key in due if known[key].status == "postponed")
    return Lives(
        tuple(events), tuple(changes), frozenset(listed), frozenset(fresh), frozenset(due), born, told, returning
    )


def _perhaps(known: Mapping[str, ChangeState], told: Mapping[str, Told]) -> dict[str, Told]:
    """The new changes that may have been announced since they became new: not in a life before."""
    return {
        key: one
        for key, one in told.items()
        if key in known and known[key].status == "new" and one.day >= known[key].since
    }


def stand_still(known: Mapping[str, ChangeState]) -> Lives:
    """Return a night that knows nothing: every open change stays where it stands, nobody is told anything."""
    open_changes = tuple(
        state.change.model_copy(update={"status": state.status}) for _, state in sorted(known.items()) if state.is_open
    )
    return Lives((), open_changes, frozenset(), frozenset(), frozenset(), {})


def overdue(known: Mapping[str, ChangeState], day: date, remind_after_days: int) -> tuple[Change, ...]:
    """Return what was announced long ago and still waits, from our own state alone: no source is needed to remind of
    it.
    """
    waiting = (state for _, state in sorted(known.items()) if state.status in ("notified", "accepted"))
    changes = [state.change.model_copy(update={"status": state.status}) for state in waiting]
    due = {change.id for change in changes if _is_due(known[change.id], change, day, remind_after_days)}
    due |= together(due, known, changes, day, remind_after_days)
    return tuple(change for change in changes if change.id in due)


def _births(known: Mapping[str, ChangeState], tonight: Sequence[Change], day: date) -> list[Event]:
    """New changes, closed ones that are true again, and postponed ones whose day has come."""
    events = []
    for change in sorted(tonight, key=lambda one: one.id):
        state = known.get(change.id)
        if state is None:
            events.append(Event(change.id, day, "", "new", "run"))
        elif not state.is_open:
            events.append(Event(change.id, day, state.status, "new", "run"))
        elif state.status == "postponed" and state.postponed_to is not None and state.postponed_to <= day:
            events.append(Event(change.id, day, "postponed", "notified", "run"))
    return events


def _endings(known: Mapping[str, ChangeState], found: Mapping[str, Change], proof: Proof, day: date) -> list[Event]:
    """Open changes that the night no longer finds: done, superseded, withdrawn, or not to be judged."""
    successors: dict[str, str] = {}
    for change in sorted(found.values(), key=lambda one: one.id, reverse=True):
        successors[slot_of(change)] = change.id
    events = []
    for key, state in sorted(known.items()):
        if key in found or not state.is_open or proof.doubtful(state.change):
            continue
        successor = successors.get(state.slot, "")
        if gone := proof.gone(state.change):
            done = state.status == "accepted"
            events.append(Event(key, day, state.status, "done" if done else "withdrawn", "run", gone.since.isoformat()))
        elif proof.shown(state.change):
            events.append(Event(key, day, state.status, "done", "run"))
        elif successor:
            events.append(Event(key, day, state.status, "superseded", "run", successor))
        elif proof.judged(state.change):
            events.append(Event(key, day, state.status, "withdrawn", "run"))
    return events


def _stays(state: ChangeState, after: Mapping[str, str]) -> bool:
    return state.is_open and state.change.id not in after


def _with_state(change: Change, state: ChangeState | None, after: ChangeStatus | None) -> Change:
    if state is None:
        return change
    return change.model_copy(update={"first_seen": state.first_seen, "status": after or state.status})


def _is_due(state: ChangeState, change: Change, day: date, remind_after_days: int) -> bool:
    """Told long ago and still to do; said done and not seen; postponed until today; or now somebody else's to do."""
    if state.status == "postponed":
        return change.status == "notified"
    if state.status not in ("notified", "accepted"):
        return False
    if state.status == "notified" and not (_knows(state, change.updater) and _same_people(state.change, change)):
        return True
    last = max(filter(None, (state.told_on, state.since)))
    return day - last >= timedelta(days=remind_after_days)


def _is_unseen(change: Change, state: ChangeState | None) -> bool:
    """« Fait », reminded of since, and still not shown by the annuaire: it stays in sight until somebody answers."""
    if state is None or change.status != "accepted" or state.told_on is None:
        return False
    return state.told_on > state.since


def _same_people(before: Change, now: Change) -> bool:
    """Somebody of those who hold the post held it the night before; a successor has been told nothing yet."""
    then, today = before.updater.recipients, now.updater.recipients
    return not then or not today or not set(then).isdisjoint(today)


def _knows(state: ChangeState, updater: PostRef) -> bool:
    """A mail reached this very updater since the change is to be done (again): not so when it could not leave."""
    if state.told_on is None or state.told_to is None:
        return False
    return _same_post(state.told_to, updater) and state.told_on >= state.since


def _same_post(told: PostRef, updater: PostRef) -> bool:
    return (told.post, told.scope) == (updater.post, updater.scope)
