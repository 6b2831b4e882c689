"""Presence before identity (contract §6a): whom a line may be about while nobody knows whom it is about.

What is certain keeps what it names; what is doubtful protects all it may be about: a number, a near name, or an address
that nobody else gives. A line that is certainly somebody else's keeps nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines import names
from pipelines.matching.blocking import name_key
from pipelines.matching.candidates import (
    MOST,
    Candidate,
    Match,
    Weighed,
    account_candidate,
    differing_person,
    likeliest,
    person_candidate,
)
from pipelines.matching.certain import typed_beside
from pipelines.matching.decided import without_answer
from pipelines.matching.elsewhere.moved_away import Moved
from pipelines.matching.elsewhere.told_again import half_of_one_told, may_be_told_again, told_again
from pipelines.matching.index import Index
from pipelines.matching.number_owner import NumberStanding
from pipelines.matching.scoring import (
    Comparable,
    accepted,
    near_name,
    reviewable,
    seen_person,
    spelled,
    strong_name,
    unlike,
    weigh,
    whole_name,
)
from pipelines.number_slips import one_slip_off
from schemas import words
from schemas.nomenclatures import label_of
from schemas.people.identifiers import NumberKind
from schemas.people.likeness import NUMBER_LEVELS, Evidence
from schemas.people.workbook_line import WorkbookLine

_ONE_NUMBER = (*NUMBER_LEVELS, "claimed")


def protected(matches: Iterable[Match], index: Index) -> Mapping[str, frozenset[str]]:
    """Account id → the structures at which a line in doubt may be about it: there it keeps every function; by the code
    of the line, or by the name that it gives beside the code of another.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for one in matches:
        for account_id in one.protected:
            found[account_id].add(one.line.assignment.structure_code)
            found[account_id].update(_called_as(one.line, index.accounts[account_id].places, index))
    return {key: frozenset(places) for key, places in found.items()}


def _called_as(line: WorkbookLine, places: Iterable[str], index: Index) -> Iterator[str]:
    """Those of some structures whose name is the one that the line gives."""
    written = words.name_key(line.structure_name)
    for code in places if written else ():
        known = index.around.structures.get(code)
        if known and words.name_key(known.name) == written:
            yield code


def undecided(line: WorkbookLine, seen: Comparable, index: Index, moved: Moved) -> Match:
    """Leave it for somebody to decide, or somebody new."""
    weighed = _with_the_numbers_owner(seen, index)
    maybe = [one for one in weighed if _is_free(line, seen, one, index) and _may_be(seen, one, index)]
    if not any(whole_name(one.likeness.evidence) for one in maybe):
        maybe += [one for one in _elsewhere(seen, index) if one not in maybe]
        known = {one.account.account_id for one in maybe}
        maybe += index.weighed(seen, (key for key in moved.perhaps(seen) if key not in known))
    if again := told_again(line, seen, maybe, index):
        return again
    if line.left and not any(one.account.places & seen.places for one in maybe):
        # Whoever it is: nobody of them has a function there, so nothing can end there, and nothing is to be asked.
        return Match(line, "new", None, seen.number, own=seen.own)
    if not maybe and (told := without_answer(line, seen, index)):
        return told
    if seen.claim.standing is NumberStanding.OTHER:
        return _doubt(line, seen, index, "number_of_another", maybe)
    if maybe or _held_by_others(line, seen, weighed):
        return replace(_doubt(line, seen, index, "ambiguous_match", maybe), own=seen.own)
    return _of_the_register(line, seen, index)


def _with_the_numbers_owner(seen: Comparable, index: Index) -> list[Weighed]:
    """Every account that may be compared with the line, and those of whom its number tells though the names have
    nothing in common: one slip of the finger off, or of whom the register gives it to, where they have no right one.
    """
    near = index.near(seen)
    known = {one.account.account_id for one in near}
    keys = [key for number in one_slip_off(seen.slipped) for key in index.holders(number)]
    person = index.register.persons.get(seen.number)
    if person and not seen.own:
        namesakes = index.blocks.at([name_key((person.last_name, person.first_name))])
        keys += [key for key in namesakes if not index.claim(key).own]
    here = [key for key in dict.fromkeys(keys) if index.accounts[key].places & seen.places]
    return [*near, *index.weighed(seen, (key for key in here if key not in known))]


# ── whom it may be about ─────────────────────────────────────────────────────────────────────────


def _is_free(line: WorkbookLine, seen: Comparable, one: Weighed, index: Index) -> bool:
    """No line is certainly about the account; of this very name, none at that structure, or this has no other number.

    One that has another function there, of which no certain line tells, is free for a line that may name it.
    """
    key, evidence = one.account.account_id, one.likeness.evidence
    left = index.open_at(key, seen.places)
    if (left and (strong_name(evidence) or reviewable(one.likeness))) or half_of_one_told(seen, one, index):
        return True
    if not strong_name(evidence):
        if may_be_told_again(seen, evidence):
            return True
        return key not in index.taken or (line.assignment.function in left and _hinted(seen, one, index))
    return evidence.number in _ONE_NUMBER or not seen.number or index.is_free(key, seen.places)


