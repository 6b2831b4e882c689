"""When two names may be one person's: equal for a match, near for a doubt."""

from rapidfuzz import fuzz

from schemas.words import fold, name_key

NEAR = 85.0
_SHORT = 3


def full_key(last_name: str, first_name: str) -> str:
    """`last|first`, compact: what a register line is looked for by."""
    return f"{name_key(last_name)}|{name_key(first_name)}"


def near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """A typing error, a swapped name or a lost part apart: rapidfuzz over the sorted words, at least 85."""
    a, b = (fold(" ".join(name)).replace("-", " ") for name in (one, other))
    return fuzz.token_sort_ratio(a, b) >= NEAR or fuzz.ratio(name_key(a), name_key(b)) >= NEAR


def agree(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """(last, first) names that one number may cover: something of the name is the same, so a marriage passes.

    An empty name contradicts nothing.
    """
    if not name_key(one[0]) or not name_key(other[0]):
        return True
    if name_key(one[0]) == name_key(other[0]) or _words(one[0]) & _words(other[0]):
        return True
    firsts = _words(one[1]) & _words(other[1])
    return bool(firsts) or near(one, other)


def _words(name: str) -> set[str]:
    words = fold(name).replace("-", " ").replace("'", " ").split()
    return {word for word in words if len(word) >= _SHORT} or {"".join(words)} - {""}
