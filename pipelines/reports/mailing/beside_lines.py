"""What a report says beside its lines: to a holder of the post of their own card, which files they keep, whom to ask,
and when what has no answer comes again.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from pipelines.lifecycle.findings import Findings
from pipelines.lifecycle.pending import SHOWN
from pipelines.phrase import day_text, function_text, loss_day
from pipelines.workbook_keepers import ADMIN, keeper_of
from schemas.changes.change import Change, PostRef
from schemas.nomenclatures import say
from schemas.reading.source import WorkbookScope
from schemas.reading.source_names import WORKBOOK
from schemas.reports.report import Report


def with_the_rest(report: Report, findings: Findings, having: Collection[PostRef], days: int) -> Report:
    """Return the report with it. `having`: the posts that have a report tonight; `days`: until a reminder, 0 for
    none.
    """
    snapshot, routing = findings.snapshot, findings.comparison.routing
    admin = ", ".join(routing.admin)
    return replace(
        report,
        unknown=_with_where_to_answer(report),
        own_cards=tuple(_own_cards(report, findings.lives.open_changes, findings)),
        workbooks=tuple(_workbooks(report.updater, snapshot.scopes, having)),
        remind_on=snapshot.day + timedelta(days=days) if days else None,
        contacts=(say("letter.admin", admin=admin),) if admin and report.updater != ADMIN else (),
    )


def _with_where_to_answer(report: Report) -> tuple[str, ...]:
    """Return what is unknown, with the sheet whose questions keep it so, where the reader is asked one."""
    doubted = report.health is not None and dict(report.health.because).get("doubt")
    asked = next((sheet for sheet in report.sheets if sheet.key == "review"), None)
    if not (report.unknown and doubted and asked and any(line.account_id for line in asked.lines)):
        return report.unknown
    *before, last = report.unknown
    return (*before, f"{last} {say('unknown.asked', sheet=asked.title)}")


def _own_cards(report: Report, changes: Iterable[Change], findings: Findings) -> Iterator[str]:
    """Yield a sentence for each holder of the post whose own card ends, and is somebody else's to follow."""
    post = report.updater
    mine = findings.comparison.routing.people.get((post.post, post.scope), frozenset())
    for change in changes:
        day = loss_day(change)
        if change.account_id not in mine or change.updater.ref == post or change.status not in SHOWN or day is None:
            continue
        yield say(
            "report.own_card" if day > report.as_of else "report.own_card_lost",
            function=function_text(change.assignment),
            date=day_text(day - timedelta(days=1)),
            lost_on=day_text(day),
            steps=change.guidance,
        )


def _workbooks(updater: PostRef, scopes: Iterable[WorkbookScope], having: Collection[PostRef]) -> Iterator[str]:
    """Yield the names of the files that the updater keeps; the administrator's too of whom nobody is told tonight."""
    for scope in scopes:
        keeper = keeper_of(scope)
        if updater == (keeper if keeper in having else ADMIN):
            yield scope.source.removeprefix(WORKBOOK).lstrip(".: ").rpartition("/")[2]
