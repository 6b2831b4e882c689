"""What a night finds, what is written of it for each updater, and what it leaves: what its steps need, put together."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flows.delivery.holders import holder_notes
from flows.night.outputs import give_back, reserve_outputs, sweep_leftovers, write_outputs, write_unknown
from flows.night.pages import write_night
from flows.night.summary import summary_of
from flows.run.run import Run
from flows.run.steps import Step
from flows.run.without_gc import give_memory_back
from flows.settings.passwords import without_password
from flows.settings.routing_rules import routing_of
from flows.settings.signing import keyring
from flows.state.remarks import counted, heard
from pipelines.lifecycle.findings import CompareOptions, Findings, find_changes
from pipelines.reports.mailing.outcome import Outcome, changeset_of
from pipelines.reports.night_reports import Besides, reports_of, told_of
from pipelines.reports.pages.facts import KnownState, kept, night_facts
from pipelines.reports.pages.health import unknown_accounts
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import ChangeSet
from schemas.reports.report import Report


def find_tonight(run: Run, snapshot: Snapshot) -> Findings:
    """Find the differences of a snapshot in their lives, by the routes of the deployment and what our own state
    knows.
    """
    run.steps.say("step.compare")
    spread = run.steps.spread(Step("compare"), sent=False)
    days = run.settings.policy.remind_after_days
    asked = CompareOptions(routing_of(run.settings, run.day), run.request.regions, days, spread)
    return run.steps(Step("compare"), lambda: find_changes(snapshot, run.state.known(snapshot, run.released), asked))


def begin_tonight(run: Run, snapshot: Snapshot) -> None:
    """Open the run over what was read; what a killed one left half-written is cleared: the lock says nobody writes."""
    sweep_leftovers(run)
    run.begin(snapshot.sources.reports)


def reports_tonight(run: Run, findings: Findings) -> Iterator[Report]:
    """Return the reports of a night, made one by one, with what the updaters answered, asked and are asked."""
    sign, state = keyring(run.settings).signer(write=not run.request.dry_run), run.state
    said = heard(state.store, findings.before, run.day, findings.snapshot.structures)
    days = run.settings.policy.remind_after_days
    besides = Besides(said, state.words(), holder_notes(run, told_of(findings)), days)
    return reports_of(findings, state.past_runs, state.run_id, sign, besides)


def record_tonight(run: Run, outcome: Outcome) -> None:
    """Record the state first, then the mails may leave; the room that the results will need is taken before either.

    Raises DeliveryError where there is not enough, StoreError when our own state cannot be written.
    """
    if not run.request.dry_run:
        reserve_outputs(changeset_of(outcome), _summary(run, outcome), run.out)
        give_memory_back()
    run.steps(Step("record"), partial(run.state.record, outcome.findings, run.request.release, run.released))
    give_memory_back()


def leave_tonight(run: Run, outcome: Outcome) -> tuple[ChangeSet, dict[str, Any]]:
    """Return the change set and the summary of a night that is over: written with its page, and its run closed."""
    findings, state = outcome.findings, run.state
    sources = findings.snapshot.sources
    changeset, summary = changeset_of(outcome), _summary(run, outcome)
    summary["without_password"] = without_password(run.settings, [one.name for one in outcome.reports])
    days = run.settings.policy.remind_after_days
    known = KnownState(state.states_after(findings), state.past_runs(), counted(state.store, run.day))
    facts = night_facts(findings, known, days)
    give_memory_back()  # what was read back from the store, and written, would be the highest of the night
    regions = {"regions": list(run.request.regions)} if run.request.regions else {}
    summary["counts"] |= kept(facts) | regions
    give_back(run.out)
    write_outputs(changeset, summary, run.out)
    give_memory_back()
    unknown = () if sources.annuaire_held else unknown_accounts(findings.snapshot, findings.comparison)
    write_unknown(unknown, run.out)
    run.steps(Step("page"), partial(write_night, facts, state.run_id, changeset.status, summary["counts"], run.out))
    state.finish(changeset.status, summary["counts"], findings, whole=not run.request.regions)
    return changeset, summary


def _summary(run: Run, outcome: Outcome) -> dict[str, Any]:
    return summary_of(changeset_of(outcome), outcome, run.steps.seconds)
