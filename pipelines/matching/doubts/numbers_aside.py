"""Whose a line is though its number is not: the rest of it says so, and the number alone is asked about (contract §6a).

Its person is there, and keeps the function. Whoever else the number may mean stays protected, and nothing more of any
of them is touched before the answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.answer_choices import NUMBER
from pipelines.matching.candidates import Match
from pipelines.matching.elsewhere.alone import of_this_name
from pipelines.matching.index import Index
from pipelines.matching.number_owner import NumberStanding
from pipelines.matching.scoring import Comparable, accepted, seen_line, weigh, whole_name, without_number
from schemas.people.identifiers import NumberKind

_ASKED = (NUMBER, "ambiguous_match")
_NOTHING_AGAINST = (NumberStanding.OWN, NumberStanding.UNKNOWN, NumberStanding.NONE)


def with_persons_of_the_rest(matches: Sequence[Match], index: Index) -> Iterator[Match]:
    """Yield the matches; a line in doubt whose number is all that speaks against an account has that account."""
    taken = {one.account_id for one in matches}
    for one in matches:
        found = _meant(one, seen_line(one.line, index.around), index) if _is_asked(one) else None
        yield replace(one, account_id=found) if found and found not in taken else one


def _is_asked(found: Match) -> bool:
    """Nobody is held to be its person, and it gives a number of which the register tells; of whom it says that they
    left it stays a question.
    """
    line = found.line
    told = line.number.usable and line.number.kind is not NumberKind.ESTABLISHMENT
    return found.how == "doubt" and found.reason in _ASKED and told and not (found.account_id or line.left)


def _meant(found: Match, seen: Comparable, index: Index) -> str | None:
    """The only account of this name here, where all but the number would be enough to hold the line for its."""
    here = of_this_name(seen, index)
    if len(here) != 1 or index.told_at(seen.name, found.line.assignment.structure_code) != 1:
        return None
    account, evidence = here[0].account, here[0].likeness.evidence
    theirs = index.seen(account.account_id)
    certain = (
        account.account_id in found.protected
        and whole_name(evidence)
        and "differs" not in (evidence.profession, evidence.civility)
        and account.meant(found.line.assignment) in account.assignments
        and theirs.claim.standing in _NOTHING_AGAINST
        and set(seen.claim.here) <= {theirs.own or "".join(seen.claim.here[:1])}
        and accepted(weigh(without_number(seen), theirs, index.around))
        and not _has_anothers_address(seen, account.account_id, index)
    )
    return account.account_id if certain else None


def _has_anothers_address(seen: Comparable, account_id: str, index: Index) -> bool:
    """With the number its address came down too: it may as well be the name that is another's."""
    given = seen.emails - index.seen(account_id).emails - index.around.boxes
    return any(set(index.with_address(one)) - {account_id} for one in given)
