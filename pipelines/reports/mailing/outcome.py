"""How a night ended: its status, and its change set."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.lifecycle.findings import Findings
from pipelines.lifecycle.new_rules import RULES
from pipelines.reports.mailing.sending import going_out
from schemas.changes.change import ChangeSet, RejectEntry, RunStatus, SourceEntry
from schemas.reading.arrival import Brought
from schemas.reading.source import SourceReport
from schemas.reports.delivery import Delivery
from schemas.reports.report import Report


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a night found and what became of it; `brought`: what was fetched first."""

    run_id: str
    findings: Findings
    reports: Sequence[Report]
    brought: Sequence[Brought] = ()
    deliveries: tuple[Delivery, ...] = ()

    @property
    def status(self) -> RunStatus:
        """held: nothing could go out; partial: a source, a set or a mail is missing; else complete."""
        sources, held = self.findings.sources, self.findings.held
        sets = [hold for hold in held if hold.post and hold.what != RULES]
        if sources.night_held or (sets and not going_out(self.reports, held)):
            return "held"
        failed = any(one.error for one in self.deliveries) or any(one.failed for one in self.brought)
        return "partial" if held or failed or sources.imperfect else "complete"


def changeset_of(outcome: Outcome) -> ChangeSet:
    """Return the change set at the end of the run: new is notified where the mail is out."""
    told = {key for delivery in outcome.deliveries if delivery.told for key in delivery.change_ids}
    sources = outcome.findings.sources
    rejects = [
        RejectEntry(source=one.source, location=one.location, field=one.field, code=one.code, message=one.message)
        for one in sorted(sources.issues)
    ]
    return ChangeSet(
        run_id=outcome.run_id,
        as_of=outcome.findings.snapshot.day,
        status=outcome.status,
        sources=tuple(sorted(map(_entry, sources.reports), key=lambda entry: entry.name)),
        changes=tuple(
            change.model_copy(update={"status": "notified"}) if change.status == "new" and change.id in told else change
            for change in outcome.findings.lives.open_changes
        ),
        rejects=tuple(rejects),
    )


def _entry(report: SourceReport) -> SourceEntry:
    return SourceEntry(
        name=report.name,
        path=report.path,
        sha256=report.sha256,
        rows_read=report.rows_read,
        rows_rejected=report.rows_rejected,
        status=report.status.value,
        message=report.message,
    )
