"""What is told of one source: its row-exact account, and its rejects line by line."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Sequence
from typing import Any

from schemas.changes.change import RejectEntry
from schemas.reading.arrival import Brought
from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport


def source_summary(report: SourceReport) -> dict[str, Any]:
    """Return a source as `run.json` and the terminal show it."""
    return {
        "name": report.name,
        "path": report.path,
        "sha256": report.sha256,
        "size": report.size,
        "rows_read": report.rows_read,
        "rows_accepted": report.rows_accepted,
        "rows_rejected": report.rows_rejected,
        "rows_duplicate": report.rows_duplicate,
        "status": report.status.value,
        "whole": report.usable,
        "message": report.message,
        "notes": list(report.notes),
    }


def fetch_summary(one: Brought) -> dict[str, Any]:
    """Return a source that was fetched, as `run.json` and `fetch --json` show it."""
    file = one.file
    return {
        "name": one.source,
        "outcome": one.outcome,
        "message": one.message or " ".join(one.remarks),
        "path": one.path or None,
        "sha256": file.sha256 if file else None,
        "size": file.size if file else None,
        "rows": file.rows if file else None,
        "stamp": file.moment.isoformat(timespec="minutes") if file else None,
        "removed": list(one.removed),
    }


def reject_csv_line(one: RejectEntry | Issue) -> bytes:
    """Return one reject or repair as a line of such a file."""
    return csv_line([one.source, one.location, one.field, one.code, one.message])


def csv_line(cells: Sequence[str]) -> bytes:
    """Return cells as a line of such a file."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow(map(_as_text, cells))
    return text.getvalue().encode()


def _as_text(value: str) -> str:
    """A cell that Excel will not take for a formula (contract §9)."""
    return "'" + value if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


# With `;` and a byte-order mark, so that a French Excel opens it as it is.
REJECT_HEADING = BOM_UTF8 + csv_line(["source", "location", "field", "code", "message"])
UNKNOWN_HEADING = BOM_UTF8 + csv_line(["account_id", "region", "updater", "cause"])