def _hinted(seen: Comparable, one: Weighed, index: Index) -> bool:
    """More than a first name in common; whose certain line is at another structure, of them that says nothing here."""
    evidence = one.likeness.evidence
    told = evidence.number in _ONE_NUMBER or evidence.email == "same" or evidence.last != "other"
    return told or not index.is_free(one.account.account_id, seen.places)


def _may_be(seen: Comparable, one: Weighed, index: Index) -> bool:
    """An account that no line is certainly about may be the one of this line."""
    evidence = one.likeness.evidence
    strong, here = strong_name(evidence), evidence.structure == "same"
    near_by = here or evidence.email == "same"
    theirs = index.seen(one.account.account_id)
    if evidence.number == "unread" or _of_the_numbers_owner(seen, theirs, evidence, index):
        return True
    if "/" in seen.number and seen.number == theirs.number:
        return here or strong
    if seen.own and theirs.own and seen.own != theirs.own:
        # Two registered people; an account of this very name here may be theirs all the same, with a namesake's number.
        alone = len(index.holders(theirs.number)) == 1  # of two accounts on one number one has a namesake's
        addressed = "same" in (evidence.email, evidence.phone)
        apart = alone and {seen.own, theirs.own} <= set(seen.claim.here) and not addressed
        return (strong and near_by and not apart) or _near_with_address(seen, theirs, evidence)
    own_address = bool((seen.emails & theirs.emails) - index.around.boxes)
    if evidence.number in _ONE_NUMBER or (strong and near_by) or own_address:
        half = own_address and not all(seen.name) and names.agree(seen.name, theirs.name)
        return not (seen.own and theirs.claim.standing is NumberStanding.OWN and not (strong or half))
    if seen.own and theirs.own:
        return False
    if near_by and reviewable(one.likeness):
        return True
    if seen.number in index.around.claims:  # with the number its addresses may have come down from another row
        evidence = _without_switchboards(seen, theirs, evidence, index)
    refuted = evidence.email == "differs"
    # A first name in common, for the last one changes by marriage; or a last name that no address refutes.
    weakly = evidence.first != "other" or (evidence.last != "other" and not refuted)
    heard = any(names.heard_alike(seen.name, name) or names.exchanged(seen.name, name) for name in theirs.known_as)
    return here and (heard or spelled(seen, theirs) or (weakly and not unlike(evidence)))


def _without_switchboards(seen: Comparable, theirs: Comparable, evidence: Evidence, index: Index) -> Evidence:
    """The evidence where a telephone of several people, a switchboard or what was filled down, refutes nobody."""
    boxes = index.around.boxes
    return evidence if all(one.phones - boxes for one in (seen, theirs)) else replace(evidence, phone="missing")


def _of_the_numbers_owner(seen: Comparable, theirs: Comparable, evidence: Evidence, index: Index) -> bool:
    """An account here whose number is a slip off the line's, or that has the name of whom the register gives it to."""
    if evidence.structure != "same":
        return False
    if evidence.number == "near" and seen.slipped:
        return True
    person = index.register.persons.get(seen.number)
    if person is None or seen.own or theirs.own:
        return False
    return any(names.compare(name, (person.last_name, person.first_name)).strong for name in theirs.known_as)


def _near_with_address(seen: Comparable, theirs: Comparable, evidence: Evidence) -> bool:
    """A near name and one's own address: the line, or the account, has perhaps the number of whoever really bears that
    name.

    Of two whom the register knows here by their numbers and names, a telephone says less, and nothing does under
    another name; of whom it has elsewhere the address tells, whatever half of the name is another's.
    """
    elsewhere = any(one.own not in one.claim.here for one in (seen, theirs))
    own = "same" in (evidence.email, evidence.phone)
    return (elsewhere and own and evidence.first != "other") or (near_name(evidence) and evidence.email == "same")


def _elsewhere(seen: Comparable, index: Index) -> list[Weighed]:
    """The same name elsewhere, with no number to refute it: of a line with a number one of which no certain line tells,
    for whoever moves may take a new number with the new post.
    """
    if not seen.name[0]:
        return []
    namesakes = index.weighed(seen, index.blocks.at([name_key(seen.name)]))
    found = [one for one in namesakes if one.likeness.evidence.number != "contradicts"]
    if not seen.number:
        return found
    return [one for one in found if strong_name(one.likeness.evidence) and _may_have_moved(seen, one, index)]


def _may_have_moved(seen: Comparable, one: Weighed, index: Index) -> bool:
    """The account is nobody's whom the register knows where it is, and no line says that its person is there."""
    key = one.account.account_id
    here = index.claim(key).here
    return key not in index.there and (not here or seen.own in here)


def _held_by_others(line: WorkbookLine, seen: Comparable, weighed: Sequence[Weighed]) -> bool:
    """Accounts have the number, whose own lines are found: this one's is perhaps copied from theirs."""
    if seen.own or line.number.kind is NumberKind.ESTABLISHMENT:
        return False
    return any(one.likeness.evidence.number in _ONE_NUMBER for one in weighed)


