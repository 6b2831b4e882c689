"""What a night says of itself: its status, its change set, its `run.json`."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flows.account import fetch_summary, source_summary
from flows.delivery import Delivery, going_out
from pipelines.sources import Sources
from pipelines.upgrade import RULES
from schemas.arrival import Brought
from schemas.change import Change, ChangeSet, RejectEntry, RunStatus, SourceEntry
from schemas.report import Report
from schemas.safeguard import Hold


@dataclass(slots=True)
class Clock:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def status_of(
    sources: Sources,
    brought: Sequence[Brought],
    held: Sequence[Hold],
    reports: Sequence[Report],
    deliveries: Sequence[Delivery],
) -> RunStatus:
    """held: nothing could go out; partial: a source, a set or a mail is missing; else complete."""
    sets = [hold for hold in held if hold.post and hold.what != RULES]
    if sources.night_held or (sets and not going_out(reports, held)):
        return "held"
    failed = any(delivery.error for delivery in deliveries)
    return "partial" if held or failed or sources.imperfect or any(one.failed for one in brought) else "complete"


def changeset_of(
    run_id: str,
    status: RunStatus,
    day: date,
    sources: Sources,
    changes: Sequence[Change],
    deliveries: Sequence[Delivery],
) -> ChangeSet:
    """The change set at the end of the run: new is notified where the mail is out."""
    told = {key for delivery in deliveries if delivery.told for key in delivery.change_ids}
    entries = [
        SourceEntry(
            name=report.name,
            path=report.path,
            sha256=report.sha256,
            rows_read=report.rows_read,
            rows_rejected=report.rows_rejected,
            status=report.status.value,
            message=report.message,
        )
        for report in sources.reports
    ]
    rejects = [
        RejectEntry(source=one.source, location=one.location, field=one.field, code=one.code, message=one.message)
        for one in sorted(sources.issues)
    ]
    return ChangeSet(
        run_id=run_id,
        as_of=day,
        status=status,
        sources=tuple(sorted(entries, key=lambda entry: entry.name)),
        changes=tuple(
            change.model_copy(update={"status": "notified"}) if change.status == "new" and change.id in told else change
            for change in changes
        ),
        rejects=tuple(rejects),
    )


def summary_of(
    changeset: ChangeSet,
    sources: Sources,
    brought: Sequence[Brought],
    clock: Clock,
    deliveries: Sequence[Delivery],
    held: Sequence[Hold],
) -> dict[str, Any]:
    """`run.json`: sources with their row-exact account, counts, holds, deliveries, seconds by stage."""
    changes = changeset.changes
    by_updater = Counter(f"{c.updater.post} {c.updater.scope}".strip() for c in changes)
    return {
        "run_id": changeset.run_id,
        "as_of": changeset.as_of.isoformat(),
        "status": changeset.status,
        "fetched": [fetch_summary(one) for one in brought],
        "sources": [source_summary(report) for report in sources.reports],
        "counts": {
            "changes": len(changes),
            "by_kind": dict(sorted(Counter(c.kind for c in changes).items())),
            "by_reason": dict(sorted(Counter(reason for c in changes for reason in c.reasons).items())),
            "by_severity": dict(sorted(Counter(c.severity for c in changes).items())),
            "by_status": dict(sorted(Counter(c.status for c in changes).items())),
            "by_updater": dict(sorted(by_updater.items())),
            "rejects": dict(sorted(Counter(r.code for r in changeset.rejects).items())),
        },
        "held": [{"post": h.post, "scope": h.scope, "what": h.what, "count": h.count, "total": h.total} for h in held],
        "deliveries": [delivery.summary() for delivery in deliveries],
        "seconds": clock.seconds,
    }
