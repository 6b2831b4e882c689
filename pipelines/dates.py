"""Dates in words, by the month, with times, or in English order: the one day that each can mean (contract §3)."""

import calendar
import re
from datetime import date
from functools import cache, lru_cache

from schemas.nomenclatures import rows
from schemas.table_words import words_where
from schemas.words import clean, fold

FIRST_YEAR, LAST_YEAR = 1990, 2100
_TIME = re.compile(
    r"(?<=\d)(?:t|\s+(?:a\s+)?)\d{1,2}\s?[:h]\s?\d{0,2}(?::\d{2})?(?:[.,]\d+)?\s?(?:z|utc|[+\-]\d{2}:?\d{2})?$"
    r"|(?<=\d{4}-\d{2}-\d{2})(?:z|[+\-]\d{2}:?\d{2})$"
)
_STAMP = re.compile(r"((?:19|20)\d{6})(?:\d{4}|\d{6})(?:z)?")
_BEFORE = re.compile(
    r"^(?:(?:valable|valide|validite|expire|expiration|exp|echeance|date|fin de validite|jusqu'?\s?(?:au|a|en)?|"
    r"au|le|du|en|depuis|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b[\s:.,]*)+"
)
_AFTER = re.compile(r"[\s,.;]*(?:\(?inclus\)?)?[\s.,;]*$")
_NUMBERS = re.compile(r"(\d{1,2})\s?[/.\- ]\s?(\d{1,2})\s?[/.\- ]\s?(\d{4}|\d{2})")
_MONTH = re.compile(r"(?:fin\s+)?(\d{1,2})\s?[/.\-]\s?(\d{4})")
_SHORT_MONTH = re.compile(r"(\d{1,2})\s?/\s?(\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{1,2})")
_YEAR_MONTH = re.compile(r"(\d{4})\s?[/.\-]\s?(\d{1,2})")
_END_OF_YEAR = re.compile(r"fin\s+(?:d'annee\s+|annee\s+|de l'annee\s+)?(\d{4})")
_SEEN = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ t]\d{2}:\d{2}(?::\d{2})?)?|\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})\b"
    r"|(?:fin\s+)?\d{1,2}\s?[/.\-]\s?\d{4}\b|fin\s+\d{4}\b"
)


@cache
def months() -> dict[str, int]:
    """Return month as people write it, without accents → its number."""
    return {word: int(row["month"]) for row in rows("months") for word in row["words"].split("|")}


@cache
def _worded() -> re.Pattern[str]:
    names = "|".join(sorted(months(), key=len, reverse=True))
    return re.compile(rf"(?:fin\s+)?(?:(\d{{1,2}})(?:er)?[\s\-/.]+)?({names})\.?[\s\-/.,]+(\d{{4}}|\d{{2}})")


@cache
def _month_first() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(sorted(months(), key=len, reverse=True))})\.?\s+(\d{{1,2}}),?\s+(\d{{4}})")


def worded_date(text: str) -> date | None:
    """Return the day of « 31 déc. 2026 », « décembre 2026 » (its last), « fin 2026 », « 31/12/2026 23:59 », «
    12/31/2026 ».

    None where nothing is meant for certain: a year alone, a day without its year.
    """
    raw = _AFTER.sub("", _BEFORE.sub("", _TIME.sub("", fold(text).strip())))
    if found := _worded().fullmatch(raw):
        return _day(_year(found[3]), months()[found[2]], int(found[1]) if found[1] else 0)
    if found := _NUMBERS.fullmatch(raw):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        return _day(year, first, second) if second > 12 >= first else _day(year, second, first)
    if found := _MONTH.fullmatch(raw):
        return _day(int(found[2]), int(found[1]), 0)
    if found := _YEAR_MONTH.fullmatch(raw):
        return _day(int(found[1]), int(found[2]), 0)
    if found := _YEAR_FIRST.fullmatch(raw):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _STAMP.fullmatch(raw):
        return _iso(found[1])
    if (found := _SHORT_MONTH.fullmatch(raw)) and int(found[2]) > 12:
        return _day(_year(found[2]), int(found[1]), 0)
    if found := _month_first().fullmatch(raw):
        return _day(_year(found[3]), months()[found[1]], int(found[2]))
    if found := _END_OF_YEAR.fullmatch(raw):
        return _day(int(found[1]), 12, 31)
    return _iso(raw)


