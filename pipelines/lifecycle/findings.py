"""What a night finds: the differences of its snapshot, in their lives, and what of them waits for a human look."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipelines.changes.compare import Comparison, compare
from pipelines.changes.earlier import earlier_of, in_their_own_lives
from pipelines.changes.proof import judged, shown
from pipelines.judgements import brought_by
from pipelines.lifecycle.advance import Lives, Proof, advance, stand_still
from pipelines.lifecycle.fingerprints import fingerprints_of
from pipelines.lifecycle.linked_pairs import meaningless
from pipelines.lifecycle.new_rules import Unchanged, origins_of, upgrade_holds
from pipelines.lifecycle.regain import regain, still_lost
from pipelines.lifecycle.safeguards import held_ends, holds, kept_back, undone_holds
from pipelines.lifecycle.vanished_accounts import Missing, Unsaid, unsaid, with_missing, without_missing
from pipelines.lifecycle.waiting_ends import in_question, rests_on_moved, wait
from pipelines.matching.identify import without_lines, without_values
from pipelines.sources.judged_sources import Sources
from pipelines.sources.snapshot import Snapshot
from pipelines.sources.vocabulary import is_to_be_learnt
from pipelines.sources.wholeness.completeness import size_of
from pipelines.sources.wholeness.filling import is_held
from schemas.changes.change import Change
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import ChangeState, Told
from schemas.changes.routing import RoutingRules
from schemas.changes.safeguard import Ceilings, Hold
from schemas.changes.witness import Announced
from schemas.parallel import ParallelMap
from schemas.reading.fingerprints import Fingerprints


def _nothing_unchanged(_: Fingerprints) -> Unchanged:
    """Our rules are the same."""
    return Unchanged()


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """What our own state knows when a night is compared.

    `states`: of the changes, before this run; `missing`: who the annuaire had and has no more; `announced`: what a
    witness knows to have been, and the store may not know; `perhaps`: change id → the mail that may have told of it;
    `unchanged`: what is, by tonight's digests, as it was when other rules last used it; `first_night`: of the
    installation, None: it is tonight; `released`: what a human lets pass; `taken_back`: the answers about who is who
    that stand no more.
    """

    states: Mapping[str, ChangeState] = field(default_factory=dict)
    missing: Missing = field(default_factory=Missing)
    announced: Mapping[str, Announced] = field(default_factory=dict)
    perhaps: Mapping[str, Told] = field(default_factory=dict)
    unchanged: Callable[[Fingerprints], Unchanged] = _nothing_unchanged
    first_night: date | None = None
    released: Ceilings = field(default_factory=dict)
    taken_back: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """How it is compared: by which routes, for which regions, reminding after how many days, with whose help."""

    routing: RoutingRules
    regions: tuple[str, ...] = ()
    remind_after_days: int = 0
    spread: ParallelMap | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the night found, before anything is written: changes in their lives, where each came from, what is held.

    `before`: how the changes stood until then; `rested_on`: digests of what was read of everybody; `waiting`: accounts
    whose deactivation waits for a workbook; `kept_back`: creations held, alone of their sets; `missing`: the accounts
    that the annuaire had and has no more; `forgotten`: what was announced, and the store put back from a backup does
    not know; `lost`: of that, what may be met again; `unsaid`: what waits because of the missing.
    """

    snapshot: Snapshot
    comparison: Comparison
    before: Mapping[str, ChangeState]
    lives: Lives
    origins: Mapping[str, str]
    held: tuple[Hold, ...]
    rested_on: Fingerprints
    waiting: frozenset[str]
    kept_back: frozenset[str]
    missing: Missing
    forgotten: Mapping[str, ChangeState]
    lost: Mapping[str, Announced]
    unsaid: Unsaid

    @property
    def sources(self) -> Sources:
        """The account of what was read."""
        return self.snapshot.sources


