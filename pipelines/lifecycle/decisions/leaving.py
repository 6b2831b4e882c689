"""« Partie » with a day: a departure to come is asked for that day, never before."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from pipelines.answer_choices import asked_as, offer_said, offered_text, offers_of
from pipelines.dates import months
from pipelines.lifecycle.decisions.said.offered_words import offer_written
from pipelines.lifecycle.decisions.written_dates import DATE_WORD, SaidDay, day_alone, take_dates
from pipelines.phrase import day_text
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.nomenclatures import rows, say
from schemas.table_words import words_where
from schemas.words import clean, label_key

_LONG_AHEAD = timedelta(days=180)
_HALF_A_YEAR = 6  # months
_FINESS = 9  # digits


def without_day(line: ReturnedLine, change: Change, day: date) -> ReturnedLine:
    """Return « Partie le 31/12/2026 » as « Partie » with its day; any other line as it is."""
    dated = take_dates(clean(line.said), day)
    if len(dated.days) != 1 or offer_said(change, line.said):
        return line
    before, _, after = dated.text.partition(DATE_WORD)
    told = dated.days[0]
    if not label_key(after) and _without_lead(label_key(before)) in _leaving():
        return _to_leave(line, change, told, day)
    offer = None if label_key(after) else offer_said(change, _without_lead(label_key(before)))
    if offer is None or offer.code != "left":
        return line
    until = line.postponed_to or (None if _long_ahead(told, day) else told.day)
    return replace(line, said=offer.text, postponed_to=until)


def with_tail(line: ReturnedLine, change: Change, day: date) -> ReturnedLine:
    """Return « partie fin août » as « Partie », with what was written as the comment; what may be meant otherwise
    (« parti à Lyon », « partie fin décembre ») asked back; any other line as it is.
    """
    if "?" in line.said or offer_written(change, line.said, day):
        return line
    key = label_key(line.said)
    if merged := _with_its_number(line, change, key):
        return merged
    for offer in (one for one in offers_of(change) if one.code == "left"):
        ways = sorted({label_key(way) for way in (offer.text, *offer.also)}, key=len, reverse=True)
        tail = next((key.removeprefix(f"{way} ") for way in ways if key.startswith(f"{way} ")), "")
        if not tail or take_dates(clean(line.said), day).days:
            continue
        match _time_of(tail, day):
            case "past":
                return replace(line, said=offer.text, comment="\n".join(filter(None, (line.said, line.comment))))
            case "ahead":
                return _asked(line, say("asked.leaving_day", found=clean(line.said)))
            case _:
                offered = offered_text(change)
                return _asked(line, say("asked.leaving_or_away", found=clean(line.said), offered=offered))
    return line


def _with_its_number(line: ReturnedLine, change: Change, key: str) -> ReturnedLine | None:
    """« fusionné avec 759990252 » as « Fusionné », with what was written as the comment that it needs."""
    around = set(say("offer.around_a_number").split("|"))
    for offer in (one for one in offers_of(change) if one.needs == "comment"):
        ways = sorted(map(label_key, (offer.text, *offer.also)), key=len, reverse=True)
        tail = next((key.removeprefix(f"{way} ") for way in ways if key.startswith(f"{way} ")), "").split()
        numbers = [word for word in tail if len(word) == _FINESS and word.isdecimal()]
        if len(numbers) == 1 and around.issuperset(word for word in tail if word not in numbers):
            return replace(line, said=offer.text, comment="\n".join(filter(None, (clean(line.said), line.comment))))
    return None


def _time_of(tail: str, day: date) -> str:
    """Whether what follows « partie » tells a time that is « past », one « ahead », or "" where it tells none."""
    found = _month().fullmatch(tail)
    if found is None:
        return ""
    month, year = months()[found["month"]], int(found["year"] or 0)
    if year:
        return "past" if (year, month) < (day.year, day.month) else "ahead"
    if tail.startswith("depuis"):
        return "past"
    return "past" if (month - day.month) % 12 > _HALF_A_YEAR else "ahead"


@cache
def _month() -> re.Pattern[str]:
    names = "|".join(sorted(map(label_key, months()), key=len, reverse=True))
    leads = "|".join(row["words"] for row in rows("answer_dates") if row["kind"] == "month")
    return re.compile(rf"(?:(?:{leads}) )*(?P<month>{names})(?: (?P<year>20\d\d))?")


def _to_leave(line: ReturnedLine, change: Change, told: SaidDay, day: date) -> ReturnedLine:
    """« elle part le 31/12 »: « Partie », that day; of an end that is asked for, the day on which it is to be."""
    if told.day <= day or _long_ahead(told, day):
        return line
    if offer := next((one for one in offers_of(change) if one.code == "left"), None):
        return replace(line, said=offer.text, postponed_to=line.postponed_to or told.day)
    if asked_as(change) == "ending":
        return _asked(line, say("asked.leaving_then", found=clean(line.said), day=day_text(told.day)))
    return line


@cache
def _leaving() -> frozenset[str]:
    found = (row["words"] for row in rows("answer_dates") if row["kind"] == "leaving")
    return frozenset(word for words in found for word in words.split("|"))


def _without_lead(words: str) -> str:
    leads = words_where("answer_words", reads="lead")
    lead = next((one for one in sorted(leads, key=len, reverse=True) if words.endswith(f" {one}")), "")
    return words.removesuffix(lead).strip()


def with_departure(line: ReturnedLine, day: date) -> ReturnedLine:
    """Return a line that says « Partie »: put off to the day of the departure where that is to come; a day that stands
    in a sentence, or cannot be read, is asked back.
    """
    until = line.postponed_to or day_alone(line.postponed_said, day) or day_alone(line.comment, day)
    if _is_over(line.postponed_said or ("" if line.postponed_to else line.comment), day):
        return replace(line, postponed_to=None)
    if line.postponed_said and until is None:
        return _asked(line, say("decisions.date", found=line.postponed_said))
    if until is None:
        told = take_dates(clean(line.comment), day).days
        named = [one.day for one in told if one.day > day and not _long_ahead(one, day)]
        return _asked(line, say("asked.leaving", day=day_text(named[0]))) if named else line
    if until <= day:
        return replace(line, postponed_to=None)
    if until - day > _LONG_AHEAD:
        return _asked(line, say("asked.leaving_far", day=day_text(until)))
    return replace(line, decision="postponed", postponed_to=until)


def _is_over(text: str, day: date) -> bool:
    """« depuis le 1er septembre », « le 31/10 » in November: a departure of this year."""
    dated = take_dates(clean(text), day)
    if len(dated.days) != 1 or day_alone(text, day) is None:
        return False
    since = label_key(dated.text).startswith(label_key(say("offer.since")))
    return _long_ahead(dated.days[0], day) or (since and not dated.days[0].whole)


def _long_ahead(told: SaidDay, day: date) -> bool:
    """The next such day is so far that the last one is meant."""
    return not told.whole and told.day - day > _LONG_AHEAD


def _asked(line: ReturnedLine, why: str) -> ReturnedLine:
    return replace(line, decision="unknown", asked=why)
