"""Whom a row names beside its own person: « DUPRAT / FORESTIER », « suppléant : Luc FORESTIER », a second number.

A row that may be about somebody protects them (contract §6a), whoever else it is certainly about.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from pipelines import names
from pipelines.sources.cells.presence import tells_of_departure
from schemas.nomenclatures import rows
from schemas.people.workbook_line import Further
from schemas.table_words import words_where
from schemas.words import label_key

_TOKEN = re.compile(r"[^\W\d_]+")
_LEAST = 3  # letters of a name that stands out by its capitals
_STEPS = 3  # words before a name that may be its particles


def names_beside(said: names.Name, further: Further, own: Iterable[names.Name], who: names.Name) -> bool:
    """Tell whether a row that gives the name `said` names `who` beside its own person, who has the names `own`."""
    mine = {word for name in own for word in _words(name[0]) + _words(name[1])}
    last, first = sounds_of_name(who[0]), _words(who[1])
    if not last or mine.issuperset([*last, *first]):
        return False
    return _in_its_name(said, further, mine, last, first) or any(
        _in_remark(text, mine, last, first) and not told_as_gone(text, who) for text in further.remarks
    )


def tells_of_others(said: names.Name, further: Further, own: Iterable[names.Name]) -> bool:
    """Tell whether a row holds enough to name anybody beside its own person."""
    if further.parted or further.remarks or further.numbers:
        return True
    mine = {word for name in own for word in _words(name[0]) + _words(name[1])}
    return bool(mine) and all(len(_words(part)) > 1 and not mine.issuperset(_words(part)) for part in said)


def told_as_gone(text: str, who: names.Name) -> bool:
    """Tell whether a text that names `who` says that they left or were replaced: « prédécesseure : X », « X, partie »;
    not « remplacée par X », nor « remplace X » alone.
    """
    words = label_key(text).split()
    theirs = {*_words(who[0]), *_words(who[1])}
    at = [place for place, word in enumerate(words) if names.sound(word) in theirs]
    if not at:
        return False
    before = _telling(words[: at[0]])
    if _mention_words("by") & set(before[-1:]):
        return False
    if any(before[-len(phrase) :] == phrase for phrase in _before()):
        return True
    return tells_of_departure(" ".join([*before, *words[at[-1] + 1 :]]))


def is_of_leavers(head: str) -> bool:
    """Tell whether it is a header above those who left or were replaced: not « Remplacé par »."""
    words = label_key(head).split()
    return not _mention_words("heads").isdisjoint(words) and _mention_words("by").isdisjoint(words)


def _telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in _mention_words("aside")]


@cache
def _before() -> list[list[str]]:
    return [said for phrase in _mention_words("before") if (said := _telling(phrase.split()))]


@cache
def _mention_words(kind: str) -> frozenset[str]:
    return frozenset(words_where("mention_words", kind=kind))


def _in_its_name(said: names.Name, further: Further, mine: set[str], last: list[str], first: list[str]) -> bool:
    """A last and a first name that are not its person's; one of them suffices where a sign stands between two people,
    who may have the other in common.
    """
    told = {*_words(said[0]), *_words(said[1])}
    beyond = told - mine
    if beyond.issuperset(last) and not beyond.isdisjoint(first):
        return True
    if not further.parted:
        return False
    slipped = len(last) == 1 and any(names.last_names(word, last[0]) == "near" for word in beyond)
    return beyond.issuperset(last) or slipped or (told.issuperset(last) and not beyond.isdisjoint(first))


def _in_remark(text: str, mine: set[str], last: list[str], first: list[str]) -> bool:
    """The last name beside the first one, its initial or a title, or in capitals among words that are not."""
    written = _TOKEN.findall(text)
    words = [sound for word in written for sound in _words(word)[:1] or [""]]
    for at in range(len(words) - len(last) + 1):
        if words[at : at + len(last)] != last:
            continue
        beside = {*words[max(0, at - _STEPS) : at], *words[at + len(last) : at + len(last) + 1]}
        if not beside.isdisjoint(first) or any(len(word) == 1 and word == name[0] for word in beside for name in first):
            return True
        shouted = text != text.upper() and all(
            word.isupper() and len(word) >= _LEAST for word in written[at : at + len(last)]
        )
        if not mine.issuperset(last) and (shouted or not beside.isdisjoint(_titles())):
            return True
    return False


@cache
def _titles() -> frozenset[str]:
    return frozenset({"m"} | {names.sound(row["words"]) for row in rows("name_words") if row["kind"] == "title"})


def _words(name: str) -> list[str]:
    return [names.sound(word) for word in names.words_of(name)]


@lru_cache(maxsize=32768)
def sounds_of_name(name: str) -> list[str]:
    """Return the words of a name as they sound, particles aside; not to be altered: the same answer is given again."""
    return [names.sound(word) for word in names.without_particles(names.words_of(name))]
