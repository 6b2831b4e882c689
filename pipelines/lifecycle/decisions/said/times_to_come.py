"""Times to come that a comment names: a day, a month, « demain », « à mon retour »."""

import re
from datetime import date
from functools import cache

from pipelines.dates import months
from pipelines.lifecycle.decisions.said.comment_clauses import has
from pipelines.lifecycle.decisions.said.limits import is_ahead
from pipelines.lifecycle.decisions.said.phrases import phrases_in
from pipelines.lifecycle.decisions.written_dates import take_dates
from schemas.nomenclatures import say
from schemas.table_words import words_where
from schemas.words import clean, holds, label_key

# Months ahead within which a month without its year may be the next: « départ en juin »; « décédé en mai » was.
_MONTHS = {"": 6, "noun": 9, "gone": 2}


def names_a_day(part: str, day: date) -> bool:
    """Tell whether it names a day to come."""
    key = label_key(part)
    if label_key(say("offer.since")) in key.split():
        return False
    first = label_key(part).split()[:1]
    done = any(one.reads == "accepted" and not one.question for one in phrases_in(" ".join(first)))
    return is_ahead(take_dates(clean(part), day), day, plain=done)


def is_vague(key: str, day: date) -> bool:
    """Tell whether it is of a time to come: « demain », « en janvier », « à mon retour »; not « depuis mai »."""
    if label_key(say("offer.since")) in key.split():
        return False
    for found in _month().finditer(key):
        month, year = months()[found["month"]], int(found["year"] or 0)
        lead = key[: found.start()]
        most = _MONTHS["gone" if has(lead, "gone_since") else "noun" if has(lead, "leaving_noun") else ""]
        ahead = (year, month) > (day.year, day.month) if year else 0 < (month - day.month) % 12 <= most
        if ahead and not re.search(r"\d(?:er)?\s*$", key[: found.start("month")]):
            return True
    return holds(key, _vague())


@cache
def _month() -> re.Pattern[str]:
    names = "|".join(sorted(map(label_key, months()), key=len, reverse=True))
    return re.compile(rf"\b(?P<month>{names})\b(?: (?P<year>20\d\d))?")


@cache
def _vague() -> frozenset[str]:
    """Times to come without a month in them, of two words at least or that mean nothing else."""
    found = words_where("answer_words", ask="vague")
    named = {label_key(one) for one in months()}
    return frozenset(one for one in found if named.isdisjoint(one.split()) and one not in _date_leads())


@cache
def _date_leads() -> frozenset[str]:
    """« fin », « début »: by themselves they are no time."""
    return frozenset(words_where("answer_dates", kind="month"))
