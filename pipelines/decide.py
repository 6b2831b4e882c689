"""Which decisions of a returned report count: those of the updater the change is routed to, on a line we signed.

Contract §7. Refused lines come back as sentences; an undecided line is nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from pipelines.phrase import day_text
from pipelines.settle import settle
from pipelines.spoken import understand
from pipelines.spoken_dates import next_such_day
from schemas.change import ChangeStatus, PostRef
from schemas.decision import DecisionEntry, Issued, Refusal, ReturnedLine, Verdict, lot_day
from schemas.errors import IllegalTransitionError
from schemas.lifecycle import ChangeState, Event, check_transition
from schemas.nomenclatures import say

# (lot, change id, updater, signature) → whether we signed this line for that updater.
Verify = Callable[[str, str, PostRef, str], bool]

_NOTE_DIGITS = 16
_STATUS_OF: Mapping[Verdict, ChangeStatus] = {
    "accepted": "accepted",
    "refused": "refused",
    "postponed": "postponed",
}
# What only has to be made plain: the word, or the day.
_TO_MAKE_PLAIN = ("word", "no_date", "date", "past", "too_far", "disagree", "other_line")


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """Where the lines come from: a name and a SHA-256 for the record."""

    name: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an answer counts: when the reports went out, and how many days one may put off."""

    issued: Issued = field(default_factory=Issued)
    max_postpone_days: int = 366


