"""The words of `answer_words.csv` and the marks of `answer_marks.csv`, found in what somebody wrote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pipelines.lifecycle.decisions.written_dates import DATE_WORD
from schemas.nomenclatures import rows
from schemas.words import label_key


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line of the table: what the words say, what they say to a question, what to ask back of them, and which deed
    they tell.
    """

    reads: str
    question: str
    ask: str
    deed: str = ""


@cache
def reason_pattern() -> re.Pattern[str]:
    """Return what stands between a decision and its reason: « Refusé : elle est là », « Refusé car elle est là »."""
    because = "|".join(
        words for row in rows("answer_words") if row["reads"] == "because" for words in row["words"].split("|")
    )
    return re.compile(rf"\s*[:;,(]\s*|\s+[-\u2013\u2014]\s+|\s+(?=(?:{because})\b)", re.IGNORECASE)


@cache
def _phrases() -> dict[tuple[str, ...], Phrase]:
    return {
        tuple(words.split()): Phrase(row["reads"], row["question"], row["ask"], row["deed"])
        for row in reversed(rows("answer_words"))  # of words in two rows the first counts
        if row["reads"] not in ("because", "not_by", "not_signed", "denial", "but", "confirmed", "cancelled")
        for words in row["words"].split("|")
    }


@cache
def answer_words() -> frozenset[str]:
    """Return every word of the table: none of them is anybody's name."""
    return frozenset(word for words in _phrases() for word in words)


@cache
def _marks() -> dict[str, Phrase]:
    return {
        mark: Phrase(row["reads"], row["question"], row["ask"])
        for row in rows("answer_marks")
        for mark in row["marks"].split()
    }


def say_one_thing(text: str, question: bool) -> Phrase | None:
    """Return what all of the text says; None where a word is unknown, or two say different things."""
    bare = "".join(sign for sign in text if sign not in _marks() and sign != "\ufe0f")
    if any(not sign.isascii() and not sign.isalnum() and label_key(sign) for sign in bare):
        return None  # a mark that nobody put into the table, and that would fold to a letter
    said = [_marks()[sign] for sign in text if sign in _marks()]
    words = label_key(bare).split()
    if words:
        found = list(_whole(words))
        if None in found:
            return None
        said += [one for one in found if one is not None]
    told = [one for one in said if one.reads not in ("filler", "lead")]
    if not told:
        return Phrase("ask", "", "bare") if said else None
    if any(one.reads == "accepted" and not one.question for one in told):
        told = [one for one in told if one.question != "beside"]  # « vu et corrigé »
    if any(one.reads == "refused" for one in told):
        told = [one for one in told if one.ask != "no"]  # « non, ne pas désactiver »
    if asked := next((one for one in told if one.reads == "ask"), None):
        return asked
    if len({one.reads for one in told}) > 1:
        return Phrase("ask", "", "several")
    beside = [one for one in said if one.reads == "filler"]
    saying = _told_beside(told, next((one.question for one in beside if one.question), ""), question)
    deed = next((one.deed for one in beside if one.deed), "")  # « suppression faite »
    return replace(saying, deed=deed) if deed and not saying.deed else saying


def _told_beside(told: list[Phrase], beside: str, question: bool) -> Phrase:
    """What words that say one thing say with what stands `beside` them."""
    if beside and all(one.question for one in told):
        # « compte ok »: is it done, or right as it is; « ok ce soir »
        return Phrase("ask", "", "undone" if beside == "soon" else "seen")
    if beside == "deed" and told[0].reads == "refused":
        return Phrase("ask", "", "undone")  # « création refusée »: by e-FIT, perhaps
    if question and all(one.question for one in told):
        return Phrase("ask", "", told[0].question)
    return next((one for one in told if one.deed), next((one for one in told if not one.question), told[0]))


def first_phrase(text: str) -> Phrase | None:
    """Return the phrase that a sentence begins with, fillers apart; None where its first word is of none."""
    found = (one for one in _whole(label_key(text).split()) if one is None or one.reads not in ("filler", "lead"))
    return next(found, None)


def _whole(words: list[str]) -> Iterator[Phrase | None]:
    """The phrases that the words are made of, the longest first; None at a word that is of none."""
    at = 0
    while at < len(words):
        found = next(
            ((size, one) for size in range(min(7, len(words) - at), 0, -1) if (one := _at(words, at, size))), None
        )
        if found is None:
            yield None
            return
        at += found[0]
        yield found[1]


def _at(words: list[str], at: int, size: int) -> Phrase | None:
    here = tuple(words[at : at + size])
    if here == (DATE_WORD,):
        return Phrase("lead", "", "")
    found = _phrases().get(here)
    if found and found.reads == "lead" and (at + size >= len(words) or not _leads_on(words, at + size)):
        return None  # « au bloc » is no date
    return found


def _leads_on(words: list[str], at: int) -> bool:
    """A date follows, perhaps after another word that leads to it: « au lundi 15/12 »."""
    if words[at] == DATE_WORD:
        return True
    sizes = range(min(4, len(words) - at - 1), 0, -1)
    leads = ((size, _phrases().get(tuple(words[at : at + size]))) for size in sizes)
    return any(one and one.reads == "lead" and _leads_on(words, at + size) for size, one in leads)


def phrases_in(text: str) -> Iterator[Phrase]:
    """Yield the phrases somewhere in a sentence of other words."""
    words = label_key(text).split()
    for at in range(len(words)):
        for size in range(min(7, len(words) - at), 0, -1):
            if found := _phrases().get(tuple(words[at : at + size])):
                yield found
                break
