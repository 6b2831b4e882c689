"""The national directory: it answers, and takes our key."""

from collections.abc import Iterator

from flows.doctor.examination import Visit
from flows.reading.directory import directory_address, directory_line
from schemas.errors import FetchError
from schemas.nomenclatures import say
from schemas.reports.checkup import Finding, failure, ok

NOBODY = "800000000000"  # no RPPS number: its key is wrong


def check_directory(visit: Visit) -> Iterator[Finding]:
    """Check one search, for nobody."""
    if not visit.settings.directory.url:
        yield ok(say("doctor.directory_none"))
        return
    try:
        with directory_line(visit.settings) as line:
            line.patience = 0.0  # a night may wait; whoever waits for this answer may not
            list(line.search("Practitioner", {"identifier": NOBODY, "_count": "1"}))
    except FetchError as error:
        yield failure(str(error), say("doctor.directory_todo"))
        return
    yield ok(say("doctor.directory", place=directory_address(visit.settings).place))
