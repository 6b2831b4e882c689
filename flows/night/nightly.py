"""The night, top to bottom: fetch → read → compare → report → record → deliver → write."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from flows.delivery.deliver import deliver_night
from flows.delivery.holders import holder_notes
from flows.delivery.way_out import check_mail
from flows.fetching.arrivals import brought_in
from flows.night.outputs import give_back, reserve_outputs, sweep_leftovers, write_outputs, write_reports, write_unknown
from flows.night.pages import write_night
from flows.night.summary import summary_of
from flows.reading.local import source_names
from flows.reading.rest import at_rest
from flows.reading.snapshot import read_snapshot
from flows.run.request import Request
from flows.run.run import Run, Steps, opened
from flows.run.steps import Step
from flows.run.without_gc import uncollected
from flows.settings.model import Settings
from flows.settings.passwords import without_password
from flows.settings.routing_rules import routing_of
from flows.settings.signing import signer
from flows.state.remarks import counted, heard
from pipelines.lifecycle.findings import CompareOptions, Findings, find_changes
from pipelines.lifecycle.lacking import rests_on_absence
from pipelines.reports.mailing.outcome import Outcome, changeset_of
from pipelines.reports.night_reports import Besides, reports_of, told_of
from pipelines.reports.pages.facts import KnownState, kept, night_facts
from pipelines.reports.pages.health import unknown_accounts
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import ChangeSet
from schemas.reading.source_names import STORE
from schemas.reports.delivery import Delivery
from schemas.reports.report import Report


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


def run_night(settings: Settings, request: Request, steps: Steps | None = None) -> Night:
    """Play one night; killed anywhere and played again, it ends the same and sends nothing twice.

    Raises AnnuaireError when the annuaire cannot be read, StoreError when our own state cannot, RunInProgressError
    when another run is at work, ConfigurationError for its mail and key files.
    """
    if not request.dry_run:
        check_mail(settings)
    with uncollected(), opened(settings, request, steps or Steps()) as run:
        with run.steps.stage("fetch"):
            brought = brought_in(run)
        findings = at_rest(run, partial(_read_and_compare, run), lambda found: rests_on_absence(found.lives))
        with run.steps.stage("report"):
            run.steps.say("step.report")
            reports = _reports(run, findings)
            paths = write_reports(reports, run.out, run.steps)
        run.state.step("report")
        outcome = Outcome(run.state.run_id, findings, reports, brought)
        with run.steps.stage("deliver"):
            run.steps.say("step.deliver")
            if not request.dry_run:
                reserve_outputs(changeset_of(outcome), _summary(run, outcome), run.out)
            run.steps(Step("record"), partial(run.state.record, findings, request.release, run.released))
            outcome = replace(outcome, deliveries=deliver_night(run, findings, reports))
        changeset, summary = _leave(run, outcome)
        counts = {"changes": len(changeset.changes), "rejects": len(changeset.rejects)}
        run.steps.log("night", status=changeset.status, **counts, **run.steps.seconds)
    return Night(changeset, summary, tuple(paths), outcome.deliveries, request.dry_run)


def _read_and_compare(run: Run, moving: frozenset[str]) -> Findings:
    """All that comes before anything is concluded, and may come once more.

    `moving`: the sources that do not come to rest.
    """
    with run.steps.stage("read"):
        baseline = replace(run.state.baseline(source_names(run.settings), run.released), moving=moving)
        snapshot = read_snapshot(run, baseline)
        if (doubt := run.state.testimony.doubt) and STORE not in baseline.released:
            snapshot = replace(snapshot, sources=snapshot.sources.with_report(doubt.report))
    sweep_leftovers(run)
    run.begin(snapshot.sources.reports)
    with run.steps.stage("compare"):
        run.steps.say("step.compare")
        spread = run.steps.spread(Step("compare"), sent=False)
        days = run.settings.policy.remind_after_days
        asked = CompareOptions(routing_of(run.settings, run.day), run.request.regions, days, spread)
        return run.steps(Step("compare"), lambda: _find(run, snapshot, asked))


def _find(run: Run, snapshot: Snapshot, asked: CompareOptions) -> Findings:
    return find_changes(snapshot, run.state.known(snapshot, run.released), asked)


def _reports(run: Run, findings: Findings) -> tuple[Report, ...]:
    sign, state = signer(run.settings, write=not run.request.dry_run), run.state
    said = heard(state.store, findings.before, run.day, findings.snapshot.structures)
    besides = Besides(said, state.words(), holder_notes(run, told_of(findings)))
    return reports_of(findings, state.past_runs, state.run_id, sign, besides)


def _summary(run: Run, outcome: Outcome) -> dict[str, Any]:
    return summary_of(changeset_of(outcome), outcome, run.steps.seconds)


def _leave(run: Run, outcome: Outcome) -> tuple[ChangeSet, dict[str, Any]]:
    """What the night leaves: its results, its page, its run closed."""
    findings, state = outcome.findings, run.state
    sources = findings.snapshot.sources
    changeset, summary = changeset_of(outcome), _summary(run, outcome)
    summary["without_password"] = without_password(run.settings, [one.name for one in outcome.reports])
    days = run.settings.policy.remind_after_days
    known = KnownState(state.states_after(findings), state.past_runs(), counted(state.store, run.day))
    facts = night_facts(findings, known, days)
    regions = {"regions": list(run.request.regions)} if run.request.regions else {}
    summary["counts"] |= kept(facts) | regions
    give_back(run.out)
    write_outputs(changeset, summary, run.out)
    unknown = () if sources.annuaire_held else unknown_accounts(findings.snapshot, findings.comparison)
    write_unknown(unknown, run.out)
    run.steps(Step("page"), partial(write_night, facts, state.run_id, changeset.status, summary["counts"], run.out))
    state.finish(changeset.status, summary["counts"], findings, whole=not run.request.regions)
    return changeset, summary
