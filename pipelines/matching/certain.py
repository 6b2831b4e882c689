"""What is certain of a line (contract §6, docs/matching.md): its number where nothing contradicts it, else its name.

The lines and accounts of a night are assigned to each other as a whole: first by numbers, then by names among those
whom no number has found, where only one is left who may be meant.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pipelines import names
from pipelines.matching.candidates import Match, Weighed
from pipelines.matching.decided import heeded
from pipelines.matching.elsewhere.alone import (
    EXACT,
    as_it_stands,
    confirmed,
    exactness,
    known_exactness,
    only_one_left,
)
from pipelines.matching.elsewhere.half_named import perhaps_after_them
from pipelines.matching.elsewhere.rivals import free_namesakes, once_each, told_once, wanted_once
from pipelines.matching.elsewhere.spelt import addressed, by_spelling
from pipelines.matching.elsewhere.told_again import half_of_one_told
from pipelines.matching.index import Index, name_of
from pipelines.matching.number_owner import NumberStanding
from pipelines.matching.scoring import (
    Comparable,
    accepted,
    eligible,
    near_name,
    seen_line,
    seen_person,
    strong_name,
    weigh,
    without_number,
)
from pipelines.sources.snapshot import Snapshot
from schemas.people.identifiers import NumberKind
from schemas.people.likeness import Evidence
from schemas.people.workbook_line import WorkbookLine


def certain_matches(snapshot: Snapshot, index: Index) -> list[Match | Comparable]:
    """Return what is certain of each line, and where nothing is, the line as it is compared; `index.taken` has the
    accounts that the certain ones are about.
    """
    found: list[Match | Comparable] = []
    for line in snapshot.lines:
        seen = seen_line(line, index.around)
        found.append(heeded(line, seen, index) or _by_number(line, seen, index) or seen)
    index.take(found)
    left = {at: seen for at, seen in enumerate(found) if isinstance(seen, Comparable)}
    for at, seen in left.items():
        line = snapshot.lines[at]
        found[at] = (
            _by_name(line, seen, index)
            or _by_register_name(line, seen, index)
            or as_it_stands(line, seen, index)
            or seen
        )
    index.take(found[at] for at in left)
    alone = told_once(snapshot.lines[at] for at in left)
    wanted = wanted_once((seen for at, seen in left.items() if found[at] is seen), index)
    for at, seen in left.items():
        if found[at] is seen and alone(seen):
            found[at] = _by_name(snapshot.lines[at], seen, index, wanted) or seen
    index.take(found[at] for at in left)
    for at, seen in left.items():
        if found[at] is seen:
            found[at] = by_spelling(snapshot.lines[at], seen, index) or seen
    index.take(found[at] for at in left)
    told = _accounts_told(found)
    for at, seen in left.items():
        if found[at] is seen and seen.own in told:
            found[at] = _by_another_line(snapshot.lines[at], seen, told[seen.own], index) or seen
    index.take(found[at] for at in left)
    return once_each(found, index)


def _accounts_told(found: Iterable[Match | Comparable]) -> dict[str, str]:
    """Number that the register confirms → the only account that certain lines with it are about."""
    told: dict[str, set[str]] = {}
    for one in found:
        if isinstance(one, Match) and one.account_id and one.own:
            told.setdefault(one.own, set()).add(one.account_id)
    return {number: next(iter(keys)) for number, keys in told.items() if len(keys) == 1}


def _by_another_line(line: WorkbookLine, seen: Comparable, account_id: str, index: Index) -> Match | None:
    """The account that another line of this very person is about, though the annuaire has her number nowhere."""
    found = index.weighed(seen, [account_id])
    if not found or index.holders(seen.number) not in ([], [account_id]) or not _agree(seen, found[0]):
        return None
    if _not_only_married(seen, found[0], index) or _better_told(seen, found[0], index):
        return None
    return Match(line, "number", account_id, seen.number, likeness=found[0].likeness, own=seen.own)


# ── number ───────────────────────────────────────────────────────────────────────────────────────


def _by_number(line: WorkbookLine, seen: Comparable, index: Index) -> Match | None:
    """The account on the line's number, where the register does not give it to somebody else."""
    if not seen.number or seen.claim.standing in (NumberStanding.OTHER, NumberStanding.DOUBTFUL):
        return None
    holders = index.weighed(seen, index.holders(seen.number))
    if line.number.kind is NumberKind.ESTABLISHMENT:  # no register tells whose it is: another name is a question
        holders = [one for one in holders if one.likeness.evidence.structure == "same"]
        holders = [one for one in holders if "other" not in (one.likeness.evidence.last, one.likeness.evidence.first)]
    found = [one for one in holders if _agree(seen, one) and (accepted(one.likeness) or confirmed(seen, one, index))]
    best = _best(found, line, seen) if found else None
    if best is None or _not_only_married(seen, best, index) or _better_told(seen, best, index):
        return None
    if perhaps_after_them(line, seen, best, index):
        return None
    return Match(line, "number", best.account.account_id, seen.number, likeness=best.likeness, own=seen.own)


