"""Whether somebody left, from what is written of it: « Parti le 01/09/2026 », « Ne fait plus partie des effectifs ».

The words are data (`status_phrases.csv`), the longest first; an entry with accents means only what is written with them
(« remplacé » left, « remplace » may be either). A text is understood where it begins with a known phrase, nothing in it
speaks against it, and its date, if any, is read.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

from pipelines.dates import date_in, day_without_year, months, worded_date
from pipelines.sources.cells.phrases.status import WEAK, listed, meanings, phrases, phrases_with
from pipelines.sources.cells.phrases.telling import telling
from schemas.words import clean, label_key

_LONGEST = 200
_WRITTEN = re.compile(r"[^a-z0-9à-öø-ÿœ]+")
_A_DAY = re.compile(r"(?<!\d)\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})(?!\d)")
_FURTHEST = 20  # years ahead that somebody tells of
_YEAR = re.compile(r"\b(20\d{2}|19\d{2})\b")
_SHARE = re.compile(r"\d{1,3}(?:[.,]\d+)?\s?(?:%|etp\b)")  # « à 80 % », « 0,5 ETP »: of a post, and no word of it


_AT_AN_HOUR = re.compile(r"\b\d{1,2}\s?h(?:\s?\d{2})?\b", re.IGNORECASE)  # « quitte à 17h »
_SINCE = re.compile(r"(?:en poste )?depuis(?: le)?")
LEFT, PRESENT, SILENT, UNKNOWN = "LEFT", "PRESENT", "", "UNKNOWN"
_ORIGIN = "ORIGIN"  # where somebody comes from


@lru_cache(maxsize=16384)
def presence_of(text: str, day: date) -> str:
    """Return LEFT, PRESENT, SILENT or UNKNOWN for a cell of statuses; a date in it counts."""
    cell = clean(text)
    if not cell or not any(sign.isalnum() for sign in cell):
        return UNKNOWN if "?" in cell or has_sign(cell) else SILENT
    if len(cell) > _LONGEST or "?" in cell or has_sign(cell):
        return UNKNOWN
    when, words = date_in(cell)
    year = when is None and _YEAR.search(words)
    words = _SHARE.sub(" ", words)
    if when is None and not label_key(words):
        return SILENT
    if when is not None and when <= day and _SINCE.fullmatch(label_key(words)):
        return PRESENT
    said, unread = meanings(label_key(_YEAR.sub(" ", words)).split(), set(_WRITTEN.split(cell.lower())))
    if unread and "ALONE" in said:  # « vu » says something only by itself: « vu avec le cadre : s'en va » does not
        return UNKNOWN
    if "LEFT" in said and (
        _works_all_the_same(cell)
        or _AT_AN_HOUR.search(cell) is not None
        or _may_be_to_come(cell, when, day, dated=bool(year))
        or no_such_day(cell, day)
        or _is_of_another(cell)
    ):
        return UNKNOWN
    concluded = _concluded(said, when, day)
    return _by_year(int(year[1]), day) if year and concluded == LEFT else concluded


def is_left(text: str, day: date) -> bool:
    """Tell whether a cell says that somebody left; most hold no word of it, and are not gone through."""
    return _departures().search(label_key(text)) is not None and presence_of(text, day) == LEFT


@cache
def _departures() -> re.Pattern[str]:
    return telling(departures())


def departures() -> list[str]:
    """Return the phrases that may say that somebody left."""
    return [" ".join(phrase) for phrase, means, _ in phrases() if means in (LEFT, WEAK)]


@lru_cache(maxsize=2048)
def has_sign(cell: str) -> bool:
    """Tell whether a cross or the like stands in a cell: it says something, and not what."""
    return not listed("SIGN").isdisjoint(cell)


def _works_all_the_same(cell: str) -> bool:
    """« Retraitée réserviste », « partie à 80 % », « a quitté Lyon pour nous rejoindre »: behind the departure stands
    a share of a post, what they work as, or us; or a word that says nothing of where, when or why.
    """
    if _SHARE.search(cell):
        return True
    words = label_key(_YEAR.sub(" ", date_in(cell)[1])).split()
    phrase, after = departure_in(words)
    if not phrase or "plus" in phrase:  # « n'exerce plus ici »
        return False
    if not (listed("HERE") | listed("WORKS_AS")).isdisjoint(after):
        return True
    return not listed("NOT_GONE").isdisjoint(after[:2])


def no_such_day(cell: str, day: date) -> bool:
    """Tell whether a day is written that there is not, or that nobody means: 31/11/2026, 01/09/2062."""
    days = [worded_date(one[0]) for one in _A_DAY.finditer(cell)]
    return any(one is None or one.year > day.year + _FURTHEST for one in days)


def _is_of_another(cell: str) -> bool:
    """« Titulaire depuis le départ de M. X », « muté depuis Lyon », « ancien CRH »: told of another person, of where
    they come from, or of another post.
    """
    words = label_key(_YEAR.sub(" ", date_in(cell)[1])).split()
    for phrase in map(str.split, listed("NOUN")):
        for at in _places(phrase, words):
            after = words[at + len(phrase) :]
            if after[:1] and after[0] in listed("OF") and (at or not listed("SOMEBODY").isdisjoint(after[1:4])):
                return True
    if "depuis" in words:
        after = [word for word in words[words.index("depuis") + 1 :] if word not in listed("ASIDE")]
        if after and not (after[0] in months() or after[0] in listed("TIME") or after[0][0].isdigit()):
            return True
    said, unread = meanings(words, set(_WRITTEN.split(cell.lower())))
    more = bool(unread) or "NEUTRAL" in said
    return (more and any(list(_places(phrase, words)) for phrase in map(str.split, listed("BARE")))) or _is_now(words)


def _is_now(words: list[str]) -> bool:
    """« N'est plus suppléante : titulaire depuis », « ex-assistante, CHV »: another role behind the one left."""
    left = [
        range(at, at + len(phrase))
        for at, word in enumerate(words)
        for _, phrase, means, _ in phrases_with().get(word, ())
        if means == "LEFT" and words[at : at + len(phrase)] == phrase
    ]
    if not left:
        return False
    taken = {at for place in left for at in place}
    for at in range(min(taken) + 1, len(words)):
        if words[at] in listed("BY_WHOM"):
            return False
        if words[at] in listed("ROLE") and at not in taken and words[at - 1] not in listed("OF_IT"):
            return True
    return False


