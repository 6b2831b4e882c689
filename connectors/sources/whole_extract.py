"""A national extract judged from the first row to the last, and never held: `validate FILE` (docs/performance.md)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pandas as pd

from connectors.bytescan.complaints import Complaints, ComplaintTold
from connectors.bytescan.delimited import Table, fitness
from connectors.bytescan.glance import Glance
from connectors.bytescan.identified import IdentifiedRow, doubtful_rows
from connectors.bytescan.lines import OnBytes, open_text
from connectors.bytescan.soundness import unsound
from connectors.sources.result import Reading, frame_of, refused_file
from schemas.errors import SourceError
from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport, Wanted, contract

Judge = Callable[[pd.DataFrame], tuple[Sequence[Issue], int]]
"""What is wrong with some rows, and how many of them that costs."""

_AT_ONCE = 5000  # doubtful rows judged together


def read_whole(
    path: Path,
    source: str,
    contract_name: str,
    judge: Judge,
    *,
    shown: str,
    progress: OnBytes | None = None,
    told: ComplaintTold | None = None,
) -> Reading:
    """Read every row of an extract: what `read_register` of everyone finds, then what `judge` finds in the doubtful
    rows.

    The frame is empty. `facts["counts"]`: code → how often; each code is named up to a thousand times, `told` hears
    of all. Never raises for what the file holds.
    """
    rules = contract(contract_name)
    columns = [*rules.columns, "_location"]
    report = SourceReport(source, shown)
    judged = Complaints(source, told=told)
    rejected = 0
    try:
        with open_text(path, fitness(rules), identify=True) as text:
            table = Table(text, rules, source, progress, told)
            glance = Glance(table.at, table.width, Wanted(), unsound(contract_name, table.at))
            rows = _different(doubtful_rows(table, glance))
            while some := [(row.line, row.number) for row in islice(rows, _AT_ONCE)]:
                issues, lost = judge(frame_of(some, rules, table.at))
                rejected += lost
                for one in issues:
                    judged.keep(one)
            sha256, size = text.identified()
            count = table.count()
    except SourceError as error:
        return refused_file(report, path, error, columns)
    count = replace(count, accepted=count.accepted - rejected, rejected=count.rejected + rejected)
    report = replace(report.counted(count, table.notes), sha256=sha256, size=size)
    issues = (*table.complaints.all(), *judged.all())
    counts = table.complaints.counts + judged.counts
    for one in table.complaints.fallback():
        counts[one.code] += 1
        if told:
            told(one)
    return Reading(report, pd.DataFrame(columns=columns, dtype=object), issues, facts={"counts": counts})


def _different(rows: Iterator[IdentifiedRow]) -> Iterator[IdentifiedRow]:
    """Each line once, by its digest: a row that stands twice is judged once."""
    seen: set[int] = set()
    for row in rows:
        if row.digest not in seen:
            seen.add(row.digest)
            yield row
