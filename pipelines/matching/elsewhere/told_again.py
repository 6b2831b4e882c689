"""A second row of somebody who has one: without a number, the name written with less care (contract §6a)."""

from collections.abc import Sequence

from pipelines.matching.candidates import Match, Weighed
from pipelines.matching.decided import APART
from pipelines.matching.index import Index
from pipelines.matching.scoring import Comparable, near_name, strong_name
from schemas.people.likeness import Evidence
from schemas.people.workbook_line import WorkbookLine


def may_be_told_again(seen: Comparable, evidence: Evidence) -> bool:
    """Tell whether a row without a number may be about whom a certain line is about there: an initial, a slip."""
    return not seen.number and evidence.structure == "same" and near_name(evidence) and not strong_name(evidence)


def half_of_one_told(seen: Comparable, one: Weighed, index: Index) -> bool:
    """Tell whether a row without a number has half of a last name, and no address, of whom a certain line tells of
    there: it may be theirs, or somebody else's.
    """
    evidence, places = one.likeness.evidence, seen.places
    told = evidence.structure == "same" and not index.is_free(one.account.account_id, places)
    return told and not seen.number and evidence.last == "part" and "same" not in (evidence.email, evidence.phone)


def told_again(line: WorkbookLine, seen: Comparable, maybe: Sequence[Weighed], index: Index) -> Match | None:
    """Set aside a row that gives the only one whom it may be about an address of theirs and the function
    that their own row gives them; None for any other.
    """
    if len(maybe) != 1 or line.left:
        return None
    account, evidence = maybe[0].account, maybe[0].likeness.evidence
    known = account.meant(line.assignment) in index.taken.get(account.account_id, ())
    own = "same" in (evidence.email, evidence.phone) and "differs" not in (evidence.email, evidence.civility)
    return Match(line, APART) if known and own and may_be_told_again(seen, evidence) else None
