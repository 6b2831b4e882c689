"""A departure told of a role: « Suppléant parti le 30/09/2026 » in the row of a titulaire is of somebody else."""

from collections.abc import Collection
from functools import cache

from pipelines.dates import date_in
from pipelines.sources.cells.presence import departure_in
from pipelines.sources.workbook.row.departures import listed
from schemas.nomenclatures import code_of, label_of
from schemas.table_words import words_where
from schemas.words import clean, label_key

_STEM = 6  # letters that « assistant » and « assistante » share


def role_that_left(text: str, function: str, rank: str) -> str:
    """Return the word for a role, before a departure, that is not the own one or is called former; "" for none."""
    words = label_key(date_in(clean(text))[1]).split()
    phrase, after = departure_in(words)
    if not phrase:
        return ""
    if phrase[0] in listed("was"):  # « Ancien titulaire parti »
        tail = [*phrase[1:], *after]
        again, behind = departure_in(tail)
        before = tail[: len(tail) - len(behind) - len(again)] if again else []
        return next((word for word in before if word in _roles()), "")
    own = label_key(" ".join((function, label_of("ranks", rank)))).split()
    before = words[: len(words) - len(after) - len(phrase)]
    return next((word for word in before if word in _roles() and not is_own(word, own)), "")


def is_own(word: str, own: Collection[str]) -> bool:
    """Tell whether it is a word of one's own role, whatever its gender: « suppléante » of a remplaçant."""
    codes = {code_of("ranks", one) for one in own} - {""}
    said = code_of("ranks", word)
    return (bool(said) and said in codes) or any(word[:_STEM] == one[:_STEM] for one in own)


@cache
def _roles() -> frozenset[str]:
    return frozenset(words_where("nobody_words", kind="role"))