@lru_cache(maxsize=4096)
def date_in(text: str) -> tuple[date | None, str]:
    """Return (the date in a sentence, the sentence without it); None and all of it where there is none, or more than
    one.
    """
    raw = fold(clean(text))
    spans = _spans(raw)
    if len(spans) != 1:
        return None, raw
    one = spans[0]
    return worded_date(one[0]), f"{raw[: one.start()]} {raw[one.end() :]}"


def days_in(text: str) -> list[date]:
    """Return every day that is written in a sentence, in its order; of a month its last."""
    spans = sorted(_spans(fold(clean(text))), key=lambda one: one.start())
    return list(filter(None, (worded_date(one[0]) for one in spans)))


def _spans(raw: str) -> list[re.Match[str]]:
    found = [*_worded().finditer(raw), *_SEEN.finditer(raw)]
    return [one for one in found if not any(one is not other and _within(one, other) for other in found)]


def renewed_to(text: str) -> str:
    """Return the second of two days of a card where it is plainly the one that took the first's place: « 30/06/2028 →
    30/06/2031 », « ancienne 30/06/2028, nouvelle 30/06/2031 »; any other text as it is.
    """
    if len(text) < _TWO_DAYS:  # nearly always
        return text
    raw = fold(clean(text))
    spans = sorted(_spans(raw), key=lambda one: one.start()) if len(raw) <= _LONGEST_REMARK else []
    days = [worded_date(one[0]) for one in spans]
    if len(days) != _BOTH or not all(days) or days[0] == days[1]:
        return text
    if any(map(raw.count, ("demand", "cours", "attente", "prevu", "command", "venir"))):  # nobody has it yet
        return text
    between = raw[spans[0].end() : spans[1].start()]
    told = _ARROW.search(text) or _NEWER.search(between)
    return raw[spans[1].start() : spans[1].end()] if told else text


_ARROW = re.compile(r"[-=]>|[→➔➜⇒]")
_NEWER = re.compile(r"\b(?:nouvelle?|nouveau|nlle|renouvelee?|remplacee? par|puis)\b")
_BOTH = 2
_TWO_DAYS = 13  # signs


def renewed_until(text: str) -> date | None:
    """Return the one day of « prolongée au 31/12/2026 », « 31/12/26 (en cours de renouvellement) ».

    None where any other word stands beside it: what is written of another day is no end.
    """
    when, rest = date_in(text) if len(text) <= _LONGEST_REMARK else (None, "")
    words = re.sub(r"[^a-z0-9]+", " ", rest).split()
    return when if when and words and _beside().issuperset(words) else None


_LONGEST_REMARK = 80


@cache
def _beside() -> frozenset[str]:
    return frozenset(words_where("date_parts", part="beside"))


def day_without_year(text: str, near: date) -> date | None:
    """Return the day nearest to `near` that « 31/12 », « le 3 nov. » or « fin mars » in a sentence can mean, of
    a month its last. None where there is none, or more than one.
    """
    raw = fold(clean(text))
    found = [(int(one[1] or 0), months()[one[2]]) for one in _worded_day().finditer(raw)]
    found += [(int(one[1]), int(one[2])) for one in _DAY_AND_MONTH.finditer(raw)]
    if len(found) != 1:
        return None
    [(day, month)] = found
    days = (_day(near.year + years, month, day) for years in (-1, 0, 1))
    return min(filter(None, days), key=lambda one: abs(one - near), default=None)


_DAY_AND_MONTH = re.compile(r"(?<![\d/.\-])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/.\-])")


@cache
def _worded_day() -> re.Pattern[str]:
    names = "|".join(sorted(months(), key=len, reverse=True))
    return re.compile(rf"\b(?:(\d{{1,2}})(?:er)?\s+)?({names})\b\.?(?!\s*\d)")


def _within(one: re.Match[str], other: re.Match[str]) -> bool:
    inside = other.start() <= one.start() and one.end() <= other.end()
    return inside and one.span() != other.span()


def english(text: str) -> date | None:
    """Return the day of « 04/05/2028 » read month first; None where it cannot be."""
    found = _NUMBERS.fullmatch(clean(text))
    return _day(_year(found[3]), int(found[1]), int(found[2])) if found else None


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _iso(raw: str) -> date | None:
    try:
        value = date.fromisoformat(raw)
    except ValueError:
        return None
    return value if FIRST_YEAR <= value.year <= LAST_YEAR else None


def _day(year: int, month: int, day: int) -> date | None:
    """The day; the last of the month for day 0."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
