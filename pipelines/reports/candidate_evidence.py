"""The evidence of each candidate beside their name, out of the guidance that has it as one paragraph.

What speaks for or against every one of them helps nobody to choose, and is left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.changes.change import Change
from schemas.nomenclatures import say
from schemas.typography import NBSP

_LIKELY = {"very_likely": 95, "likely_so": 60, "perhaps": 20, "unlikely": 0}  # in hundredths, from which on


@dataclass(frozen=True, slots=True)
class ToldApart:
    """`guidance`: what to do, without the paragraph; `why`: candidate, as the field has it → what tells it apart."""

    guidance: str
    why: dict[str, str]


def told_apart(change: Change) -> ToldApart:
    """Return the guidance of a question, parted."""
    before, heading, told = change.guidance.partition(say("evidence.candidates"))
    starts = sorted((at, one) for one in _named(change) if (at := told.find(f"{one} (")) >= 0)
    if not heading or not starts:
        return ToldApart(change.guidance, {})
    spans = [(one, at + len(one) + 1, _closed(told, at + len(one) + 1)) for at, one in starts]
    parts = {one: told[begin + 1 : end].split(f"{NBSP}; ") for one, begin, end in spans}
    shared = set.intersection(*(set(_elements(theirs)) for theirs in parts.values())) if len(parts) > 1 else set()
    left = {one: [_left(part, shared) for part in theirs if not _stands_beside(part)] for one, theirs in parts.items()}
    rest = told[spans[-1][2] + 1 :].removeprefix(".").strip()
    why = {one: f"{NBSP}; ".join(filter(None, theirs)) for one, theirs in left.items()}
    return ToldApart(" ".join(filter(None, (before.strip(), rest))), why)


def _named(change: Change) -> list[str]:
    return [one.after for one in change.fields if one.field == "candidate" and one.after]


def _closed(text: str, opened: int) -> int:
    """Where the parenthesis that stands at `opened` closes."""
    depth = 0
    for at in range(opened, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return at
    return len(text)


def _elements(parts: Sequence[str]) -> Iterator[str]:
    for part in filter(_is_list, parts):
        yield from (f"{part[:2]}{one}" for one in part.partition(f"{NBSP}: ")[2].split(", "))


def _is_list(part: str) -> bool:
    return part.startswith((say("evidence.pros", found=""), say("evidence.cons", found="")))


def _stands_beside(part: str) -> bool:
    """What differs has a line of its own in the report."""
    return not _is_list(part) and not part.startswith(say("evidence.likely", share=""))


def _in_words(part: str) -> str:
    """« 99,1 % » is for whoever looks into the matching; to whoever answers, how likely it is in a word."""
    numbers = re.findall(r"\d+(?:,\d+)?", part)
    share = float(numbers[0].replace(",", ".")) if numbers else 0.0
    return say(f"evidence.{next(key for key, least in _LIKELY.items() if share >= least)}")


def _left(part: str, shared: set[str]) -> str:
    if not _is_list(part):
        return _in_words(part)
    side, _, listed = part.partition(f"{NBSP}: ")
    left = [one for one in listed.split(", ") if f"{part[:2]}{one}" not in shared]
    return f"{side}{NBSP}: {', '.join(left)}" if left else ""
