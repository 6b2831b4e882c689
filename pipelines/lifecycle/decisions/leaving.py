"""« Partie » with a day: a departure to come is asked for that day, never before."""

from dataclasses import replace
from datetime import date

from pipelines.lifecycle.decisions.written_dates import DATE_WORD, day_alone, take_dates
from pipelines.offers import Offer, offer_said
from pipelines.phrase import day_text
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.nomenclatures import rows, say
from schemas.words import clean, label_key


def without_day(line: ReturnedLine, change: Change, day: date) -> ReturnedLine:
    """Return « Partie le 31/12/2026 » as « Partie » with its day; any other line as it is."""
    dated = take_dates(clean(line.said), day)
    if len(dated.days) != 1 or offer_said(change, line.said):
        return line
    before, _, after = dated.text.partition(DATE_WORD)
    offer = None if label_key(after) else _said_before_a_day(change, label_key(before))
    if offer is None or offer.code != "left":
        return line
    return replace(line, said=offer.text, postponed_to=line.postponed_to or dated.days[0].day)


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