def _places(phrase: list[str], words: list[str]) -> Iterator[int]:
    """Where a phrase stands as itself, and not within a longer one that has a meaning of its own."""
    longer = [one for _, one, _, _ in phrases_with().get(phrase[0], ()) if len(one) > len(phrase)]
    for at in range(len(words) - len(phrase) + 1):
        if words[at : at + len(phrase)] == phrase and not any(words[at : at + len(one)] == one for one in longer):
            yield at


def _may_be_to_come(cell: str, when: date | None, day: date, *, dated: bool) -> bool:
    """« Départ 31/12 », « fin de contrat en mars »: the nearest such day is to come; « nov. 2026 » in November."""
    if when is not None:
        whole = when.day if re.search(rf"\b0?{when.day}(?:er)?\b", cell) else 0
        return not whole and (when.year, when.month) == (day.year, day.month) and "fin" not in label_key(cell).split()
    nearest = None if dated else day_without_year(cell, day)
    return nearest is not None and nearest > day


@lru_cache(maxsize=16384)
def left_on(text: str) -> date | None:
    """Return the day that a status gives for a departure, come or to come; None for any other text."""
    cell = clean(text)[:_LONGEST]
    when, words = date_in(cell)
    said, _ = meanings(label_key(words).split(), set(_WRITTEN.split(cell.lower())))
    return when if "LEFT" in said and "DOUBT" not in said and said[0] else None


def is_to_come(text: str) -> bool:
    """Tell whether nothing is said but that something is to come: « Futur », « à venir »; not a departure."""
    cell = clean(text)[:_LONGEST]
    said, unread = meanings(label_key(date_in(cell)[1]).split(), set(_WRITTEN.split(cell.lower())))
    return "FUTURE" in said and not unread and set(said) <= {"FUTURE", "ACTIVE", "NEUTRAL"}


def says_left(text: str, day: date) -> bool:
    """Tell whether it is a remark that says nothing else than that its person left: « Partie le 30/06/2026 », not «
    Départ de Mme X ».
    """
    _, words = date_in(clean(text)[:_LONGEST])
    said = label_key(words).split()
    if said[:1] and said[0] in listed("BARE") and not listed("ROLE").isdisjoint(said):
        return False  # « ex-CRH »: of another role, perhaps
    _, unread = meanings(said, set(_WRITTEN.split(clean(text).lower())))
    return not unread and presence_of(text, day) == LEFT


