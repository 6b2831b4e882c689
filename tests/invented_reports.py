"""Reports of invented changes, and what stands in them."""

from pipelines.reports.report import build_reports
from schemas.changes.change import Change
from schemas.reports.report import Report, ReportLine
from tests.invented_changes import (
    DAY,
    LOT,
    STRUCTURES,
    sign,
)


def reports_of(changes: list[Change], **more: object) -> dict[str, Report]:
    options: dict[str, object] = {"rejects": [], "notices": {}, **more}
    made = build_reports(changes, as_of=DAY, lot=LOT, structures=STRUCTURES, sign=sign, **options)  # type: ignore[arg-type]
    return {report.name: report for report in made}


def stakes(report: Report) -> dict[str, int]:
    return {one.stake: one.count for one in report.stakes.counts}


def only_line(change: Change) -> ReportLine:
    (report,) = reports_of([change]).values()
    (line,) = [line for sheet in report.sheets for line in sheet.lines]
    return line


def sheet_of(report: Report, key: str) -> tuple[ReportLine, ...]:
    return next(sheet.lines for sheet in report.sheets if sheet.key == key)
