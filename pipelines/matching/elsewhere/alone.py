"""The only one whom a line can be about, whatever the score: of a name here, of a confirmed number, as it stands."""

from pipelines import names
from pipelines.matching.candidates import Match, Weighed
from pipelines.matching.index import Index
from pipelines.matching.number_owner import NumberStanding
from pipelines.matching.scoring import Comparable, reviewable, strong_name
from schemas.people.assignment import Account
from schemas.people.likeness import NUMBER_LEVELS
from schemas.people.person import RegisterPerson
from schemas.people.workbook_line import WorkbookLine

EXACT = 2


def exactness(name: names.Name, who: Account | RegisterPerson) -> int:
    """Return 2 for the name that they have themselves, 1 for one name written in two ways, 0 for less."""
    found = names.compare(name, (who.last_name, who.first_name))
    alone = found.last == "same" and found.first == "missing"  # the last name, and no other word of another
    return (found.last == found.first == "same") + (found.strong or alone)


def known_exactness(seen: Comparable, who: Account) -> int:
    """Return the same for the name that the line gives, or the register for its number."""
    return max(exactness(name, who) for name in seen.known_as)


def of_this_name(seen: Comparable, index: Index) -> list[Weighed]:
    """Return the accounts at the line's structures that have its name, however it is written."""
    evident = ((one, one.likeness.evidence) for one in index.near(seen))
    return [one for one, evidence in evident if evidence.structure == "same" and strong_name(evidence)]


# ── the only one ─────────────────────────────────────────────────────────────────────────────────


def only_one_left(seen: Comparable, one: Weighed, index: Index) -> bool:
    """Tell whether it is the name, at the very structure, and nothing differs: nobody else is left there who may be
    meant. With a number the line is confirmed by the register, and the account's is not.
    """
    evidence, theirs = one.likeness.evidence, index.seen(one.account.account_id)
    differs = {evidence.number, evidence.email, evidence.profession, evidence.civility}
    boxes = index.around.boxes
    called = seen.phones & theirs.phones or not (seen.phones - boxes and theirs.phones - boxes)
    return (
        (not seen.number or (bool(seen.own) and not theirs.own))
        and evidence.structure == "same"
        and exactness(seen.name, one.account) >= 1
        and evidence.last != "particle"  # with or without its particle a name is often another family's
        and (evidence.rarity != "crowded" or _last_of_the_name(seen, one, index))
        and differs.isdisjoint(("differs", "unlike"))
        and bool(called or seen.own)
        and reviewable(one.likeness)
        and index.is_free(one.account.account_id, seen.places)
    )


def _last_of_the_name(seen: Comparable, one: Weighed, index: Index) -> bool:
    """Of several whom the register has of this name here, every other one's account has a certain line here."""
    own = index.claim(one.account.account_id).own
    others = [key for key in seen.claim.here if key != own]
    found = (any(not index.is_free(key, seen.places) for key in index.holders(number)) for number in others)
    return own in seen.claim.here and all(found)


def confirmed(seen: Comparable, one: Weighed, index: Index) -> bool:
    """Tell whether the register confirms one number on both sides, under the name of both, at the line's place or that
    of both, and neither profession nor civility is another's.
    """
    evidence = one.likeness.evidence
    there = evidence.structure == "same" or seen.claim.here == (seen.own,)
    one_number = bool(seen.own) and index.claim(one.account.account_id).own == seen.own
    unlike = "differs" in (evidence.profession, evidence.civility)
    return one_number and there and not unlike and known_exactness(seen, one.account) >= 1


def as_it_stands(line: WorkbookLine, seen: Comparable, index: Index) -> Match | None:
    """Match a line whose number the register gives to somebody else with the only account of its name here, where that
    has the very number too: whose it is, is asked of the account. None for any other.
    """
    if seen.claim.standing not in (NumberStanding.OTHER, NumberStanding.DOUBTFUL):
        return None
    here = of_this_name(seen, index)
    if len(here) != 1 or not index.is_free(here[0].account.account_id, seen.places):
        return None
    evidence, account_id = here[0].likeness.evidence, here[0].account.account_id
    alike = evidence.number in NUMBER_LEVELS and exactness(seen.name, here[0].account) == EXACT
    unlike = "differs" in (evidence.email, evidence.profession, evidence.civility)
    asked = index.claim(account_id).standing is seen.claim.standing
    if not (alike and asked) or unlike or any(index.told_at(seen.name, one) != 1 for one in seen.places):
        return None
    return Match(line, "number", account_id, likeness=here[0].likeness)
