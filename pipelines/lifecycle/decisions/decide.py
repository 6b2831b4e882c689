"""Which decisions of a returned report count: those of the updater the change is routed to, on a line we signed.

Contract §7. Refused lines come back as sentences; an undecided line is nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from pipelines.answer_choices import offer_said
from pipelines.judgements import judgement_of
from pipelines.lifecycle.decisions.facts.other_places import at_its_place
from pipelines.lifecycle.decisions.facts.written_numbers import is_its_number
from pipelines.lifecycle.decisions.given import given_of, reopens
from pipelines.lifecycle.decisions.objections import STATUS_OF, Decided, Terms, refusals_of, until_of
from pipelines.lifecycle.decisions.said.other_comments import with_other_comments
from pipelines.lifecycle.decisions.said.other_lines import opposed
from pipelines.lifecycle.decisions.understood import understood
from pipelines.lifecycle.linked_pairs import settle
from schemas.changes.change import PostRef
from schemas.changes.decision import DecisionEntry, Refusal, ReturnedLine, Verdict
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import ChangeState, Event
from schemas.changes.receipt import GivenAnswer

# (lot, change id, updater, signature) → whether we signed this line for that updater.
Verify = Callable[[str, str, PostRef, str], bool]

_NOTE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """Where the lines come from: a name and a SHA-256 for the record."""

    name: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """What a returned report amounts to.

    `decisions`: an entry per decided change, counted or refused; `events`: the moves of those that count, and of the
    halves that they settle; `refusals`: a French line per refused row, in the order of the file; `settled`: the ids of
    those halves, and `implied` what is to be remembered of them as an answer; `again`: the ids of which the same had
    been answered before; `read_as`: the words of people's own that count, with what they were taken for; `judgements`:
    what those that count decide of who is who; `given`: those that count, in their own words; `numbered`: the ids of
    those beside which stands the number of whom they name; `retaken`: the ids of closed questions whose answer another
    one takes the place of.
    """

    decisions: tuple[DecisionEntry, ...] = ()
    events: tuple[Event, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    settled: tuple[str, ...] = ()
    implied: tuple[DecisionEntry, ...] = ()
    again: tuple[str, ...] = ()
    read_as: tuple[tuple[str, Verdict, date | None], ...] = ()
    judgements: tuple[Judgement, ...] = ()
    given: tuple[GivenAnswer, ...] = ()
    numbered: frozenset[str] = frozenset()
    retaken: frozenset[str] = frozenset()


def judge_decisions(
    lines: Sequence[ReturnedLine],
    states: Mapping[str, ChangeState],
    verify: Verify,
    day: date,
    file: ReturnedFile | None = None,
    terms: Terms | None = None,
) -> JudgedFile:
    """Judge the lines of one file against the changes as they stand. Several lines of one change are one decision."""
    file, terms = file or ReturnedFile(), terms or Terms()
    posts = _posts(states)
    read = partial(_read, states=states, day=day, terms=terms)
    lines = with_other_comments([read(line) for line in lines], states, terms.before, read)
    lots = tuple(sorted(terms.issued.mailed, reverse=True))
    decided = [_decided(line, states, posts, verify, lots) for line in lines if line.decision]
    judgements: list[Judgement] = []
    given: list[GivenAnswer] = []
    owner = _owner_of_file(decided)
    beside = _beside(lines)
    entries: list[DecisionEntry] = []
    events: list[Event] = []
    refusals: list[Refusal] = []
    groups = _grouped(decided)
    found = [_with_one_date(group) for group in groups.values()]
    others = (_decided(read(line), states, posts, verify, lots) for line in terms.elsewhere)
    torn = opposed(_by_change(found), _by_change([[one] for one in others if one.line.decision]), states)
    for group in found:
        state = states.get(group[0].change_id)
        refused = refusals_of(group, state, owner, day, terms) or torn.get(group[0].change_id, [])
        refusals.extend(refused)
        entries.append(_entry(group, file, refused, beside.get(group[0].change_id, ())))
        if state is not None and not refused:
            given.append(given_of(group, state, terms.before))
            if state.is_open or reopens(group[0], given[-1]):
                events.append(_event(group, state, day, file))
            if state.is_open or not given[-1].again:
                judgements.extend(_judgements(group, state, day))
    moved = settle(events, states, groups, day)
    implied = _implied(moved, entries, events, file)
    settled = tuple(event.change_id for event in moved)
    closed = {one.change_id: one.again for one in given if not states[one.change_id].is_open}
    read_as = _read_as(decided, {one.change_id for one in given})
    return JudgedFile(
        tuple(entries),
        (*events, *moved),
        tuple(refusals),
        settled,
        implied,
        (*_again(events, given, states), *(key for key, same in closed.items() if same)),
        read_as,
        tuple(judgements),
        tuple(given),
        frozenset(_numbered(found, states)),
        frozenset(key for key, same in closed.items() if not same),
    )


def _read(line: ReturnedLine, states: Mapping[str, ChangeState], day: date, terms: Terms) -> ReturnedLine:
    return at_its_place(understood(line, states, day), line, states, terms.structures)


def _grouped(decided: Iterable[Decided]) -> dict[str, list[Decided]]:
    """The lines of one change together; those of which nobody can tell by their reference."""
    groups: dict[str, list[Decided]] = {}
    for one in decided:
        groups.setdefault(one.change_id or one.line.token, []).append(one)
    return groups


def _by_change(groups: Iterable[Sequence[Decided]]) -> dict[str, list[Decided]]:
    """The lines of the changes that we know by a reference that we signed."""
    found: dict[str, list[Decided]] = {}
    for one in (one for group in groups for one in group if one.signer):
        found.setdefault(one.change_id, []).append(one)
    return found


def _again(events: Iterable[Event], given: Iterable[GivenAnswer], states: Mapping[str, ChangeState]) -> Iterator[str]:
    anew = {one.change_id for one in given if one.was}
    said = (event for event in events if event.change_id not in anew)
    yield from (event.change_id for event in said if _said_again(event, states[event.change_id]))


def _numbered(groups: Iterable[Sequence[Decided]], states: Mapping[str, ChangeState]) -> Iterator[str]:
    for one in (one for group in groups for one in group):
        if one.offer and is_its_number(states[one.change_id].change, one.offer, one.line.comment):
            yield one.change_id


def _read_as(decided: Iterable[Decided], counted: Collection[str]) -> tuple[tuple[str, Verdict, date | None], ...]:
    """The words of people's own that count, with what they were taken for."""
    found = (one for one in decided if one.line.as_read and one.change_id in counted)
    return tuple((one.line.said, one.line.as_read, until_of(one.line)) for one in found)


