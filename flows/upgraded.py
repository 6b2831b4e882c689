"""By which rules each source was last used, and what was said then: asked of the store before the data is blamed."""

from collections.abc import Sequence

from connectors.ledger import Ledger, RunRow
from pipelines.fingerprint import Evidence, source_key
from pipelines.upgrade import Before, Unchanged, Used, unchanged_of
from schemas.source import SourceReport, SourceStatus
from schemas.source_names import holds_the_night, is_workbook, of_persons

_FINISHED = ("complete", "partial", "held")
_RUNS = 60


def unchanged_since(
    ledger: Ledger, run_id: str, rules: str, sources: Sequence[SourceReport], tonight: Evidence
) -> Unchanged:
    """What is as it was when other rules last used it; empty when the rules are the same."""
    runs = _recorded(ledger, run_id)
    used: dict[str, Used] = {}
    for run in runs:
        for source in run.sources:
            if source.status is SourceStatus.OK:
                used.setdefault(source.name, Used(source.sha256, run.rules_digest, run.as_of))
    of_persons = next((run.rules_digest for run in runs if _saw_persons(run)), rules)
    if {of_persons, *(one.rules for one in used.values())} == {rules}:
        return Unchanged()
    digests = {report.name: report.sha256 for report in sources if report.usable and report.sha256}
    return unchanged_of(digests, tonight, Before(used, ledger.evidence(), of_persons), rules)


def _saw_persons(run: RunRow) -> bool:
    """What the store says of persons is of such a run: all the files about them could be read."""
    return all(one.status is SourceStatus.OK for one in run.sources if one.name in of_persons())


def _recorded(ledger: Ledger, run_id: str) -> list[RunRow]:
    """The runs that looked at the whole country and wrote down what they saw, the last one first.

    A killed run is « failed »: it told nobody anything, and may have run with the new rules already.
    """
    runs = (one for one in ledger.runs(limit=_RUNS) if one.run_id != run_id and one.status in _FINISHED)
    return [one for one in runs if not one.counts.get("regions") and not _waited(ledger, one)]


def _waited(ledger: Ledger, run: RunRow) -> bool:
    if run.status != "held":
        return False
    return any(hold.what == "source" and holds_the_night(hold.scope) for hold in ledger.holds(run.run_id))


def to_keep(ledger: Ledger, tonight: Evidence, sources: Sequence[SourceReport]) -> dict[str, str]:
    """What the store is to say after the night: of what could not be read tonight, what was said before."""
    unread = {report.name for report in sources if not report.usable}
    if not unread:
        return tonight.all()
    before = ledger.evidence()
    persons = (
        tonight.persons if unread.isdisjoint(of_persons()) else {k: before[k] for k in tonight.persons if k in before}
    )
    workbooks = tuple(source_key(name) for name in unread if is_workbook(name))
    places = {key: digest for key, digest in before.items() if workbooks and key.startswith(workbooks)}
    return {**tonight.accounts, **persons, **places, **tonight.places}
