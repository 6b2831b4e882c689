"""What stands in the reports of a night, read as their updaters would."""

from pathlib import Path

from tests.night.played import lines_of


def lines_in(root: Path, post: str, sheet: str) -> int:
    """How many changes a sheet of a post's report has; 0 without a report."""
    report = root / "out" / "reports" / f"{post}.xlsx"
    return len(lines_of(report, lambda name: name == sheet)) if report.is_file() else 0
