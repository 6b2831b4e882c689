"""What is certain of a line (contract §6, docs/matching.md): its number where nothing contradicts it, else its name.

The lines and accounts of a night are assigned to each other as a whole: first by numbers, then by names among those
whom no number has found, where only one is left who may be meant.
"""

from collections.abc import Iterable

from pipelines import names
from pipelines.candidates import Match, Weighed
from pipelines.claim import Standing
from pipelines.index import Index, name_of
from pipelines.weigh import Seen, accepted, eligible, seen_line, seen_person, strong_name, weigh
from pipelines.world import World
from schemas.identifiers import NumberKind
from schemas.workbook import WorkbookLine


def certain_matches(world: World, index: Index) -> list[Match | None]:
    """What is certain of each line, None where nothing is; `index.taken` has the accounts they are about."""
    found = [_by_number(line, seen_line(line, index.around), index) for line in world.lines]
    index.taken = {one.account_id for one in found if one and one.account_id}
    for at, line in enumerate(world.lines):
        if found[at] is None:
            seen = seen_line(line, index.around)
            found[at] = _by_name(line, seen, index) or _by_register_name(line, seen, index)
    index.taken |= {one.account_id for one in found if one and one.account_id}
    return found


# ── number ───────────────────────────────────────────────────────────────────────────────────────


def _by_number(line: WorkbookLine, seen: Seen, index: Index) -> Match | None:
    """The account on the line's number, where the register does not give it to somebody else."""
    if not seen.number or seen.claim.standing is Standing.OTHER:
        return None
    holders = index.weighed(seen, index.holders(seen.number))
    if line.number.kind is NumberKind.ESTABLISHMENT:
        holders = [one for one in holders if one.likeness.evidence.structure == "same"]
    found = [one for one in holders if _agree(seen, one) and accepted(one.likeness)]
    if not found:
        return None
    best = _best(found, line)
    if not strong_name(best.likeness.evidence) and _better_named(seen, index):
        return None
    return Match(line, "number", best.account.account_id, seen.number, likeness=best.likeness, own=seen.own)


def _agree(seen: Seen, one: Weighed) -> bool:
    return names.agree(seen.name, name_of(one.account)) or strong_name(one.likeness.evidence)


def _best(found: Iterable[Weighed], line: WorkbookLine) -> Weighed:
    """Of several accounts on one number: the one of this name, that holds the function; then the lowest id."""

    def order(one: Weighed) -> tuple[bool, bool, str]:
        held = line.assignment in one.account.assignments
        return not strong_name(one.likeness.evidence), not held, one.account.account_id

    return min(found, key=order)


def _better_named(seen: Seen, index: Index) -> bool:
    """Another account has the very name, here or with the address: the number may be copied from somebody's row."""
    others = index.weighed(seen, index.blocks.near(seen))
    return any(
        strong_name(one.likeness.evidence)
        and "same" in (one.likeness.evidence.structure, one.likeness.evidence.email)
        and index.seen(one.account.account_id).number != seen.number
        for one in others
    )


# ── name ─────────────────────────────────────────────────────────────────────────────────────────


def _by_name(line: WorkbookLine, seen: Seen, index: Index) -> Match | None:
    """A strong name, and the establishment or an address of their own; nobody else there or with it of that name.

    Of several the only one whom no number has found. A number of the line that others have, or that the register gives
    to somebody else, is for somebody to decide.
    """
    standing = seen.claim.standing
    if standing in (Standing.OTHER, Standing.PART, Standing.KIN):
        return None
    found = [one for one in index.weighed(seen, index.blocks.near(seen)) if eligible(one.likeness.evidence)]
    if len(found) > 1:
        found = [one for one in found if one.account.account_id not in index.taken]
    if len(found) != 1 or not accepted(found[0].likeness):
        return None
    one = found[0]
    account_id = one.account.account_id
    if standing is Standing.UNKNOWN and set(index.holders(seen.number)) - {account_id}:
        return None
    how = "name_structure" if one.likeness.evidence.structure == "same" else "name_email"
    person_id = seen.own or index.seen(account_id).own
    return Match(line, how, account_id, person_id, likeness=one.likeness, own=seen.own)


def _by_register_name(line: WorkbookLine, seen: Seen, index: Index) -> Match | None:
    """A person without a usable number, found in the register by name and establishment, with an account of it."""
    if seen.number or len(seen.claim.here) != 1:
        return None
    person = index.register.persons[seen.claim.here[0]]
    likeness = weigh(seen, seen_person(person, index.around), index.around)
    named = [
        one
        for one in index.weighed(seen, index.holders(person.national_id))
        if index.seen(one.account.account_id).claim.standing is not Standing.OTHER
    ]
    if not named or not accepted(likeness):
        return None
    account_id = _best(named, line).account.account_id
    return Match(line, "register_name", account_id, person.national_id, likeness=likeness)
