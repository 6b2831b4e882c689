"""What a clause of known words says by its build: who or what the deed was done to, where it lies, when, by whom.

`comment_shapes.csv` has the builds, `comment_classes.csv` the words that may stand in one place of them. Words that
all agree may still make a sentence that does not: « la secrétaire est partie », « corrigé sur la fiche ».
"""

import re
from collections.abc import Collection
from functools import cache

from schemas.changes.change import Change
from schemas.nomenclatures import TableRow, rows

_PLACE = re.compile(r"\{(\w+)\}")
_OPEN = r"(?!(?:{never})\b)\w+"  # any word but those that take something back


def is_otherwise(key: str, means: str, roles: Collection[str]) -> bool:
    """Tell whether a clause is built as one that asks (« asks ») or tells of something else (« otherwise »)."""
    return any(shape.search(key) for answers, shape in _shapes(means) if not answers.isdisjoint(roles))


def is_filed(key: str, roles: Collection[str]) -> bool:
    """Tell whether a clause only says where a paper lies, or how whoever writes is reached."""
    return is_otherwise(key, "agrees", roles)


def asides(key: str, roles: Collection[str]) -> list[tuple[int, int]]:
    """Return from where to where it only tells when, where, by whom or how: whatever words stand there."""
    told = (shape for answers, shape in _shapes("aside") if not answers.isdisjoint(roles))
    return [found.span() for shape in told for found in shape.finditer(key)]


def is_of_another_field(key: str, change: Change) -> bool:
    """Tell whether a clause says that another value was changed than its line asks for: « prénom corrigé »."""
    own = {one.field for one in change.fields}
    if change.kind != "update_account" or not own:
        return False
    of = {word: {row["field"] for row in _fields() if word in row["words"].split("|")} for word in _changed(key)}
    return any(fields and fields.isdisjoint(own) for fields in of.values())


def _changed(key: str) -> set[str]:
    """The values that a clause says are changed."""
    return {found["field"] for _, shape in _shapes("field") for found in shape.finditer(key)}


def _fields() -> list[TableRow]:
    return [row for row in rows("answer_fields") if row["field"] != "card_type"]


@cache
def _shapes(means: str) -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    found = (row for row in rows("comment_shapes") if row["means"] == means)
    return tuple((frozenset(row["answers"].split()), re.compile(_written_out(row["shape"]))) for row in found)


def _written_out(shape: str) -> str:
    """The build with the words of its places."""
    whole = shape.replace("{open}", _OPEN.replace("{never}", _words("never")))
    whole = whole.replace("{field}", f"(?P<field>{_words('field')})")
    return _PLACE.sub(lambda found: f"(?:{_words(found[1])})", whole)


@cache
def _words(name: str) -> str:
    words = (word for row in rows("comment_classes") if row["name"] == name for word in row["words"].split("|"))
    return "|".join(sorted(words, key=len, reverse=True))
