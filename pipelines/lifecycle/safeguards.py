"""What a night may look like before it goes out; what is out of the ordinary waits for a human look."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from pipelines.lifecycle.new_rules import RULES, by_rules_alone
from pipelines.policy import CREATIONS, DEACTIVATIONS, Policy, limits_of, passes
from schemas.changes.change import ENDING, Change
from schemas.changes.lifecycle import ChangeState
from schemas.changes.safeguard import Hold
from schemas.nomenclatures import ADMIN_EFIT

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
    """Return the sets that pass a threshold, less those released up to at least tonight's count.

    Counted in accounts: somebody whose three functions end is one person who loses access; and of what would go out
    as new tonight: what an updater knows already, a released set above all, is not held again. `released`: (post,
    scope, what) → the count a human let pass, a ceiling and not a blank cheque. `first_night`: of the installation: it
    may create as many as it likes; None: it is tonight. Ends that an updater announced in an answer, one by one or by
    their structure, are no sign of a broken source, and do not count.
    """
    limits = limits_of(policy)
    found = []
    answered = _ended_by_answers(changes)
    for what, kinds in _KINDS.items():
        touched: dict[tuple[str, str], set[str]] = {}
        for change in changes:
            if (
                change.kind in kinds
                and change.status == "new"
                and not (what == CREATIONS and _of_the_first(change, first_night))
                and not (what == DEACTIVATIONS and change.account_id in answered)
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


def _ended_by_answers(changes: Sequence[Change]) -> frozenset[str]:
    """The accounts of which every end comes of an answer."""
    ends = [one for one in changes if one.kind == "end_assignment" and one.account_id]
    told = {one.id for one in ends if any(field.source == "answer" for field in one.fields)}
    others = {one.account_id for one in ends if one.id not in told}
    return frozenset(one.account_id for one in ends if one.account_id and one.account_id not in others)


def kept_back(changes: Sequence[Change], held: Sequence[Hold], first_night: date | None) -> frozenset[str]:
    """Return the creations that are held, alone of their updaters' sets, with the functions to add to an account so
    created; and the end of whoever heads a held set of ends: the same workbook says it, though the administrator enters
    it.
    """
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
    return frozenset(creations | further | {change.id for change in changes if _heads_a_held_set(change, held)})


def _heads_a_held_set(change: Change, held: Sequence[Hold]) -> bool:
    """An end that the administrator would enter for the head of a post whose own ends wait."""
    if change.kind not in ENDING or change.status != "new" or change.updater.post != ADMIN_EFIT:
        return False
    where = {change.assignment.structure_code, change.assignment.region_code}
    return any(one.what == DEACTIVATIONS and one.post != ADMIN_EFIT and one.scope in where for one in held)


def _of_the_first(change: Change, first_night: date | None) -> bool:
    return first_night is None or change.first_seen <= first_night


def held_ends(changes: Sequence[Change], held: Sequence[Hold], origins: Mapping[str, str]) -> frozenset[str]:
    """Return the accounts of which an end, or the deactivation, is in a set that waits: announced to nobody yet."""
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
            or _heads_a_held_set(change, held)
        )
    )


# ── an old copy of a workbook ────────────────────────────────────────────────────────────────────

UNDONE = "undone"
_LEAST = 2  # people: one comes back
_LATELY = timedelta(days=180)  # an older copy says more than that
_COMING = ("create_account", "add_assignment")


def undone_holds(
    changes: Sequence[Change],
    before: Mapping[str, ChangeState],
    day: date,
    accounts: Mapping[tuple[str, str], int],
    released: Mapping[tuple[str, str, str], int],
) -> Iterator[Hold]:
    """Yield a hold for each updater of whom several people who had been taken away are to be entered again tonight,
    where they had been; less those released up to tonight's count. An old copy of a workbook, saved anew, asks for it.
    """
    left = set(_ended(before.values(), day))
    back: dict[tuple[str, str], set[str]] = defaultdict(set)
    for change in changes:
        if change.kind in _COMING and change.status == "new" and not left.isdisjoint(_places(change)):
            back[change.updater.post, change.updater.scope].add(change.account_id or change.id)
    for (post, scope), who in sorted(back.items()):
        if len(who) >= _LEAST and len(who) > released.get((post, scope, UNDONE), 0):
            yield Hold(post, scope, UNDONE, len(who), max(accounts.get((post, scope), 0), len(who)))


def _ended(states: Iterable[ChangeState], day: date) -> Iterator[tuple[str, str, str]]:
    for state in states:
        if state.change.kind == "end_assignment" and state.status == "done" and day - state.since <= _LATELY:
            yield from _places(state.change)


def _places(change: Change) -> Iterator[tuple[str, str, str]]:
    """Whom it is about, by account and by number, and the function at its place."""
    at = change.assignment
    for key in (change.account_id, change.person.national_id):
        if key:
            yield key, at.structure_code, at.function
