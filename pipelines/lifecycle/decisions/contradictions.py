"""An answer and what is written beside it, where they say two things: « Fait », « pas encore ». Neither is guessed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from pipelines.answer_choices import Offer, asked_as, offered_text
from pipelines.lifecycle.decisions.leaving import without_day
from pipelines.lifecycle.decisions.said.limits import is_limited
from pipelines.lifecycle.decisions.said.offered_words import offer_written
from pipelines.lifecycle.decisions.written_answers import begins_with, said_alone
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
    told = line.postponed_to or day_alone(line.postponed_said, day)
    leaving = chosen is not None and chosen.code == "left"  # its day was read already
    if line.decision != "postponed" and told and told > day and not leaving:
        return replace(line, decision="unknown", asked=say("asked.day_beside", found=_said(line)), as_read="")
    if not any(_says_otherwise(text, line, change, chosen, day) for text in _texts(line.comment)):
        return line
    offered = offered_text(change)
    asked = say("asked.contradicted", found=_said(line), beside=clean(line.comment), offered=offered)
    return replace(line, decision="unknown", asked=asked, as_read="")


def _said(line: ReturnedLine) -> str:
    return clean(line.said) or say(f"decision.{line.decision}")


def _texts(comment: str) -> Iterator[str]:
    """The comment, and each line of it: what was written behind the answer is one."""
    lines = list(filter(None, map(clean, comment.split("\n"))))
    yield from lines
    if len(lines) > 1:
        yield " ".join(lines)


def _says_otherwise(text: str, line: ReturnedLine, change: Change, chosen: Offer | None, day: date) -> bool:
    if line.decision != "postponed" and is_limited(text):
        return True
    may_wait = line.decision == "refused" or said_alone(line.said, day)[2]  # « Refusé », « oui »; and « 15/12 »
    if may_wait and line.decision != "postponed" and (told := day_alone(text, day)) and told - day < JUST_PAST:
        return told > day or line.decision == "refused"
    beside = _offer_in(text, line, change, day)
    if beside and beside.code not in _GENERIC:
        return _another(beside, line, chosen)
    reads, why, bare = said_alone(text, day)
    if beside:
        reads, bare = beside.verdict, False
    if reads in _GENERIC:
        return reads != line.decision and not bare
    against = _against(asked_as(change), chosen.code if chosen else "", line.decision)
    return (why if reads == "ask" else begins_with(text)) in against


def _offer_in(text: str, line: ReturnedLine, change: Change, day: date) -> Offer | None:
    """« elle part le 31/12 » says « Partie » as well."""
    dated = without_day(replace(line, said=text, postponed_to=None), change, day)
    return offer_written(change, text if dated.asked else dated.said, day)


def _another(beside: Offer, line: ReturnedLine, chosen: Offer | None) -> bool:
    """Another answer of the list: what it names is another, or it is given where nothing of the kind was chosen."""
    if chosen and chosen.code not in _GENERIC:
        return (beside.code, beside.key) != (chosen.code, chosen.key)
    return beside.verdict != line.decision or beside.code == "left"


@cache
def _against(asked: str, code: str, verdict: str) -> frozenset[str]:
    """What cannot stand beside an answer, of the most particular row: of this answer to this question, of its verdict,
    of every question.
    """
    table = rows("answer_contradictions")
    for wanted in ((asked, code), (asked, verdict), ("every", verdict)):
        if found := {row["beside"] for row in table if (row["asked"], row["answered"]) == wanted}:
            return frozenset(found)
    return frozenset()
