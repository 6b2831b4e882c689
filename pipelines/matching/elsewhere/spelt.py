"""A name that an address spells in full, where the line or the account writes another: nobody has to guess (§6a)."""

from pipelines import names
from pipelines.matching.candidates import Match, Weighed
from pipelines.matching.elsewhere.alone import of_this_name
from pipelines.matching.index import Index, name_of
from pipelines.matching.number_owner import NumberStanding
from pipelines.matching.scoring import Comparable
from schemas.people.likeness import NUMBER_LEVELS, thresholds
from schemas.people.workbook_line import WorkbookLine
from schemas.words import name_key


def by_spelling(line: WorkbookLine, seen: Comparable, index: Index) -> Match | None:
    """Match a line with the only account left here whose own e-mail it gives, where that spells in full what the line
    writes with a slip or an initial; or whose own e-mail spells the line's name, though its last one is another
    (married): nothing is guessed any more. None for any other, nor where a number says more than that.
    """
    if any(index.register.resolve(one) != seen.number for one in line.typed_numbers):
        return None
    here = [one for one in index.near(seen) if one.likeness.evidence.structure == "same"]
    if called := [one for one in here if _is_called(seen, one, index)]:
        return None if of_this_name(seen, index) else _only(called, line, index)
    spelt = [] if seen.number else [one for one in here if _is_spelt(seen, one, index)]
    return _only(spelt, line, index) if spelt and spelt[0].likeness.score >= thresholds().accept else None


def _only(found: list[Weighed], line: WorkbookLine, index: Index) -> Match | None:
    if len(found) != 1:
        return None
    account_id = found[0].account.account_id
    return Match(line, "name_email", account_id, index.claim(account_id).own, likeness=found[0].likeness)


def _is_called(seen: Comparable, one: Weighed, index: Index) -> bool:
    """The annuaire itself has the line's name in the account's own e-mail, and the first name; the number is the same,
    or not given; the register has nobody else of this name here.
    """
    evidence, theirs = one.likeness.evidence, index.seen(one.account.account_id)
    whole = all(len(name_key(part)) >= _LEAST for part in seen.name)
    number = evidence.number in NUMBER_LEVELS if seen.number else evidence.number == "missing"
    differs = {evidence.email, evidence.phone} if not seen.number else {evidence.email}
    return (
        whole
        and evidence.last in ("other", "near", "spelled")
        and evidence.first in names.STRONG_FIRST
        and names.spelled_by(theirs.emails - index.around.boxes, seen.name)
        and number
        and seen.claim.standing is not NumberStanding.OTHER
        and "differs" not in {evidence.profession, evidence.civility, *differs}
        and set(seen.claim.here) <= {theirs.number}
        and index.is_free(one.account.account_id, seen.places)
        and all(index.told_at(name, place) == 0 for name in {theirs.name} - {seen.name} for place in seen.places)
    )


_LEAST = 3  # letters of a name that are no initial


def _is_spelt(seen: Comparable, one: Weighed, index: Index) -> bool:
    evidence, theirs = one.likeness.evidence, index.seen(one.account.account_id)
    spelt = {(evidence.last, evidence.first)} <= {
        *((last, "spelled") for last in names.STRONG_LAST),
        *(("spelled", first) for first in names.STRONG_FIRST),
    }
    differs = {evidence.number, evidence.phone, evidence.profession, evidence.civility}
    return (
        spelt
        and evidence.email == "same"
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
