"""What people write as an answer, read: one of our verdicts, until which day, or what to ask them back.

`answer_words.csv` says which words are unequivocal. A text is taken where every word of it is known and all of them
say one thing; one word more that nobody knows, and it is asked back: nothing is ever guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial

from pipelines.lifecycle.decisions.said.signed_answers import unsigned
from pipelines.lifecycle.decisions.written_dates import (
    DATE_WORD,
    DatedText,
    SaidDay,
    day_alone,
    number_alone,
    take_dates,
)
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.nomenclatures import rows, say
from schemas.words import clean, label_key

_LONGEST_QUOTE = 60
_JUST_PAST = timedelta(days=300)  # the next such day of one that is just over: it is that one which is meant
# What to write instead is said with Fait, Refusé, Reporté: of a line that offers other answers, with those.
_BY_THE_LIST = ("no", "cross", "whose", "undone", "seen", "vague", "gone", "silence")
_VERDICTS: Mapping[str, Verdict] = {"accepted": "accepted", "refused": "refused", "postponed": "postponed"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A cell as it was read. `asked`: the French sentence for whoever wrote it, "" where it is understood.

    `rest`: what followed the decision, which belongs to the comment.
    """

    verdict: Verdict
    until: date | None = None
    asked: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A line of the table: what the words say, what they say to a question, and what to ask back of them."""

    reads: str
    question: str
    ask: str


def understand(line: ReturnedLine, day: date, *, question: bool = False, offered: str = "") -> ReturnedLine:
    """Return the line with its words read: decision, day of a report, comment; or `asked`, what is to be made plain.

    `question`: the line asks which of several things is so, to which « oui » is no answer. A decision that the reader
    of the file knew already is left alone, but for its day.
    """
    spoken = (
        Spoken(line.decision)
        if line.decision not in ("", "unknown")
        else read_answer(line.said, day, question, offered)
    )
    comment = "\n".join(filter(None, (spoken.rest, line.comment)))
    until = line.postponed_to or day_alone(line.postponed_said, day)
    if until is None and spoken.verdict == "postponed":
        until = number_alone(line.postponed_said, day)
    said_so = (
        label_key(line.said) == label_key(say(f"decision.{spoken.verdict}")) if spoken.verdict in _VERDICTS else True
    )
    if spoken.verdict == "postponed" and until is None and not line.postponed_said:
        until = spoken.until or _day_in_comment(comment, day)
    return replace(
        line,
        decision=spoken.verdict,
        postponed_to=until,
        comment=comment,
        asked=spoken.asked,
        as_read=spoken.verdict if not said_so or (spoken.verdict == "postponed" and until != line.postponed_to) else "",
    )


def read_answer(said: str, day: date, question: bool = False, offered: str = "") -> Spoken:
    """Read what the cell « Décision » says; an empty one says nothing. `offered`: the answers of its list."""
    text = clean(said)
    if not text:
        return Spoken("")
    asked = partial(_asked, text, offered or say("asked.offered"), question)
    if "?" in text:
        return asked("question")
    dated = _with_number(take_dates(unsigned(text), day), day)
    found = _say_one_thing(dated.text, question)
    if found is None or found.ask:
        return _with_reason(text, day, question) or asked(found.ask if found else "unknown")
    if found.reads == "accepted" and any(one.whole and one.day > day for one in dated.days):
        return asked("future")
    if found.reads == "postponed":
        return asked("days") if len(dated.days) > 1 else _postponed(dated)
    return Spoken(_VERDICTS[found.reads])


def _with_number(dated: DatedText, day: date) -> DatedText:
    """« report au 15 »: the next fifteenth."""
    words = label_key(dated.text).split()
    if dated.days or len(words) < 3 or words[-2] not in _date_words("number") or not words[-1].isdecimal():
        return dated
    head = _say_one_thing(" ".join(words[:-2]), question=False)
    following = number_alone(words[-1], day) if head and head.reads == "postponed" else None
    if following is None:
        return dated
    return DatedText(" ".join((*words[:-1], DATE_WORD)), (SaidDay(following, whole=False),))


def _postponed(dated: DatedText) -> Spoken:
    return Spoken("postponed", dated.days[0].day if dated.days else None)


def _asked(text: str, offered: str, question: bool, key: str) -> Spoken:
    plain = {say("decision.accepted"), say("decision.refused")}
    if key in _BY_THE_LIST and offered != say("asked.offered") and not plain <= set(offered.split(" · ")):
        key = "choice"  # what to write is said of the list that the line has
    elif key == "seen" and question:
        key = "seen_question"  # there is nothing to enter
    shown = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "…"
    return Spoken("unknown", asked=say(f"asked.{key}", found=shown, offered=offered))


def _with_reason(text: str, day: date, question: bool) -> Spoken | None:
    """« Refusé : elle est toujours là », « Reporté (carte demandée) »: the rest is the comment.

    Of what was done the rest may say that it was not all: « Fait, sauf le courriel » is asked back.
    """
    cut = _reason().search(text)
    if cut is None:
        return None
    dated, rest = take_dates(text[: cut.start()], day), text[cut.end() :].rstrip(") ")
    head = _say_one_thing(dated.text, question)
    if head is None or head.reads not in ("refused", "postponed") or not rest:
        return None
    if {one.reads for one in _phrases_in(take_dates(rest, day).text)} & (_VERDICTS.keys() - {head.reads}):
        return None
    return replace(_postponed(dated) if head.reads == "postponed" else Spoken("refused"), rest=rest)


def _day_in_comment(comment: str, day: date) -> date | None:
    """The day of « Reporté » that stands in the comment: alone, or after words that can mean nothing else."""
    if alone := day_alone(comment, day):
        return alone
    dated = take_dates(clean(comment), day)
    if len(dated.days) != 1:
        return None
    before = f" {label_key(dated.text.partition(DATE_WORD)[0])}"
    told = dated.days[0]
    if any(before.endswith(f" {one}") for one in _date_words("lead")):
        return told.day
    meant = any(f" {one} " in f"{before} " for one in _date_words("intention"))
    return told.day if meant and (told.whole or told.day - day < _JUST_PAST) else None


@cache
def _date_words(kind: str) -> tuple[str, ...]:
    """What leads to a day, or says that something is to come."""
    return tuple(word for row in rows("answer_dates") if row["kind"] == kind for word in row["words"].split("|"))


# ── words ────────────────────────────────────────────────────────────────────────────────────────


@cache
def _reason() -> re.Pattern[str]:
    """Between a decision and its reason: « Refusé : elle est là », « Refusé car elle est là »."""
    because = "|".join(
        words for row in rows("answer_words") if row["reads"] == "because" for words in row["words"].split("|")
    )
    return re.compile(rf"\s*[:;,(]\s*|\s+[-\u2013\u2014]\s+|\s+(?=(?:{because})\b)", re.IGNORECASE)


@cache
def _phrases() -> dict[tuple[str, ...], _Phrase]:
    return {
        tuple(words.split()): _Phrase(row["reads"], row["question"], row["ask"])
        for row in reversed(rows("answer_words"))  # of words in two rows the first counts
        if row["reads"] not in ("because", "not_by", "not_signed", "denial")
        for words in row["words"].split("|")
    }


@cache
def _marks() -> dict[str, _Phrase]:
    return {
        mark: _Phrase(row["reads"], row["question"], row["ask"])
        for row in rows("answer_marks")
        for mark in row["marks"].split()
    }


def _say_one_thing(text: str, question: bool) -> _Phrase | None:
    """What all of the text says; None where a word is unknown, or two say different things."""
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
        return _Phrase("ask", "", "bare") if said else None
    if any(one.reads == "accepted" and not one.question for one in told):
        told = [one for one in told if one.question != "beside"]  # « vu et corrigé »
    if asked := next((one for one in told if one.reads == "ask"), None):
        return asked
    if len({one.reads for one in told}) > 1:
        return _Phrase("ask", "", "several")
    if any(one.reads == "filler" and one.question for one in said) and all(one.question for one in told):
        return _Phrase("ask", "", "seen")  # « compte ok »: is it done, or right as it is
    if question and all(one.question for one in told):
        return _Phrase("ask", "", told[0].question)
    return told[0]


def _whole(words: list[str]) -> Iterator[_Phrase | None]:
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


def _at(words: list[str], at: int, size: int) -> _Phrase | None:
    here = tuple(words[at : at + size])
    if here == (DATE_WORD,):
        return _Phrase("lead", "", "")
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


def _phrases_in(text: str) -> Iterator[_Phrase]:
    """The phrases somewhere in a sentence of other words."""
    words = label_key(text).split()
    for at in range(len(words)):
        for size in range(min(7, len(words) - at), 0, -1):
            if found := _phrases().get(tuple(words[at : at + size])):
                yield found
                break
