"""An answer and what is written beside it, where they say two things: « Fait », « pas encore ». Neither is guessed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from pipelines.answer_choices import Offer, asked_as, offer_said, offered_text
from pipelines.lifecycle.decisions.facts.other_facts import names_another_fact
from pipelines.lifecycle.decisions.facts.other_values import is_another_value, without_own_values
from pipelines.lifecycle.decisions.facts.written_numbers import numbers_of
from pipelines.lifecycle.decisions.said.comment_clauses import clauses_of, has, is_was
from pipelines.lifecycle.decisions.said.denials import takes_back
from pipelines.lifecycle.decisions.said.offered_words import offer_written
from pipelines.lifecycle.decisions.said.phrases import phrases_in
from pipelines.lifecycle.decisions.said.refusals import gives_a_correction
from pipelines.lifecycle.decisions.written_answers import said_alone
from pipelines.lifecycle.decisions.written_dates import JUST_PAST, day_alone, number_alone
from pipelines.phrase import day_text
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.nomenclatures import rows, say
from schemas.reading.mark import says_nothing
from schemas.words import clean, label_key

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
    if line.decision != "postponed" and not told and not leaving and _puts_it_off(line, day):
        beside = clean(line.postponed_said)
        asked = say("asked.contradicted", found=_said(line), beside=beside, offered=offered_text(change))
        return replace(line, decision="unknown", asked=asked, as_read="")
    texts = [*_texts(line.comment), *line.beside]
    texts = [text for text in texts if chosen is None or "?" in text or offer_said(change, text) != chosen]
    against = [text for text in texts if _denied(text, line, change, chosen, day, alone)]
    if not against:
        return line
    offered = offered_text(change)
    beside = against[0] if against[0] in line.beside else clean(line.comment)
    key = "correction_beside" if _is_a_correction(line, change, chosen) else "contradicted"
    asked = say(f"asked.{key}", found=_said(line), beside=beside, offered=offered)
    return replace(line, decision="unknown", asked=asked, as_read="")


def _is_a_correction(line: ReturnedLine, change: Change, chosen: Offer | None) -> bool:
    """« CH du Lac = CH de Yvremont » beside the answer that nothing is to be corrected."""
    plain = chosen is None or chosen.code == "refused"
    return plain and line.decision == "refused" and gives_a_correction(clauses_of(line.comment), change)


def _puts_it_off(line: ReturnedLine, day: date) -> bool:
    """« en juin », « pas encore » in the column of a day that is to come; not « néant », nor the answer once more."""
    said = line.postponed_said
    return bool(label_key(said)) and not says_nothing(said) and said_alone(said, day)[0] != line.decision


def _with_a_day(line: ReturnedLine, change: Change, told: date) -> str:
    """What to write instead, in the answers that the list of this line has."""
    if line.decision == "refused" or asked_as(change) == "card_alert" or change.kind == "review":
        return say("asked.day_beside_listed", found=_said(line), day=day_text(told), offered=offered_text(change))
    return say("asked.day_beside", found=_said(line))


def _denied(text: str, line: ReturnedLine, change: Change, chosen: Offer | None, day: date, alone: Alone) -> bool:
    """The comment denies the answer that it stands beside or puts it off, writes out another value, or would be another
    answer if it stood alone.
    """
    if names_another_fact(text, change, chosen, line.decision, day):
        return True
    bare = without_own_values(text, change)
    if takes_back(bare, change, chosen, line.decision, day) or _with_a_bare_day(text, line, day):
        return True
    if line.decision == "accepted" and is_another_value(text, change, chosen):
        return True
    clauses = [one for one in dict.fromkeys((text, *clauses_of(text))) if not is_was(one)]
    unfit = {row["deed"] for row in rows("answer_unfit") if row["kind"] == change.kind}
    plain = chosen is None or chosen.code in (*_GENERIC, "told")
    if (
        plain
        and line.decision == "accepted"
        and any(one.deed in unfit for clause in clauses for one in phrases_in(clause))
    ):
        return not any(has(label_key(clause), kind) for clause in clauses for kind in ("negation", "also"))
    return any(_is_another(clause, line, change, chosen, alone) for clause in clauses)


def _with_a_bare_day(text: str, line: ReturnedLine, day: date) -> bool:
    """« OK », « oui », « Refusé », and beside it a day alone: the day on which it will be, perhaps."""
    told = day_alone(text, day) or number_alone(text, day)
    yes = said_alone(line.said, day)[2] and line.decision == "accepted"
    if told is None or not (yes or line.decision == "refused"):
        return False
    return told - day < JUST_PAST and (told > day or line.decision == "refused")


def _is_another(clause: str, line: ReturnedLine, change: Change, chosen: Offer | None, alone: Alone) -> bool:
    """It says something else of the line than the answer beside it."""
    bare = replace(line, comment="", postponed_to=None, postponed_said="", asked="", as_read="", decision="unknown")
    read = alone(replace(bare, said=clause))
    if read.decision in ("", "unknown") or numbers_of(clause):  # of numbers `by_number` judges
        return False
    offer = offer_said(change, read.said) if read.said else None
    named = chosen is not None and chosen.code not in _GENERIC
    if chosen is not None and named and offer is not None and offer.code not in _GENERIC:
        return (offer.code, offer.key) != (chosen.code, chosen.key)
    return read.decision != line.decision and not (named and read.decision == "accepted")


def _said(line: ReturnedLine) -> str:
    return clean(line.said) or say(f"decision.{line.decision}")


def _texts(comment: str) -> Iterator[str]:
    """The comment, and each line of it: what was written behind the answer is one."""
    lines = list(filter(None, map(clean, comment.split("\n"))))
    yield from lines
    if len(lines) > 1:
        yield " ".join(lines)
