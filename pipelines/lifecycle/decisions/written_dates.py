"""Days as people write them in an answer: « 3/12 », « 15 décembre »; without a year, the next such day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pipelines.dates import months
from schemas.nomenclatures import rows
from schemas.table_words import words_where
from schemas.words import fold, label_key

DATE_WORD = "qqdateqq"  # stands for a date in a text whose words are looked at
JUST_PAST = timedelta(days=300)  # the next such day of one that is just over: it is that one which is meant
_LAST, _MONTHS = 31, 12
_PARTS = (("first_days", 1), ("middle_days", 15), ("last_days", _LAST))
_WRONG_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.\-]\s?(\d{1,2})(?:\s?[/.\-]\s?(\d{4}|\d{2}))?(?!\d)")
_YEARS_AHEAD = 8  # until the next 29 February, whatever the century


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day that a text names; `whole`: with its year."""

    day: date
    whole: bool


@dataclass(frozen=True, slots=True)
class DatedText:
    """A text without accents, `DATE_WORD` in the place of each day it names."""

    text: str
    days: tuple[SaidDay, ...]


def take_dates(text: str, day: date) -> DatedText:
    """Return the days of a text, in order. What looks like one and is none (« 32/12 ») stays where it is."""
    found: list[SaidDay] = []

    def put(match: re.Match[str]) -> str:
        named = _named(match, day)
        if named is None:
            return match[0]
        found.append(named)
        return f" {DATE_WORD} "

    return DatedText(_pattern().sub(put, _lowered(text)), tuple(found))


def without_dates(text: str, day: date) -> str:
    """Return the text without the days it names, in its own letters."""
    lowered = _lowered(text)
    shown = text if len(lowered) == len(text) else lowered
    for found in reversed(list(_pattern().finditer(lowered))):
        if _named(found, day):
            shown = f"{shown[: found.start()]} {shown[found.end() :]}"
    return shown


def day_alone(text: str, day: date) -> date | None:
    """Return the day of a text that says a day and nothing else, « au 15/12 » included; None for any other."""
    dated = take_dates(text, day)
    if len(dated.days) != 1:
        return None
    before, _, after = dated.text.partition(DATE_WORD)
    leads = set(words_where("answer_words", reads="lead"))
    lead, behind = label_key(before), label_key(after)
    latest = set(words_where("answer_dates", kind="latest"))  # « 15/01 au plus tard »
    fits = (not behind or _made_of(behind, latest)) and (not lead or _made_of(lead, leads))
    return dated.days[0].day if fits else None


def likely_day(text: str, day: date) -> date | None:
    """Return the day that a text may mean which names none: « fin janvier », « 31/11/2026 », « 12/15/2026 »; None where
    there is nothing to propose.
    """
    key = label_key(_lowered(text))
    if wrong := _WRONG_DAY.search(text):
        first, second, year = (int(one) if one else 0 for one in wrong.groups())
        return _nearest(first, second, year, day)
    found = next((name for name in sorted(months(), key=len, reverse=True) if f" {label_key(name)} " in f" {key} "), "")
    if not found:
        return None
    lead, _, behind = f" {key} ".partition(f" {label_key(found)} ")
    said = re.search(r"\b20\d\d\b", behind)
    number = next((to for kind, to in _PARTS if lead.strip() in words_where("answer_dates", kind=kind)), _LAST)
    return _in_month(months()[found], int(said[0]) if said else 0, number, day)


def _in_month(month: int, year: int, number: int, day: date) -> date | None:
    """The next such day of a month, of its last days where it has fewer."""
    for one in (year,) if year else (day.year, day.year + 1):
        found = date(one, month, min(number, calendar.monthrange(one, month)[1]))
        if found >= day:
            return found
    return None


def _nearest(first: int, second: int, year: int, day: date) -> date | None:
    """The day of « 31/11 », which is the 30th, or of « 12/15 », where the month stands first."""
    number, month = (second, first) if second > _MONTHS and first <= _MONTHS else (first, second)
    if not 1 <= month <= _MONTHS or not 1 <= number <= _LAST:
        return None
    return _in_month(month, year + 2000 if 0 < year < 100 else year, number, day)