def _beside(lines: Sequence[ReturnedLine]) -> Mapping[str, Sequence[str]]:
    """Change id → the comments on its lines that have no decision: it may stand on another of them."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.comment and not line.decision:
            found.setdefault(line.token.partition(":")[0], []).append(line.comment)
    return found


def _said_again(event: Event, state: ChangeState) -> bool:
    """The same answer had been taken already."""
    same_day = event.after != "postponed" or event.note == (
        state.postponed_to.isoformat() if state.postponed_to else ""
    )
    return event.before == event.after and same_day


def _implied(
    moved: Sequence[Event], entries: Sequence[DecisionEntry], events: Sequence[Event], file: ReturnedFile
) -> tuple[DecisionEntry, ...]:
    """The other halves as answered by the same report, so that an older one does not answer over it."""
    counted = {event.change_id for event in events}
    said = next((entry for entry in entries if entry.change_id in counted), None)
    return tuple(
        DecisionEntry(
            change_id=event.change_id,
            verdict=event.after,
            postponed_to=date.fromisoformat(event.note) if event.after == "postponed" else None,
            comment="",
            updater=said.updater,
            file_name=file.name,
            file_digest=file.digest,
            outcome="accepted",
            lot=said.lot,
        )
        for event in moved
        if said and event.after in ("accepted", "refused", "postponed")
    )


def _posts(states: Mapping[str, ChangeState]) -> list[PostRef]:
    """Every updater that any change is or was routed to."""
    known = {(state.change.updater.post, state.change.updater.scope) for state in states.values()}
    return [PostRef(post=post, scope=scope) for post, scope in sorted(known)]


def _decided(
    line: ReturnedLine,
    states: Mapping[str, ChangeState],
    posts: Sequence[PostRef],
    verify: Verify,
    lots: Sequence[str],
) -> Decided:
    """Whose line it is. Copied into another book it has left its lot behind: it is of one that was mailed."""
    change_id, _, signature = line.token.partition(":")
    state = states.get(change_id)
    own = [state.change.updater.ref] if state else []
    for lot in (line.lot, *(lots if signature and state else ())):
        fits = (post for post in (*own, *posts) if signature and verify(lot, change_id, post, signature))
        if (signer := next(fits, None)) is not None:
            offer = offer_said(state.change, line.said) if state else None
            return Decided(replace(line, lot=lot), change_id, signer, offer)
    return Decided(line, change_id, None)


def _judgements(group: Sequence[Decided], state: ChangeState, day: date) -> Iterator[Judgement]:
    one = next((one for one in group if one.offer), None)
    if one and one.offer:
        leaving = one.offer.code == "left" and until_of(one.line)
        found = judgement_of(state.change, one.offer, one.line.said, leaving or day, one.signer)
        yield from (found,) if found else ()


def _owner_of_file(decided: Iterable[Decided]) -> str:
    """Whose report it is: as the file says, else of whom most of its lines are; a row pasted in stays a stranger."""
    found = list(decided)
    said = next((one.line.addressee for one in found if one.line.addressee), "")
    count = Counter(one.signer.name for one in found if one.signer)
    return said or next((name for name, _ in count.most_common(1)), "")


def _with_one_date(group: Sequence[Decided]) -> Sequence[Decided]:
    """« Reporté » on every line of a change and the date on one of them: it is the date of all."""
    dates = {until for one in group if (until := until_of(one.line))}
    if len(dates) != 1:
        return group
    until = next(iter(dates))
    return [
        replace(one, line=replace(one.line, postponed_to=until))
        if one.line.decision == "postponed" and not one.line.postponed_said
        else one
        for one in group
    ]


def _entry(
    group: Sequence[Decided], file: ReturnedFile, refused: Sequence[Refusal], beside: Sequence[str]
) -> DecisionEntry:
    line = group[0].line
    return DecisionEntry(
        change_id=group[0].change_id,
        verdict=line.decision,
        postponed_to=until_of(line),
        comment="\n".join(dict.fromkeys((*_comments(group), *beside))),
        updater=group[0].signer,
        file_name=file.name,
        file_digest=file.digest,
        outcome="refused" if refused else "accepted",
        reason=" ".join(one.message for one in refused),
        lot=line.lot,
        said=line.said if group[0].offer else "",
    )


def _comments(group: Sequence[Decided]) -> Iterator[str]:
    return (one.line.comment for one in group if one.line.comment)


def _event(group: Sequence[Decided], state: ChangeState, day: date, file: ReturnedFile) -> Event:
    """`note`: the digest of the file, or the date until which it is postponed."""
    line = group[0].line
    until = until_of(line)
    note = until.isoformat() if until else file.digest[:_NOTE_DIGITS]
    return Event(state.change.id, day, state.status, STATUS_OF[line.decision], "decision", note)
