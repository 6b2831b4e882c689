"""A last name that stands alone somewhere in a file: whom of the annuaire it means (contract §6a, presence first).

« Secrétaire : Béranger », « François (assistant : König) », « König » in a column of the house, in a row of its own
hospital: nobody else of that place has the name, so it is theirs, and they are not gone.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines import names
from pipelines.sources.mentions import sounds_of_name
from schemas.nomenclatures import code_of, rows
from schemas.people.assignment import Account
from schemas.words import label_key

_WORD = re.compile(r"[^\W\d_]+")
_PIECE = re.compile(r"[^\W\d_]+|[,;:/&+()|]|\d+")
_ADDRESS = re.compile(r"\S*@\S*")
_LEAST = 3  # letters of a last name that tells anybody
_LONGEST = 500  # characters of a cell that is searched
_KNOWN = ("functions", "ranks", "professions", "structure_types", "civilities", "statuses")


@dataclass(frozen=True, slots=True)
class Around:
    """Where a cell stands. `own`: how the words of the row's own people sound; `place`: the words of the name of its
    establishment; `beside`: the cells left and right of it.
    """

    own: Collection[str] = frozenset()
    place: Collection[str] = frozenset()
    beside: tuple[str, str] = ("", "")


def is_announced(account: Account, text: str) -> bool:
    """Tell of a title, a role or an initial right before the last name, or an initial right behind it: « Mme Béranger
    », « C. LEROY », « assistante : Petit ».
    """
    last, first = sounds_of_name(account.last_name), sounds_of_name(account.first_name)
    words = label_key(text).split()
    sounds = [names.sound(word) for word in words]
    for at in range(len(words) - len(last) + 1):
        if sounds[at : at + len(last)] != last:
            continue
        before = names.without_particles((*words[:at], ""))[-3:-1][::-1]
        after = words[at + len(last) : at + len(last) + 1]
        initials = [word for word in (*before, *after) if len(word) == 1 and word not in ("m", "d", "l")]
        if initials and not any(first and first[0].startswith(names.sound(word)) for word in initials):
            return False  # somebody else of this name
        if initials or (before and (before[0] in titles() or before[0] in _roles())):
            return True
    return False


def is_listed(account: Account, text: str, *, note: bool) -> bool:
    """Tell of the last name alone, with its capital, in a note on a cell, or where roles are told or listed: «
    Assistants inchangés : Béranger, Leroy »; not behind another's initial.
    """
    last, first = sounds_of_name(account.last_name), sounds_of_name(account.first_name)
    if not note and ":" not in text and _roles().isdisjoint(label_key(text).split()):
        return False
    written = _WORD.findall(text)
    sounds = [names.sound(label_key(word)) for word in written]
    for at in range(len(written) - len(last) + 1):
        initial = sounds[at - 1] if at and len(written[at - 1]) == 1 and written[at - 1].isupper() else ""
        if (
            sounds[at : at + len(last)] == last
            and written[at][0].isupper()
            and (not initial or initial == "m" or (first and first[0].startswith(initial)))
        ):
            return True
    return False


def stands_bare(account: Account, text: str, around: Around) -> bool:
    """Tell whether the last name, with its capital, stands in a cell with no other person's first name beside it, and
    is no word of the row's own people or of their establishment.
    """
    last, words = sounds_of_name(account.last_name), names.words_of(account.last_name)
    wholes = spelled_together(account)
    if len("".join(last)) < _LEAST or set(last) <= set(around.own) or set(words) <= set(around.place):
        return False
    left, right = (_pieces(one) for one in around.beside)
    inside = _pieces(text)
    written = [*left[-1:], *inside, *right[:1]]
    begin = len(left[-1:])
    keys = [label_key(word) for word in written]
    for at in range(begin, begin + len(inside)):
        for width in {1, len(words), len(last)}:
            end = at + width
            if end > begin + len(inside) or names.sound("".join(keys[at:end])) not in wholes:
                continue
            sentence = at - 1 == begin and not written[at].isupper()  # « Manque König »
            near = [written[at - 1]] if at and not sentence else []
            near += written[end : end + 1]
            first = {*names.words_of(account.first_name), *sounds_of_name(account.first_name)}
            if written[at][0].isupper() and not any(_is_anothers(word, first, around) for word in near):
                return True
    return False


def spelled_together(account: Account) -> set[str]:
    """Return how the last name sounds written as one word, with its particles and without: « dornano », « ornano »."""
    words = names.words_of(account.last_name)
    return {names.sound("".join(words)), names.sound("".join(names.without_particles(words)))}


def _pieces(text: str) -> list[str]:
    """The words of a cell, and the signs between them that no first name would stand behind."""
    return _PIECE.findall(_ADDRESS.sub(" ; ", text[:_LONGEST]))


def _is_anothers(word: str, first: set[str], around: Around) -> bool:
    """A word beside a last name may be somebody else's first name, or their initial."""
    key = label_key(word)
    sound = names.sound(key)
    if len(word) == 1:
        return word.isupper() and key not in ("m", "d", "l", "a") and not any(one.startswith(key) for one in first)
    if not word[0].isupper() or sound in first or key in around.place or sound in around.own:
        return False
    return key not in _ordinary() and key not in titles() and not any(code_of(table, word) for table in _KNOWN)


def words_of_places(told: Iterable[str]) -> frozenset[str]:
    """Return the words of the names of establishments: « Saint » and « Éloi » are nobody's there."""
    return frozenset(word for name in told for word in label_key(name).split())


def listed_names(texts: Sequence[str], at: int) -> tuple[str, str]:
    """Return the cells left and right of one of a row."""
    return texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else ""


@cache
def _roles() -> frozenset[str]:
    return _of_kinds("role", "helper")


@cache
def _ordinary() -> frozenset[str]:
    return _of_kinds("role", "helper", "aside", "unspoken", "unspoken_aside", "unspoken_first", "ordinary", "except")


def _of_kinds(*kinds: str) -> frozenset[str]:
    return frozenset(word for row in rows("nobody_words") if row["kind"] in kinds for word in row["words"].split("|"))


@cache
def titles() -> frozenset[str]:
    """Return what stands before a name: « Mme », « Dr »."""
    return frozenset({"m"} | {row["words"] for row in rows("name_words") if row["kind"] == "title"})
