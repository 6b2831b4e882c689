"""What two names have in common: one function per comparison, from equal to merely near (tables `name_*.csv`).

A *strong* likeness is one name written in two ways: particles, hyphens, order, birth and married name, another
alphabet. A *weak* one is a guess: an initial, a typing error. Words are letters and digits, without accents or case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from schemas.nomenclatures import rows
from schemas.words import fold, name_key, words_in

NEAR = 85.0
_SHORT = 3
_LEAST = 2  # letters of a whole last name (LY, VU); a letter alone is an initial
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1+")

Name = tuple[str, str]


def full_key(last_name: str, first_name: str) -> str:
    """Return `last|first`, compact: what a register line is looked for by."""
    return f"{name_key(last_name)}|{name_key(first_name)}"


def in_an_address(name: Name) -> set[str]:
    """Return what spells the name in full in an address: « annedupont », « dupontanne »; nothing where a part is
    missing.
    """
    last, first = map(name_key, name)
    return {last + first, first + last} if last and first else set()


def spelled_by(emails: Iterable[str], name: Name) -> bool:
    """Tell whether an address spells the name, in either order: « anne.dupont@… », DUPONT Anne."""
    whole = in_an_address(name)
    return any(name_key(email.partition("@")[0]) in whole for email in emails)


def shortened_in_an_address(name: Name) -> set[str]:
    """Return what has the first letter of a first name beside the whole name: « adupont », « duponta »."""
    last, first = map(name_key, name)
    return {first[0] + last, last + first[0]} if len(last) > _SHORT and first else set()


def near(one: Name, other: Name) -> bool:
    """Tell whether they are alike, a typing error, a swapped name or a lost part apart: rapidfuzz over the sorted
    words, at least 85.
    """
    a, b = (fold(" ".join(name)).replace("-", " ") for name in (one, other))
    return fuzz.token_sort_ratio(a, b) >= NEAR or fuzz.ratio(name_key(a), name_key(b)) >= NEAR


def one_person(one: Name, other: Name) -> bool:
    """Tell whether both may be one name, written in two ways or with a slip."""
    return compare(one, other).strong or near(one, other)


def agree(one: Name, other: Name) -> bool:
    """Tell whether one number may cover both (last, first) names: something of them is the same, so a marriage passes.

    An empty name contradicts nothing; where only one of them is empty, the other has something in common.
    """
    if not name_key(one[0]) or not name_key(other[0]):
        mine, theirs = (words_of(" ".join(name)) for name in (one, other))
        return not mine or not theirs or any(first_names(a, b) != "other" for a in mine for b in theirs)
    if name_key(one[0]) == name_key(other[0]) or _long_words(one[0]) & _long_words(other[0]):
        return True
    firsts = _long_words(one[1]) & _long_words(other[1])
    return bool(firsts) or near(one, other) or exchanged(one, other)


def _long_words(name: str) -> set[str]:
    words = fold(name).replace("-", " ").replace("'", " ").split()
    return {word for word in words if len(word) >= _SHORT} or {"".join(words)} - {""}


# ── words ────────────────────────────────────────────────────────────────────────────────────────


@cache
def _table(kind: str) -> dict[str, str]:
    return {row["words"]: row["means"] for row in rows("name_words") if row["kind"] == kind}


@lru_cache(maxsize=32768)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name; titles and « née », « épouse » are none; « St » is « saint »."""
    words, unnamed, whole = words_in(fold(name)), _unnamed(), _table("abbreviation")
    named = [word for word in words if word not in unnamed] or words
    return tuple([whole.get(word, word) for word in named])


def in_full(word: str) -> str:
    """Return what `words_of` gives of a word alone, compact already."""
    return _table("abbreviation").get(word, word)


@cache
def _unnamed() -> frozenset[str]:
    return frozenset(_table("title") | _table("link"))


def tells_of_birth(name: str) -> bool:
    """Tell whether the name has two names and says how they belong together: « PETIT née BLANC »."""
    return any(word in _table("link") for word in words_in(fold(name)))


