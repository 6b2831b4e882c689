"""An answer and what is written beside it, where they say two things: « Fait », « pas encore ». Neither is guessed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from pipelines.answer_choices import Offer, asked_as, offer_said, offered_text
from pipelines.lifecycle.decisions.leaving import without_day
from pipelines.lifecycle.decisions.said.denials import clauses_of, takes_back
from pipelines.lifecycle.decisions.said.limits import is_limited
from pipelines.lifecycle.decisions.said.offered_words import offer_written
from pipelines.lifecycle.decisions.said.phrases import phrases_in
from pipelines.lifecycle.decisions.said.written_numbers import numbers_of
from pipelines.lifecycle.decisions.written_answers import begins_with, said_alone
from pipelines.lifecycle.decisions.written_dates import JUST_PAST, day_alone
from pipelines.phrase import day_text
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.nomenclatures import rows, say
from schemas.words import clean

# Reads a text as the answer of a line, as if nothing else were written on it.
Alone = Callable[[ReturnedLine], ReturnedLine]
_GENERIC = ("accepted", "refused", "postponed")


def uncontradicted(line: ReturnedLine, change: Change, day: date, alone: Alone) -> ReturnedLine:
    """Return an answered line as it is; one beside whose answer stands what says otherwise, asked back.

    `alone`: reads a text as the answer of this line, as if nothing else were written on it.
    """
    if line.decision not in _GENERIC:
        return line
    chosen = offer_written(change, line.said, day)
    told = line.postponed_to or day_alone(line.postponed_said, day)
    leaving = chosen is not None and chosen.code == "left"  # its day was read already
    if line.decision != "postponed" and told and told > day and not leaving:
        return replace(line, decision="unknown", asked=_with_a_day(line, change, told), as_read="")
    texts = [text for text in _texts(line.comment) if chosen is None or offer_said(change, text) != chosen]
    if not any(_says_otherwise(text, line, change, chosen, day) for text in texts) and not (
        line.decision != "postponed" and any(_denied(text, line, change, chosen, day, alone) for text in texts)
    ):
        return line
    offered = offered_text(change)
    asked = say("asked.contradicted", found=_said(line), beside=clean(line.comment), offered=offered)
    return replace(line, decision="unknown", asked=asked, as_read="")


def _with_a_day(line: ReturnedLine, change: Change, told: date) -> str:
    """What to write instead, in the answers that the list of this line has."""
    if line.decision == "refused" or asked_as(change) == "card_alert" or change.kind == "review":
        return say("asked.day_beside_listed", found=_said(line), day=day_text(told), offered=offered_text(change))
    return say("asked.day_beside", found=_said(line))


def _denied(text: str, line: ReturnedLine, change: Change, chosen: Offer | None, day: date, alone: Alone) -> bool:
    """The comment would be another answer if it stood alone; or it denies the one beside it, or puts it off."""
    unfit = {row["deed"] for row in rows("answer_unfit") if row["kind"] == change.kind}
    if line.decision == "accepted" and any(one.deed in unfit for one in phrases_in(text)):
        return True
    if takes_back(text, change, chosen, line.decision, day):
        return True
    bare = replace(line, comment="", postponed_to=None, postponed_said="", asked="", as_read="", decision="unknown")
    for clause in dict.fromkeys((text, *clauses_of(text))):
        read = alone(replace(bare, said=clause))
        if read.decision in ("", "unknown") or numbers_of(clause):  # of numbers `by_number` judges
            continue
        offer = offer_said(change, read.said) if read.said else None
        named = chosen is not None and chosen.code not in _GENERIC
        if named and offer is not None and offer.code not in _GENERIC:
            if chosen is not None and (offer.code, offer.key) != (chosen.code, chosen.key):
                return True
        elif read.decision != line.decision and not (named and read.decision == "accepted"):
            return True
    return False


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
