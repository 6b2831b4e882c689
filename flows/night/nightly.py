"""The night, top to bottom: fetch → read → compare → report → record → deliver → write."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from connectors.sources.steady import one_patience
from flows.delivery.deliver import deliver_night
from flows.delivery.way_out import check_mail
from flows.fetching.arrivals import brought_in
from flows.night.outputs import write_reports
from flows.night.tonight import begin_tonight, find_tonight, leave_tonight, record_tonight, reports_tonight
from flows.reading.files_at_rest import until_at_rest
from flows.reading.snapshot import read_snapshot, recall_baseline
from flows.run.request import Request
from flows.run.run import Steps, opened
from flows.run.without_gc import forget, uncollected
from flows.settings.model import Settings
from pipelines.lifecycle.findings import for_reports
from pipelines.lifecycle.resting_on_absence import rests_on_absence
from pipelines.reports.mailing.outcome import Outcome
from schemas.changes.change import ChangeSet
from schemas.reports.delivery import Delivery


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
    with uncollected(), one_patience() as patience, opened(settings, request, steps or Steps()) as run:
        with run.steps.stage("fetch"):
            brought = brought_in(run)
        for attempt in until_at_rest(run, patience):  # once more where a file changed under our hands
            with run.steps.stage("read"):
                snapshot = read_snapshot(run, recall_baseline(run, attempt.moving))
            begin_tonight(run, snapshot)
            with run.steps.stage("compare"):
                findings = find_tonight(run, snapshot)
            attempt.proves = rests_on_absence(findings.lives)
        forget()
        del snapshot
        findings = for_reports(findings)
        with run.steps.stage("report"):
            run.steps.say("step.report")
            paths, reports = write_reports(reports_tonight(run, findings), run.out, run.steps)
        run.state.step("report")
        outcome = Outcome(run.state.run_id, findings, reports, brought)
        with run.steps.stage("deliver"):
            run.steps.say("step.deliver")
            record_tonight(run, outcome)
            outcome = replace(outcome, deliveries=deliver_night(run, findings, reports))
        changeset, summary = leave_tonight(run, outcome)
        counts = {"changes": len(changeset.changes), "rejects": len(changeset.rejects)}
        run.steps.log("night", status=changeset.status, **counts, **run.steps.seconds)
    return Night(changeset, summary, tuple(paths), outcome.deliveries, request.dry_run)
