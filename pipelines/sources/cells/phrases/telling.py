"""One pattern for many phrases: a cell in which it finds nothing holds none of them, and need not be gone through."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from schemas.nomenclatures import rows
from schemas.words import label_key

_SHORT = 3  # letters, that stand within many a word
_ORDINARY = ("functions", "ranks", "professions", "structure_types")  # tables whose words stand in cell after cell


def telling(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds one word of each phrase in a `label_key`, the least ordinary: wherever it stands, within «
    parti31/12 » too; a short one alone, « ex ».

    The words share their beginnings: one after the other they take fifteen times as long.
    """
    words = {max(phrase.split(), key=_tells) for phrase in phrases}
    ways: dict[str, dict[str, str]] = {"": {}}  # beginning → next letter → pattern of what follows it
    for at in sorted({word[:length] for word in words for length in range(1, len(word) + 1)}, key=_longest_first):
        if at in words:  # the end of a word: longer ones are found with it, where it may stand in any
            follows = "" if len(at) > _SHORT else _either({"": f"(?<![a-z]{at})(?![a-z])", **ways.get(at, {})})
        else:
            follows = _either(ways[at])
        ways.setdefault(at[:-1], {})[at[-1]] = at[-1] + follows
    return re.compile(_either(ways[""]))


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _either(ways: Mapping[str, str]) -> str:
    told = [way for _, way in sorted(ways.items())]
    return told[0] if len(told) == 1 else f"(?:{'|'.join(told)})"


def _tells(word: str) -> tuple[bool, bool, int]:
    return word not in _ordinary(), len(word) > _SHORT, len(word)


@cache
def _ordinary() -> frozenset[str]:
    told = (" ".join((row["label"], row["synonyms"])) for table in _ORDINARY for row in rows(table))
    return frozenset(word for text in told for word in label_key(text).split())