def _agree(seen: Comparable, one: Weighed) -> bool:
    return names.agree(seen.name, name_of(one.account)) or strong_name(one.likeness.evidence)


def _best(found: Iterable[Weighed], line: WorkbookLine, seen: Comparable) -> Weighed:
    """Of several accounts on one number: the one of this name, with an own address of the line, none that differs, of
    its profession and civility, that holds the function; then the lowest id.
    """

    def order(one: Weighed) -> tuple[int, bool, bool, bool, bool, str]:
        evidence, held = one.likeness.evidence, line.assignment in one.account.assignments
        addresses = evidence.email, evidence.phone
        unlike = "differs" in (evidence.profession, evidence.civility)
        exact = known_exactness(seen, one.account)
        return -exact, "same" not in addresses, "differs" in addresses, unlike, not held, one.account.account_id

    return min(found, key=order)


def _not_only_married(seen: Comparable, one: Weighed, index: Index) -> bool:
    """Another last name under one number. Who has married keeps the first name, and all the rest; and the register
    knows nobody else of the new name. Else it is a question.
    """
    evidence = one.likeness.evidence
    kept = evidence.first in ("same", "sound") and "differs" not in (evidence.profession, evidence.civility)
    return evidence.last == "other" and not (kept and not index.register.namesakes(*seen.name))


def _better_told(seen: Comparable, best: Weighed, index: Index) -> bool:
    """Another account has the name more exactly, here or with the address, or as it is written where this one's is
    elsewhere; or as exactly (a part of it, as this one), with the very address where this one has another or none, or
    the telephone where this one has neither: it is copied.
    """
    evidence, held = best.likeness.evidence, known_exactness(seen, best.account)
    mailed = bool(seen.emails) and evidence.email != "same"
    phoned = bool(seen.phones) and "same" not in (evidence.email, evidence.phone)
    away = _lives_elsewhere(evidence)
    gone = evidence.structure != "same"
    if held == EXACT and not (mailed or away or phoned or gone):
        return False
    for one in index.near(seen):
        if index.claim(one.account.account_id).number == seen.number:
            continue
        evidence, exact = one.likeness.evidence, known_exactness(seen, one.account)
        theirs = (mailed and evidence.email == "same") or (phoned and evidence.phone == "same")
        if theirs and (exact >= max(held, 1) or (not held and names.agree(seen.name, name_of(one.account)))):
            return True
        if away and _lives_here(evidence):
            return True
        written = gone and exactness(seen.name, one.account) > exactness(seen.name, best.account)
        told = (exact > held or written) and "same" in (evidence.structure, evidence.email)
        if told and not _two_people(seen, one, index):
            return True
    return False


def _lives_elsewhere(evidence: Evidence) -> bool:
    """The account on the number is at another structure, and has other addresses than the line."""
    addresses = evidence.email, evidence.phone
    return evidence.structure != "same" and "differs" in addresses and "same" not in addresses


def _lives_here(evidence: Evidence) -> bool:
    """An account of a near name here with the line's address: the number is perhaps that of a namesake elsewhere."""
    return evidence.structure == "same" and near_name(evidence) and "same" in (evidence.email, evidence.phone)


def _two_people(seen: Comparable, one: Weighed, index: Index) -> bool:
    """Both numbers are confirmed, and the line has the name of its own's holder as exactly as this account's."""
    if not seen.own or not index.claim(one.account.account_id).own:
        return False
    return exactness(seen.name, index.register.persons[seen.own]) >= exactness(seen.name, one.account)


# ── name ─────────────────────────────────────────────────────────────────────────────────────────


