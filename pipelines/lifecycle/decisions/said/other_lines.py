"""Answers on two lines that cannot both be meant: two files of one mail about one line, two halves of one thing."""

from collections.abc import Iterator, Mapping, Sequence

from pipelines.lifecycle.decisions.objections import STATUS_OF, Decided, decided_text, refusal_of, until_of
from pipelines.lifecycle.linked_pairs import are_opposed, same_rank_change
from schemas.changes.change import Change
from schemas.changes.decision import Refusal
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import say

AnsweredLines = Mapping[str, Sequence[Decided]]
"""Change id → its answered lines."""


def opposed(
    here: AnsweredLines, elsewhere: AnsweredLines, states: Mapping[str, ChangeState]
) -> dict[str, list[Refusal]]:
    """Return what to ask back, by change id, where the line of a file and another one say two things: of another file
    of the same mail (`elsewhere`), or of the half that has no meaning without it.
    """
    found: dict[str, list[Refusal]] = {}
    for key, group in here.items():
        if key not in states or _is_unread(group):
            continue
        against = next(_against(key, here, elsewhere, states), None)
        if against:
            code, other = against
            rows = ", ".join(say("decisions.place", sheet=one.line.sheet, row=one.line.row) for one in other)
            found[key] = [
                refusal_of(one, code, rows=rows, here=decided_text(one), there=decided_text(other[0])) for one in group
            ]
    return found


def _against(
    key: str, here: AnsweredLines, elsewhere: AnsweredLines, states: Mapping[str, ChangeState]
) -> Iterator[tuple[str, Sequence[Decided]]]:
    """The lines that say otherwise, and how to say so (a key of `decisions`)."""
    group, change = here[key], states[key].change
    if other := elsewhere.get(key):
        if _is_unread(other):
            yield "files_unread", other
        elif _differ(group, other):
            yield "files", other
    for link in change.linked_to:
        other = [*here.get(link, ()), *elsewhere.get(link, ())]
        if other and (code := _code(group, change, other, states[link].change)):
            yield code, other


def _code(group: Sequence[Decided], change: Change, other: Sequence[Decided], half: Change) -> str:
    if same_rank_change(change, half):
        if not _differ(group, other):
            return ""
        return "torn_unread" if _is_unread(other) else "torn_rank"
    pairs = ((one, that) for one in group for that in other)
    return "torn_pair" if any(_cannot_be(change, one, half, that) for one, that in pairs) else ""


def _cannot_be(change: Change, one: Decided, half: Change, that: Decided) -> bool:
    if are_opposed(change.kind, one.line.decision, half.kind, that.line.decision):
        return True
    first, second = (one, that) if change.kind == "end_assignment" else (that, one)
    ends, closes = until_of(first.line), until_of(second.line)
    both = {change.kind, half.kind} == {"end_assignment", "deactivate_account"}
    return bool(both and ends and closes and closes < ends)  # no function outlives its account


def _differ(group: Sequence[Decided], other: Sequence[Decided]) -> bool:
    """« Fait » on what is to be added and on what is to be ended is one answer, whatever it means on either line."""
    both = (*group, *other)
    return len({(one.line.decision, until_of(one.line), _named(one)) for one in both}) > 1


def _named(one: Decided) -> str:
    """Which of the list it is, beyond Fait, Refusé, Reporté."""
    return "" if one.offer is None or one.offer.code in STATUS_OF else one.offer.key or one.offer.code


def _is_unread(group: Sequence[Decided]) -> bool:
    return any(one.line.decision == "unknown" for one in group)