def number_alone(text: str, day: date) -> date | None:
    """Return the next day of that number, « 15 » or « au 15 »; None for any other text."""
    words = label_key(text).split()
    leads = set(words_where("answer_dates", kind="number"))
    if not words or len(words) > 2 or not leads.issuperset(words[:-1]) or not words[-1].isdecimal():
        return None
    wanted = int(words[-1])
    following = (day + timedelta(days=ahead) for ahead in range(62))
    return next((found for found in following if found.day == wanted), None)


def relative_day(text: str, day: date) -> date | None:
    """Return the day that is counted from today: « dans 15 jours », « vendredi », « lundi en huit »; None for any
    other text.
    """
    key = label_key(text)
    for row in rows("answer_days"):
        found = re.fullmatch(row["pattern"], key)
        if found is None or row["counted"] == "name":
            continue
        if row["counted"] == "weekday":
            ahead = (_weekdays().index(found[1]) - day.weekday() - 1) % 7 + 1
            return day + timedelta(days=ahead + int(row["more"]))
        number = int(found[1]) if found.groups() else 1
        return day + timedelta(days=number * int(row["more"]))
    return None


def without_weekday(text: str) -> str:
    """Return a text that ends on a day of the week without it, « fait lundi », « fait depuis mardi matin »; "" for any
    other.
    """
    words = label_key(text).split()
    behind, before = (
        set(words_where("answer_dates", kind="time_of_day")),
        set(words_where("answer_dates", kind="done_on")),
    )
    at = next((at for at in range(len(words) - 1, 0, -1) if words[at] in _weekdays()), 0)
    if not at or (words[at + 1 :] and " ".join(words[at + 1 :]) not in behind):
        return ""
    head = words[:at]
    while head and head[-1] in before:
        head.pop()
    return " ".join(head)


@cache
def _weekdays() -> tuple[str, ...]:
    return tuple(one["pattern"] for one in rows("answer_days") if one["counted"] == "name")


def next_such_day(found: date, day: date) -> date:
    """Return the day and month of a past date as they come next."""
    return _next(found.month, found.day, day) or found


def _made_of(text: str, phrases: set[str]) -> bool:
    """The text is one phrase after another."""
    return text in phrases or any(
        _made_of(text.removeprefix(one + " "), phrases) for one in phrases if text.startswith(one + " ")
    )


def _lowered(text: str) -> str:
    """Without accents, letter by letter, so that marks (« ✓ ») stay what they are."""
    return "".join(fold(sign) if sign.isalpha() else sign for sign in text)


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(sorted(months(), key=len, reverse=True))
    return re.compile(
        r"(?<![\d/.\-])(?:"
        r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})(?!\d)"
        r"|(?P<sd>\d{1,2}) (?P<sm>\d{1,2}) (?P<sy>20\d{2})(?!\d)"
        r"|(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,2})(?:\s?[/.\-]\s?(?P<y>\d{4}|\d{2}))?(?![\d/\-]|\.\d)"
        rf"|(?P<wd>\d{{1,2}})(?:er)?[\s\-/.]*(?P<wm>{names})\b\.?(?:[\s\-/.,]*(?P<wy>20\d{{2}}|\d{{2}}(?!\d|\s?h)))?"
        r")"
    )


def _named(match: re.Match[str], day: date) -> SaidDay | None:
    if match["iso"]:
        year, month, number = map(int, match["iso"].split("-"))
        return _whole(year, month, number)
    if match["sy"]:
        return _whole(int(match["sy"]), int(match["sm"]), int(match["sd"]))
    month = months()[match["wm"]] if match["wm"] else int(match["m"])
    number, year_said = int(match["d"] or match["wd"]), match["y"] or match["wy"]
    if year_said:
        return _whole(int(year_said) + (2000 if len(year_said) == 2 else 0), month, number)
    following = _next(month, number, day)
    return SaidDay(following, whole=False) if following else None


def _whole(year: int, month: int, number: int) -> SaidDay | None:
    return SaidDay(date(year, month, number), whole=True) if _is_day(year, month, number) else None


def _next(month: int, number: int, day: date) -> date | None:
    """The next such day, today included."""
    years = (year for year in range(day.year, day.year + _YEARS_AHEAD + 1) if _is_day(year, month, number))
    return next((found for year in years if (found := date(year, month, number)) >= day), None)


def _is_day(year: int, month: int, number: int) -> bool:
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= number <= calendar.monthrange(year, month)[1]
