"""The one person who may enter a change (procedure §4), and what to do when nobody holds the post."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipelines.changes.rules.scene import Planned
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Escalation, PostRef, Updater
from schemas.changes.routing import Route, built_in_routes
from schemas.nomenclatures import ADMIN_EFIT, CHV_ST_ETS_POST, CRH_ST_POST
from schemas.people.assignment import Account, Assignment, level_rank
from schemas.people.structure import Structure

_RANKS_OF_CRH_ST = ("TITULAIRE", "", "REMPLACANT")


@dataclass(frozen=True, slots=True)
class Inability:
    """Why nobody of a post can enter a change tonight; `reason` and `day`: of the holder who cannot log in."""

    because: Escalation
    reason: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Who cannot log in tonight: account → (reason, day). `unsure`: accounts of which nobody knows whether they can;
    `before`: the posts that were said to be locked out the last time it was known, by name.
    """

    accounts: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    unsure: Collection[str] = ()
    before: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Routing:
    """Who holds which post tonight: (post, scope) → e-mail addresses; or why nobody of it can act.

    `people`: the accounts behind the addresses, where the annuaire tells. `updaters`: those found already, one for all
    whom a route leads there: a handful, asked for by every account.
    """

    structures: Mapping[str, Structure]
    holders: Mapping[tuple[str, str], tuple[str, ...]]
    admin: tuple[str, ...]
    routes: tuple[Route, ...]
    unable: Mapping[tuple[str, str], Inability] = field(default_factory=dict)
    people: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    updaters: dict[tuple[str, bool, str], Updater] = field(default_factory=dict, compare=False, repr=False)
    _fitting: dict[tuple[str, str, str], Route] = field(default_factory=dict, compare=False, repr=False)

    def route(self, function: str, structure_type: str, rank: str) -> Route:
        """Return the first row of the table that fits: of a few dozen cases, asked for by every account."""
        case = function, structure_type, rank
        if case not in self._fitting:
            self._fitting[case] = next(one for one in self.routes if one.fits(*case))
        return self._fitting[case]

    def inability(self, post: str, scope: str) -> Inability:
        """Tell why nobody of a post can act: that nobody holds it, where nothing else is known."""
        return self.unable.get((post, scope), Inability("vacant" if scope else "no_scope"))


def routing_tonight(
    snapshot: Snapshot,
    planned: Planned,
    overrides: Sequence[Route],
    admin: Sequence[str],
    named: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    locked_out: LockedOut | None = None,
) -> Routing:
    """Return the posts and their present holders in the annuaire; somebody whose function ends tonight holds it no
    more.

    CRH-ST: the titulaires, else whoever holds the function; beside titulaires who are all `locked_out` (accounts that
    cannot log in today), also the remplaçants who can. CHV-ST of an ETS: the titulaires alone (procedure §4). Where
    nobody of them has an address and can log in, nobody can act.
    `named`: addresses that the configuration gives to a post, whoever holds it.
    """
    locked_out = locked_out or LockedOut()
    holders: dict[tuple[str, str], tuple[str, ...]] = {}
    unable: dict[tuple[str, str], Inability] = {}
    people: dict[tuple[str, str], frozenset[str]] = {}
    for post, those in _holders(snapshot, planned, locked_out).items():
        told = _present(those)
        if any(one.able for one in told):
            holders[post] = tuple(sorted({one.email for one in told}))
            people[post] = frozenset(one.account_id for one in told)
        else:
            unable[post] = _inability(those, locked_out)
    given = {post: addresses for post, addresses in (named or {}).items() if addresses}
    people = {post: found for post, found in people.items() if post not in given}
    return Routing(snapshot.structures, holders | given, tuple(admin), (*overrides, *built_in_routes()), unable, people)


def _holders(snapshot: Snapshot, planned: Planned, locked_out: LockedOut) -> dict[tuple[str, str], list["_Holder"]]:
    found: dict[tuple[str, str], list[_Holder]] = defaultdict(list)
    for account in snapshot.active_accounts():
        for held in account.assignments:
            post = _post_of(held, snapshot.type_of(held))
            if not post or (account.account_id, held) in planned.ended:
                continue
            key = account.account_id
            name = PostRef.model_validate({"post": post[0], "scope": post[1]}).name
            able = key not in locked_out.accounts and not (key in locked_out.unsure and name in locked_out.before)
            found[post].append(_Holder(held.rank, account.email.strip().lower(), able, key))
    return found


def _post_of(held: Assignment, structure_type: str) -> tuple[str, str] | None:
    """The post that a function is, whatever its rank but for a regional ETS, whose titulaires alone hold it."""
    if held.function == "CRH_ST" and structure_type == "REGION":
        return CRH_ST_POST, held.structure_code
    if held.function == "CHV_ST" and structure_type == "ETS" and held.rank == "TITULAIRE":
        return CHV_ST_ETS_POST, held.structure_code
    return None


