"""Marks what differs between two values, down to the letter, so that the eye finds the digit that changed."""

import re
from difflib import SequenceMatcher

from schemas.reports.report import Part

# Below this likeness the marks would be confetti: the whole value is another one.
LIKENESS = 0.5
_DAY = re.compile(r"\d\d/\d\d/\d{4}")


def mark_difference(before: str, after: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the two values in pieces, each told apart or not; joined, the pieces are the value again.

    An empty value has no piece. Values with little in common are marked whole, and so are days: of « 23/07/2025 » and
    « 22/07/2028 » single digits tell nobody anything.
    """
    both_days = before != after and _DAY.fullmatch(before) and _DAY.fullmatch(after)
    if not before or not after or both_days:
        return _whole(before), _whole(after)
    if SequenceMatcher(None, before, after, autojunk=False).ratio() < LIKENESS:
        return _whole(before), _whole(after)
    # Common ends first: « epure@ » and « epure-mirage@ » differ by « -mirage », not by « e-mirag ».
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    head, tail = _slide(before, after, head, tail)
    middle = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False)
    old: list[Part] = [(before[:head], False)] if head else []
    new: list[Part] = [(after[:head], False)] if head else []
    for tag, start, end, new_start, new_end in middle.get_opcodes():
        differs = tag != "equal"
        if end > start:
            old.append((before[head + start : head + end], differs))
        if new_end > new_start:
            new.append((after[head + new_start : head + new_end], differs))
    if tail:
        old.append((before[-tail:], False))
        new.append((after[-tail:], False))
    return tuple(old), tuple(new)


def _slide(before: str, after: str, head: int, tail: int) -> tuple[int, int]:
    """An insertion moved left to where a word begins, if it can: « [nouveau.]noel », not « no[uveau.no]el »."""
    longer = max(before, after, key=len)
    if len(before) == len(after) or head + tail < min(len(before), len(after)):
        return head, tail
    for step in range(head + 1):
        at, end = head - step, len(longer) - tail - step
        if at == 0 or not (longer[at - 1].isalnum() and longer[at].isalnum()):
            return at, tail + step
        if longer[at - 1] != longer[end - 1]:
            break
    return head, tail


def _shared(one: str, other: str) -> int:
    """Length of the common beginning."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _whole(value: str) -> tuple[Part, ...]:
    return ((value, True),) if value else ()
