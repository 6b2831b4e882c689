"""How the accesses of each region stand tonight: who can log in, who soon cannot, which structures are mute; of how
much nobody knows it, and what was known last.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from pipelines.changes.access import LOST, READY, UNREAD, counted, standing
from pipelines.changes.compare import Comparison
from pipelines.changes.foresee import AccessEnd, by_updater, home_region
from pipelines.changes.routing import owner_of
from pipelines.changes.rules.reviews import NEED_A_TITULAIRE, closed_in_stock, is_titulaire
from pipelines.lifecycle.pending import pending
from pipelines.matching.identify import Identity
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change, PostRef, Updater
from schemas.changes.lifecycle import ChangeState
from schemas.changes.stored import RunRow
from schemas.reading.source_names import ANNUAIRE
from schemas.reports.health import FIGURES, FigureName, Health
from schemas.reports.known_figure import Last
from schemas.reports.unknown_sentences import unknown_texts

SOON_DAYS = 30
_COUNTS = tuple(
    one.name for one in fields(Health) if one.name not in ("region", "first_end", "because", "last", "unlooked")
)


def health(
    snapshot: Snapshot,
    identities: Mapping[str, Identity],
    ends: Sequence[AccessEnd],
    open_changes: Iterable[Change],
    states: Iterable[ChangeState],
    remind_after_days: int,
) -> dict[str, Health]:
    """Return region code → its health, for every region with an account, a structure or a change; "" for what has none.

    `open_changes`: tonight's, for the structures without a titulaire; `states`: where each change stands.
    """
    lost = frozenset(end.account_id for end in ends if end.lost)
    standings: dict[str, Counter[str]] = defaultdict(Counter)
    for identity in identities.values():
        standings[home_region(snapshot, identity.account)][standing(snapshot, identity, lost)] += 1
    counts: dict[str, Counter[str]] = {region: Counter() for region in standings}
    for region, name, count in (
        *_structures(snapshot, identities, lost, open_changes),
        *_changes(states, snapshot.day, remind_after_days),
    ):
        counts.setdefault(region, Counter())[name] += count
    ending: dict[str, list[AccessEnd]] = defaultdict(list)
    for end in ends:
        ending[end.region_code].append(end)
    return {
        region: access_health(region, standings.get(region, {}), ending[region], snapshot, counts[region])
        for region in sorted({*counts, *ending})
    }


def access_health(
    region: str, standings: Mapping[str, int], ends: Iterable[AccessEnd], snapshot: Snapshot, others: Mapping[str, int]
) -> Health:
    """Return the health of so many accounts in each standing, of a region or of an updater, with what else is
    counted.
    """
    last = snapshot.day + timedelta(days=SOON_DAYS)
    soon = [end.day for end in ends if not end.lost and end.last_day <= last]
    found = {**others, **counted(standings, snapshot), "ending": len(soon)}
    return replace(health_kept(region, found), first_end=min(soon, default=None))


def updaters_health(snapshot: Snapshot, comparison: Comparison) -> dict[PostRef, Health]:
    """Return updater → the health of the accounts that they answer for."""
    ends = by_updater(comparison.ends, snapshot.accounts, comparison.routing)
    return {
        (updater := PostRef.model_validate({"post": post, "scope": scope})): access_health(
            "", found, ends.get(updater, ()), snapshot, {}
        )
        for (post, scope), found in sorted(comparison.standings.items())
    }


def unknown_accounts(snapshot: Snapshot, comparison: Comparison) -> Iterator[tuple[str, str, str, str]]:
    """Yield (account, region, updater, code of the cause) of each account whose access nobody could judge tonight."""
    lost = frozenset(end.account_id for end in comparison.ends if end.lost)
    for key, identity in comparison.identities.items():
        cause = standing(snapshot, identity, lost)
        if cause not in (READY, LOST):
            owner, _ = owner_of(identity.account.assignments, comparison.routing)
            yield key, home_region(snapshot, identity.account), updater_name(owner), cause


def updater_name(updater: PostRef | Updater) -> str:
    """Return « CRH_ST 24 », as `run.json` has it; the administrator has no scope."""
    return f"{updater.post} {updater.scope}".strip()


def add_up(parts: Iterable[Health], region: str = "") -> Health:
    """Return several regions as one; what was known before is not added up."""
    every = list(parts)
    first = min((one.first_end for one in every if one.first_end), default=None)
    counts: dict[str, Any] = {name: sum(getattr(one, name) for one in every) for name in _COUNTS}
    because = sum((Counter(dict(one.because)) for one in every), Counter[str]())
    return replace(health_kept(region, counts | {"because": because}), first_end=first)


def kept_counts(one: Health) -> dict[str, Any]:
    """Return what the store keeps of a health, to draw the nights to come: name → count.

    A 0 that nobody knows is null; `at_least`: which counts are no more than a minimum.
    """
    counts: dict[str, Any] = {name: getattr(one, name) for name in _COUNTS}
    figures = {name: one.figure(name) for name in FIGURES if name != "losing"}
    values = {name: figure.value for name, figure in figures.items()}
    least = {"ready": one.unknown > 0} | {name: not figure.whole for name, figure in figures.items()}
    return counts | values | {"because": dict(one.because), "at_least": least}


def health_kept(region: str, counts: Mapping[str, Any]) -> Health:
    """Return a health out of what the store kept; what nobody knew, or an older version did not keep, is 0."""
    known: dict[str, Any] = {name: int(counts.get(name) or 0) for name in _COUNTS}
    because = sorted(dict(counts.get("because", {})).items(), key=lambda one: (-one[1], one[0]))
    return Health(region, **known, because=tuple(because))


_OF_WHOM = ("accounts", "known", "unknown", "declared", "structures", "structures_unknown")


def access_document(one: Health, cause: str, lead: str = "country") -> dict[str, Any]:
    """Return what is known of the accesses, as JSON has it: how many accounts, how many of them could be judged, and
    why not the others; a figure of which too little is known is null, with the last one known; so are all, where no
    night could look yet. `message` says it in French.
    """
    share = one.known_share
    nobody = dict.fromkeys(_OF_WHOM) if one.unlooked else {}
    found = {
        "accounts": one.accounts,
        "known": one.ready + one.lost,
        "unknown": one.unknown,
        "known_share": None if share is None else round(share, 4),
        "declared": one.declared,
        "because": dict(one.because),
        "cause": cause,
        "structures": one.structures,
        "structures_unknown": one.unclear,
        "message": " ".join(unknown_texts(one, cause, lead)),
    }
    return found | nobody | {name: one.figure(name).document() for name in FIGURES if name != "losing"}


PastHealth = Sequence[tuple[date, Health]]


def past_of(runs: Sequence[RunRow], day: date, region: str | None) -> PastHealth:
    """Return the health of one region on the nights up to a day, the last one first; of None the country's."""
    found = []
    for run in runs:
        kept = run.counts.get("health", {}) if run.as_of <= day else {}
        parts = [health_kept(code, counts) for code, counts in kept.items() if region in (None, code)]
        if parts:
            found.append((run.as_of, add_up(parts, region or "")))
    return found


