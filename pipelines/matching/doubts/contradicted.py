"""A number about to be given to somebody, while another one is typed for them (contract §8): a question.

Nothing speaks against a number that nothing changes; nor does one that is somebody else's, of another name.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines import names
from pipelines.matching.candidates import MOST, Candidate, Match, differing_person, person_candidate
from pipelines.matching.decided import APART, JUDGED
from pipelines.matching.index import Index, name_of
from pipelines.matching.number_owner import NumberStanding
from pipelines.matching.scoring import seen_line, seen_person, weigh
from schemas.people.identifiers import NumberKind, classify_cpx, kind_of
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source_names import ANNUAIRE, PERSONS

_NEW = ("new", "register_name")
_Told = Mapping[str, Sequence[Match]]


def with_other_numbers(matches: Sequence[Match], index: Index) -> Iterator[Match]:
    """Yield the matches: where a number would be given that another one typed for that person contradicts, a doubt
    instead; a doubt shows what was typed.
    """
    told: dict[str, list[Match]] = defaultdict(list)
    for one in matches:
        if one.line.number.usable:
            told[index.register.resolve(one.line.number.number)].append(one)
    waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in matches:
        if one.how == "doubt" and one.line.number.usable:
            waiting[_who(one.line)].append(one.line.number.number)
    for one in matches:
        if _has_a_card_of_elsewhere(one, index) or _is_unknown(one, index):
            yield _asked(one, "", {one.line.number.number: None}, index)
            continue
        if slipped := _of_the_same_serial(one, index):
            yield replace(one, how="doubt", candidates=slipped, reason="ambiguous_match", protected=_keys(slipped))
            continue
        given = _given(one, index)
        beside = (*one.line.typed_numbers, *one.line.other_numbers, *(waiting.get(_who(one.line), ()) if given else ()))
        typed = [] if one.line.left else [number for number in beside if _speaks(number, given, one, told, index)]
        yield _asked(one, given, dict.fromkeys(typed), index) if typed else one


def _who(line: WorkbookLine) -> tuple[str, str]:
    return names.full_key(line.last_name, line.first_name), line.assignment.structure_code


def _given(found: Match, index: Index) -> str:
    """The RPPS number that is about to be given; "" where none is."""
    line = found.line
    number = found.own or found.person_id
    if found.how not in _NEW:
        if not found.account_id or found.how in (JUDGED, "doubt"):
            return ""
        number = number or (index.register.resolve(line.number.number) if line.number.usable else "")
        number = "" if number == index.claim(found.account_id).number else number
    return number if number and kind_of(number) is NumberKind.RPPS else ""


def _has_a_card_of_elsewhere(found: Match, index: Index) -> bool:
    """A CPE number belongs to an establishment: another number than the annuaire's is that of another hospital."""
    line = found.line
    if not found.account_id or found.how in (JUDGED, "doubt") or line.left or "/" not in line.number.number:
        return False
    held = index.claim(found.account_id).number
    place = line.number.number.partition("/")[0][1:]
    return (
        "/" in held
        and line.number.number != held
        and place not in held.partition("/")[0]
        and place in index.around.structures
        and place not in index.accounts[found.account_id].places | {line.assignment.structure_code}
    )


def _of_the_same_serial(found: Match, index: Index) -> tuple[Candidate, ...]:
    """The accounts of nearly the name of a newcomer whose CPE number has the same serial at another establishment:
    perhaps the same card, with a slip in both.
    """
    line = found.line
    _, _, serial = line.number.number.partition("/")
    if found.how != "new" or line.left or not serial:
        return ()
    near = [
        key
        for key, account in index.accounts.items()
        if account.number.number.endswith(f"/{serial}") and names.near(name_of(line), name_of(account))
    ]
    return tuple(one.candidate(line) for one in index.weighed(seen_line(line, index.around), near))[:MOST]


def _keys(found: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(one.key for one in found)


def _is_unknown(found: Match, index: Index) -> bool:
    """The number typed has a right key, no register has it, and the account's own is confirmed: not passed over."""
    line = found.line
    if not found.account_id or found.how in (JUDGED, "doubt") or line.left or line.number.kind is not NumberKind.RPPS:
        return False
    if index.register.knows(line.number.number):  # as nearly always: the line need not be looked at any closer
        return False
    seen, held = seen_line(line, index.around), index.claim(found.account_id)
    silent = not index.register.persons_read or index.register.silent_about(seen.number)
    return seen.claim.standing is NumberStanding.UNKNOWN and seen.number != held.number and not silent


def _speaks(number: str, given: str, found: Match, told: _Told, index: Index) -> bool:
    """It is a person's own number, not the one to be given, and nobody's of another name."""
    resolved = index.register.resolve(number)
    shown = found.how == "doubt" and not found.line.number.usable
    if kind_of(resolved) is not NumberKind.RPPS or resolved == given or not (given or shown):
        return False
    person = index.register.persons.get(resolved)
    owners = [(person.last_name, person.first_name)] if person else []
    owners += [name_of(index.accounts[key]) for key in index.holders(resolved)]
    owners += [name_of(one.line) for one in told.get(resolved, ()) if one.how != "doubt"]
    mine = name_of(found.line)
    return not owners or any(names.compare(mine, one).strong for one in owners)


def _asked(found: Match, given: str, typed: Mapping[str, None], index: Index) -> Match:
    """The same as a doubt; whoever may be meant is compared with what was typed."""
    numbers = tuple(typed)
    if found.how == "doubt":
        return replace(found, candidates=tuple(_compared(one, found.line, numbers, index) for one in found.candidates))
    if found.account_id:
        keys, source = [found.account_id], ANNUAIRE
    else:
        keys, source = [given], PERSONS
        if given not in index.register.persons:
            return found  # it is asked about anyway
    if given in index.set_aside(seen_line(found.line, index.around)):
        return Match(found.line, APART)
    candidates = tuple(_compared(Candidate(source, key, ""), found.line, numbers, index) for key in keys)
    protected = (found.account_id,) if found.account_id else ()
    return Match(found.line, "doubt", candidates=candidates, reason="ambiguous_match", protected=protected)


def _compared(one: Candidate, line: WorkbookLine, numbers: Sequence[str], index: Index) -> Candidate:
    """A candidate beside the line as if it had the number that was typed, and is not theirs."""
    against = [number for number in numbers if index.register.resolve(number) != _number(one, index)]
    if not against:
        return one
    line = replace(line, number=classify_cpx(against[0]))
    seen = seen_line(line, index.around)
    if one.source == ANNUAIRE:
        weighed = index.weighed(seen, [one.key]) if one.key in index.accounts else []
        return weighed[0].candidate(line) if weighed else one
    person = index.register.persons.get(one.key)
    if person is None:
        return one
    mine = {"name": " ".join(seen.name), "cpx_number": ", ".join(against), "structure": ", ".join(sorted(seen.places))}
    return person_candidate(
        person, weigh(seen, seen_person(person, index.around), index.around), differing_person(mine, person)
    )


def _number(one: Candidate, index: Index) -> str:
    if one.source == ANNUAIRE:
        return index.claim(one.key).number if one.key in index.accounts else ""
    return one.key
