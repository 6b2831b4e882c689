"""Whose a number is: what the register says of the number that an account has, or that somebody typed on a line.

A number decides alone only where nothing contradicts it (contract §6a): the register may give it to somebody else, or
know somebody of this very name at this very place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipelines import names
from pipelines.sources.national.consolidate import Register
from schemas.people.identifiers import CpxReading

# Levels of a name beside which a number may still be one's own: one slip of the finger, or an initial.
_NEARLY_LAST = names.STRONG_LAST | {"near"}
_NEARLY_FIRST = names.STRONG_FIRST | {"near", "initial", "short"}


class NumberStanding(StrEnum):
    """What the register says of a number beside the name that goes with it."""

    NONE = "none"
    """There is no number that names anybody."""
    UNKNOWN = "unknown"
    """The register has nobody of this number, or could not be read."""
    OWN = "own"
    """It gives the number to somebody of this name, and knows nobody better."""
    PART = "part"
    """To somebody of this first name and another last name, and knows nobody better: married since."""
    DOUBTFUL = "doubtful"
    """To somebody who has a part of the name, and may be somebody else: a relative, or not here."""
    OTHER = "other"
    """To somebody else."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A number and its standing. `number`: resolved, "" when it names nobody; `here`: national identifications of the
    register's persons of this very name at the places in question, in their order.
    """

    number: str
    standing: NumberStanding
    here: tuple[str, ...] = ()

    @property
    def own(self) -> str:
        """The number where the register confirms it, else ""."""
        return self.number if self.standing is NumberStanding.OWN else ""

    @property
    def proposed(self) -> str:
        """The number of the register's only person of this very name there; "" when it is this one, or not alone."""
        return self.here[0] if len(self.here) == 1 and self.here[0] != self.number else ""


def claim_of(
    name: names.Name,
    reading: CpxReading,
    places: Iterable[str],
    register: Register,
    professions: frozenset[str] = frozenset(),
) -> Claim:
    """Judge the number of somebody of this name, and these professions, at these places."""
    places = frozenset(places)
    here = register.named(*name, places) if name[0] else ()
    if not reading.usable:
        return Claim("", NumberStanding.NONE, here)
    number = register.resolve(reading.number)
    here = here or _named_like_its_holder(name, number, places, register)
    told = here if not professions or _work_as(professions, here, register) else ()
    anothers = bool(told) and not _work_as(professions, (number,), register)
    return Claim(number, _standing(name, number, here, places, register, anothers=anothers), here)


def _named_like_its_holder(
    name: names.Name, number: str, places: frozenset[str], register: Register
) -> tuple[str, ...]:
    """Those here of the very name of whom the number is, where the name that goes with it is theirs but for a slip."""
    theirs = register.name_of(number) or ("", "")
    # Of the very name nobody is here: whoever asks has looked for them.
    if theirs == name or not all((*name, *theirs)) or not _nearly(names.compare(name, theirs)):
        return ()
    return register.named(*theirs, places)


def _work_as(professions: frozenset[str], keys: Iterable[str], register: Register) -> bool:
    """Tell whether somebody of these has one of the professions, or none that is known."""
    found = (register.professions_of(key) for key in keys if key in register.persons)
    return any(not theirs or not professions.isdisjoint(theirs) for theirs in found)


def _standing(
    name: names.Name,
    number: str,
    here: tuple[str, ...],
    places: frozenset[str],
    register: Register,
    *,
    anothers: bool,
) -> NumberStanding:
    theirs = register.name_of(number)
    if theirs is None:
        return NumberStanding.UNKNOWN
    likeness = names.compare(name, theirs)
    if not likeness.strong and not names.agree(name, theirs):
        return NumberStanding.OTHER
    # An ADELI number contradicts no RPPS number: the frozen register still has those who moved. Of a namesake whose
    # places nobody knows it is not known that they are elsewhere, unless the profession is not theirs (`anothers`).
    somebody_here = len(here) == 1 and here[0] != number and here[0][0] == number[0] == "8"
    finess = register.finess_of(number)
    if somebody_here and (finess or not likeness.strong or anothers):
        return NumberStanding.OTHER
    if not name[0] or _nearly(likeness):  # a line that gives no name contradicts nobody
        return NumberStanding.OWN
    # Who has married is in the register once, by the new name: of whom it knows under the old one, the number is not.
    known = finess.isdisjoint(places) and bool(register.namesakes(*name))
    first_in_common = names.first_names(name[1], theirs[1]) != "other"
    return NumberStanding.PART if first_in_common and not known else NumberStanding.DOUBTFUL


def _nearly(likeness: names.NameLikeness) -> bool:
    """One name, a slip aside."""
    slips = (likeness.last not in names.STRONG_LAST) + (likeness.first not in names.STRONG_FIRST)
    return slips < 2 and likeness.last in _NEARLY_LAST and likeness.first in {*_NEARLY_FIRST, "missing"}