@lru_cache(maxsize=16384)
def begins_with_departure(text: str, day: date) -> bool:
    """Tell of a remark that begins with its person's departure and goes on: « Mutée au CHU », not « Départ de X »."""
    words = label_key(clean(text)[:_LONGEST]).split()
    while len(words) > 2 and words[0] in listed("PRONOUN"):  # « Il est parti », « Elle a quitté »
        words = words[1:]
    if any(words[: len(phrase)] == phrase for phrase in map(str.split, listed("AWAY"))):
        return True
    beginning = phrases_with().get(words[0], ()) if words else ()
    first = next(
        (phrase for _, phrase, means, _ in beginning if means == "LEFT" and words[: len(phrase)] == phrase), []
    )
    if (
        not first
        or " ".join(first) in listed("VAGUE")
        or presence_of(text.replace("?", " "), day) not in (LEFT, UNKNOWN)
    ):
        return False
    after = set(words[len(first) : len(first) + 1])
    return not (" ".join(first) in listed("NOUN") and after & listed("OF"))


def is_no_longer(text: str, day: date) -> bool:
    """Tell whether a text begins with what somebody no longer is or does: « n'est plus assistant »."""
    words = label_key(clean(text)[:_LONGEST]).split()
    phrase, _ = departure_in(words)
    return bool(phrase) and "plus" in phrase and words[: len(phrase)] == phrase and begins_with_departure(text, day)


def departs(text: str) -> bool:
    """Tell whether it is a cell of a name in which a known phrase of a departure stands, of several words: one alone
    may be a name.
    """
    words = label_key(clean(text)[:_LONGEST]).split()
    if len(words) <= _ONE_NAME:
        return False
    written = set(_WRITTEN.split(clean(text).lower()))
    return any(
        words[at : at + len(phrase)] == phrase
        for at, word in enumerate(words[1:], 1)
        for _, phrase, means, accented in phrases_with().get(word, ())
        if means == "LEFT" and len(phrase) > 1 and (not accented or accented in written)
    )


_ONE_NAME = 2  # words, behind the first of which no phrase of several words has room


def has_departure(text: str) -> bool:
    """Tell whether a departure is told in a text, of whomever."""
    words, written = label_key(clean(text)[: 2 * _LONGEST]).split(), set(_WRITTEN.split(clean(text).lower()))
    return "LEFT" in meanings(words, written)[0]


def says_only_departure(text: str) -> bool:
    """Tell whether a departure is told in a text, and no word in it says anything else: « Départ le 30/09 », not «
    départ de M. X ».
    """
    words, written = (
        label_key(date_in(clean(text)[: 2 * _LONGEST])[1]).split(),
        set(_WRITTEN.split(clean(text).lower())),
    )
    said, unread = meanings(words, written)
    return "LEFT" in said and not unread


def departure_in(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the first known phrase of a departure among words, the longest, and the words behind it; nothing where
    none is.
    """
    for at, word in enumerate(words):
        for _, phrase, means, _ in sorted(phrases_with().get(word, ())):
            if means in ("LEFT", WEAK) and words[at : at + len(phrase)] == phrase:
                return phrase, words[at + len(phrase) :]
    return [], []


def tells_of_departure(text: str) -> bool:
    """Tell whether it is a text without its name in which a departure is told, and nothing that speaks against it."""
    words, written = label_key(clean(text)[:_LONGEST]).split(), set(_WRITTEN.split(clean(text).lower()))
    said, _ = meanings(words, written)
    return "LEFT" in said and not {"DOUBT", "ACTIVE", "FUTURE"} & set(said)


def _by_year(year: int, day: date) -> str:
    return LEFT if year < day.year else PRESENT if year > day.year else UNKNOWN


def _concluded(said: list[str], when: date | None, day: date) -> str:
    """What the meanings of a text come to, in its order; [] and a doubt are nobody's to tell."""
    known = set(said) - {_ORIGIN}
    if _ORIGIN in said and (said[0] != "ACTIVE" or "LEFT" in known):  # « arrivée, vient du CHU », not « vient du CHU »
        return UNKNOWN
    if not said or "DOUBT" in known or said[0] == "":
        return UNKNOWN
    if {"LEFT", "ACTIVE"} <= known:  # « Actif (retraite prévue le 31/12/2026) »
        return PRESENT if said[0] == "ACTIVE" and when is not None and when > day else UNKNOWN
    if "LEFT" in known:
        if "FUTURE" in known:
            return PRESENT if when is None or when > day else UNKNOWN
        return LEFT if when is None or when <= day else PRESENT
    if "UNTIL" in known and when is not None and when <= day:
        return UNKNOWN
    return PRESENT if "ACTIVE" in known or "FUTURE" in known else SILENT


def says_weakly(text: str) -> bool:
    """Tell whether nothing is said but « Inactive », « désactivé »: of a person or of a card."""
    return label_key(clean(text)[:_LONGEST]) in _weak()


@cache
def _weak() -> frozenset[str]:
    return frozenset(" ".join(phrase) for phrase, means, _ in phrases() if means == WEAK)