@lru_cache(maxsize=32768)
def without_particles(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return « de la Roche » → « roche »; the words themselves where nothing else would be left."""
    left: list[str] = []
    at, particles = 0, _table("particle")
    while at < len(words):
        width = next((n for n in (2, 1) if " ".join(words[at : at + n]) in particles), 0)
        if not width:
            left.append(words[at])
        at += width or 1
    return tuple(left) or words


def goes_beyond(one: str, other: str) -> bool:
    """Tell whether one name has all words of the other, particles aside, and more."""
    mine, theirs = (set(without_particles(words_of(name))) for name in (one, other))
    return bool(theirs) and theirs < mine


def of_another_family(one: str, other: str) -> bool:
    """Tell whether both differ by a word of descent alone: « Ould Saïdi » beside « Saïdi » is no marriage."""
    mine, theirs = (frozenset(words_of(name)) for name in (one, other))
    return mine != theirs and (mine ^ theirs) <= _table("descent").keys() and bool(mine & theirs)


@cache
def _sounds() -> tuple[tuple[str, str], ...]:
    return tuple((row["written"], row["read"]) for row in rows("name_sounds"))


@lru_cache(maxsize=32768)
def sound(word: str) -> str:
    """Return a word as other alphabets and hands may write it: « Mueller », « Müller »; « Mohammed », « Mohamed »."""
    for written, read in _sounds():
        word = word.replace(written, read)
    return _DOUBLED.sub(r"\1", word)


@cache
def _phonetics() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["written"]), row["read"]) for row in rows("name_phonetics"))


@lru_cache(maxsize=32768)
def heard(name: str) -> str:
    """Return a name as French ears hear it: « Yurgen », « Jürgen »; « Luque », « Luc »."""
    text = "".join(map(sound, words_of(name)))
    for written, read in _phonetics():
        text = written.sub(read, text)
    return _DOUBLED.sub(r"\1", text)


def heard_alike(one: Name, other: Name) -> bool:
    """Tell whether both names sound alike, one letter apart at most: « CUNIG Yurgen », KÖNIG Jürgen."""
    pairs = [(heard(mine), heard(theirs)) for mine, theirs in zip(one, other, strict=True)]
    return all(mine and _one_apart(mine, theirs) for mine, theirs in pairs)


def _one_apart(mine: str, theirs: str) -> bool:
    if mine == theirs:
        return True
    return min(len(mine), len(theirs)) > _SHORT and OSA.distance(mine, theirs, score_cutoff=1) <= 1


def bag(name: Name) -> str:
    """Return every word of the name as it sounds, sorted: equal for swapped, reversed, hyphenless and respelled
    names.
    """
    return " ".join(sorted(sound(word) for part in name for word in without_particles(words_of(part))))


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """Levels of the last and first name, and how their places compare: straight, swapped or joined in one cell."""

    last: str
    first: str
    order: str

    @property
    def strong(self) -> bool:
        """One name written in two ways; nothing was guessed."""
        return self.last in STRONG_LAST and self.first in STRONG_FIRST

    def spelled(self) -> "NameLikeness":
        """Return the same, where something else spells in full what a slip or an initial leaves open: likelier, and no
        more than a guess all the same.
        """
        last, first = ("spelled" if part in ("near", "initial") else part for part in (self.last, self.first))
        return NameLikeness(last, first, self.order)


STRONG_LAST = frozenset({"same", "particle", "order", "part", "sound"})
STRONG_FIRST = frozenset({"same", "several", "sound"})


@lru_cache(maxsize=32768)  # a line meets its account several times, and the register's person of both
def compare(one: Name, other: Name) -> NameLikeness:
    """Return the best of: fields as they stand, last and first swapped, both in one cell."""
    joined = _joined(one, other)
    if joined:
        return joined
    straight = NameLikeness(last_names(one[0], other[0]), first_names(one[1], other[1]), "straight")
    if straight.strong:
        return straight
    swapped = NameLikeness(last_names(one[0], other[1]), last_names(one[1], other[0]), "swapped")
    if swapped.last in ("same", "order", "sound") and swapped.first in ("same", "order", "sound"):
        return NameLikeness("same", "same", "swapped")
    return straight


def exchanged(one: Name, other: Name) -> bool:
    """Tell whether both are in each other's place, one of them perhaps an initial, with a slip or cut: a guess."""
    ways = ((last_names(a[1], b[0]), first_names(a[0], b[1])) for a, b in ((one, other), (other, one)))
    return any({"other", "missing"}.isdisjoint(found) for found in ways)


def _joined(one: Name, other: Name) -> NameLikeness | None:
    """A name and first name that share one cell on one side alone."""
    alone = [name for name in (one, other) if name[0] and not name[1]]
    whole = [name for name in (one, other) if name[0] and name[1]]
    if len(alone) == 1 and len(whole) == 1 and len(words_of(alone[0][0])) > 1 and bag(one) == bag(other):
        return NameLikeness("same", "same", "joined")
    return None


@lru_cache(maxsize=32768)
def last_names(one: str, other: str) -> str:
    """Return how they agree: same, particle, order, part (birth and married name), sound, near, other; missing when one
    is empty.
    """
    mine, theirs = words_of(one), words_of(other)
    if not mine or not theirs:
        return "missing"
    if "".join(mine) == "".join(theirs):
        return "same"
    mine, theirs = without_particles(mine), without_particles(theirs)
    if "".join(mine) == "".join(theirs):
        return "particle"
    if sorted(mine) == sorted(theirs):
        return "order"
    if _contains(mine, theirs, _LEAST) or _contains(theirs, mine, _LEAST):
        return "part"
    return _respelled(mine, theirs)


@lru_cache(maxsize=32768)
def first_names(one: str, other: str) -> str:
    """Return how they agree: same, several (one of several first names), sound, initial, short (« Alex », « Cathy »),
    near, other; missing when empty.
    """
    mine, theirs = words_of(one), words_of(other)
    if not mine or not theirs:
        return "missing"
    if "".join(mine) == "".join(theirs) or sorted(mine) == sorted(theirs):
        return "same"
    if _contains(mine, theirs) or _contains(theirs, mine):
        return "several"
    if _is_initial(mine, theirs) or _is_initial(theirs, mine):
        return "initial"
    found = _respelled(mine, theirs)
    return "short" if found == "other" and _is_short(mine[0], theirs[0]) else found


def _contains(whole: tuple[str, ...], part: tuple[str, ...], least: int = _SHORT) -> bool:
    """All words of one in the other, one of them of so many letters: longer than a syllable, but for « VU »."""
    return set(part) <= set(whole) and any(len(word) >= least for word in part)


def _is_initial(short: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """« A. », « J.-P. », « JP » for « Anne », « Jean-Pierre »; « M-Claude » for « Marie-Claude »."""
    if len(short) == 1 and len(name) > 1 and short[0] == "".join(word[0] for word in name):
        return True
    if not any(len(word) == 1 for word in short) or len(short) > len(name):
        return False
    return all(a == b or (len(a) == 1 and b.startswith(a)) for a, b in zip(short, name, strict=False))


def _is_short(one: str, other: str) -> bool:
    """The beginning of the other (« Manu », « Jé »), or what people of that name are called (« Cathy », « Babeth »)."""
    shorter, longer = sorted((one, other), key=len)
    forms = _short_forms()
    return (
        (len(shorter) > 1 and longer.startswith(shorter)) or one in forms.get(other, ()) or other in forms.get(one, ())
    )


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    return {row["name"]: frozenset(row["shorts"].split("|")) for row in rows("name_shorts")}


def _respelled(mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    """« near »: one slip of the finger from four letters on, two from eight on (insert, drop, replace, swap)."""
    if [sound(word) for word in mine] == [sound(word) for word in theirs]:
        return "sound"
    one, other = "".join(mine), "".join(theirs)
    if sound(one) == sound(other):
        return "sound"
    shorter = min(len(one), len(other))
    allowed = 2 if shorter >= 8 else 1 if shorter >= 4 else 0
    return "near" if allowed and OSA.distance(one, other, score_cutoff=allowed) <= allowed else "other"


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=32768)
def spellings(last_name: str, first_name: str) -> tuple[str, ...]:
    """Return `full_key`s under which a register may have this very name: as it stands, swapped, reversed, no
    particle.
    """
    lasts, firsts = words_of(last_name), words_of(first_name)
    forms = [(lasts, firsts), (firsts, lasts), (without_particles(lasts), firsts)]
    if 1 < len(without_particles(lasts)) <= _SHORT:
        forms.append((without_particles(lasts)[::-1], firsts))
    keys = [f"{''.join(last)}|{''.join(first)}" for last, first in forms if last and first]
    return tuple(dict.fromkeys([full_key(last_name, first_name), *keys]))
