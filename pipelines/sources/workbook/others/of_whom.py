"""Of whom a cell tells a departure: « Suppléant parti », « Parti : Dr LE GOFF », « départ de l'assistante »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from pipelines.dates import date_in
from pipelines.names import Name, sound, words_of
from pipelines.sources.cells.phrases.status import WEAK, listed, phrases_with
from pipelines.sources.cells.presence import PRESENT, presence_of, tells_of_departure
from pipelines.sources.mentions import sounds_of_name
from schemas.nomenclatures import code_of, rows
from schemas.table_words import words_where
from schemas.words import clean, label_key

_LONGEST = 300  # characters of a cell
_PART = re.compile(r"[;,\n]|(?<=[^\W\d_]{3})\.\s|\s[-–—/]\s")
_YEAR = re.compile(r"\b20\d\d\b")
_MOST = 6  # words beside a departure that may be a name
_SHORT = 2  # letters of a code, which needs its colon: « T : retraite »


@dataclass(frozen=True, slots=True)
class DepartureTold:
    """A departure that a part of a cell tells of a post, or of a name.

    `posts`: codes of ranks, functions, professions; `former`: the one before; `before`, `after`: the words beside the
    departure, among which a name may stand; `title`: what stands before it.
    """

    part: str
    posts: frozenset[str] = frozenset()
    former: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    title: str = ""

    @property
    def titled(self) -> tuple[str, ...]:
        """The words that are surely a name, behind a title."""
        return (self.before or self.after) if self.title else ()


@lru_cache(maxsize=16384)
def told_of(text: str, day: date) -> tuple[DepartureTold, ...]:
    """Return the departures that a cell tells of a post or a name: part by part, else of it as a whole."""
    cell = clean(text)
    if not cell or len(cell) > _LONGEST:
        return ()
    parts = [part for part in map(clean, _PART.split(text)) if part]
    found = [one for part in parts if len(parts) > 1 and (one := _told(part, day))]
    whole = None if any(one.posts or one.title for one in found) else _told(cell, day)
    return (*found, *([whole] if whole else []))


def _told(part: str, day: date) -> DepartureTold | None:
    """What one part tells; nothing where it tells of no departure, or of one to come."""
    when, rest = date_in(part)
    words = label_key(_YEAR.sub(" ", rest)).split()
    if vacant := _vacated(words):
        return DepartureTold(part, vacant)
    if (when and when > day) or any(int(year) > day.year for year in _YEAR.findall(rest)):
        return None
    at, phrase = _departure(words)
    if not phrase or not tells_of_departure(" ".join(words)) or presence_of(part, day) == PRESENT:
        return None
    before, after = words[:at], words[at + len(phrase) :]
    colon = tuple(label_key(part.partition(":")[0]).split()) if ":" in part else ()
    posts, former = _posts(before, coded=colon == tuple(before))
    if posts:
        return DepartureTold(part, posts, former)
    lead = [word for word in before if word not in _words("aside")]
    if before and len(before) <= _MOST and lead:
        return _named(part, before, behind=False)
    if before or not after:
        return None
    core = after[next((at for at, word in enumerate(after) if word not in listed("OF")), len(after)) :]
    if " ".join(phrase) in listed("NOUN") or colon == tuple(words[: at + len(phrase)]):
        posts = _first_posts(core)
        if posts:
            return DepartureTold(part, posts)
    return _named(part, core[:_MOST], behind=True)


def _departure(words: list[str]) -> tuple[int, list[str]]:
    """Where the first departure stands, « ancien », « ex », « remplacé par » aside."""
    for at, word in enumerate(words):
        for _, phrase, means, _ in sorted(phrases_with().get(word, ())):
            fits = means in ("LEFT", WEAK) and words[at : at + len(phrase)] == phrase
            if fits and word not in _words("former") and listed("BY_WHOM").isdisjoint(phrase):
                return at, phrase
    return 0, []


def _vacated(words: list[str]) -> frozenset[str]:
    """« Plus de suppléant depuis septembre »."""
    at = 1 if words[:1] == ["n"] else 0
    at += 1 if words[at : at + 1] == ["a"] else 0
    if words[at : at + 1] != ["plus"] or words[at + 1 : at + 2] not in (["de"], ["d"]):
        return frozenset()
    return _first_posts(words[at + 2 :])


def _posts(words: list[str], *, coded: bool) -> tuple[frozenset[str], bool]:
    """(posts, whether a former one is meant) where all words say a post."""
    core = [word for word in words if word not in _words("aside") and not word[0].isdigit()]
    former = [word for word in core if word in _words("former")]
    codes = [post_of(word) if coded or len(word) > _SHORT else "" for word in core if word not in former]
    return (frozenset(codes), bool(former)) if codes and all(codes) else (frozenset(), False)


def _first_posts(words: list[str]) -> frozenset[str]:
    found: list[str] = []
    for word in words:
        if word in _words("aside"):
            continue
        code = post_of(word) if len(word) > _SHORT else ""
        if not code:
            break
        found.append(code)
    return frozenset(found)


@lru_cache(maxsize=4096)
def post_of(word: str) -> str:
    """Return the code of the rank, function or profession that a word says, in the singular or not; ""."""
    for one in (word, word.removesuffix("s")):
        for table in ("ranks", "functions", "professions"):
            if code := code_of(table, one):
                return code
    return ""


def _named(part: str, words: list[str], *, behind: bool) -> DepartureTold | None:
    titles = [at for at, word in enumerate(words) if word in _titles()]
    if not titles:
        found = tuple(words)
        return DepartureTold(part, after=found) if behind else DepartureTold(part, before=found)
    at = titles[-1]
    if not _words("aside").issuperset(words[:at]) and not behind:
        return None
    if behind and at:
        return None
    name = tuple(words[at + 1 :])
    return (
        DepartureTold(part, after=name, title=words[at])
        if behind
        else DepartureTold(part, before=name, title=words[at])
    )


@cache
def _titles() -> frozenset[str]:
    return frozenset({"m"} | {row["words"] for row in rows("name_words") if row["kind"] == "title"})


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(words_where("subject_words", kind=kind))


def names_it(told: DepartureTold, name: Name) -> bool:
    """Tell whether the words beside the departure are this name: the last name, with nothing but the first one, an
    initial or small words.
    """
    last, first = sounds_of_name(name[0]), [sound(word) for word in words_of(name[1])]
    if not last or max(map(len, last)) <= _SHORT:
        return False
    if told.after:
        said = list(_sounds(told.after))
        return any(said[at : at + len(last)] == last for at in range(min(len(first), 1) + 1) if _are(said[:at], first))
    said = list(_sounds(told.before))
    at = next((at for at in range(len(said)) if said[at : at + len(last)] == last), None)
    if at is None:
        return False
    return _are([*said[:at], *said[at + len(last) :]], first)


def _are(words: list[str], first: list[str]) -> bool:
    """Nothing among these words but a first name, its initial, or small words."""
    return all(
        word in first or word in _words("aside") or (len(word) == 1 and any(one.startswith(word) for one in first))
        for word in words
    )


def _sounds(words: tuple[str, ...]) -> Iterator[str]:
    return map(sound, words)
