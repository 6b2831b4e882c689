"""An answer and what is written beside it, where they say two things: « Fait », « pas encore ». Neither is guessed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from pipelines.answer_choices import Offer, asked_as, offers_of
from pipelines.lifecycle.decisions.said.limits import is_limited
from pipelines.lifecycle.decisions.said.offered_words import offer_written
from pipelines.lifecycle.decisions.written_answers import said_alone
from pipelines.lifecycle.decisions.written_dates import JUST_PAST, day_alone
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.nomenclatures import rows, say
from schemas.words import clean

_GENERIC = ("accepted", "refused", "postponed")


def uncontradicted(line: ReturnedLine, change: Change, day: date) -> ReturnedLine:
    """Return an answered line as it is; one beside whose answer stands what says otherwise, asked back."""
    if line.decision not in _GENERIC:
        return line
    chosen = offer_written(change, line.said, day)
    if not any(_says_otherwise(text, line, change, chosen, day) for text in _texts(line.comment)):
        return line
    offered = " · ".join(one.text for one in offers_of(change))
    said = clean(line.said) or say(f"decision.{line.decision}")
    asked = say("asked.contradicted", found=said, beside=clean(line.comment), offered=offered)
    return replace(line, decision="unknown", asked=asked, as_read="")


def _texts(comment: str) -> Iterator[str]:
    """The comment, and each line of it: what was written behind the answer is one."""
    lines = list(filter(None, map(clean, comment.split("\n"))))
    yield from lines
    if len(lines) > 1:
        yield " ".join(lines)


def _says_otherwise(text: str, line: ReturnedLine, change: Change, chosen: Offer | None, day: date) -> bool:
    if line.decision != "postponed" and is_limited(text):
        return True
    if line.decision == "refused" and (told := day_alone(text, day)) and told - day < JUST_PAST:
        return True  # « Refusé », « 15/12 »: it may be put off
    beside = offer_written(change, text, day)
    if beside and beside.code not in _GENERIC:
        return _another(beside, line, chosen)
    reads, why, bare = said_alone(text, day)
    if beside:
        reads, bare = beside.verdict, False
    if reads in _GENERIC:
        return reads != line.decision and not bare
    return reads == "ask" and (asked_as(change), line.decision, why) in _pairs() | _of_every(asked_as(change))


def _another(beside: Offer, line: ReturnedLine, chosen: Offer | None) -> bool:
    """Another answer of the list: what it names is another, or it is given where nothing of the kind was chosen."""
    if chosen and chosen.code not in _GENERIC:
        return (beside.code, beside.key) != (chosen.code, chosen.key)
    return beside.verdict != line.decision or beside.code == "left"


@cache
def _pairs() -> frozenset[tuple[str, str, str]]:
    """(what is asked, what was answered, what stands beside it) that do not go together."""
    return frozenset((row["asked"], row["answered"], row["beside"]) for row in rows("answer_contradictions"))


@cache
def _of_every(asked: str) -> frozenset[tuple[str, str, str]]:
    """The same of every line but those that have their own."""
    own = {row["asked"] for row in rows("answer_contradictions")}
    every = {(answered, beside) for kind, answered, beside in _pairs() if kind == "every"}
    return frozenset((asked, *one) for one in every) if asked not in own else frozenset()
