"""A card's number that somebody wrote into an answer or beside it: which of the candidates it names, or what it is.

A number is one where its key bears it out (`pipelines/sources/cells/bare_number.py`); nothing else is taken for one.
"""

import re
from dataclasses import replace

from pipelines.answer_choices import Offer, asked_as, beside, offered_text, offers_of
from pipelines.sources.cells.bare_number import numbers_in
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.nomenclatures import say
from schemas.people.identifiers import kind_of
from schemas.table_words import words_where
from schemas.words import label_key

_WHICH = ("ambiguous_match", "number_of_another", "number_of_another_line", "shared_number", "shared_number_apart")
_NAMING = ("number", "same", "owner")  # a name is never corrected because of a number alone
_RAW = re.compile(r"\d(?:[ .]?\d){7,}")
_SHOWN = 4  # digits by which whoever wrote a number knows it again, in a mail


def by_number(line: ReturnedLine, change: Change, chosen: Offer | None, *, settled: bool) -> ReturnedLine:
    """Return the line of a question « which one », answered by the number that is written on it; or asked back, where
    it is nobody's of the list, or another's than the answer that was `chosen`. Any other line, or one that is answered
    (`settled`) otherwise, as it is.
    """
    written = numbers_of(line.said, line.comment)
    if asked_as(change) == "not_in_register" and numbers_of(line.said) == {change.person.national_id}:
        return replace(line, said=say("offer.right"), decision="unknown")  # read on the card, and written out
    if (
        chosen
        and chosen.code in ("corrected", "right")
        and (wrong := _unsound(f"{line.said} {line.comment}", written, change, chosen))
    ):
        return _asked(line, wrong)
    if written and chosen and _against(chosen, written, change):
        return _asked(line, say("asked.number_against", found=chosen.unnamed, offered=offered_text(change)))
    if not written or asked_as(change) not in _WHICH:
        return line
    fitting = [
        one for one in offers_of(change) if one.code in _NAMING and not written.isdisjoint(_known_by(change, one))
    ]
    if settled:
        if chosen is None:
            return line
        theirs = {one.key for one in fitting}
        other = chosen.key and chosen.key not in theirs and (theirs or not written <= _shown_on(change))
        return _asked(line, say("asked.number_differs")) if other else line
    if len(fitting) == 1 and not _denied(f"{line.said} {line.comment}"):
        return replace(line, said=fitting[0].text, decision="unknown")
    offered = offered_text(change)
    return _asked(line, say("asked.number_not_listed", offered=offered))


def _unsound(text: str, written: frozenset[str], change: Change, chosen: Offer) -> str:
    """What to ask of « Numéro corrigé » beside the number in doubt, of it or « Le numéro est bon » beside one that no
    card can have.
    """
    told = (one.before for one in change.fields if one.field == "cpx_number" and one.before)
    doubted = {re.sub(r"\D", "", one) for one in (change.person.national_id or "", *told)}
    raw = {re.sub(r"\D", "", one) for one in _RAW.findall(text)}
    if raw and raw <= doubted:
        if chosen.code == "right":
            return ""
        return say("asked.number_against", found=say("offer.corrected"), offered=offered_text(change))
    return say("asked.number_wrong", offered=offered_text(change)) if raw and not written else ""


def _against(chosen: Offer, written: frozenset[str], change: Change) -> bool:
    """« Numéro corrigé », and the number in doubt beside it; « Le numéro est bon », and another."""
    told = (one.before for one in change.fields if one.field == "cpx_number" and one.before)
    doubted = numbers_of(change.person.national_id, *told)
    if chosen.code == "corrected":
        return written <= doubted
    return chosen.code == "right" and bool(doubted) and written.isdisjoint(doubted)


def is_its_number(change: Change, offer: Offer, text: str) -> bool:
    """Tell whether the number that is written beside an answer is that of whom the answer names."""
    return bool(offer.key) and not numbers_of(text).isdisjoint(_known_by(change, offer))


def numbers_of(*texts: str) -> frozenset[str]:
    """Return the national numbers that are written in some cells."""
    return frozenset(number for text in texts for number in numbers_in(text))


def told_number(text: str, change: Change | None = None) -> str:
    """Return what to say to whoever wrote a number where none is read; "" where none is written but those that the line
    itself shows.
    """
    found = sorted({*numbers_in(text)} - _shown_on(change))
    if not found:
        return ""
    return say("remark_reason.number", kind=_kind(found[0]), end=found[0][-_SHOWN:])


def _shown_on(change: Change | None) -> frozenset[str]:
    """The numbers of a line: whoever copies one of them tells nothing new."""
    if change is None:
        return frozenset()
    told = (value for one in change.fields for value in (one.before, one.after) if value)
    return numbers_of(change.person.national_id or "", *told) | {change.person.national_id or ""}


def shown_number(text: str) -> str:
    """Return « RPPS 8… – what was written », for the administrator; the text alone without a number."""
    found = sorted(numbers_in(text))
    return say("remark.number", number=", ".join(f"{_kind(one)} {one}" for one in found), text=text) if found else text


def _kind(number: str) -> str:
    return say(f"number_kind.{kind_of(number).value}")


def _known_by(change: Change, offer: Offer) -> set[str]:
    """The numbers of a candidate: their own, or that of their account."""
    found = {one.after for one in beside(change, offer.key) if one.field == "cpx_number"}
    return {offer.key, *(number for after in found if after for number in numbers_in(after) or (after,))}


def _denied(text: str) -> bool:
    """« Ce n'est pas le 8… », « le 8… ? »: it names a number to say no, or to ask."""
    words = words_where("answer_words", reads="denial")
    return "?" in text or not set(label_key(text).split()).isdisjoint(words)


def _asked(line: ReturnedLine, why: str) -> ReturnedLine:
    return replace(line, decision="unknown", asked=why)
