"""Numbers of which no register tells whose they are (CPE, CPA), on lines of several people: asked about, not used."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from pipelines import names
from pipelines.answer_choices import NUMBER
from pipelines.matching.candidates import (
    MOST,
    Candidate,
    Match,
    account_candidate,
    differing_person,
    person_candidate,
)
from pipelines.matching.doubts.shifts import LEAST_RUN
from pipelines.matching.doubts.tangles import place_of
from pipelines.matching.index import Index, name_of
from pipelines.matching.scoring import seen_line, seen_person, weigh, without_number
from schemas.nomenclatures import label_of
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine


def with_numbers_of_others(matches: Sequence[Match], index: Index) -> Iterator[Match]:
    """Yield the matches; a newcomer whose number an account or another line has under another name is in doubt, and of
    known people whose numbers stand on each other's lines that is what is asked.
    """
    beside = _Beside(matches, index)
    asked: dict[int, str] = {}
    for at, found in enumerate(matches):
        if found.how == "doubt" and found.reason == "ambiguous_match" and (right := _right_number(found, index)):
            asked[at] = right
    several = Counter(matches[at].line.source for at in asked)
    for at, found in enumerate(matches):
        if at in asked and several[found.line.source] > 1:
            yield replace(found, reason=NUMBER, proposed=asked[at])
        elif found.how == "new" and not found.account_id and not found.line.left and _number(found.line, index):
            yield _newcomer(found, beside, index)
        else:
            yield found


class _Beside:
    """The lines of people in post that give a number of whose holder no register tells, at one structure or one under
    the other: a CPE or CPA number belongs to an establishment, and says nothing elsewhere unless it was filled down.
    """

    def __init__(self, matches: Sequence[Match], index: Index) -> None:
        self._lines: dict[str, list[WorkbookLine]] = defaultdict(list)
        self._runs: dict[tuple[str, str], int] = {}
        ordered = [one for one in sorted(matches, key=place_of) if not one.line.left]
        told = groupby(ordered, lambda one: (place_of(one)[:2], _number(one.line, index)))
        for run, ((_, number), group) in enumerate(told):
            lines = [one.line for one in group]
            if number:
                self._lines[number] += lines
            if number and len(lines) >= LEAST_RUN:
                self._runs |= {(line.source, line.location): run for line in lines}

    def together(self, line: WorkbookLine, number: str, *, anywhere: bool) -> list[WorkbookLine]:
        """The other lines with the number whose people may be taken for the line's; `anywhere`: all with it."""
        run, place = self._run(line), line.assignment.structure_code
        others = (one for one in self._lines[number] if one is not line)
        return [
            one
            for one in others
            if anywhere or one.assignment.structure_code == place or (run is not None and self._run(one) == run)
        ]

    def _run(self, line: WorkbookLine) -> int | None:
        return self._runs.get((line.source, line.location))


def _number(line: WorkbookLine, index: Index) -> str:
    """The number of a line where it can be used, and the register has nobody of it."""
    number = index.register.resolve(line.number.number) if line.number.usable else ""
    return "" if number in index.register.persons or line.number.kind is NumberKind.SERIAL else number


def _newcomer(found: Match, beside: _Beside, index: Index) -> Match:
    """The newcomer as a doubt, where somebody else has the number: at these places, or anywhere where the register
    knows the newcomer here by name: nobody is given the card of somebody else in place of a number of their own.
    """
    line, number = found.line, _number(found.line, index)
    seen = seen_line(line, index.around)
    aside = index.set_aside(seen)
    here = [key for key in seen.claim.here if key not in aside] if "/" in number else []
    together = beside.together(line, number, anywhere=bool(here))
    places = {one.assignment.structure_code for one in (line, *together)}
    accounts = [index.accounts[key] for key in index.holders(number)]
    accounts += [one for one in index.dormant.get(number, ()) if one not in accounts]
    others = [
        one
        for one in accounts
        if (here or one.places & places)
        and one.account_id not in aside
        and not names.one_person(name_of(line), name_of(one))
    ]
    told = tuple(_candidate(one, line, index) for one in others[:MOST])
    known = tuple(_registered(key, line, index) for key in here)
    if not others and all(names.one_person(name_of(line), name_of(one)) for one in together):
        return found
    kept = [one.account_id for one in others if not one.places & places and one.active]
    return Match(
        line,
        "doubt",
        candidates=(*told, *known),
        reason=NUMBER,
        protected=tuple(key for key in kept if key not in index.taken),
        more=len(others[MOST:]),
        proposed=here[0] if len(here) == 1 else "",
    )


def _registered(key: str, line: WorkbookLine, index: Index) -> Candidate:
    """Somebody of the register beside a line, whose number says nothing of a person."""
    person, seen = index.register.persons[key], without_number(seen_line(line, index.around))
    mine = {"name": " ".join(seen.name), "cpx_number": line.number.raw, "structure": ", ".join(sorted(seen.places))}
    mine["profession"] = ", ".join(label_of("professions", one) for one in seen.professions)
    likeness = weigh(seen, seen_person(person, index.around), index.around)
    return person_candidate(person, likeness, differing_person(mine, person))


def _candidate(account: Account, line: WorkbookLine, index: Index) -> Candidate:
    if not account.active:
        return account_candidate(account)
    return index.weighed(seen_line(line, index.around), [account.account_id])[0].candidate(line)


def _right_number(found: Match, index: Index) -> str:
    """The CPE or CPA number of the only account of this very name here, where the line has that of somebody else; ""
    otherwise.
    """
    line = found.line
    if line.number.kind is not NumberKind.ESTABLISHMENT:
        return ""
    holders = [index.accounts[key] for key in index.holders(line.number.number)]
    if not holders or any(names.one_person(name_of(line), name_of(one)) for one in holders):
        return ""
    place = line.assignment.structure_code
    accounts = (index.accounts[key] for key in found.protected)
    mine = [one for one in accounts if place in one.places and names.one_person(name_of(line), name_of(one))]
    alone = mine[0].number if len(mine) == 1 else None
    return alone.number if alone and alone.kind is NumberKind.ESTABLISHMENT else ""
