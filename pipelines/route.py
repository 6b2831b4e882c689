"""The one person who may enter a change (procedure §4), and what to do when nobody holds the post."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.rules.scene import Planned
from pipelines.world import World
from schemas.assignment import Assignment, level_rank
from schemas.change import PostRef, Updater
from schemas.nomenclatures import ADMIN_EFIT, CHV_ST_ETS_POST, CRH_ST_POST
from schemas.routing import Route, built_in_routes
from schemas.structure import Structure

_RANKS_OF_CRH_ST = ("TITULAIRE", "", "REMPLACANT")


@dataclass(frozen=True, slots=True)
class Directory:
    """Who holds which post tonight: (post, scope) → e-mail addresses.

    `updaters`: those found already, one for all whom a route leads there: a handful, asked for by every account.
    """

    structures: Mapping[str, Structure]
    holders: Mapping[tuple[str, str], tuple[str, ...]]
    admin: tuple[str, ...]
    routes: tuple[Route, ...]
    updaters: dict[tuple[Route, str], Updater] = field(default_factory=dict, compare=False, repr=False)


def directory(
    world: World,
    planned: Planned,
    overrides: Sequence[Route],
    admin: Sequence[str],
    named: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    locked_out: frozenset[str] = frozenset(),
) -> Directory:
    """The posts and their present holders in the annuaire; somebody whose function ends tonight holds it no more.

    CRH-ST: the titulaires, else whoever holds the function; beside titulaires who are all `locked_out` (accounts that
    cannot log in today), also the remplaçants who can. CHV-ST of an ETS: the titulaires alone (procedure §4).
    `named`: addresses that the configuration gives to a post, whoever holds it.
    """
    found: dict[tuple[str, str], list[_Holder]] = defaultdict(list)
    for account in world.active_accounts():
        for held in account.assignments:
            if (account.account_id, held) in planned.ended or not account.email:
                continue
            kind = world.type_of(held)
            holder = _Holder(held.rank, account.email.strip().lower(), account.account_id not in locked_out)
            if held.function == "CRH_ST" and kind == "REGION":
                found[CRH_ST_POST, held.structure_code].append(holder)
            elif held.function == "CHV_ST" and kind == "ETS" and held.rank == "TITULAIRE":
                found[CHV_ST_ETS_POST, held.structure_code].append(holder)
    holders = {post: addresses for post, those in found.items() if (addresses := _present(those))}
    holders |= {post: addresses for post, addresses in (named or {}).items() if addresses}
    return Directory(world.structures, holders, tuple(admin), (*overrides, *built_in_routes()))


@dataclass(frozen=True, slots=True)
class _Holder:
    """One holder of a post; `able`: to log in today."""

    rank: str
    email: str
    able: bool


def _present(holders: Sequence[_Holder]) -> tuple[str, ...]:
    """The addresses of the first rank that is held; of the next ones too, until somebody of them can log in."""
    told: list[_Holder] = []
    for rank in _RANKS_OF_CRH_ST:
        here = [one for one in holders if one.rank == rank]
        if not told:
            told = here
        elif not any(one.able for one in told):
            told += [one for one in here if one.able]
    return tuple(sorted({one.email for one in told}))


def updater_of(assignment: Assignment | None, book: Directory) -> Updater:
    """The updater of one assignment; the e-FIT administrator for none, for a gap, and for a vacant post."""
    route, scope = route_of(assignment, book)
    if (route, scope) not in book.updaters:
        book.updaters[route, scope] = _updater(route, scope, book)
    return book.updaters[route, scope]


def _updater(route: Route, scope: str, book: Directory) -> Updater:
    if route.updater == ADMIN_EFIT:
        return _admin(book, uncovered=route.uncovered)
    recipients = book.holders.get((route.updater, scope), ()) if scope else ()
    if not recipients:
        return _admin(book, uncovered=False, escalated_from=route.updater)
    return Updater.model_validate({"post": route.updater, "scope": scope, "recipients": recipients})


def updater_at(post: str, scope: str, book: Directory) -> Updater:
    """Whoever holds a post; the administrator where nobody does, and for no post."""
    recipients = book.holders.get((post, scope), ())
    if not post or not recipients:
        return _admin(book, uncovered=False, escalated_from=post or None)
    return Updater.model_validate({"post": post, "scope": scope, "recipients": recipients})


def route_of(assignment: Assignment | None, book: Directory) -> tuple[Route, str]:
    """(the first row of the table that fits, the scope of its updater: a region, an ETS, or "")."""
    structure = book.structures.get(assignment.structure_code) if assignment else None
    kind = structure.type if structure else ""
    route = next(
        r
        for r in book.routes
        if r.fits(assignment.function if assignment else "", kind, assignment.rank if assignment else "")
    )
    return route, "" if route.updater == ADMIN_EFIT else _scope(route.updater, structure)


def _scope(post: str, structure: Structure | None) -> str:
    """Region and ETS are two partitions: one is never derived from the other (contract §6)."""
    if structure is None:
        return ""
    if post == CRH_ST_POST:
        return structure.region_code
    return structure.code if structure.type == "ETS" else structure.parent_code


def _admin(book: Directory, *, uncovered: bool, escalated_from: str | None = None) -> Updater:
    return Updater(post="ADMIN_EFIT", recipients=book.admin, uncovered=uncovered, escalated_from=escalated_from)


def owner_of(assignments: Iterable[Assignment], book: Directory) -> tuple[Updater, tuple[PostRef, ...]]:
    """(updater of an account-level change, the others concerned): highest level, then lowest code (contract §5)."""
    ordered = sorted(assignments, key=lambda a: (_level(a, book), a))
    if not ordered:
        return updater_of(None, book), ()
    owner = updater_of(ordered[0], book)
    others = {(u.post, u.scope) for u in (updater_of(a, book) for a in ordered[1:])} - {(owner.post, owner.scope)}
    return owner, tuple(PostRef.model_validate({"post": post, "scope": scope}) for post, scope in sorted(others))


def _level(assignment: Assignment, book: Directory) -> tuple[int, str]:
    structure = book.structures.get(assignment.structure_code)
    return level_rank(structure.type if structure else "", assignment.structure_code)


def top_assignment(assignments: Iterable[Assignment], book: Directory) -> Assignment | None:
    """The assignment that decides who owns an account-level change."""
    return min(assignments, key=lambda a: (_level(a, book), a), default=None)
