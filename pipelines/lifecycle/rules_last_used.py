"""By which rules each source was last used, and what was said then: looked at before the data is blamed."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pipelines.lifecycle.fingerprints import source_key
from pipelines.lifecycle.new_rules import Before, Unchanged, Used, unchanged_of
from schemas.changes.change import FINISHED
from schemas.changes.safeguard import Hold
from schemas.changes.stored import RunRow
from schemas.reading.fingerprints import Fingerprints
from schemas.reading.source import SourceReport, SourceStatus
from schemas.reading.source_names import holds_the_night, is_workbook, of_persons

Digests = Callable[[], Mapping[str, str]]  # what the store says of whom the last night's changes rested on


def unchanged_since(
    runs: Sequence[RunRow], before: Digests, rules: str, sources: Sequence[SourceReport], tonight: Fingerprints
) -> Unchanged:
    """Return what is as it was when other rules last used it; empty when the rules are the same. `runs`: `recorded`."""
    used: dict[str, Used] = {}
    for run in runs:
        for source in run.sources:
            if source.status is SourceStatus.OK:
                used.setdefault(source.name, Used(source.sha256, run.rules_digest, run.as_of))
    rules_then = next((run.rules_digest for run in runs if _saw_persons(run)), rules)
    if {rules_then, *(one.rules for one in used.values())} == {rules}:
        return Unchanged()
    digests = {report.name: report.sha256 for report in sources if report.usable and report.sha256}
    return unchanged_of(digests, tonight, Before(used, before(), rules_then), rules)


def _saw_persons(run: RunRow) -> bool:
    """What the store says of persons is of such a run: all the files about them could be read."""
    return all(one.status is SourceStatus.OK for one in run.sources if one.name in of_persons())


def recorded(runs: Iterable[RunRow], holds_of: Callable[[str], Iterable[Hold]]) -> list[RunRow]:
    """Return the runs that looked at the whole country and wrote down what they saw, in the order in which they are
    given.

    A killed run is « failed »: it told nobody anything, and may have run with the new rules already.
    """
    finished = (one for one in runs if one.status in FINISHED and not one.counts.get("regions"))
    return [one for one in finished if one.status != "held" or not any(map(_waits, holds_of(one.run_id)))]


def _waits(hold: Hold) -> bool:
    return hold.what == "source" and holds_the_night(hold.scope)


def to_keep(tonight: Fingerprints, sources: Iterable[SourceReport], before: Digests) -> Mapping[str, str]:
    """Return what the store is to say after the night: of what could not be read tonight, what was said before."""
    unread = {report.name for report in sources if not report.usable}
    if not unread:
        return tonight.all()
    known = before()
    persons = (
        tonight.persons if unread.isdisjoint(of_persons()) else {k: known[k] for k in tonight.persons if k in known}
    )
    workbooks = tuple(source_key(name) for name in unread if is_workbook(name))
    places = {key: digest for key, digest in known.items() if workbooks and key.startswith(workbooks)}
    return {
        **dict(Fingerprints(tonight.accounts, persons).all().items()),
        **places,
        **tonight.places,
        **tonight.answers,
    }
