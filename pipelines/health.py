"""How the accesses of each region stand tonight: who can log in, who soon cannot, which structures are mute."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from pipelines.foresee import AccessEnd, home_region
from pipelines.identify import Identity
from pipelines.pending import pending
from pipelines.rules.cards import readable
from pipelines.rules.reviews import NEED_A_TITULAIRE, closed_in_stock, is_titulaire
from pipelines.world import World
from schemas.change import Change
from schemas.dashboard import Health
from schemas.lifecycle import ChangeState

SOON_DAYS = 30
_COUNTS = tuple(one.name for one in fields(Health) if one.name not in ("region", "first_end"))


def health(
    world: World,
    identities: Mapping[str, Identity],
    ends: Sequence[AccessEnd],
    open_changes: Iterable[Change],
    states: Iterable[ChangeState],
    remind_after_days: int,
) -> dict[str, Health]:
    """Region code → its health, for every region with an account, a structure or a change; "" for what has none.

    `open_changes`: tonight's, for the structures without a titulaire; `states`: where each change stands.
    """
    counts: dict[str, Counter[str]] = {}
    for region, name, count in (
        *_accounts(world, identities, ends),
        *_structures(world, ends, open_changes),
        *_changes(states, world.day, remind_after_days),
    ):
        counts.setdefault(region, Counter())[name] += count
    first = {end.region_code: end.day for end in sorted(_soon(world, ends), key=lambda end: end.day, reverse=True)}
    return {
        region: replace(health_kept(region, found), first_end=first.get(region))
        for region, found in sorted(counts.items())
    }


def add_up(parts: Iterable[Health], region: str = "") -> Health:
    """Several regions as one."""
    every = list(parts)
    first = min((one.first_end for one in every if one.first_end), default=None)
    counts = {name: sum(getattr(one, name) for one in every) for name in _COUNTS}
    return replace(health_kept(region, counts), first_end=first)


def kept_counts(found: Mapping[str, Health]) -> dict[str, dict[str, int]]:
    """What the store keeps of a night's health, to draw the nights to come: region → name → count."""
    return {region: {name: getattr(one, name) for name in _COUNTS} for region, one in found.items()}


def health_kept(region: str, counts: Mapping[str, Any]) -> Health:
    """A region's health out of what the store kept; a figure that an older version did not keep is 0."""
    known: dict[str, Any] = {name: int(counts.get(name, 0)) for name in _COUNTS}
    return Health(region, **known)


Count = tuple[str, str, int]


def _accounts(world: World, identities: Mapping[str, Identity], ends: Sequence[AccessEnd]) -> Iterator[Count]:
    lost = {end.account_id for end in ends if end.lost}
    for key, identity in identities.items():
        told = identity.told and readable(world, identity) and identity.person.certain
        name = "lost" if key in lost else "ready" if told else "unknown"
        yield home_region(world, identity.account), name, 1
    yield from ((end.region_code, "ending", 1) for end in _soon(world, ends))


def _soon(world: World, ends: Iterable[AccessEnd]) -> Iterator[AccessEnd]:
    last = world.day + timedelta(days=SOON_DAYS)
    return (end for end in ends if not end.lost and end.day <= last)


def _structures(world: World, ends: Sequence[AccessEnd], open_changes: Iterable[Change]) -> Iterator[Count]:
    """A structure is mute when it has no titulaire (and that is not in doubt), or none who can log in."""
    lost = {end.account_id for end in ends if end.lost}
    accused = {one.assignment.structure_code for one in open_changes if "no_titulaire" in one.reasons}
    served = {convention.structure_code for convention in world.conventions} | closed_in_stock(world)
    holders: dict[str, set[str]] = {}
    for account in world.active_accounts():
        for assignment in filter(is_titulaire, account.assignments):
            holders.setdefault(assignment.structure_code, set()).add(account.account_id)
    for code, structure in world.structures.items():
        needs = structure.type in NEED_A_TITULAIRE and code in world.annuaire_structures and code not in served
        if needs:
            yield structure.region_code, "structures", 1
            mute = holders[code] <= lost if code in holders else code in accused
            yield structure.region_code, "blocked", int(mute)


def _changes(states: Iterable[ChangeState], day: date, remind_after_days: int) -> Iterator[Count]:
    by_region: dict[str, list[ChangeState]] = {}
    for state in states:
        by_region.setdefault(state.change.assignment.region_code, []).append(state)
    for region, here in by_region.items():
        for one in pending(here, day, remind_after_days):
            yield region, "waiting", one.waiting
            yield region, "late", one.overdue
