"""Whether a word that nobody knows looks like one that speaks of a departure, an arrival or a list that is not whole.

« demissionaire », « bientot » are slips of the finger: nobody is to accept them for ordinary words.
"""

from functools import cache

from rapidfuzz import fuzz, process

from schemas.nomenclatures import rows
from schemas.words import label_key

_CLOSING = ("closing", "closing_not", "movement_out")
_KINDS = {  # of each table those that say something by themselves
    "departure_words": ("was", "away", "no", "order", "successor", "ending_core", "left_not", "left_for", *_CLOSING),
    "arrival_words": ("arrival", "told", "refused"),
    "incomplete_words": ("word", "alone", "same"),
    "plain_words": ("limiting", "strong", "only"),
}
_SAID_PLAINLY = ("ACTIVE", "NEUTRAL", "ALONE", "ASIDE")  # meanings of a status that end nobody
_SHORT = 4  # letters, of which another is another word
_NEAR = 84  # of 100, by rapidfuzz: « demissionaire »


def may_tell(word: str) -> bool:
    """Tell whether a word is one of these, or nearly one."""
    key = label_key(word)
    return key in _telling() or process.extractOne(key, _long(), scorer=fuzz.ratio, score_cutoff=_NEAR) is not None


@cache
def _telling() -> frozenset[str]:
    told = [row["words"] for row in rows("status_phrases") if row["means"] not in _SAID_PLAINLY]
    told += [row["words"] for table, kinds in _KINDS.items() for row in rows(table) if row["kind"] in kinds]
    return frozenset(word for words in told for word in label_key(words.replace("|", " ")).split())


@cache
def _long() -> list[str]:
    return sorted(word for word in _telling() if len(word) > _SHORT)