def past_of_updater(runs: Sequence[RunRow], day: date, updater: PostRef) -> PastHealth:
    """Return the same for the accounts that one updater answers for."""
    name = updater_name(updater)
    kept = [(run.as_of, run.counts.get("updaters", {}).get(name)) for run in runs if run.as_of <= day]
    return [(when, health_kept("", counts)) for when, counts in kept if counts]


def nothing_of(one: Health, cause: str = UNREAD) -> Health:
    """Return the same accounts and structures, of which nobody has looked at any; what waits is in the store."""
    because = ((cause, one.accounts),) if one.accounts else ()
    kept = Health(one.region, structures=one.structures, unclear=one.structures, waiting=one.waiting, late=one.late)
    return replace(kept, unknown=one.accounts, because=because)


def unseen(found: Mapping[str, Health], runs: Sequence[RunRow], day: date) -> dict[str, Health]:
    """Return the regions of a night whose annuaire is not whole: accounts as the last time, and nobody knows of any."""
    known = {region for run in runs if run.as_of <= day for region in run.counts.get("health", {})}
    return {region: nothing_of(_before(region, found, runs, day), ANNUAIRE) for region in sorted({*found, *known})}


def _before(region: str, found: Mapping[str, Health], runs: Sequence[RunRow], day: date) -> Health:
    tonight = found.get(region, Health(region))
    before = next((one for _, one in past_of(runs, day, region) if dict(one.because).get(ANNUAIRE) is None), tonight)
    return replace(before, waiting=tonight.waiting, late=tonight.late)


def with_last(one: Health, past: Callable[[], PastHealth]) -> Health:
    """Return the same, where too little is known with the last figure of a night that knew enough, and its day."""
    wanted = [name for name in FIGURES if one.figure(name).basis == "unknown"]
    before = past() if wanted else ()
    found = ((name, _last(name, before)) for name in wanted)
    return replace(one, last=tuple((name, last) for name, last in found if last))


def _last(name: FigureName, past: PastHealth) -> Last | None:
    figures = ((when, before.figure(name)) for when, before in past)
    return next((Last(then.found, when) for when, then in figures if then.total and then.basis != "unknown"), None)


StructureCount = tuple[str, str, int]


def _structures(
    snapshot: Snapshot, identities: Mapping[str, Identity], lost: frozenset[str], open_changes: Iterable[Change]
) -> Iterator[StructureCount]:
    """A structure is mute when it has no titulaire (and that is not in doubt), or none who can log in.

    Nobody knows of one whose titulaires are none of them known to log in, nor of one without any that is not accused.
    """
    accused = {one.assignment.structure_code for one in open_changes if "no_titulaire" in one.reasons}
    served = snapshot.served | closed_in_stock(snapshot)
    holders: dict[str, set[str]] = defaultdict(set)
    for identity in identities.values():
        for assignment in filter(is_titulaire, identity.account.assignments):
            holders[assignment.structure_code].add(standing(snapshot, identity, lost))
    for code, structure in snapshot.structures.items():
        needs = structure.type in NEED_A_TITULAIRE and code in snapshot.annuaire_structures and code not in served
        if needs:
            here = holders.get(code, set())
            mute = here == {LOST} if here else code in accused
            yield structure.region_code, "structures", 1
            yield structure.region_code, "blocked", int(mute)
            yield structure.region_code, "unclear", int(not mute and READY not in here)


def _changes(states: Iterable[ChangeState], day: date, remind_after_days: int) -> Iterator[StructureCount]:
    by_region: dict[str, list[ChangeState]] = {}
    for state in states:
        by_region.setdefault(state.change.assignment.region_code, []).append(state)
    for region, here in by_region.items():
        for one in pending(here, day, remind_after_days):
            yield region, "waiting", one.waiting
            yield region, "late", one.overdue