@dataclass(frozen=True, slots=True)
class _Holder:
    """One holder of a post; `able`: to log in today."""

    rank: str
    email: str
    able: bool
    account_id: str


def _present(holders: Sequence[_Holder]) -> list[_Holder]:
    """Those of the first rank that is held, with an address; of the next ones too, until somebody can log in."""
    told: list[_Holder] = []
    for rank in _RANKS_OF_CRH_ST:
        here = [one for one in holders if one.rank == rank and one.email]
        if not told:
            told = here
        elif not any(one.able for one in told):
            told += [one for one in here if one.able]
    return told


def _inability(holders: Sequence[_Holder], locked_out: LockedOut) -> Inability:
    """Somebody could log in and has no address; else, of those who cannot, the first to be told of."""
    if any(one.able for one in holders):
        return Inability("no_address")
    known = [locked_out.accounts[one.account_id] for one in holders if one.account_id in locked_out.accounts]
    return Inability("locked_out", *min(known, key=lambda one: (one[1], one[0]), default=("", None)))


def updater_of(assignment: Assignment | None, routing: Routing) -> Updater:
    """Return the updater of one assignment; the e-FIT administrator for none, for a gap, and for a vacant post."""
    route, scope = route_of(assignment, routing)
    key = route.updater, route.uncovered, scope
    if key not in routing.updaters:
        routing.updaters[key] = _updater(route, scope, routing)
    return routing.updaters[key]


def _updater(route: Route, scope: str, routing: Routing) -> Updater:
    if route.updater == ADMIN_EFIT:
        return Updater(post="ADMIN_EFIT", recipients=routing.admin, uncovered=route.uncovered)
    return updater_at(route.updater, scope, routing)


def updater_at(post: str, scope: str, routing: Routing) -> Updater:
    """Return whoever holds a post; the administrator in their place where nobody can act, and for no post."""
    if not post:
        return Updater(post="ADMIN_EFIT", recipients=routing.admin)
    updater = {"post": post, "scope": scope, "recipients": routing.holders.get((post, scope), ())}
    found = Updater.model_validate(updater)
    if scope and found.recipients:
        return found
    return stand_in(found, routing.admin, routing.inability(post, scope).because)


def stand_in(updater: Updater, admin: tuple[str, ...], because: Escalation) -> Updater:
    """Return the administrator in the place of an updater, marked with the post it was meant for, and why."""
    if updater.post == ADMIN_EFIT:
        return updater
    return Updater(post="ADMIN_EFIT", recipients=admin, escalated_from=updater.name, escalated_because=because)


def not_ones_own(updater: Updater, account: Account, routing: Routing) -> Updater:
    """Return nobody ends their own function, or closes their own account: the administrator does (procedure §4).

    So where the account is the only one behind the updater's addresses; a second titulaire may end the first.
    """
    behind = routing.people.get((updater.post, updater.scope))
    address = account.email.strip().lower()
    alone = behind == {account.account_id} if behind else set(updater.recipients) == {address}
    return stand_in(updater, routing.admin, "own_end") if alone and address else updater


def route_of(assignment: Assignment | None, routing: Routing) -> tuple[Route, str]:
    """Return (the first row of the table that fits, the scope of its updater: a region, an ETS, or "")."""
    structure = routing.structures.get(assignment.structure_code) if assignment else None
    kind = structure.type if structure else ""
    function, rank = (assignment.function, assignment.rank) if assignment else ("", "")
    route = routing.route(function, kind, rank)
    return route, "" if route.updater == ADMIN_EFIT else _scope(route.updater, structure)


def _scope(post: str, structure: Structure | None) -> str:
    """Region and ETS are two partitions: one is never derived from the other (contract §6)."""
    if structure is None:
        return ""
    if post == CRH_ST_POST:
        return structure.region_code
    return structure.code if structure.type == "ETS" else structure.parent_code


def owner_of(assignments: Iterable[Assignment], routing: Routing) -> tuple[Updater, tuple[PostRef, ...]]:
    """Return (updater of an account-level change, the others concerned): highest level, then lowest code
    (contract §5).
    """
    ordered = sorted(assignments, key=lambda a: (_level(a, routing), a))
    if not ordered:
        return updater_of(None, routing), ()
    owner = updater_of(ordered[0], routing)
    others = {(u.post, u.scope) for u in (updater_of(a, routing) for a in ordered[1:])} - {(owner.post, owner.scope)}
    return owner, tuple(PostRef.model_validate({"post": post, "scope": scope}) for post, scope in sorted(others))


def _level(assignment: Assignment, routing: Routing) -> tuple[int, str]:
    structure = routing.structures.get(assignment.structure_code)
    return level_rank(structure.type if structure else "", assignment.structure_code)


def top_assignment(assignments: Iterable[Assignment], routing: Routing) -> Assignment | None:
    """Return the assignment that decides who owns an account-level change."""
    return min(assignments, key=lambda a: (_level(a, routing), a), default=None)
