"""A returned line, its words read as the answer to what it asks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from pipelines.answer_choices import Offer, asked_as, asks_which, offer_said, offered_text
from pipelines.lifecycle.decisions.contradictions import uncontradicted
from pipelines.lifecycle.decisions.facts.written_numbers import by_number
from pipelines.lifecycle.decisions.leaving import with_departure, with_tail, without_day
from pipelines.lifecycle.decisions.objections import STATUS_OF
from pipelines.lifecycle.decisions.said.offered_words import (
    confirmed_answer,
    is_cancelled,
    offer_with_reason,
    offer_written,
    without_field,
)
from pipelines.lifecycle.decisions.written_answers import said_alone, understand
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import rows, say
from schemas.words import clean, label_key

_TO_BE_PASSED_ON = timedelta(days=14)  # how long a line that is somebody else's is silent, while it is found out whose


def understood(line: ReturnedLine, states: Mapping[str, ChangeState], day: date) -> ReturnedLine:
    """Return the line with its words read as the answer to what it asks; one that the question offers needs no
    reading.
    """
    if line.asked:  # by whoever read the file
        return line
    state = states.get(line.token.partition(":")[0])
    if state is None:
        return understand(line, day)
    line = with_tail(without_day(line, state.change, day), state.change, day)
    if line.asked:
        return line
    change = state.change
    if is_cancelled(line.said):
        if state.status not in STATUS_OF.values() and state.is_open:
            asked = say("asked.nothing_to_cancel", found=clean(line.said), offered=offered_text(change))
            return replace(line, decision="unknown", asked=asked, as_read="")
        return _with_number(_taken_back(line, state, day), change, day)
    if answer := confirmed_answer(change, line.said):
        return _with_number(replace(line, said=answer), change, day)

    def alone(one: ReturnedLine) -> ReturnedLine:
        plain = with_tail(without_day(one, change, day), change, day)
        return plain if plain.asked else _with_number(plain, change, day)

    return uncontradicted(_with_number(line, change, day), change, day, alone)


def _taken_back(line: ReturnedLine, state: ChangeState, day: date) -> ReturnedLine:
    """« Annuler »: of an open question it is put off to the next night, which asks it again; what an answer decided of
    who is who is refused.
    """
    comment = "\n".join(filter(None, (line.said, line.comment)))
    verdict: Verdict = "postponed" if state.is_open else "refused"
    until = day + timedelta(days=1) if state.is_open else None
    return replace(line, said=say(f"decision.{verdict}"), postponed_to=until, postponed_said="", comment=comment)


def _with_number(line: ReturnedLine, change: Change, day: date) -> ReturnedLine:
    """The line read, its number too where one is written."""
    offer = offer_written(change, line.said, day)
    if offer is None and (found := offer_with_reason(change, line.said, day)):
        offer, rest = found
        line = replace(line, said=offer.text, comment="\n".join(filter(None, (rest, line.comment))))
    read = _read(line, change, offer, day)
    settled = read.decision not in ("", "unknown")
    numbered = by_number(line, change, offer, settled=settled)
    if numbered is line:
        return read
    return numbered if numbered.asked else _read(numbered, change, offer_said(change, numbered.said), day)


def _read(line: ReturnedLine, change: Change, offer: Offer | None, day: date) -> ReturnedLine:
    if offer:
        if offer.code == "elsewhere":
            line = replace(line, postponed_to=line.postponed_to or day + _TO_BE_PASSED_ON)
        own = offer.code in STATUS_OF and label_key(line.said) != label_key(offer.text)  # « toujours en poste »
        given = replace(line, decision=offer.verdict, said=line.said if own else offer.text)
        read = replace(understand(given, day), as_read=offer.verdict if own else "")
        return with_departure(read, day) if offer.code == "left" else read
    offered = offered_text(change)
    unfit = {row["deed"] for row in rows("answer_unfit") if row["kind"] == change.kind}
    heard = replace(line, said=without_field(line.said, change))
    read = understand(heard, day, question=change.kind == "review", offered=offered, unfit=unfit)
    if heard.said != line.said:
        again = read.decision == "accepted"
        plain = understand(line, day, question=change.kind == "review", offered=offered, unfit=unfit)
        read = replace(read, said=line.said) if again else plain
    if read.decision == "accepted" and (asks_which(change) or _is_bare_of_a_card(line.said, change, day)):
        asked = say("asked.choice", found=line.said, offered=offered)
        return replace(read, decision="unknown", asked=asked, as_read="")
    return read


def _is_bare_of_a_card(said: str, change: Change, day: date) -> bool:
    """« ok », « x »: was the person told, or is the card there? « Fait » is what the line asks for: they were told."""
    return asked_as(change) == "card_alert" and said_alone(said, day)[2]
