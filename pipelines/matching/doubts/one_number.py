"""Numbers of which no register tells whose they are (CPE, CPA), on lines of several people: asked about, not used."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines import names
from pipelines.matching.candidates import MOST, Candidate, Match, account_candidate
from pipelines.matching.index import Index, name_of
from pipelines.matching.scoring import seen_line
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind
from schemas.people.workbook import WorkbookLine

NUMBER = "number_of_another"


def with_numbers_of_others(matches: Sequence[Match], index: Index) -> Iterator[Match]:
    """The matches; a newcomer whose number an account or another line has under another name is in doubt, and of known
    people whose numbers stand on each other's lines that is what is asked.
    """
    given = _given(matches, index)
    asked: dict[int, str] = {}
    for at, found in enumerate(matches):
        if found.how == "doubt" and found.reason == "ambiguous_match" and (right := _right_number(found, index)):
            asked[at] = right
    several = Counter(matches[at].line.source for at in asked)
    for at, found in enumerate(matches):
        if at in asked and several[found.line.source] > 1:
            yield replace(found, reason=NUMBER, proposed=asked[at])
        elif found.how == "new" and not found.account_id and not found.line.left and _number(found.line, index):
            yield _newcomer(found, given, index)
        else:
            yield found


def _given(matches: Sequence[Match], index: Index) -> Mapping[str, list[names.Name]]:
    """Number of whose holder no register tells → the names beside it on the lines of people in post."""
    found: dict[str, list[names.Name]] = defaultdict(list)
    for one in matches:
        number = "" if one.line.left else _number(one.line, index)
        if number:
            found[number].append(name_of(one.line))
    return found


def _number(line: WorkbookLine, index: Index) -> str:
    """The number of a line where it can be used, and the register has nobody of it."""
    number = index.register.resolve(line.number.number) if line.number.usable else ""
    return "" if number in index.register.persons or line.number.kind is NumberKind.SERIAL else number


def _newcomer(found: Match, given: Mapping[str, list[names.Name]], index: Index) -> Match:
    line, number = found.line, _number(found.line, index)
    accounts = [index.accounts[key] for key in index.holders(number)]
    accounts += [one for one in index.dormant.get(number, ()) if one not in accounts]
    aside = index.set_aside(seen_line(line, index.around))
    others = [one for one in accounts if not _one_person(name_of(line), name_of(one)) and one.account_id not in aside]
    told = any(not _one_person(name_of(line), name) for name in given[number])
    if not others and not told:
        return found
    candidates = tuple(_candidate(one, line, index) for one in others[:MOST])
    return Match(line, "doubt", candidates=candidates, reason=NUMBER, more=len(others[MOST:]))


def _candidate(account: Account, line: WorkbookLine, index: Index) -> Candidate:
    if not account.active:
        return account_candidate(account)
    return index.weighed(seen_line(line, index.around), [account.account_id])[0].candidate(line)


def _one_person(one: names.Name, other: names.Name) -> bool:
    return names.compare(one, other).strong or names.near(one, other)


def _right_number(found: Match, index: Index) -> str:
    """The CPE or CPA number of the only account of this very name here, where the line has that of somebody else; ""
    otherwise.
    """
    line = found.line
    if line.number.kind is not NumberKind.ESTABLISHMENT:
        return ""
    holders = [index.accounts[key] for key in index.holders(line.number.number)]
    if not holders or any(_one_person(name_of(line), name_of(one)) for one in holders):
        return ""
    place = line.assignment.structure_code
    mine = [
        account
        for key in found.protected
        if (account := index.accounts[key]) and place in account.places and _one_person(name_of(line), name_of(account))
    ]
    alone = mine[0].number if len(mine) == 1 else None
    return alone.number if alone and alone.kind is NumberKind.ESTABLISHMENT else ""
