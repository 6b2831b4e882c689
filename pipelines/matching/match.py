"""Which account each line of the workbooks is about, in the order of certainty (contract §6, §6a, docs/matching.md)."""

from pipelines.matching.also_named import with_whom_they_name
from pipelines.matching.candidates import Match
from pipelines.matching.certain import certain_matches
from pipelines.matching.doubts.contradicted import with_other_numbers
from pipelines.matching.doubts.numbers_aside import with_persons_of_the_rest
from pipelines.matching.doubts.one_number import with_numbers_of_others
from pipelines.matching.elsewhere.absent import with_the_absent
from pipelines.matching.elsewhere.moved_away import Moved
from pipelines.matching.elsewhere.slid import with_slid_rows
from pipelines.matching.index import Index, indexed
from pipelines.matching.presence import undecided
from pipelines.sources.snapshot import Snapshot

__all__ = ["Match", "match"]


def match(snapshot: Snapshot, index: Index | None = None) -> tuple[Match, ...]:
    """Return one match per line, in the order of the lines. Certain matches first; doubts only about who is left."""
    index = index or indexed(snapshot)
    certain = certain_matches(snapshot, index)
    moved = Moved(index)
    found = [
        one if isinstance(one, Match) else undecided(line, one, index, moved)
        for line, one in zip(snapshot.lines, certain, strict=True)
    ]
    beside = list(with_the_absent(found, index))
    slid = list(with_slid_rows(beside, snapshot.written, index))
    told = tuple(with_other_numbers(tuple(with_numbers_of_others(slid, index)), index))
    return tuple(with_persons_of_the_rest(tuple(with_whom_they_name(told, index)), index))
