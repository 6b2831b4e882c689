"""One name written in two ways by the annuaire and a workbook: which of its fields the workbook does not improve."""

import re
from collections.abc import Iterable

from pipelines import names
from schemas.people.workbook_line import NAME_FIELDS
from schemas.words import name_key

_LESS_FIRST = frozenset({"same", "several", "initial", "short"})
_LESS_LAST = frozenset({"same", "particle"})
_SLIPS = frozenset({"near", "sound"})
_CUT = frozenset({"part"})
_NOTHING: frozenset[str] = frozenset()
_BETWEEN_PEOPLE = re.compile(r"[/&+;]|\s(?:et|puis)\s", re.IGNORECASE)
BOTH = frozenset(NAME_FIELDS)


def not_better(known: names.Name, told: names.Name, emails: Iterable[str]) -> frozenset[str]:
    """Return the fields (`last_name`, `first_name`) in which `told` is `known` written with less care, or in other
    cells.

    A title, an initial, one of two first names, « née », a particle left out, the two cells exchanged: whoever writes
    so does not say that the name changed. A letter that differs may be a slip on either side, and a word less a name
    that changed: an address that spells one of the two in full tells. Without that the workbook's stands (contract §6
    « Precedence of sources »).
    """
    likeness = names.compare(known, told)
    if likeness.order == "swapped" or (likeness.order == "joined" and not told[1]):
        return BOTH
    if likeness.order == "joined" or "other" in (likeness.last, likeness.first):
        return _NOTHING
    if _of_several(known, told, likeness):
        return BOTH
    kept = set()
    if _less(likeness.last, _LESS_LAST, known[0], told[0]) or _beside_birth_name(known[0], told[0]):
        kept.add("last_name")
    if _less(likeness.first, _LESS_FIRST, known[1], told[1]):
        kept.add("first_name")
    kept |= {
        name for name, ours, theirs in zip(NAME_FIELDS, known, told, strict=True) if _with_an_initial(ours, theirs)
    }
    levels = {"last_name": (likeness.last, known[0], told[0]), "first_name": (likeness.first, known[1], told[1])}
    slips = {name for name, (level, *both) in levels.items() if level in _SLIPS or _less(level, _CUT, *both)}
    if slips and names.spelled_by(emails, known) and not names.spelled_by(emails, told):
        kept |= slips
    return frozenset(kept)


def _of_several(known: names.Name, told: names.Name, likeness: names.NameLikeness) -> bool:
    """« LEROY / DURAND », « Claire / Julie »: a row that two people share renames neither."""
    if any(_BETWEEN_PEOPLE.search(part) for part in told):
        return True
    longer = all(len(name_key(ours)) < len(name_key(theirs)) for ours, theirs in zip(known, told, strict=True))
    return longer and likeness.last == "part" and likeness.first == "several"


def _less(level: str, levels: frozenset[str], known: str, told: str) -> bool:
    """Of the levels at which one of two writings says less, and it is the one that was told.

    Where the words are the same, the title is what was added.
    """
    if level not in levels:
        return False
    shorter, longer = len(name_key(told)) < len(name_key(known)), len(name_key(told)) > len(name_key(known))
    return longer if level == "same" else shorter


def _with_an_initial(known: str, told: str) -> bool:
    """« PETIT M. », « Claire M. » of whom the annuaire has as PETIT, as Claire: a letter alone is no name."""
    ours, theirs = set(names.words_of(known)), set(names.words_of(told))
    longer = len(name_key(told)) > len(name_key(known))
    return longer and bool(ours) and ours <= theirs and all(len(word) == 1 for word in theirs - ours)


def _beside_birth_name(known: str, told: str) -> bool:
    """« PETIT née BLANC », « BLANC ép. PETIT » of whom the annuaire has as PETIT."""
    return names.tells_of_birth(told) and set(names.words_of(known)) <= set(names.words_of(told))
