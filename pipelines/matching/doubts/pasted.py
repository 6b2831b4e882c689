"""The people of one structure pasted over those of another: they stand twice, and nobody of the other is left."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.matching.candidates import Match
from pipelines.matching.doubts.tangles import place_of
from pipelines.sources.snapshot import Snapshot
from schemas.people.workbook_line import WorkbookLine

PASTED = "pasted"
_LEAST = 2  # people who arrive together in the order in which they stand elsewhere, and people who are gone at once


@dataclass(frozen=True, slots=True)
class PastedBlock:
    """Places of the lines that were pasted, and the accounts of the structure over whose people they stand."""

    at: tuple[int, ...]
    accounts: tuple[str, ...]

    def instead(self, line: WorkbookLine) -> Match:
        """Return what is held of such a line: in doubt, and about whoever was there."""
        return Match(line, "doubt", reason=PASTED, protected=self.accounts)


def pasted(matches: Sequence[Match], snapshot: Snapshot) -> Iterator[PastedBlock]:
    """Yield the blocks: certain lines, one under the other, of people who have no function there, each beside a line
    where they have one, in the same order; while of those who have one there several are gone.
    """
    there = _known_there(matches, snapshot)
    arrivals = _arrivals(matches, there, snapshot)
    if not arrivals:
        return
    present: dict[str, set[str]] = defaultdict(set)
    for one in matches:
        for key in (one.account_id, *one.protected):
            if key:
                present[one.line.assignment.structure_code].add(key)
    staff: dict[str, list[str]] = defaultdict(list)
    for account in snapshot.active_accounts():
        for place in account.places & arrivals.keys():
            staff[place].append(account.account_id)
    rank = {at: number for number, at in enumerate(sorted(range(len(matches)), key=lambda at: place_of(matches[at])))}
    for place, lines in sorted(arrivals.items()):
        gone = [key for key in staff[place] if key not in present[place]]
        together = rank[lines[-1]] - rank[lines[0]] == len(lines) - 1  # a block: no other row stands between
        if len(gone) >= _LEAST and len(lines) >= _LEAST and together and _in_one_order(lines, there, matches):
            yield PastedBlock(tuple(lines), tuple(gone))


def _known_there(matches: Sequence[Match], snapshot: Snapshot) -> Mapping[str, int]:
    """Account → the place of a line of its that gives what it has."""
    found: dict[str, int] = {}
    for at, one in enumerate(matches):
        if one.account_id and not one.line.left:
            account = snapshot.accounts[one.account_id]
            if account.meant(one.line.assignment) in account.assignments:
                found.setdefault(one.account_id, at)
    return found


def _arrivals(matches: Sequence[Match], there: Mapping[str, int], snapshot: Snapshot) -> Mapping[str, list[int]]:
    """Structure → the lines there of people who have nothing there and stand elsewhere too, as a person reads them."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(matches):
        place = one.line.assignment.structure_code
        if (
            one.account_id
            and one.account_id in there
            and not one.line.left
            and place not in snapshot.accounts[one.account_id].places
        ):
            found[place].append(at)
    return {place: sorted(lines, key=lambda at: place_of(matches[at])) for place, lines in found.items()}


def _in_one_order(lines: Sequence[int], there: Mapping[str, int], matches: Sequence[Match]) -> bool:
    """Here as there one under the other, in one workbook."""
    twice = [(matches[at], matches[there[matches[at].account_id or ""]]) for at in lines]
    here, elsewhere = [place_of(one) for one, _ in twice], [place_of(other) for _, other in twice]
    sources = {one[0] for one in (*here, *elsewhere)}
    places = {other.line.assignment.structure_code for _, other in twice}
    return len(sources) == len(places) == 1 and elsewhere == sorted(elsewhere)