# ── told ─────────────────────────────────────────────────────────────────────────────────────────


def _doubt(line: WorkbookLine, seen: Comparable, index: Index, reason: str, maybe: Sequence[Weighed]) -> Match:
    """The five likeliest accounts; then whoever has the number; then who the register says it may be."""
    ordered = likeliest(maybe)
    told = [one.candidate(line) for one in ordered[:MOST]]
    protected_ids = tuple(one.account.account_id for one in ordered)
    if seen.claim.standing in (
        NumberStanding.OTHER,
        NumberStanding.PART,
        NumberStanding.DOUBTFUL,
        NumberStanding.UNKNOWN,
    ):
        others = [key for key in index.holders(seen.number) if key not in protected_ids]
        told += [one.candidate(line) for one in index.weighed(seen, others[:MOST])]
    told += _persons(seen, index, reason)
    proposed = seen.claim.proposed or _own_number(ordered, index)
    aside = index.set_aside(seen)
    told += _inactive((seen.number, proposed if reason == "number_of_another" else ""), index, aside)
    return Match(
        line,
        "doubt",
        candidates=tuple(told),
        reason=reason,
        protected=protected_ids,
        more=len(ordered[MOST:]),
        proposed=proposed if reason == "number_of_another" else "",
    )


def _inactive(numbers: Iterable[str], index: Index, aside: Collection[str]) -> list[Candidate]:
    """Accounts on these numbers that cannot log in: the question is about them too, and they need no protection."""
    found = (one for key in dict.fromkeys(numbers) if key for one in index.dormant.get(key, ()))
    return [account_candidate(one) for one in found if one.account_id not in aside]


def _own_number(ordered: Sequence[Weighed], index: Index) -> str:
    """The number of the only account of this very name that may be meant, where the register confirms it."""
    named = [one.account.account_id for one in ordered if strong_name(one.likeness.evidence)]
    return index.claim(named[0]).own if len(named) == 1 else ""


def _persons(seen: Comparable, index: Index, reason: str) -> list[Candidate]:
    """Those of the register: of this name here, and to whom it gives the number."""
    keys = list(seen.claim.here) if reason == "number_of_another" or not seen.own else []
    if reason == "number_of_another" or seen.claim.standing is NumberStanding.DOUBTFUL:
        keys.append(seen.number)
    aside = index.set_aside(seen)
    return [_person(seen, key, index) for key in dict.fromkeys(keys) if key not in aside]


def _person(seen: Comparable, key: str, index: Index) -> Candidate:
    person = index.register.persons[key]
    likeness = weigh(seen, seen_person(person, index.around), index.around)
    mine = {"name": " ".join(seen.name), "cpx_number": seen.typed, "structure": ", ".join(sorted(seen.places))}
    professions = ", ".join(label_of("professions", one) for one in seen.professions)
    return person_candidate(person, likeness, differing_person(mine | {"profession": professions}, person))


def _of_the_register(line: WorkbookLine, seen: Comparable, index: Index) -> Match:
    """No account may be meant: one person of this name here, several, or somebody whom only the line knows."""
    aside = index.set_aside(seen)
    here = tuple(key for key in seen.claim.here if key not in aside)
    if not seen.number and here:
        found = [_person(seen, key, index) for key in here]
        likeness = found[0].likeness
        if len(found) == 1 and likeness and accepted(likeness) and not typed_beside(line, seen, here[0], index):
            return Match(line, "register_name", None, here[0], likeness=likeness)
        return Match(line, "doubt", candidates=tuple(found), reason="ambiguous_match")
    against = seen.claim.standing is NumberStanding.UNKNOWN and here and "/" not in seen.number
    if against or seen.claim.standing is NumberStanding.DOUBTFUL:
        # What somebody typed is evidence, and here it speaks against the only one of this name (contract §8).
        return _doubt(line, seen, index, "ambiguous_match", ())
    if _holder_is_another(seen, index):
        return _doubt(line, seen, index, "number_of_another", ())
    return Match(line, "new", None, seen.number, own=seen.own)


def _holder_is_another(seen: Comparable, index: Index) -> bool:
    """The number's holder has another last name, and no account tells that they have married: a first name makes nobody
    that person. A name but nearly theirs does not either, where civility, profession and place are another's too.
    """
    person = index.register.persons.get(seen.number)
    if person is None or seen.claim.standing not in (NumberStanding.OWN, NumberStanding.PART):
        return False
    theirs = (person.last_name, person.first_name)
    if not seen.name[0] or names.spelled_by(seen.emails, theirs):
        return False
    if seen.claim.standing is NumberStanding.PART:
        return True
    other = seen_person(person, index.around)
    told = (seen.civility, {other.civility} - {""}), *((one, other.professions) for one in seen.professions)
    away = bool(other.places) and other.places.isdisjoint(seen.places)
    apart = len(told) > 1 and all(mine and known and mine not in known for mine, known in told)
    return away and apart and not names.compare(seen.name, theirs).strong
