"""« Partie » with a day: a departure to come is asked for that day, never before."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from pipelines.answer_choices import Offer, offer_said, offers_of
from pipelines.dates import months
from pipelines.lifecycle.decisions.written_dates import DATE_WORD, day_alone, take_dates
from pipelines.phrase import day_text
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.nomenclatures import rows, say
from schemas.words import clean, label_key

_LONG_AHEAD = timedelta(days=180)
_HALF_A_YEAR = 6  # months


def without_day(line: ReturnedLine, change: Change, day: date) -> ReturnedLine:
    """Return « Partie le 31/12/2026 » as « Partie » with its day; any other line as it is."""
    dated = take_dates(clean(line.said), day)
    if len(dated.days) != 1 or offer_said(change, line.said):
        return line
    before, _, after = dated.text.partition(DATE_WORD)
    offer = None if label_key(after) else _said_before_a_day(change, label_key(before))
    if offer is None or offer.code != "left":
        return line
    told = dated.days[0]
    over = not told.whole and told.day - day > _LONG_AHEAD  # « partie le 15/10 » in November; « depuis le 3/9 »
    until = line.postponed_to or (None if over else told.day)
    return replace(line, said=offer.text, postponed_to=until)


def with_tail(line: ReturnedLine, change: Change, day: date) -> ReturnedLine:
    """Return « partie fin août » as « Partie », with what was written as the comment; what may be meant otherwise
    (« parti à Lyon », « partie fin décembre ») asked back; any other line as it is.
    """
    if "?" in line.said or offer_said(change, line.said):
        return line
    key = label_key(line.said)
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
                offered = " · ".join(one.text for one in offers_of(change))
                return _asked(line, say("asked.leaving_or_away", found=clean(line.said), offered=offered))
    return line


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


def _said_before_a_day(change: Change, words: str) -> Offer | None:
    leads = [word for row in rows("answer_words") if row["reads"] == "lead" for word in row["words"].split("|")]
    lead = next((one for one in sorted(leads, key=len, reverse=True) if words.endswith(f" {one}")), "")
    return offer_said(change, words.removesuffix(lead))


def with_departure(line: ReturnedLine, day: date) -> ReturnedLine:
    """Return a line that says « Partie »: put off to the day of the departure where that is to come; a day that stands
    in a sentence, or cannot be read, is asked back.
    """
    until = line.postponed_to or day_alone(line.postponed_said, day) or day_alone(line.comment, day)
    if line.postponed_said and until is None:
        return _asked(line, say("decisions.date", found=line.postponed_said))
    if until is None:
        named = [one.day for one in take_dates(clean(line.comment), day).days if one.day > day]
        return _asked(line, say("asked.leaving", day=day_text(named[0]))) if named else line
    if until <= day:
        return replace(line, postponed_to=None)
    return replace(line, decision="postponed", postponed_to=until)


def _asked(line: ReturnedLine, why: str) -> ReturnedLine:
    return replace(line, decision="unknown", asked=why)
