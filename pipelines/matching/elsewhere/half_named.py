"""A name with half of the account's, or with more than it: a marriage, or whoever came after (contract §6a)."""

from pipelines import names
from pipelines.matching.candidates import Weighed
from pipelines.matching.elsewhere.alone import EXACT, exactness
from pipelines.matching.index import Index
from pipelines.matching.scoring import Comparable
from schemas.people.likeness import NUMBER_LEVELS, Evidence
from schemas.people.workbook_line import WorkbookLine


def perhaps_after_them(line: WorkbookLine, seen: Comparable, one: Weighed, index: Index) -> bool:
    """Tell whether a line with a part of an account's name may be about somebody else, of whom nothing would be said:
    the register has somebody of the line's very name here who is another, or it tells of neither, and all the rest does
    not say that both names are one person's.
    """
    theirs = index.seen(one.account.account_id)
    if seen.own or line.further.parted or exactness(seen.name, one.account) == EXACT:
        return False  # of a row that two people share it is asked who the second one is (`mentions`)
    named_here = bool(seen.claim.here) and theirs.number not in seen.claim.here
    if named_here and ("/" in theirs.number or theirs.own.startswith("8")):
        return True
    if theirs.own or seen.claim.here or names.tells_of_birth(line.last_name):
        return False
    spelt = names.spelled_by((theirs.emails | seen.emails) - index.around.boxes, seen.name)
    return not (spelt and _nothing_else_differs(one.likeness.evidence)) and _is_more(seen, theirs, one)


def _nothing_else_differs(evidence: Evidence) -> bool:
    return "differs" not in (evidence.phone, evidence.profession, evidence.civility)


def _is_more(seen: Comparable, theirs: Comparable, one: Weighed) -> bool:
    """It is another family's, or has a first name more; or a last name more, and something beside it differs, or
    nothing is the same: who marries keeps the rest.
    """
    (mine, first), (known, of_theirs), evidence = seen.name, theirs.name, one.likeness.evidence
    if names.of_another_family(mine, known) or names.goes_beyond(first, of_theirs):
        return True
    kept = evidence.number in NUMBER_LEVELS or "same" in (evidence.email, evidence.phone)
    differs = evidence.email == "differs" or not _nothing_else_differs(evidence)
    return names.goes_beyond(mine, known) and (differs or not kept)