def find_changes(
    snapshot: Snapshot, known: KnownBefore, asked: CompareOptions, disbelieved: frozenset[str] = frozenset()
) -> Findings:
    """Find everything that follows from a snapshot and from what was known before; nothing of it is written yet.

    `disbelieved`: the accounts whose ends wait, as a first look found.
    """
    missing, before = known.missing, known.states
    routing, earlier = asked.routing, replace(earlier_of(before.values(), snapshot.day), held=disbelieved)
    seen, ways = with_missing(snapshot, missing), (routing.overrides, routing.admin, routing.named)
    comparison = compare(seen, *ways, spread=asked.spread, earlier=earlier, explained=False)
    comparison = replace(comparison, changes=in_their_own_lives(before, comparison.changes))
    left_unsaid = unsaid(snapshot, comparison, missing)
    in_doubt = frozenset(change.id for change in comparison.changes if missing.doubtful(change))
    comparison = without_missing(snapshot, comparison, missing)
    settled = meaningless(before, comparison.changes)
    tonight = [one for one in comparison.changes if one.id not in settled and in_regions(one, asked.regions)]
    forgotten = regain(known.announced, before, tonight)
    states = {key: one for key, one in {**before, **forgotten}.items() if in_regions(one.change, asked.regions)}
    asked_about = _asked_about(states, tonight, comparison, snapshot)
    if snapshot.sources.annuaire_held:
        lives = stand_still(states)
    else:
        proof = _proof(snapshot, comparison, missing, in_doubt, asked_about, known.taken_back)
        lives = advance(states, tonight, proof, snapshot.day, asked.remind_after_days, known.perhaps)
    lives, waiting = wait(lives, snapshot, comparison.waiting, asked_about)
    rested_on = snapshot.said or fingerprints_of(snapshot, snapshot.sources.digests)
    usable = frozenset(report.name for report in snapshot.sources.reports if report.usable)
    origins = origins_of(lives.open_changes, states, known.unchanged(rested_on), usable, snapshot)
    held = safeguards(snapshot, comparison, lives, origins, known)
    if (waits := held_ends(lives.open_changes, held, origins)) and not disbelieved:
        return find_changes(snapshot, known, asked, waits)
    whole = not (snapshot.sources.unusable or asked.regions or snapshot.unread)
    return Findings(
        snapshot=snapshot,
        # What is in the lives by now is not held a second time.
        comparison=replace(comparison, changes=(), identities=without_values(comparison.identities)),
        before=before,
        lives=lives,
        origins=origins,
        held=held,
        rested_on=rested_on,
        waiting=waiting,
        kept_back=kept_back(lives.open_changes, held, known.first_night),
        missing=missing,
        forgotten=forgotten,
        lost=still_lost(known.announced, before, tonight, whole=whole),
        unsaid=left_unsaid,
    )


def for_reports(findings: Findings) -> Findings:
    """Return what reports, records and pages need, once everything is compared: who everybody is and how their access
    stands, and of the workbooks' lines those that hold a word which nobody understood.
    """
    snapshot = findings.snapshot
    left = replace(snapshot, lines=tuple(filter(is_to_be_learnt, snapshot.lines)), written=())
    identities = without_lines(findings.comparison.identities, left)
    return replace(findings, snapshot=left, comparison=replace(findings.comparison, identities=identities))


def in_regions(change: Change, regions: Sequence[str]) -> bool:
    """Tell whether the change is in the regions a run is limited to; everything is when there are none."""
    return not regions or change.assignment.region_code in regions


def _asked_about(
    states: Mapping[str, ChangeState], tonight: Sequence[Change], comparison: Comparison, snapshot: Snapshot
) -> frozenset[str]:
    """The open ends that are not found tonight because a line in doubt may be about them, and what rests on a workbook
    whose column of establishments is in doubt.
    """
    found = {change.id for change in tonight}
    waits = (one.change for key, one in states.items() if one.is_open and key not in found)
    return frozenset(
        change.id
        for change in waits
        if in_question(change, comparison.identities)
        or rests_on_moved(change, comparison.identities, snapshot, comparison.unplaced)
    )


def _proof(
    snapshot: Snapshot,
    comparison: Comparison,
    missing: Missing,
    in_doubt: frozenset[str],
    asked_about: frozenset[str],
    taken_back: Sequence[Judgement],
) -> Proof:
    at_work = {key for key, identity in comparison.identities.items() if identity.present}
    unheard = snapshot.sources.unheard
    return Proof(
        shown=lambda change: shown(change, snapshot),
        judged=lambda change: (
            brought_by(change, taken_back)
            or (change.id not in asked_about and judged(change, snapshot, comparison.routing, unheard, at_work))
        ),
        doubtful=lambda change: change.id in in_doubt or missing.doubtful(change),
        gone=missing.gone,
    )


def safeguards(
    snapshot: Snapshot, comparison: Comparison, lives: Lives, origins: Mapping[str, str], known: KnownBefore
) -> tuple[Hold, ...]:
    """Return what waits: sets of changes that are too many, what only our rules brought, sources that are not whole."""
    going_out = lives.going_out
    return (
        *holds(going_out, comparison.accounts, snapshot.policy, known.released, known.first_night),
        *undone_holds(going_out, known.states, snapshot.day, comparison.accounts, known.released),
        *upgrade_holds(going_out, origins, known.released),
        *_held_sources(snapshot.sources),
    )


def _held_sources(sources: Sources) -> tuple[Hold, ...]:
    """Each source that waits, and each figure of it of which too much is gone: one release lets all of them pass."""
    whole = (Hold("", one.name, "source", size_of(one), sources.baseline.size(one.name)) for one in sources.held)
    figures = (
        Hold("", report.name, one.name, one.kept, one.before)
        for report in sources.reports
        for one in report.emptied
        if is_held(one, report)
    )
    return (*whole, *figures)
