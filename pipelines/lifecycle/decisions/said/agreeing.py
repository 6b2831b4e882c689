"""Whether everything that a comment says is understood: words that agree with its answer, or say nothing of it.

Of an open world nobody can list what denies. What agrees can be listed (`comment_words.csv`, kind « said », of all
answers or of some); a word that is none of those, no date, no number and no name where names stand, may be a denial.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipelines.lifecycle.decisions.said.comment_clauses import has, pattern_of, sentence_form, words_of
from pipelines.lifecycle.decisions.said.shapes import asides
from pipelines.lifecycle.decisions.written_dates import without_dates
from schemas.nomenclatures import rows
from schemas.table_words import words_where
from schemas.words import clean, fold, label_key

_WORD = re.compile(r"[^\W_]+")
_NUMBER_SIGN = re.compile(r"\bn\s?°|№", re.IGNORECASE)
_WRITTEN_OUT = re.compile(
    r"https?://\S+|\S+@\S+|(?<!\w)[A-Z]{0,2}\d(?:[ .\-/]?\d){3,}(?!\w)"
)  # a number of some length
_INITIALS = re.compile(r"(?<![\w.])[A-Z]\.?[A-Z]\.?(?=\s*$|\s+\d)")
_SIGN = re.compile(r"[^\w\s\u0000-\u024f\u2010-\u203a\u20ac\ufe0f]")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_LONGEST = 4  # words of a name
_ACRONYM = 4  # letters
_SHORTEST = 5  # letters of a word that has an ending
_ENDINGS = ("s", "e", "es")  # of a number and gender
_AGREEING = ("said", "agreed_no", "tolerated", "negation", "deniable")  # a denial is judged for itself


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is written, and as words are compared."""

    key: str
    capital: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """What a comment stands beside: the `roles` of the answer, how else people write it (`also`), words of the names
    and values of the line (`known`), the day.
    """

    roles: frozenset[str]
    also: tuple[str, ...]
    known: frozenset[str]
    day: date


def is_understood(text: str, beside: Answering) -> bool:
    """Tell whether every word and sign of a clause is understood beside an answer."""
    if any(one not in _yes() for one in _SIGN.findall(text)) or _names_a_year(text, beside):
        return False
    words = list(_words_in(text, beside.day))
    key = " ".join(one.key for one in words)
    covered = _covered(key, beside) | _aside(key, beside)
    at, left = 0, set[int]()
    for place, one in enumerate(words):
        if at not in covered and one.key not in beside.known and not _is_letter(one.key):
            left |= set() if _is_inflected(one.key, beside.roles) else {place}
        at += len(one.key) + 1
    leads = words_of("before_name", beside.roles)
    return all(_is_name(words, place, left, leads) for place in sorted(left))


def _is_letter(key: str) -> bool:
    """« b »: by itself it says nothing."""
    return len(key) == 1 and key.isalpha()


def _names_a_year(text: str, beside: Answering) -> bool:
    """A year to come, but how long a card or a convention is good for."""
    good = "until" in beside.roles or has(label_key(text), "good_until")
    return not good and any(int(one) > beside.day.year for one in _YEAR.findall(text))


def _words_in(text: str, day: date) -> Iterator[_Word]:
    shown = _WRITTEN_OUT.sub(" ", without_dates(_NUMBER_SIGN.sub("numero ", clean(text)), day))
    shown = sentence_form("bare_day").sub(lambda found: " " if 0 < int(found[1]) <= day.day else found[0], shown)
    shown = _INITIALS.sub(_without_initials, shown)
    shouted = shown == shown.upper()
    for found in _WORD.findall(shown):
        for part in fold(found).split():
            acronym = found.isupper() and 1 < len(found) <= _ACRONYM
            yield _Word(part, found[0].isupper() and not shouted and not acronym)


def _without_initials(found: re.Match[str]) -> str:
    """« PM », « A.M. »: who did it; « KO » is nobody."""
    return found[0] if label_key(found[0]).replace(" ", "") in words_where("answer_words", reads="not_signed") else " "


def _covered(key: str, beside: Answering) -> frozenset[int]:
    """At which letters the words begin that are understood."""
    found = set[int]()
    for match in _agreeing(beside.roles, beside.also).finditer(key):
        found.add(match.start())
        found |= {match.start() + one.end() for one in re.finditer(" ", match[0])}
    return frozenset(found)


def _is_inflected(word: str, roles: frozenset[str]) -> bool:
    """« archivée », where « archivé » is understood."""
    known = words_of("said", roles)
    return any(word.endswith(one) and len(word) > _SHORTEST and word.removesuffix(one) in known for one in _ENDINGS)


def _aside(key: str, beside: Answering) -> frozenset[int]:
    """At which letters the words begin that only tell when, where or by whom."""
    spans = asides(key, beside.roles)
    return frozenset(one.start() for one in _WORD.finditer(key) if any(at <= one.start() < end for at, end in spans))


@cache
def _agreeing(roles: frozenset[str], also: tuple[str, ...]) -> re.Pattern[str]:
    told = (word for kind in _AGREEING for word in words_of(kind, roles))
    polite = words_where("courtesies")
    return pattern_of((*told, *polite, *map(label_key, also)))


def _is_name(words: list[_Word], place: int, left: Collection[int], leads: frozenset[str]) -> bool:
    """« le Dr X », « par Anne », « à Lyon », « clinique des Lilas »: written as a name, behind what names follow; not
    « pour Anne », which is about somebody else.
    """
    titled = _title()
    at, steps = place - 1, 0
    while at >= 0 and steps < _LONGEST and _stands_before(words, at, left):
        if words[at].key in titled and at not in left:
            if at < place - 1 and not words[place].capital and words[place - 1].key not in _skipped():
                return False  # « Dr Martin pressenti »
            before = next((one.key for one in reversed(words[:at]) if one.key not in _skipped()), "")
            return before not in _strangers() and (words[at].capital or len(words[at].key) > 1)  # « M. X », not « m'a »
        if words[at].key in leads and at not in left:
            break
        at, steps = at - 1, steps + 1
    lead = words[at].key if at >= 0 else ""
    return words[place].capital and lead in leads


def _stands_before(words: list[_Word], at: int, left: Collection[int]) -> bool:
    """A word of the name, of its title, or an initial: « chez le Dr R. Fictif », « par la secrétaire Julie Fictif »."""
    one = words[at]
    named = one.capital and at > 0
    return one.key in _skipped() or at in left or one.key in _title() or named or (one.capital and len(one.key) == 1)


@cache
def _yes() -> frozenset[str]:
    """Signs that agree, or only smile."""
    found = (row for row in rows("answer_marks") if row["reads"] in ("accepted", "filler"))
    return frozenset(sign for row in found for sign in row["marks"].split())


@cache
def _title() -> frozenset[str]:
    return frozenset(words_where("comment_words", kind="title"))


@cache
def _skipped() -> frozenset[str]:
    return frozenset(words_where("comment_words", kind="skipped"))


@cache
def _strangers() -> frozenset[str]:
    return frozenset(words_where("comment_words", kind="stranger"))
