"""Lines that want the same account: which of them nobody rivals, and which speaks best for it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from pipelines import names
from pipelines.matching.candidates import Match
from pipelines.matching.decided import JUDGED
from pipelines.matching.index import Index, name_of
from pipelines.matching.scoring import Comparable, seen_line, strong_name
from schemas.people.assignment import Assignment
from schemas.people.likeness import Evidence
from schemas.people.workbook_line import WorkbookLine


def told_once(lines: Iterable[WorkbookLine]) -> Callable[[Comparable], bool]:
    """Return what tells whether no other line at its structure gives the name of one."""
    told = Counter((names.bag(name_of(line)), line.assignment.structure_code) for line in lines)
    return lambda seen: all(told[names.bag(seen.name), place] == 1 for place in seen.places)


def wanted_once(lines: Iterable[Comparable], index: Index) -> Callable[[str], bool]:
    """Return what tells whether no more than one of these lines may be the one of an account, by its name there or by a
    number but nearly its own.
    """
    wanted: Counter[str] = Counter()
    for seen in lines:
        wanted.update(one.account.account_id for one in index.near(seen) if _wants(one.likeness.evidence))
    return lambda key: wanted[key] < 2


def _wants(evidence: Evidence) -> bool:
    return evidence.structure == "same" and (strong_name(evidence) or evidence.number == "near")


def once_each(found: Sequence[Match | Comparable], index: Index) -> list[Match | Comparable]:
    """Return them, of several lines for one function of one account only the one that speaks best for it as certain,
    while somebody of the name is left there.
    """
    claims: dict[tuple[str, Assignment], list[int]] = defaultdict(list)
    for at, one in enumerate(found):
        if isinstance(one, Match) and one.account_id and one.how != JUDGED:
            claims[one.account_id, one.line.assignment].append(at)
    kept = list(found)
    for places in claims.values():
        for at in sorted(places, key=lambda at: (-_score(found[at]), at))[1:]:
            again = seen_line(found[at].line, index.around)  # type: ignore[union-attr]  # a match
            kept[at] = again if free_namesakes(again, index) else found[at]
    return kept


def _score(one: Match | Comparable) -> float:
    return one.likeness.score if isinstance(one, Match) and one.likeness else 0.0


def free_namesakes(seen: Comparable, index: Index) -> set[str]:
    """Return the accounts of this very name here whom no number has found."""
    return {
        one.account.account_id
        for one in index.near(seen)
        if names.compare(seen.name, name_of(one.account)).strong
        and one.likeness.evidence.structure == "same"
        and index.is_free(one.account.account_id, seen.places)
    }
