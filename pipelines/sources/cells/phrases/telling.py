"""One pattern for many phrases: a cell in which it finds nothing holds none of them, and need not be gone through."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from schemas.nomenclatures import rows
from schemas.words import label_key

_SHORT = 3  # letters, that stand within many a word
_ORDINARY = ("functions", "ranks", "professions", "structure_types")  # tables whose words stand in cell after cell
_ANYWHERE, _ALONE = "*", "$"  # where a word ends in the tree
_Tree = dict[str, "_Tree"]


def telling(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds one word of each phrase in a `label_key`, the least ordinary: wherever it stands, within «
    parti31/12 » too; a short one alone, « ex ».

    The words share their beginnings: one after the other they take fifteen times as long.
    """
    tree: _Tree = {}
    for word in {max(phrase.split(), key=_tells) for phrase in phrases}:
        at = tree
        for letter in word:
            at = at.setdefault(letter, {})
        at[_ANYWHERE if len(word) > _SHORT else _ALONE] = {}
    return re.compile(_pattern(tree, ""))


def _pattern(tree: Mapping[str, _Tree], before: str) -> str:
    if _ANYWHERE in tree:  # whatever follows
        return ""
    ways = [
        f"(?<![a-z]{before})(?![a-z])" if letter == _ALONE else letter + _pattern(below, before + letter)
        for letter, below in sorted(tree.items())
    ]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _tells(word: str) -> tuple[bool, bool, int]:
    return word not in _ordinary(), len(word) > _SHORT, len(word)


@cache
def _ordinary() -> frozenset[str]:
    told = (" ".join((row["label"], row["synonyms"])) for table in _ORDINARY for row in rows(table))
    return frozenset(word for text in told for word in label_key(text).split())
