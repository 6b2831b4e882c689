"""A slip or an initial in a name that an address spells in full: whose it is nobody has to guess (contract §6a)."""

from pipelines import names
from pipelines.matching.candidates import Match, Weighed
from pipelines.matching.index import Index, name_of
from pipelines.matching.scoring import Comparable
from schemas.people.likeness import thresholds
from schemas.people.workbook_line import WorkbookLine


def by_spelling(line: WorkbookLine, seen: Comparable, index: Index) -> Match | None:
    """Match a line whose name has a slip or an initial, without a number, with the only account left here whose own
    e-mail it gives, where that spells the name in full: nothing is guessed any more. None for any other.
    """
    if seen.number or line.typed_numbers:
        return None
    spelt = [one for one in index.near(seen) if _is_spelt(seen, one, index)]
    if len(spelt) != 1 or spelt[0].likeness.score < thresholds().accept:
        return None
    account_id = spelt[0].account.account_id
    return Match(line, "name_email", account_id, index.seen(account_id).own, likeness=spelt[0].likeness)


def _is_spelt(seen: Comparable, one: Weighed, index: Index) -> bool:
    evidence, theirs = one.likeness.evidence, index.seen(one.account.account_id)
    spelt = {(evidence.last, evidence.first)} <= {
        *((last, "spelled") for last in names.STRONG_LAST),
        *(("spelled", first) for first in names.STRONG_FIRST),
    }
    differs = {evidence.number, evidence.phone, evidence.profession, evidence.civility}
    return (
        spelt
        and evidence.email == evidence.structure == "same"
        and any(names.spelled_by(theirs.emails & seen.emails, name) for name in theirs.known_as)
        and differs.isdisjoint(("differs", "unlike"))
        and index.is_free(one.account.account_id, seen.places)
    )


def addressed(seen: Comparable, index: Index) -> set[str]:
    """Return the accounts with the line's own address and a part of its name: the telephone here, the e-mail anywhere,
    for who comes from elsewhere keeps it for a while.
    """
    return {
        one.account.account_id
        for one in index.near(seen)
        if _gives_its_address(one) and names.agree(seen.name, name_of(one.account))
    }


def _gives_its_address(one: Weighed) -> bool:
    evidence = one.likeness.evidence
    return evidence.email == "same" or (evidence.phone == evidence.structure == "same")
