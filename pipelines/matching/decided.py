"""What an updater decided of a line, before anything is weighed: the match is made, or nobody set aside is proposed."""

from pipelines.matching.candidates import Match
from pipelines.matching.index import Index
from pipelines.matching.number_owner import NumberStanding
from pipelines.matching.scoring import Comparable
from schemas.people.workbook_line import WorkbookLine

JUDGED, APART = "judged", "apart"


def heeded(line: WorkbookLine, seen: Comparable, index: Index) -> Match | None:
    """Return the match that somebody decided; None where nobody did, or where whom they named is there no more.

    Of somebody who left, an updater said, a line that was not corrected yet says nothing.
    """
    judgements = index.judgements
    for account in index.dormant.get(seen.number, ()) if judgements.gone else ():
        if judgements.gone_at(account, line.assignment, index.around.structures):
            return Match(line, APART)
    if judgements.gone_from(seen.name, line.assignment.structure_code):
        return Match(line, APART)
    key = judgements.chosen(seen.name, seen.places, seen.typed, index.accounts)
    if not key:
        return None
    if key in index.accounts:
        return Match(line, JUDGED, key, seen.own or index.claim(key).own, own=seen.own)
    dormant = next((number for number, found in index.dormant.items() if key in {a.account_id for a in found}), "")
    person_id = dormant or (key if key in index.register.persons else "")
    if not person_id:
        return None
    holders = [one for one in index.holders(person_id) if index.claim(one).standing in _THEIRS]
    return Match(line, JUDGED, holders[0] if holders else None, person_id)


_THEIRS = (NumberStanding.OWN, NumberStanding.PART)


def without_answer(line: WorkbookLine, seen: Comparable, index: Index) -> Match | None:
    """Return a line of which everybody proposed was set aside, and whose number is none of its own: nothing more to
    ask.

    Nothing can be created with such a number either. None for any other line.
    """
    if not index.set_aside(seen):
        return None
    held = bool(seen.number) and bool(index.holders(seen.number))
    in_doubt = seen.claim.standing in (NumberStanding.OTHER, NumberStanding.PART, NumberStanding.DOUBTFUL)
    return Match(line, APART) if not seen.own and (held or in_doubt) else None