def _by_name(
    line: WorkbookLine, seen: Comparable, index: Index, unrivalled: Callable[[str], bool] | None = None
) -> Match | None:
    """A strong name, and the establishment or an address of their own; nobody else there or with it of that name.

    Of several the only one whom no number has found. A number of the line that others have, or that the register gives
    to somebody else, is for somebody to decide. `unrivalled`: all that is certain by itself is known, and the name is
    told of once; it tells whether no other line wants an account: of whom nothing differs the name alone is enough.
    """
    standing = seen.claim.standing
    if standing in (NumberStanding.OTHER, NumberStanding.PART, NumberStanding.DOUBTFUL):
        return None
    weighed = index.near(seen)
    found = [one for one in weighed if strong_name(one.likeness.evidence) and eligible(one.likeness.evidence)]
    if len(found) > 1:
        found = [one for one in found if index.is_free(one.account.account_id, seen.places)]
    if len(found) != 1:
        return None
    one = _without_anothers(seen, found[0], index)
    if half_of_one_told(seen, one, index) or _told_of_otherwise(seen, one, index):
        return None
    if perhaps_after_them(line, seen, one, index):
        return None
    account_id = one.account.account_id
    only = unrivalled is not None and unrivalled(account_id) and only_one_left(seen, one, index)
    if not accepted(one.likeness) and not only:
        return None
    if "/" in seen.number and one.likeness.evidence.structure != "same" and account_id in index.holders(seen.number):
        return None  # a CPE or CPA number belongs to an establishment (contract §6): of two it is a question
    if _number_says_another(seen, account_id, index) or typed_against(
        line, seen, index.claim(account_id).number, index
    ):
        return None
    how = "name_structure" if one.likeness.evidence.structure == "same" else "name_email"
    person_id = seen.own or index.claim(account_id).own
    return Match(line, how, account_id, person_id, likeness=one.likeness, own=seen.own)


def _without_anothers(seen: Comparable, one: Weighed, index: Index) -> Weighed:
    """An account beside a line whose own number is confirmed: a number that the register gives to somebody else says
    nothing of its person; nor does a CPE number, where their profession is told and the same.
    """
    theirs = index.seen(one.account.account_id)
    worked = "/" in theirs.number and one.likeness.evidence.profession == "same" and seen.own in seen.claim.here
    anothers = theirs.claim.standing in (NumberStanding.OTHER, NumberStanding.DOUBTFUL, NumberStanding.PART)
    if not seen.own or seen.number == theirs.number or not (anothers or worked):
        return one
    return replace(one, likeness=weigh(seen, without_number(theirs), index.around))


def _told_of_otherwise(seen: Comparable, one: Weighed, index: Index) -> bool:
    """A line here is certainly about the account, and this one gives addresses, and none that is its: it is perhaps a
    second function, and perhaps somebody else of the name; with another number than that line's, certainly.
    """
    evidence, account_id = one.likeness.evidence, one.account.account_id
    addresses = evidence.email, evidence.phone
    told = evidence.structure == "same" and not index.is_free(account_id, seen.places)
    given = bool(seen.emails or seen.phones)
    if seen.number:
        numbered = account_id in index.numbered and seen.number != index.claim(account_id).number
        return told and given and numbered and "same" not in addresses
    return told and given and {"same", "shared"}.isdisjoint(addresses)


def _number_says_another(seen: Comparable, account_id: str, index: Index) -> bool:
    """The number of the line is another account's of a like name, or of any where no register tells; or this one's, for
    which something spoke against it; or other lines give it under other names.
    """
    holders = index.holders(seen.number)
    others = [one for one in holders if one != account_id]
    if seen.own:
        return account_id in holders or any(_may_have_changed_name(seen, one, index) for one in others)
    return bool(others) or seen.number in index.around.claims


def _may_have_changed_name(seen: Comparable, account_id: str, index: Index) -> bool:
    """Something of the name of an account is the line's, and no line here tells of it by its very own."""
    theirs = name_of(index.accounts[account_id])
    told = not names.compare(seen.name, theirs).strong and any(index.told_at(theirs, one) for one in seen.places)
    return names.agree(seen.name, theirs) and not told


def typed_against(line: WorkbookLine, seen: Comparable, number: str, index: Index) -> bool:
    """Tell whether typed evidence speaks against it: of several numbers, or one not usable alone, none is this one."""
    typed = {index.register.resolve(one) for one in line.typed_numbers}
    return not seen.number and bool(typed) and number not in typed


def typed_beside(line: WorkbookLine, seen: Comparable, number: str, index: Index) -> bool:
    """Tell whether another number is typed for a newcomer, though theirs be among them: a question too."""
    return not seen.number and any(index.register.resolve(one) != number for one in line.typed_numbers)


def _by_register_name(line: WorkbookLine, seen: Comparable, index: Index) -> Match | None:
    """A person without a usable number, found in the register by name and establishment, with an account of it."""
    if seen.number or len(seen.claim.here) != 1:
        return None
    person = index.register.persons[seen.claim.here[0]]
    likeness = weigh(seen, seen_person(person, index.around), index.around)
    named = [
        one
        for one in index.weighed(seen, index.holders(person.national_id))
        if index.claim(one.account.account_id).standing in (NumberStanding.OWN, NumberStanding.PART)
    ]
    ids = {one.account.account_id for one in named}
    if not named or not accepted(likeness) or (free_namesakes(seen, index) | addressed(seen, index)) - ids:
        return None
    best = _best(named, line, seen)
    if typed_against(line, seen, person.national_id, index) or _told_of_otherwise(seen, best, index):
        return None
    account_id = best.account.account_id
    return Match(line, "register_name", account_id, person.national_id, likeness=likeness)
