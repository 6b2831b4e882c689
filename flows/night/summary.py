"""`run.json`: what a night says of itself."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flows.night.source_lines import fetch_summary, source_summary
from pipelines.lifecycle.hold_texts import held_documents
from pipelines.lifecycle.new_rules import brought_by
from pipelines.reports.mailing.outcome import Outcome
from schemas.changes.change import ChangeSet


def summary_of(changeset: ChangeSet, outcome: Outcome, seconds: Mapping[str, float]) -> dict[str, Any]:
    """Return sources with their row-exact account, counts, holds, deliveries, seconds by stage."""
    changes, findings = changeset.changes, outcome.findings
    brought = brought_by(findings.lives.open_changes, findings.origins)
    held = held_documents(findings.held, findings.snapshot.policy, brought)
    by_updater = Counter(f"{c.updater.post} {c.updater.scope}".strip() for c in changes)
    return {
        "run_id": changeset.run_id,
        "as_of": changeset.as_of.isoformat(),
        "status": changeset.status,
        "fetched": [fetch_summary(one) for one in outcome.brought],
        "sources": [source_summary(report) for report in findings.sources.reports],
        "counts": {
            "changes": len(changes),
            "by_kind": dict(sorted(Counter(c.kind for c in changes).items())),
            "by_reason": dict(sorted(Counter(reason for c in changes for reason in c.reasons).items())),
            "by_severity": dict(sorted(Counter(c.severity for c in changes).items())),
            "by_status": dict(sorted(Counter(c.status for c in changes).items())),
            "by_updater": dict(sorted(by_updater.items())),
            "rejects": dict(sorted(Counter(r.code for r in changeset.rejects).items())),
            "held": held,
            "waiting_deactivations": len(findings.waiting),
            "waiting_for_vanished": asdict(findings.unsaid),
        },
        "held": [{name: value for name, value in one.items() if name != "limit"} for one in held],
        "deliveries": [delivery.summary() for delivery in outcome.deliveries],
        "seconds": dict(seconds),
    }
