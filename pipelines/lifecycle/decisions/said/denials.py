"""What a comment says of the answer that it stands beside: a denial, a doubt, a day to come."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from pipelines.answer_choices import Offer, asked_as
from pipelines.dates import months
from pipelines.lifecycle.decisions.said.limits import is_ahead, is_limited
from pipelines.lifecycle.decisions.said.phrases import phrases_in
from pipelines.lifecycle.decisions.written_dates import take_dates
from schemas.changes.change import Change
from schemas.nomenclatures import rows, say
from schemas.table_words import words_where
from schemas.words import clean, label_key

_CLAUSES = re.compile(r"\s*[;,.!(:\n]\s*|\s+[-\u2013\u2014]\s+")
_PLAINLY = ("left", "none", "two", "gone", "open")  # what these answers say is said with a negation
_WAITING = ("coming", "waiting", "undone", "unsure", "silence")
_HALF_A_YEAR = 6


def clauses_of(text: str) -> Iterator[str]:
    """Yield the parts of a comment, each of which may be an answer by itself."""
    yield from (part for one in _CLAUSES.split(text) if (part := clean(one).strip(") ")))


def takes_back(text: str, change: Change, chosen: Offer | None, verdict: str, day: date) -> bool:
    """Tell whether a comment denies the answer that it stands beside, doubts it, or puts it off to a day to come."""
    code = chosen.code if chosen else verdict
    if verdict == "refused":
        return _takes_back_a_refusal(text, change, day)
    key = label_key(text)
    if key == "" and "?" in text:
        return True
    if code == "told":
        return _not_told(key, text, day)
    if is_limited(text) or _has(key, "anywhere") or _has(key, "asking") or _has(key, "undoing"):
        return True
    if code in ("accepted", "left") and asked_as(change) in ("ending", "card_alert") and _has(key, "staying"):
        return True
    if code == "two" and _has(key, "same") and not _has(key, "denying"):
        return True
    if code not in _PLAINLY and _has(key, "negation"):
        return True
    if any(one.reads == "ask" and one.question in _WAITING for one in phrases_in(text)):
        return True
    return code != "left" and (_names_a_day(text, day, done=_says_done(text)) or _is_vague(key, day))


def _takes_back_a_refusal(text: str, change: Change, day: date) -> bool:
    """« Refusé », « pas avant janvier »: it is put off; « elle a bien changé d'hôpital »: the end is so."""
    key = label_key(text)
    ending = asked_as(change) == "ending"
    bare = " ".join(word for word in key.split() if word not in _fillers())
    if ending and not _has(key, "denying") and any(f" {one} " in f" {bare} " for one in _gone()):
        return True
    return not _has(key, "until") and _is_vague(key, day)


def _not_told(key: str, text: str, day: date) -> bool:
    """« Personne prévenue » says nothing of the card: only that nobody was reached, or will be, denies it."""
    by_me = _has(key, "by_me")
    ahead = _names_a_day(text, day, done=False) or _is_vague(key, day)
    return (by_me and (ahead or _has(key, "negation"))) or _has(key, "asking")


def _says_done(text: str) -> bool:
    first = label_key(text).split()[:1]
    return any(one.reads == "accepted" and not one.question for one in phrases_in(" ".join(first)))


def _names_a_day(text: str, day: date, *, done: bool) -> bool:
    return is_ahead(take_dates(clean(text), day), day, plain=done)


def _is_vague(key: str, day: date) -> bool:
    """« demain », « en janvier », « à mon retour »: a time to come, as nobody's « depuis mai » is."""
    for found in _month().finditer(key):
        month, year = months()[found["month"]], int(found["year"] or 0)
        if label_key(say("offer.since")) in (found["before"] or ""):
            continue
        ahead = (year, month) > (day.year, day.month) if year else 0 < (month - day.month) % 12 <= _HALF_A_YEAR
        if ahead and not re.search(r"\d\s*$", key[: found.start("month")]):
            return True
    return any(f" {one} " in f" {key} " for one in _vague())


@cache
def _month() -> re.Pattern[str]:
    names = "|".join(sorted(map(label_key, months()), key=len, reverse=True))
    return re.compile(rf"\b(?P<before>(?:\w+ ){{0,2}})(?P<month>{names})\b(?: (?P<year>20\d\d))?")


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


@cache
def _fillers() -> frozenset[str]:
    """« elle a bien changé d'hôpital » is « elle a changé d'hôpital »."""
    found = (row for row in rows("answer_words") if row["reads"] == "filler" and not row["question"])
    return frozenset(word for row in found for word in row["words"].split("|") if " " not in word)


@cache
def _gone() -> frozenset[str]:
    table = words_where("answer_words", ask="gone")
    offers = (word for row in rows("offers") if row["code"] == "left" for word in row["also"].split("|"))
    return frozenset(label_key(word) for word in (*table, *offers) if len(word) > 4)


def _has(key: str, kind: str) -> bool:
    return any(f" {one} " in f" {key} " for one in _doubts(kind))


@cache
def _doubts(kind: str) -> tuple[str, ...]:
    found = (row for row in rows("answer_words") if row["reads"] == "doubt" and row["question"] == kind)
    return tuple(word for row in found for word in row["words"].split("|"))