@dataclass(frozen=True, slots=True)
class Judged:
    """What a returned report amounts to.

    `decisions`: an entry per decided change, counted or refused; `events`: the moves of those that count, and of the
    halves that they settle; `refusals`: a French line per refused row, in the order of the file; `settled`: the ids of
    those halves, and `implied` what is to be remembered of them as an answer; `again`: the ids of which the same had
    been answered before; `read_as`: the words of people's own that count, with what they were taken for.
    """

    decisions: tuple[DecisionEntry, ...] = ()
    events: tuple[Event, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    settled: tuple[str, ...] = ()
    implied: tuple[DecisionEntry, ...] = ()
    again: tuple[str, ...] = ()
    read_as: tuple[tuple[str, Verdict, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a line does not count: a key of `decisions` in the catalogue, and its sentence."""

    code: str
    message: str


def _because(code: str, **values: object) -> _Problem:
    return _Problem(code, say(f"decisions.{code}", **values))


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decided line, its reference taken apart, and whose it is by its signature."""

    line: ReturnedLine
    change_id: str
    signer: PostRef | None


def judge_decisions(
    lines: Sequence[ReturnedLine],
    states: Mapping[str, ChangeState],
    verify: Verify,
    day: date,
    file: ReturnedFile | None = None,
    terms: Terms | None = None,
) -> Judged:
    """Judge the lines of one file against the changes as they stand. Several lines of one change are one decision."""
    file, terms = file or ReturnedFile(), terms or Terms()
    posts = _posts(states)
    lines = [_understood(line, states, day) for line in lines]
    lots = tuple(sorted(terms.issued.mailed, reverse=True))
    decided = [_decided(line, states, posts, verify, lots) for line in lines if line.decision]
    owner = _owner_of_file(decided)
    beside = _beside(lines)
    groups: dict[str, list[_Decided]] = {}
    for one in decided:
        groups.setdefault(one.change_id or one.line.token, []).append(one)
    entries: list[DecisionEntry] = []
    events: list[Event] = []
    refusals: list[Refusal] = []
    for group in map(_with_one_date, groups.values()):
        state = states.get(group[0].change_id)
        refused = _refusals(group, state, owner, day, terms)
        refusals.extend(refused)
        entries.append(_entry(group, file, refused, beside.get(group[0].change_id, ())))
        if state is not None and not refused:
            events.append(_event(group, state, day, file))
    moved = settle(events, states, [event.change_id for event in events], day)
    implied = _implied(moved, entries, events, file)
    settled = tuple(event.change_id for event in moved)
    again = tuple(event.change_id for event in events if _said_again(event, states[event.change_id]))
    counted = {event.change_id for event in events}
    read_as = tuple(
        (one.line.said, one.line.as_read, _until(one.line))
        for one in decided
        if one.line.as_read and one.change_id in counted
    )
    return Judged(tuple(entries), (*events, *moved), tuple(refusals), settled, implied, again, read_as)


def _understood(line: ReturnedLine, states: Mapping[str, ChangeState], day: date) -> ReturnedLine:
    """The line with its words read as the answer to what it asks."""
    state = states.get(line.token.partition(":")[0])
    return understand(line, day, question=state is not None and state.change.kind == "review")


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
) -> _Decided:
    """Whose line it is. Copied into another book it has left its lot behind: it is of one that was mailed."""
    change_id, _, signature = line.token.partition(":")
    state = states.get(change_id)
    own = [_ref(state)] if state else []
    for lot in (line.lot, *(lots if signature and state else ())):
        fits = (post for post in (*own, *posts) if signature and verify(lot, change_id, post, signature))
        if (signer := next(fits, None)) is not None:
            return _Decided(replace(line, lot=lot), change_id, signer)
    return _Decided(line, change_id, None)


def _ref(state: ChangeState) -> PostRef:
    return PostRef(post=state.change.updater.post, scope=state.change.updater.scope)


def _name(post: PostRef) -> str:
    """As a report is named: « CRH_ST-24 »."""
    return "-".join(filter(None, (post.post, post.scope)))


def _owner_of_file(decided: Iterable[_Decided]) -> str:
    """Whose report it is: as the file says, else of whom most of its lines are; a row pasted in stays a stranger."""
    found = list(decided)
    said = next((one.line.addressee for one in found if one.line.addressee), "")
    count = Counter(_name(one.signer) for one in found if one.signer)
    return said or next((name for name, _ in count.most_common(1)), "")


def _refusals(
    group: Sequence[_Decided], state: ChangeState | None, owner: str, day: date, terms: Terms
) -> list[Refusal]:
    """One sentence per row that does not count; one wrong row of a change and the whole change does not."""
    found = [(one, problem) for one in group if (problem := _problem(one, state, owner, day, terms))]
    if not found and _disagree(group):
        rows = ", ".join(say("decisions.place", sheet=one.line.sheet, row=one.line.row) for one in group)
        found = [(one, _because("disagree", rows=rows)) for one in group]
    elif found and len(found) < len(group):
        # what else was said of the change is not taken alone: its other line could not be read
        wrong = {one.line for one, _ in found}
        found += [(one, _because("other_line")) for one in group if one.line not in wrong]
    return [_refusal(one, problem) for one, problem in found]


def _refusal(one: _Decided, problem: _Problem) -> Refusal:
    line = one.line
    place = say("decisions.place", sheet=line.sheet, row=line.row)
    message = say("decisions.refusal", place=place, why=problem.message)
    asked = problem.code in _TO_MAKE_PLAIN
    return Refusal(line.sheet, line.row, one.change_id, message, problem.code, asked, problem.message)


def _problem(one: _Decided, state: ChangeState | None, owner: str, day: date, terms: Terms) -> _Problem | None:
    """Why this line alone cannot count; None when it can."""
    if one.signer is None:
        return _because("signature")
    if _name(one.signer) != owner:
        return _because("pasted", post=_shown(one.signer))
    if state is None:
        return _because("unknown", id=one.change_id)
    if _ref(state) != one.signer:
        return _because("other_updater", id=one.change_id, post=_shown(_ref(state)))
    return _wrong_word(one.line, day, terms) or _not_open(one, state) or _not_fresh(one, state, terms.issued)


def _shown(post: PostRef) -> str:
    return say(f"post.{post.post}", scope=post.scope)


def _wrong_word(line: ReturnedLine, day: date, terms: Terms) -> _Problem | None:
    if line.decision == "unknown":
        return _Problem("word", line.asked) if line.asked else _because("word", found=line.said)
    if line.decision != "postponed":
        return None
    if line.postponed_to is None:
        return (
            _because("date", found=line.postponed_said) if line.postponed_said else _because("no_date", found=line.said)
        )
    found, last = line.postponed_to, day + timedelta(days=terms.max_postpone_days)
    if found < day:
        return _because("past", found=day_text(found), next=day_text(next_such_day(found, day)))
    if found > last:
        return _because("too_far", found=day_text(found), days=terms.max_postpone_days, last=day_text(last))
    return None


def _not_fresh(one: _Decided, state: ChangeState, issued: Issued) -> _Problem | None:
    """It answers an announcement of a life before, or stands on an older report than the answer that counts."""
    lot, day = one.line.lot, lot_day(one.line.lot)
    announced = state.announced_on
    if announced and (day is None or day < announced or (day == announced and _before(lot, state.born_at, issued))):
        sent = day_text(day) if day else lot
        return _because("stale", id=one.change_id, sent=sent, announced=day_text(announced))
    answered = issued.answered.get(one.change_id, "")
    last = lot_day(answered)
    if day and last and (day < last or (day == last and _before(lot, issued.mailed.get(answered), issued))):
        return _because("older", id=one.change_id, sent=day_text(day), answered=day_text(last))
    return None


def _before(lot: str, moment: datetime | None, issued: Issued) -> bool:
    """Of two reports of one day: this one is known to have been mailed before that moment."""
    mailed = issued.mailed.get(lot)
    return mailed is not None and moment is not None and mailed < moment


def _not_open(one: _Decided, state: ChangeState) -> _Problem | None:
    """The table of the life of a change decides (contract §7)."""
    try:
        check_transition(state.status, _STATUS_OF[one.line.decision], "decision")
    except IllegalTransitionError:
        status = say(f"status.{state.status}")
        return _because("not_told" if state.is_open else "closed", id=one.change_id, status=status)
    return None


def _with_one_date(group: Sequence[_Decided]) -> Sequence[_Decided]:
    """« Reporté » on every line of a change and the date on one of them: it is the date of all."""
    dates = {until for one in group if (until := _until(one.line))}
    if len(dates) != 1:
        return group
    until = next(iter(dates))
    return [
        replace(one, line=replace(one.line, postponed_to=until))
        if one.line.decision == "postponed" and not one.line.postponed_said
        else one
        for one in group
    ]


def _disagree(group: Sequence[_Decided]) -> bool:
    return len({(one.line.decision, _until(one.line)) for one in group}) > 1


def _until(line: ReturnedLine) -> date | None:
    """The date counts for a postponed line alone; others may have kept one from before."""
    return line.postponed_to if line.decision == "postponed" else None


def _entry(
    group: Sequence[_Decided], file: ReturnedFile, refused: Sequence[Refusal], beside: Sequence[str]
) -> DecisionEntry:
    line = group[0].line
    return DecisionEntry(
        change_id=group[0].change_id,
        verdict=line.decision,
        postponed_to=_until(line),
        comment="\n".join(dict.fromkeys((*_comments(group), *beside))),
        updater=group[0].signer,
        file_name=file.name,
        file_digest=file.digest,
        outcome="refused" if refused else "accepted",
        reason=" ".join(one.message for one in refused),
        lot=line.lot,
    )


def _comments(group: Sequence[_Decided]) -> Iterator[str]:
    return (one.line.comment for one in group if one.line.comment)


def _event(group: Sequence[_Decided], state: ChangeState, day: date, file: ReturnedFile) -> Event:
    """`note`: the digest of the file, or the date until which it is postponed."""
    line = group[0].line
    until = _until(line)
    note = until.isoformat() if until else file.digest[:_NOTE_DIGITS]
    return Event(state.change.id, day, state.status, _STATUS_OF[line.decision], "decision", note)
