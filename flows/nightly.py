"""The night, top to bottom: read → judge → compare → expect → report → write → deliver."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from flows.delivery import Delivery, check_mail, deliver_reports
from flows.outputs import source_summary, write_changeset, write_rejects, write_reports, write_run
from flows.settings import Settings
from flows.signing import signer
from flows.sources import Gathered, Tell, gather_world
from pipelines.compare import Comparison, compare
from pipelines.expect import held_updaters
from pipelines.report import build_reports
from pipelines.world import Policy, World
from schemas.change import Change, ChangeSet, PostRef, RejectEntry, RunStatus, SourceEntry
from schemas.issue import Issue
from schemas.nomenclatures import CHV_ST_ETS_POST, CRH_ST_POST, code_of, say
from schemas.report import Report
from schemas.routing import Route


@dataclass(frozen=True, slots=True)
class Occasion:
    """One run: the day it is for, where it writes, whether it sends, the regions it is limited to."""

    day: date
    out: Path
    dry_run: bool = False
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """What a night left."""

    changeset: ChangeSet
    summary: dict[str, Any]
    reports: tuple[Path, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def exit_code(self) -> int:
        """0 done, 3 done in part, 4 held and nothing sent (contract §1)."""
        return {"complete": 0, "partial": 3, "held": 4}[self.changeset.status]


@dataclass(slots=True)
class _Clock:
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def run_night(settings: Settings, occasion: Occasion, tell: Tell) -> Night:
    """Play one night. Raises AnnuaireError when the annuaire cannot be read, ConfigurationError for its key file."""
    clock = _Clock()
    check_mail(settings)
    with clock.stage("read"):
        world, gathered = gather_world(settings, occasion.day, tell)
    with clock.stage("compare"):
        tell(say("step.compare"), 0, 0)
        comparison = compare(world, _overrides(settings), _admin(settings))
        changes = _of_regions(comparison.changes, occasion.regions)
        held = held_updaters(changes, comparison.accounts, world.policy)
    with clock.stage("report"):
        tell(say("step.report"), 0, 0)
        reports = _reports(settings, occasion, world, comparison, changes, gathered, held)
        paths = write_reports(reports, occasion.out)
    with clock.stage("deliver"):
        tell(say("step.deliver"), 0, 0)
        going = [one for one in reports if one.total and (one.updater.post, one.updater.scope) not in held]
        deliveries = () if occasion.dry_run else deliver_reports(settings, going, occasion.out)
    told: set[tuple[str, str]] = {(d.updater.post, d.updater.scope) for d in deliveries if d.told}
    status = _status(gathered, held, reports, deliveries)
    changeset = _changeset(status, occasion.day, gathered, changes, told)
    summary = _summary(changeset, gathered, clock, deliveries, held)
    write_changeset(changeset, occasion.out)
    write_rejects(changeset, occasion.out)
    write_run(summary, occasion.out)
    return Night(changeset, summary, tuple(paths), tuple(deliveries))


def _overrides(settings: Settings) -> tuple[Route, ...]:
    def code(table: str, text: str) -> str:
        return text if text in ("*", "") else code_of(table, text)

    return tuple(
        Route(
            code("functions", one.function),
            code("structure_types", one.structure_type),
            code("ranks", one.rank),
            one.updater,
            uncovered=False,
            source=say("config.routing_source"),
        )
        for one in settings.routing
    )


def _admin(settings: Settings) -> tuple[str, ...]:
    return (settings.mail.admin,) if settings.mail.admin else ()


def _of_regions(changes: Sequence[Change], regions: Sequence[str]) -> tuple[Change, ...]:
    return tuple(change for change in changes if not regions or change.assignment.region_code in regions)


def _reports(
    settings: Settings,
    occasion: Occasion,
    world: World,
    comparison: Comparison,
    changes: Sequence[Change],
    gathered: Gathered,
    held: dict[tuple[str, str], tuple[int, int]],
) -> tuple[Report, ...]:
    """One report per updater with a change; rejects go to who keeps the workbook, the rest to the administrator."""
    having: set[tuple[str, str]] = {(change.updater.post, change.updater.scope) for change in changes}
    digest = hashlib.sha256("".join(sorted(change.id for change in changes)).encode()).hexdigest()
    admin = PostRef(post="ADMIN_EFIT")
    notices = _notices(world.policy, gathered, held)
    return build_reports(
        changes,
        as_of=occasion.day,
        lot=f"{occasion.day:%Y%m%d}-{digest[:8].upper()}",
        structures=world.structures,
        rejects=[(_keeper(issue, world, having), issue) for issue in gathered.issues],
        notices={admin: notices} if notices else {},
        sign=signer(settings, write=not occasion.dry_run),
        recipients={admin: comparison.book.admin},
    )


def _notices(policy: Policy, gathered: Gathered, held: dict[tuple[str, str], tuple[int, int]]) -> list[str]:
    """What the administrator must know of the run itself, each with what to do."""
    notices = [
        say("run.source", source=report.name, path=report.path, found=report.message)
        for report in gathered.reports
        if not report.usable
    ]
    for (post, scope), (count, total) in held.items():
        share = f"{policy.max_deactivation_share:.0%}".replace("%", " %")
        updater = say(f"post.{post}", scope=scope)
        notices.append(say("run.held", updater=updater, count=count, total=total, share=share))
    return notices


def _keeper(issue: Issue, world: World, having: set[tuple[str, str]]) -> PostRef:
    """Who keeps the workbook an issue is about, when they get a report tonight; else the administrator."""
    scope = next((scope for scope in world.scopes if scope.source == issue.source), None)
    post = {"region": CRH_ST_POST, "ets": CHV_ST_ETS_POST}.get(scope.kind if scope else "", "")
    if scope and post and (post, scope.code) in having:
        return PostRef.model_validate({"post": post, "scope": scope.code})
    return PostRef(post="ADMIN_EFIT")


def _status(
    gathered: Gathered,
    held: dict[tuple[str, str], tuple[int, int]],
    reports: Sequence[Report],
    deliveries: Sequence[Delivery],
) -> RunStatus:
    if held and all((report.updater.post, report.updater.scope) in held for report in reports):
        return "held"
    failed = any(delivery.error for delivery in deliveries)
    return "partial" if held or failed or any(not report.usable for report in gathered.reports) else "complete"


def _changeset(
    status: RunStatus, day: date, gathered: Gathered, changes: Sequence[Change], told: set[tuple[str, str]]
) -> ChangeSet:
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
        for report in gathered.reports
    ]
    rejects = [
        RejectEntry(source=one.source, location=one.location, field=one.field, code=one.code, message=one.message)
        for one in sorted(gathered.issues)
    ]
    return ChangeSet(
        run_id=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{token_hex(3)}",
        as_of=day,
        status=status,
        sources=tuple(sorted(entries, key=lambda entry: entry.name)),
        changes=tuple(
            change.model_copy(update={"status": "notified"})
            if (change.updater.post, change.updater.scope) in told
            else change
            for change in changes
        ),
        rejects=tuple(rejects),
    )


def _summary(
    changeset: ChangeSet,
    gathered: Gathered,
    clock: _Clock,
    deliveries: Sequence[Delivery],
    held: dict[tuple[str, str], tuple[int, int]],
) -> dict[str, Any]:
    changes = changeset.changes
    by_updater = Counter(f"{c.updater.post} {c.updater.scope}".strip() for c in changes)
    return {
        "run_id": changeset.run_id,
        "as_of": changeset.as_of.isoformat(),
        "status": changeset.status,
        "sources": [source_summary(report) for report in gathered.reports],
        "counts": {
            "changes": len(changes),
            "by_kind": dict(sorted(Counter(c.kind for c in changes).items())),
            "by_reason": dict(sorted(Counter(reason for c in changes for reason in c.reasons).items())),
            "by_severity": dict(sorted(Counter(c.severity for c in changes).items())),
            "by_updater": dict(sorted(by_updater.items())),
            "rejects": dict(sorted(Counter(r.code for r in changeset.rejects).items())),
        },
        "held": [{"post": post, "scope": scope, "accounts": count} for (post, scope), (count, _) in held.items()],
        "deliveries": [delivery.summary() for delivery in deliveries],
        "seconds": clock.seconds,
    }
