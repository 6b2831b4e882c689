"""A comment that stands on another line than the answer that it may be about, or came after it: judged with it.

Of one change that has several lines, and of two halves that are one decision, one line is answered and another one is
commented; a line that was answered before comes back with a comment alone. Each is read as if that answer stood on it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.answer_choices import offered_text
from pipelines.lifecycle.linked_pairs import becomes_with
from schemas.changes.change import ChangeStatus
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.changes.lifecycle import ChangeState
from schemas.changes.receipt import LastAnswer
from schemas.nomenclatures import say
from schemas.words import clean

ReadLine = Callable[[ReturnedLine], ReturnedLine]
"""Reads a line, with all that is written on it."""

_ANSWERED: Mapping[ChangeStatus, Verdict] = {
    "accepted": "accepted",
    "refused": "refused",
    "postponed": "postponed",
}


def with_other_comments(
    lines: Sequence[ReturnedLine],
    states: Mapping[str, ChangeState],
    before: Mapping[str, LastAnswer],
    read: ReadLine,
) -> list[ReturnedLine]:
    """Return the lines; an answer against which a comment on a line that goes with it speaks, asked back, and such a
    comment without an answer on a line that was answered before.
    """
    commented = {_key(one): one for one in lines if not one.decision and (one.comment or one.beside)}
    answered = {_key(one) for one in lines if one.decision}
    opposed = [_with_other_lines(one, commented, states, read) for one in lines]
    settled = {key for one in lines for key in _settled(one, states)}
    return [
        one if one.decision or _key(one) in answered | settled else _after_its_answer(one, states, before, read)
        for one in opposed
    ]


def _key(line: ReturnedLine) -> str:
    return line.token.partition(":")[0]


def _with_other_lines(
    line: ReturnedLine, commented: Mapping[str, ReturnedLine], states: Mapping[str, ChangeState], read: ReadLine
) -> ReturnedLine:
    state = states.get(_key(line))
    if line.decision not in _ANSWERED or line.asked or state is None:
        return line
    for probe in _probes(line, state, commented, states):
        if read(probe).decision == "unknown":
            place = say("decisions.place", sheet=probe.sheet, row=probe.row)
            beside = clean(" ".join((probe.comment, *probe.beside)))
            found = clean(line.said) or say(f"decision.{line.decision}")
            offered = offered_text(state.change)
            asked = say("asked.other_half", found=found, place=place, beside=beside, offered=offered)
            return replace(line, decision="unknown", asked=asked, as_read="")
    return line


def _probes(
    line: ReturnedLine, state: ChangeState, commented: Mapping[str, ReturnedLine], states: Mapping[str, ChangeState]
) -> Iterator[ReturnedLine]:
    """The commented lines that go with an answered one, as if they were answered with it."""
    if same := commented.get(_key(line)):
        yield _answered_as(same, line.decision, line.said, line)
    for key in state.change.linked_to:
        other = states.get(key)
        if other is None or key not in commented:
            continue
        becomes, whole = becomes_with(state.change, _status(line), other.change)
        if verdict := _ANSWERED.get("refused" if becomes == "withdrawn" else becomes) if becomes else None:
            yield _answered_as(commented[key], verdict, line.said if whole else say(f"decision.{verdict}"), line)


def _settled(line: ReturnedLine, states: Mapping[str, ChangeState]) -> Iterator[str]:
    """The other halves that an answer settles."""
    state = states.get(_key(line))
    if state is None or line.decision not in _ANSWERED:
        return
    others = (states[key] for key in state.change.linked_to if key in states)
    yield from (one.change.id for one in others if becomes_with(state.change, _status(line), one.change)[0])


def _status(line: ReturnedLine) -> ChangeStatus:
    return next(status for status, verdict in _ANSWERED.items() if verdict == line.decision)


def _answered_as(line: ReturnedLine, verdict: Verdict, said: str, answer: ReturnedLine) -> ReturnedLine:
    said, until = said or say(f"decision.{verdict}"), answer.postponed_to if verdict == "postponed" else None
    return replace(line, decision=verdict, said=said, postponed_to=until, postponed_said="", asked="", as_read="")


def _after_its_answer(
    line: ReturnedLine, states: Mapping[str, ChangeState], before: Mapping[str, LastAnswer], read: ReadLine
) -> ReturnedLine:
    """A comment alone, on a line whose answer stands: it takes that back perhaps, and is asked."""
    state, given = states.get(_key(line)), before.get(_key(line))
    verdict = _ANSWERED.get(state.status) if state else None
    if not (state and verdict and line.comment) or (given and clean(given.comment) == clean(line.comment)):
        return line
    said = given.said if given and given.counted and given.said else say(f"decision.{verdict}")
    probe = replace(_answered_as(line, verdict, said, line), postponed_to=state.postponed_to)
    if read(probe).decision != "unknown":
        return line
    asked = say("asked.after_answer", beside=clean(line.comment), offered=offered_text(state.change))
    return replace(line, decision="unknown", asked=asked)
