"""The night, top to bottom: fetch → read → compare → advance → expect → report → record → deliver → write."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flows.arrivals import brought_in
from flows.delivery import Delivery, deliver_reports
from flows.log import Log, Logged
from flows.occasion import Findings, Occasion
from flows.outputs import give_back, reserve_outputs, sweep_leftovers, write_outputs, write_reports, write_unknown
from flows.pages import kept, night_facts, write_night
from flows.passwords import without_password
from flows.reading import read_snapshot
from flows.reporting import reports_of
from flows.settings import Settings, post_of
from flows.sources import Reader, source_names
from flows.state import NightState, night_state
from flows.steps import Do, Step, plainly
from flows.summary import Clock, changeset_of, status_of, summary_of
from flows.telling import Tell
from flows.uncollected import uncollected
from flows.vigil import at_rest
from flows.way_out import check_mail
from pipelines.compare import compare
from pipelines.earlier import earlier_of
from pipelines.evidence import judged, shown
from pipelines.expect import holds, kept_back
from pipelines.fingerprint import evidence_of
from pipelines.health import unknown_accounts
from pipelines.lacking import rests_on_absence
from pipelines.life import Evidence, Lives, advance, stand_still
from pipelines.miss import Missing, unsaid, with_missing, without_missing
from pipelines.regain import still_lost
from pipelines.settle import meaningless
from pipelines.sources import Sources
from pipelines.upgrade import Unchanged, origins_of, upgrade_holds
from pipelines.wait import wait
from pipelines.wholeness import size_of
from pipelines.world import World
from schemas.arrival import Brought
from schemas.change import Change, ChangeSet
from schemas.lifecycle import ChangeState
from schemas.nomenclatures import say
from schemas.report import Report
from schemas.routing import Route
from schemas.safeguard import Hold
from schemas.source_names import ANNUAIRE, STORE
from schemas.spread import Spread


@dataclass(frozen=True, slots=True)
class Night:
    """What a night left."""

    changeset: ChangeSet
    summary: dict[str, Any]
    reports: tuple[Path, ...]
    deliveries: tuple[Delivery, ...]
    dry_run: bool

    @property
    def exit_code(self) -> int:
        """0 done, 3 done in part, 4 held and nothing sent (contract §1)."""
        return {"complete": 0, "partial": 3, "held": 4}[self.changeset.status]


def run_night(settings: Settings, occasion: Occasion, tell: Tell, do: Do = plainly, log: Log | None = None) -> Night:
    """Play one night; killed anywhere and played again, it ends the same and sends nothing twice.

    `do` carries out its steps: here, or as tasks of a Prefect flow. `log` is told of each.

    Raises AnnuaireError when the annuaire cannot be read, StoreError when our own state cannot, RunInProgressError
    when another run is at work, ConfigurationError for its mail and key files.
    """
    if not occasion.dry_run:
        check_mail(settings)
    clock, log = Clock(), log or Log()
    do = Logged(do, log)
    with uncollected(), night_state(settings, dry_run=occasion.dry_run, out=occasion.out) as state:
        log.run = state.run_id
        ceilings = state.ceilings(occasion.release)
        with clock.stage("fetch"):
            brought = brought_in(settings, occasion, tell, do)
        play = partial(_seen_through, settings, occasion, tell, do, state, ceilings, clock, log)
        world, found = at_rest(settings, play, lambda seen: rests_on_absence(seen[1].lives), tell)
        with clock.stage("report"):
            tell(say("step.report"), 0, 0)
            reports = reports_of(settings, occasion, world, found, state)
            paths = write_reports(reports, occasion.out, do)
        state.step("report")
        with clock.stage("deliver"):
            tell(say("step.deliver"), 0, 0)
            if not occasion.dry_run:
                reserve_outputs(*_results(occasion, world, brought, state, found, reports, clock, ()), occasion.out)
            do(Step("record"), partial(_record, occasion, world, state, found, ceilings))
            deliveries = _deliver(settings, occasion, world, state, found, reports, do)
        changeset, summary = _results(occasion, world, brought, state, found, reports, clock, deliveries)
        summary["without_password"] = without_password(settings, [one.name for one in reports])
        _leave(settings, occasion, world, state, found, changeset, summary, do)
        log(
            "night",
            status=changeset.status,
            changes=len(changeset.changes),
            rejects=len(changeset.rejects),
            **clock.seconds,
        )
    return Night(changeset, summary, tuple(paths), tuple(deliveries), occasion.dry_run)


def _seen_through(
    settings: Settings,
    occasion: Occasion,
    tell: Tell,
    do: Do,
    state: NightState,
    ceilings: Mapping[tuple[str, str, str], int],
    clock: Clock,
    log: Log,
    moving: frozenset[str],
) -> tuple[World, Findings]:
    """Read, begin, compare: all that comes before anything is concluded, and may come once more.

    `moving`: the sources that do not come to rest.
    """
    with clock.stage("read"):
        baseline = replace(state.baseline(source_names(settings), ceilings), moving=moving)
        world = read_snapshot(Reader(settings, occasion.day, tell, baseline, do, state))
        if (doubt := state.testimony.doubt) and STORE not in baseline.released:
            world = replace(world, sources=world.sources.with_report(doubt.report))
    sweep_leftovers(settings, occasion)
    state.begin(occasion.day, world.sources.reports, [occasion.day.isoformat(), *occasion.regions])
    log.run = state.run_id  # of the run that was killed over the same inputs, if there is one to take up
    with clock.stage("compare"):
        tell(say("step.compare"), 0, 0)
        spread = do.spread(Step("compare"), sent=False)
        work = partial(_find, settings, occasion, world, state, ceilings, spread)
        return world, do(Step("compare"), work)


def _results(
    occasion: Occasion,
    world: World,
    brought: Sequence[Brought],
    state: NightState,
    found: Findings,
    reports: Sequence[Report],
    clock: Clock,
    deliveries: Sequence[Delivery],
) -> tuple[ChangeSet, dict[str, Any]]:
    """What the night found and what became of its mails, as `changeset.json` and `run.json` say it."""
    status = status_of(world.sources, brought, found.held, reports, deliveries)
    changeset = changeset_of(state.run_id, status, occasion.day, world.sources, found.lives.open_changes, deliveries)
    summary = summary_of(changeset, world.sources, brought, clock, deliveries, found.held)
    summary["counts"]["waiting_deactivations"] = len(found.waiting)
    summary["counts"]["waiting_for_vanished"] = asdict(found.unsaid)
    return changeset, summary


def _leave(
    settings: Settings,
    occasion: Occasion,
    world: World,
    state: NightState,
    found: Findings,
    changeset: ChangeSet,
    summary: dict[str, Any],
    do: Do,
) -> None:
    """What the night leaves: its results, its page, its run closed."""
    facts = night_facts(settings, world, found.comparison, found.lives, state)
    summary["counts"] |= kept(facts) | ({"regions": list(occasion.regions)} if occasion.regions else {})
    give_back(occasion.out)
    write_outputs(changeset, summary, occasion.out)
    write_unknown(() if world.sources.annuaire_held else unknown_accounts(world, found.comparison), occasion.out)
    do(Step("page"), partial(write_night, facts, state, changeset.status, summary["counts"], occasion.out))
    looked = not (world.sources.night_held or occasion.regions)  # at everything, and wrote down what it saw
    state.finish(changeset.status, summary["counts"], found.rested_on if looked else None, world.sources.reports)
    if not world.sources.night_held:
        state.record_witness(found.lost)


def _find(
    settings: Settings,
    occasion: Occasion,
    world: World,
    state: NightState,
    ceilings: Mapping[tuple[str, str, str], int],
    spread: Spread | None,
) -> Findings:
    before = state.states()
    missing = _missing(occasion, world, state, before)
    staff = overrides(settings), admin(settings), named(settings, world.day)
    comparison = compare(with_missing(world, missing), *staff, spread, earlier=earlier_of(before.values()))
    in_doubt = frozenset(change.id for change in comparison.changes if missing.doubtful(change))
    left_unsaid = unsaid(world, comparison, missing)
    comparison = without_missing(comparison, missing)
    settled = meaningless(before, comparison.changes)
    asked = (change for change in comparison.changes if change.id not in settled)
    changes = tuple(change for change in asked if in_regions(change, occasion.regions))
    forgotten = state.forgotten(before, changes)
    known = {key: one for key, one in {**before, **forgotten}.items() if in_regions(one.change, occasion.regions)}
    at_work = {key for key, identity in comparison.identities.items() if identity.present}
    evidence = Evidence(
        shown=lambda change: shown(change, world),
        judged=lambda change: judged(change, world, comparison.book, world.sources.unusable, at_work),
        doubtful=lambda change: change.id in in_doubt or missing.doubtful(change),
        gone=missing.gone,
    )
    if world.sources.annuaire_held:
        lives = stand_still(known)
    else:
        days = settings.policy.remind_after_days
        lives = advance(known, changes, evidence, occasion.day, days, state.perhaps_told())
    lives, waiting = wait(lives, world, comparison.waiting)
    rested_on = evidence_of(world, world.sources.digests)
    origins = _origins(lives, known, state.unchanged(world.sources.reports, rested_on), world)
    first = state.first_night()
    held = (
        *holds(lives.going_out, comparison.accounts, world.policy, ceilings, first),
        *upgrade_holds(lives.going_out, origins, ceilings),
        *_held_sources(world.sources),
    )
    # What is in the lives by now, and what it was matched by, is not held a second time.
    back = kept_back(lives.open_changes, held, first)
    seen = replace(comparison, changes=(), matches=())
    whole = not (world.sources.unusable or occasion.regions or world.unread)
    lost = still_lost(state.testimony.lost, before, changes, whole=whole)
    return Findings(seen, lives, origins, held, rested_on, waiting, back, missing, forgotten, lost, left_unsaid)


def _missing(occasion: Occasion, world: World, state: NightState, before: Mapping[str, ChangeState]) -> Missing:
    if world.sources.annuaire_held:
        return Missing()
    digest = next((one.sha256 for one in world.sources.reports if one.name == ANNUAIRE), "")
    return state.missing(occasion.day, world.accounts, before, digest).known_by(world.register)


def _origins(lives: Lives, known: Mapping[str, ChangeState], unchanged: Unchanged, world: World) -> dict[str, str]:
    usable = frozenset(report.name for report in world.sources.reports if report.usable)
    return origins_of(lives.open_changes, known, unchanged, usable, world)


def _held_sources(sources: Sources) -> tuple[Hold, ...]:
    """Each source that waits, and each figure of it of which too much is gone: one release lets all of them pass."""
    whole = (
        Hold("", report.name, "source", size_of(report), sources.baseline.size(report.name)) for report in sources.held
    )
    figures = (
        Hold("", report.name, one.name, one.kept, one.before) for report in sources.held for one in report.emptied
    )
    return (*whole, *figures)


def _record(
    occasion: Occasion,
    world: World,
    state: NightState,
    found: Findings,
    ceilings: Mapping[tuple[str, str, str], int],
) -> None:
    """State first, then the mails: what was recorded is sent by whoever takes the run up again."""
    if world.sources.night_held:
        state.record_holds(found.held)
        return
    if occasion.release:
        state.release(occasion.release, ceilings)
    state.regain(found.forgotten)
    state.record(world, occasion.day, found.lives, found.origins, found.held, found.missing)
    state.remember(world, world.sources.reports)


def _deliver(
    settings: Settings,
    occasion: Occasion,
    world: World,
    state: NightState,
    found: Findings,
    reports: Sequence[Report],
    do: Do,
) -> tuple[Delivery, ...]:
    if world.sources.night_held or occasion.dry_run:
        return ()
    changes = found.lives.open_changes
    # What is wrong with a source was said when this very night was played before.
    reports = [one for one in reports if one.fresh or one.overdue] if state.repeats else reports
    room = occasion.out, occasion.day, state, do
    return deliver_reports(settings, reports, changes, found.held, *room, found.lives.perhaps)


def in_regions(change: Change, regions: tuple[str, ...]) -> bool:
    """The change is in the regions a run is limited to; everything is when there are none."""
    return not regions or change.assignment.region_code in regions


def overrides(settings: Settings) -> tuple[Route, ...]:
    """The routes of `[[routing]]`, before the built-in table."""
    return tuple(
        Route(
            one.code("function"),
            one.code("structure_type"),
            one.code("rank"),
            one.updater,
            uncovered=False,
            source=say("config.routing_source"),
        )
        for one in settings.routing
    )


def admin(settings: Settings) -> tuple[str, ...]:
    """The e-FIT administrator's address."""
    return (settings.mail.admin,) if settings.mail.admin else ()


def named(settings: Settings, day: date) -> dict[tuple[str, str], tuple[str, ...]]:
    """(post, scope) → the addresses that the configuration gives to it, before those of its holders.

    `[mail.recipients]` always; `[[delegation]]` on its days, and then before it.
    """
    always = {post_of(name): addresses for name, addresses in settings.mail.recipients.items()}
    today = {post_of(one.post): one.to for one in settings.delegation if one.first_day <= day <= one.last_day}
    return always | today
