"""One line for what is the same: repeated readings and rejects of one kind, with their count and their places."""

import re
from collections.abc import Iterable
from dataclasses import replace

from schemas.nomenclatures import say
from schemas.reading.issue import Issue

_EACH = {"SHEET_SKIPPED"}  # one sheet is of leavers, another of the past
_TOGETHER = {"EMAIL_FORMAT", "PHONE_FORMAT", "CARD_DATE_INVALID", "PROFESSION_UNKNOWN", "DUPLICATE_ROW"}
_NUMBER = "CPX_FORMAT"
_MASKED = re.compile(r"«\s[\dXx*•●#/]*(?:[Xx]{3,}|[*•●#]{3,})[\dXx*•●#/]*\s»")  # « 8997XXXX0047 »
MOST_PLACES = 30  # cells that a sentence names


def told_once(issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues of one file in their order, those of one kind in one: the first, which tells of the others.

    Repairs are of one kind by their code; rejects and warnings only where they say the same of the same field.
    """
    kinds: dict[tuple[str, ...], list[Issue]] = {}
    for one in issues:
        together = one.code in _TOGETHER or (one.code == _NUMBER and _MASKED.search(one.message))
        alike = (one.field,) if together else (one.field, one.message)
        said = () if one.effect == "repair" and one.code not in _EACH else alike
        kinds.setdefault((one.source, one.code, *said), []).append(one)
    return [_together(alike) for alike in kinds.values()]


def _together(alike: list[Issue]) -> Issue:
    first, others = alike[0], list(dict.fromkeys(one.location for one in alike[1:]))
    if not others:
        return first
    places = ", ".join(others[:MOST_PLACES]) + (", …" if len(others) > MOST_PLACES else "")
    return replace(first, message=f"{first.message} {say('row.also', count=len(others), places=places)}")
