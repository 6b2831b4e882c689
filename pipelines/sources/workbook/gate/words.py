"""Which words of a text nobody here understands: whatever is no word of a table, no name, place, month or number.

The world is open: what is not known may say anything, so that whoever acts on a text asks first what is strange in it.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache

from pipelines.dates import months
from pipelines.sources.cells.own_words import FRAME_WORD, LEAVING_WORD, REMARK_WORD
from pipelines.sources.cells.phrases.status import phrases_with
from pipelines.sources.cells.place import Surroundings
from schemas.nomenclatures import regions, rows, terms
from schemas.table_words import words_where
from schemas.words import label_key

_TOKEN = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"\S*@\S*|https?://\S+|www\.\S+")
_TABLES = ("functions", "ranks", "professions", "civilities", "card_types", "structure_types")
LEAVING, REMARK = ("closed", "time", "number", "leaving"), ("closed", "time", "number", "remark")
FRAME = ("closed", "time", "number", "frame", "instruction", "limiting", "verb")
HEADING = ("closed", "time", "number", "heading")
OWN = {LEAVING: LEAVING_WORD, REMARK: REMARK_WORD, FRAME: FRAME_WORD, HEADING: FRAME_WORD}
"""Kinds → the field below which this installation's own ordinary words are kept: beside a departure other words are
ordinary than in a newcomer's remark."""


def strange_words(text: str, kinds: tuple[str, ...], phrases: Collection[str], around: Surroundings) -> list[str]:
    """Return the words of a text that are of none of these kinds (`plain_words.csv`), stand in no phrase of a status
    with one of these meanings, are no name of anybody or anything known, and no ordinary word of this installation.
    """
    tokens = _TOKEN.findall(_ADDRESS.sub(" ", text))
    keys = [label_key(token) for token in tokens]
    covered = _covered(keys, phrases)
    own, tabled = OWN.get(kinds, ""), _tabled() if kinds != LEAVING else _tabled() - listed(("not_leaving",))
    found, place = [], False  # whether a name may go on here
    for at, (token, key) in enumerate(zip(tokens, keys, strict=True)):
        plain = at in covered or key in listed(kinds) or key in tabled or key[:1].isdigit() or not key
        plain = plain or (own, key) in around.words
        named = token[0].isupper() and (place or (at > 0 and keys[at - 1] in listed(("to_town",))))
        initial = len(token) == 1 and token.isupper()
        if not (plain or named or initial or ((place or token[0].isupper()) and around.names_somebody(key))):
            found.append(token)
        place = named or key in _naming() or (place and key in listed(("particle",)))
    return found


def _covered(keys: Sequence[str], means: Collection[str]) -> set[int]:
    found: set[int] = set()
    for at, key in enumerate(keys):
        for _, phrase, meaning, _ in phrases_with().get(key, ()) if means else ():
            if meaning in means and keys[at : at + len(phrase)] == phrase:
                found.update(range(at, at + len(phrase)))
    return found


def says_they_came(text: str) -> bool:
    """Tell whether a heading says that those below it came, or were forgotten, in words of nothing else: « Arrivées
    2026 », « Compléments reçus par mail ».
    """
    words = [word for word in label_key(text).split() if not word[0].isdigit()]
    return not listed(("came",)).isdisjoint(words) and all(word in listed(_CAME) or word in _tabled() for word in words)


_CAME = ("came", "came_how", "closed", "time", "number", "heading")


@lru_cache(maxsize=64)
def listed(kinds: tuple[str, ...]) -> frozenset[str]:
    """Return the words of these kinds."""
    return frozenset(word for kind in kinds for word in words_where("plain_words", kind=kind))


def known_words() -> frozenset[str]:
    """Return the words that are nobody's name by themselves: those of the tables, plain ones, months."""
    return _tabled() | listed(("closed", "time", "number", "leaving", "remark", "dress"))


@cache
def _tabled() -> frozenset[str]:
    """Months, and the words of functions, ranks, professions, civilities, establishments, regions."""
    told = [text for table in _TABLES for one in terms(table).values() for text in (one.label, *one.synonyms)]
    told += [row["libelle_dep"] for row in rows("departements", ";")] + list(regions().values())
    words = {word for text in told for word in label_key(text).split()}
    return frozenset((words | _naming() | months().keys()) - listed(("limiting",)))


@cache
def _naming() -> frozenset[str]:
    """Words that stand before a name: « CHU », « hôpital », « Mme »."""
    places = {
        word for row in rows("structure_words") if row["means"] for word in (row["written"], *row["means"].split())
    }
    kinds = {word for row in rows("place_words") for word in row["words"].split("|")}
    titles = {row["words"] for row in rows("name_words") if row["kind"] == "title"}
    return frozenset(places | kinds | titles | listed(("naming",)))
