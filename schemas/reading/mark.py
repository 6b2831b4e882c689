"""What a cell may hold instead of a value: a ditto mark, the word for a vacancy, a total, no end (`cell_words.csv`)."""

from functools import cache

from schemas.nomenclatures import rows
from schemas.words import clean, label_key

_NOTHING = frozenset("-–—_.…*/?x")
_LONGEST = 60  # characters; a longer text says more than a mark


@cache
def _written(kind: str) -> frozenset[str]:
    return frozenset(next(row["words"] for row in rows("cell_words") if row["kind"] == kind).split("|"))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(map(label_key, _written(kind)))


def is_ditto(text: str) -> bool:
    """« " », « idem », « // »: as above."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and (cell in _written("mark") or label_key(cell) in _words("ditto"))


def may_be_a_name(text: str) -> bool:
    """« DO », « IDEM »: one word that may be somebody's name all the same, where no sign says that it is a mark."""
    return label_key(text).isalpha()


def is_vacancy(text: str) -> bool:
    """« VACANT », « Poste à pourvoir », « - », « N/A »: nobody."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and (_NOTHING.issuperset(cell.lower()) or label_key(cell) in _words("vacancy"))


def tells_no_end(text: str) -> bool:
    """« indéterminée », « N/A », « à définir » where the day of an end is expected: none is known to come."""
    cell = clean(text) if len(text) <= _LONGEST else ""
    return bool(cell) and label_key(cell) in _words("no_end")


def is_total(text: str) -> bool:
    """« Total », « Sous-total CH de Valvert : 3 »: the words for a sum, and what it is of."""
    words = label_key(text[:_LONGEST]).split()
    return any(" ".join(words[:size]) in _words("total") for size in range(1, 5))
