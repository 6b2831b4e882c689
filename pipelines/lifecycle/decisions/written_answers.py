"""What people write as an answer, read: one of our verdicts, until which day, or what to ask them back.

`answer_words.csv` says which words are unequivocal. A text is taken where every word of it is known and all of them
say one thing; one word more that nobody knows, and it is asked back: nothing is ever guessed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from pipelines.lifecycle.decisions.said.limits import is_ahead, is_limited, is_share
from pipelines.lifecycle.decisions.said.phrases import Phrase, phrases_in, reason_pattern, say_one_thing
from pipelines.lifecycle.decisions.said.signed_answers import by_somebody, unsigned
from pipelines.lifecycle.decisions.written_dates import (
    DATE_WORD,
    JUST_PAST,
    DatedText,
    SaidDay,
    day_alone,
    likely_day,
    number_alone,
    relative_day,
    take_dates,
    without_weekday,
)
from pipelines.phrase import day_text
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.nomenclatures import say
from schemas.table_words import words_where
from schemas.words import clean, label_key

_LONGEST_QUOTE = 60
_TIME = re.compile(r"\s+(?:à|vers)\s+\d{1,2}\s?h(?:\s?\d{2})?\b")
# What to write instead is said with Fait, Refusé, Reporté: of a line that offers other answers, with those.
_BY_THE_LIST = ("no", "cross", "whose", "undone", "seen", "vague", "gone", "silence", "unfit", "future")
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


def understand(
    line: ReturnedLine, day: date, *, question: bool = False, offered: str = "", unfit: Collection[str] = ()
) -> ReturnedLine:
    """Return the line with its words read: decision, day of a report, comment; or `asked`, what is to be made plain.

    `question`: the line asks which of several things is so, to which « oui » is no answer. `unfit`: deeds that are not
    what the line asks for. A decision that the reader of the file knew already is left alone, but for its day.
    """
    spoken = (
        Spoken(line.decision)
        if line.decision not in ("", "unknown")
        else read_answer(line.said, day, question, offered, unfit)
    )
    comment = "\n".join(filter(None, (spoken.rest, line.comment)))
    until = line.postponed_to or day_alone(line.postponed_said, day)
    if until is None and spoken.verdict == "postponed":
        until = number_alone(line.postponed_said, day) or relative_day(line.postponed_said, day)
    if spoken.verdict == "postponed" and until and spoken.until and until != spoken.until:
        spoken = replace(spoken, verdict="unknown", asked=say("asked.days", found=clean(line.said)))
    if spoken.verdict == "accepted" and line.decision in ("", "unknown") and until and until > day:
        # « OK », and 15/12 in « Reporté au »: it may be that it will be done on that day
        plain = not offered or say("decision.refused") in offered
        told = {"found": clean(line.said), "day": f"{until:%d/%m/%Y}", "offered": offered}
        asked = say("asked.day_beside", found=clean(line.said)) if plain else say("asked.day_beside_listed", **told)
        spoken = replace(spoken, verdict="unknown", asked=asked)
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


def read_answer(said: str, day: date, question: bool = False, offered: str = "", unfit: Collection[str] = ()) -> Spoken:
    """Read what the cell « Décision » says; an empty one says nothing. `offered`: the answers of its list; `unfit`:
    deeds that are not what the line asks for.
    """
    text = clean(said)
    if not text:
        return Spoken("")
    asked = partial(_asked, text, offered or say("asked.offered"), question, day)
    if "?" in text:
        return asked("question")
    dated = _with_number(take_dates(unsigned(_TIME.sub("", text)), day), day)
    found = say_one_thing(dated.text, question)
    if found is None and (done := _done_on_a_weekday(dated.text, question)):
        found = done
    if found and found.ask == "bare" and dated.days:
        return asked("day_only")
    if found is None or found.ask:
        return _with_reason(text, day, question) or asked(found.ask if found else "unknown")
    if found.reads == "postponed":
        return asked("days") if len(dated.days) > 1 else _postponed(dated)
    if is_ahead(dated, day, plain=found.reads == "accepted" and not found.question):
        return asked("future")
    if why := _in_doubt(found, text, unfit):
        return asked(why)
    return Spoken(_VERDICTS[found.reads])


def _done_on_a_weekday(text: str, question: bool) -> Phrase | None:
    """« fait lundi », « saisi mardi matin »: what is said to be done was; of « ok lundi » nobody knows."""
    head = without_weekday(text)
    found = say_one_thing(head, question) if head else None
    return found if found and found.reads == "accepted" and not found.question else None


def _in_doubt(found: Phrase, text: str, unfit: Collection[str]) -> str:
    """« compte supprimé » of what is to be created; « ok par la DRH »; « fait 1/2 »: what to ask back."""
    if found.deed in unfit:
        return "unfit"
    if found.question and by_somebody(text):
        return "seen"
    return "undone" if found.reads == "accepted" and is_share(text) else ""


def _with_number(dated: DatedText, day: date) -> DatedText:
    """« report au 15 »: the next fifteenth."""
    words = label_key(dated.text).split()
    if dated.days or len(words) < 3 or words[-2] not in _date_words("number") or not words[-1].isdecimal():
        return dated
    head = say_one_thing(" ".join(words[:-2]), question=False)
    if head and head.reads == "accepted" and not head.question and words[-2] in _date_words("dated"):
        return DatedText(" ".join(words[:-2]), ()) if 0 < int(words[-1]) <= day.day else dated  # « fait le 22 »
    following = number_alone(words[-1], day) if head and head.reads == "postponed" else None
    if following is None:
        return dated
    return DatedText(" ".join((*words[:-1], DATE_WORD)), (SaidDay(following, whole=False),))


def _postponed(dated: DatedText) -> Spoken:
    return Spoken("postponed", dated.days[0].day if dated.days else None)


def _asked(text: str, offered: str, question: bool, day: date, key: str) -> Spoken:
    plain = {say("decision.accepted"), say("decision.refused")}
    listed = {one.partition(" (")[0] for one in offered.split(" · ")}
    if key in _BY_THE_LIST and offered != say("asked.offered") and not plain <= listed:
        key = "choice"  # what to write is said of the list that the line has
    elif key in ("seen", "choice") and question and plain <= listed:
        key = "seen_question"  # there is nothing to enter
    likely = likely_day(text, day) if key == "vague" else None
    key = "vague_day" if likely else key
    shown = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "…"
    told = {"found": shown, "offered": offered, "day": day_text(likely) if likely else ""}
    return Spoken("unknown", asked=say(f"asked.{key}", **told))


def _with_reason(text: str, day: date, question: bool) -> Spoken | None:
    """« Refusé : elle est toujours là », « Reporté (carte demandée) »: the rest is the comment.

    Of what was done the rest may say that it was not all: « Fait, sauf le courriel » is asked back; so is « Refusé,
    sauf Martin ».
    """
    cut = reason_pattern().search(text)
    if cut is None:
        return None
    dated, rest = take_dates(text[: cut.start()], day), text[cut.end() :].rstrip(") ")
    head = say_one_thing(dated.text, question)
    if head is None or head.reads not in _VERDICTS or head.question or head.deed or not rest:
        return None
    if head.reads == "accepted":  # what follows is read as a comment is
        return None if dated.days or is_limited(rest) or is_share(rest) else Spoken("accepted", rest=rest)
    if {one.reads for one in phrases_in(take_dates(rest, day).text)} & (_VERDICTS.keys() - {head.reads}):
        return None
    if is_limited(rest) or (head.reads == "refused" and is_ahead(dated, day)):
        return None
    return replace(_postponed(dated) if head.reads == "postponed" else Spoken("refused"), rest=rest)


def _day_in_comment(comment: str, day: date) -> date | None:
    """The day of « Reporté » that stands in the comment: alone, or after words that can mean nothing else."""
    if alone := day_alone(comment, day):
        return alone
    dated = take_dates(clean(comment), day)
    if len(dated.days) != 1:
        return None
    bare = say_one_thing(dated.text, question=False)
    if bare and bare.ask == "bare":
        return dated.days[0].day  # « 15 décembre svp »
    before = f" {label_key(dated.text.partition(DATE_WORD)[0])}"
    told = dated.days[0]
    if any(before.endswith(f" {one}") for one in _date_words("lead")):
        return told.day
    meant = any(f" {one} " in f"{before} " for one in _date_words("intention"))
    return told.day if meant and (told.whole or told.day - day < JUST_PAST) else None


@cache
def _date_words(kind: str) -> tuple[str, ...]:
    """What leads to a day, or says that something is to come."""
    return words_where("answer_dates", kind=kind)


def said_alone(text: str, day: date) -> tuple[str, str, bool]:
    """Return what a whole text says, (verdict or « ask », what is asked back of it, whether it is a bare yes); three
    times nothing where a word of it is not known.
    """
    dated = take_dates(unsigned(clean(text)), day)
    found = None if "?" in text else say_one_thing(dated.text, question=False)
    return (found.reads, found.question or found.ask, bool(found.question)) if found else ("", "", False)
