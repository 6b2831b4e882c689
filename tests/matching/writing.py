"""How people write somebody into a spreadsheet: the errors of docs/matching.md, each with its share.

The respellings are the generator's own, not the product's tables: some of them the product does not know.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import TypeVar

from anyascii import anyascii

from tests.matching.invented_people import Somebody, last_name

Name = tuple[str, str]
Form = Callable[[Random, Somebody], Name]
Choice = TypeVar("Choice", bound=str)

# Share in thousandths of each way of writing a name in a workbook. What a person's name does not allow (a particle
# that is not there) falls back on the plain name.
NAME_FORMS: dict[str, int] = {
    "plain": 430,
    "no_accents": 150,
    "hyphen_lost": 50,
    "particle_lost": 20,
    "respelled": 30,
    "reversed": 25,
    "half": 40,
    "birth": 40,
    "swapped": 30,
    "one_of_several": 40,
    "with_second": 20,
    "initial": 25,
    "title": 20,
    "typing": 50,
    "two_slips": 10,
    "unsplit": 10,
    "born": 10,
}
NUMBERS: dict[str, int] = {"right": 700, "missing": 160, "adeli": 50, "serial": 30, "wrong_key": 55, "unlinked": 5}
_RESPELLINGS: tuple[tuple[str, str], ...] = (
    ("ü", "ue"),
    ("ö", "oe"),
    ("ou", "u"),
    ("ph", "f"),
    ("y", "i"),
    ("sch", "ch"),
    ("tch", "ch"),
)
_RESPELLINGS += (("kh", "k"), ("th", "t"), ("mm", "m"), ("ss", "s"), ("ll", "l"), ("nn", "n"), ("eau", "o"))
_RESPELLINGS += (("ff", "f"), ("ck", "k"), ("gue", "ge"), ("z", "s"))
_NEIGHBOURS = {a: b for row in ("azertyuiop", "qsdfghjklm", "wxcvbn") for a, b in pairwise(row)}
_PARTICLES = ("DE LA ", "DE ", "DU ", "D'", "VAN ", "EL ")


@dataclass(frozen=True, slots=True)
class Written:
    """A name as written, and the form it took."""

    last: str
    first: str
    form: str


def draw(chance: Random, shares: Mapping[str, int]) -> str:
    """One of the keys, as often as its share."""
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def write_name(chance: Random, who: Somebody, forms: Mapping[str, int] = NAME_FORMS) -> Written:
    """The name of somebody in one of the forms."""
    form = draw(chance, forms)
    last, first = FORMS[form](chance, who)
    return Written(last, first, form)


def _plain(_: Random, who: Somebody) -> Name:
    return who.last, who.first


def _no_accents(_: Random, who: Somebody) -> Name:
    return anyascii(who.last).upper(), anyascii(who.first).upper()


def _hyphen_lost(_: Random, who: Somebody) -> Name:
    return who.last.replace("-", " "), who.first.replace("-", " ")


def _particle_lost(_: Random, who: Somebody) -> Name:
    return next((who.last.removeprefix(p) for p in _PARTICLES if who.last.startswith(p)), who.last), who.first


def _respelled(chance: Random, who: Somebody) -> Name:
    return respell(chance, who.last), respell(chance, who.first)


def respell(chance: Random, text: str) -> str:
    """One group of letters as another hand hears it."""
    fitting = [(a, b) for a, b in _RESPELLINGS if a in text.lower()]
    if not fitting:
        return text
    written, heard = chance.choice(fitting)
    shown = text.lower().replace(written, heard, 1)
    return shown.upper() if text.isupper() else shown.capitalize()


def _reversed(_: Random, who: Somebody) -> Name:
    return "-".join(reversed(who.last.split("-"))), who.first


def _half(chance: Random, who: Somebody) -> Name:
    return chance.choice(who.last.split("-")), who.first


def _birth(_: Random, who: Somebody) -> Name:
    return who.birth, who.first


def _swapped(_: Random, who: Somebody) -> Name:
    return who.first, who.last


def _one_of_several(chance: Random, who: Somebody) -> Name:
    return who.last, chance.choice(who.first.split("-"))


def _with_second(_: Random, who: Somebody) -> Name:
    return who.last, f"{who.first} {who.second}"


def _initial(chance: Random, who: Somebody) -> Name:
    initials = [f"{part[0]}." for part in who.first.split("-")]
    return who.last, chance.choice(("".join(initials), "-".join(initials), initials[0]))


def _title(chance: Random, who: Somebody) -> Name:
    title = chance.choice(("Dr", "Pr", "Docteur", "M.", "Mme"))
    return chance.choice((f"{title} {who.last}", f"{who.last} Dr")), who.first


def _typing(chance: Random, who: Somebody) -> Name:
    if chance.random() < 0.6:
        return slip(chance, who.last), who.first
    return who.last, slip(chance, who.first)


def _two_slips(chance: Random, who: Somebody) -> Name:
    return slip(chance, slip(chance, who.last)), who.first


def _unsplit(_: Random, who: Somebody) -> Name:
    return f"{who.last} {who.first}", ""


def _born(chance: Random, who: Somebody) -> Name:
    return f"{last_name(chance)} née {who.birth}", who.first


FORMS: dict[str, Form] = {
    "plain": _plain,
    "no_accents": _no_accents,
    "hyphen_lost": _hyphen_lost,
    "particle_lost": _particle_lost,
    "respelled": _respelled,
    "reversed": _reversed,
    "half": _half,
    "birth": _birth,
    "swapped": _swapped,
    "one_of_several": _one_of_several,
    "with_second": _with_second,
    "initial": _initial,
    "title": _title,
    "typing": _typing,
    "two_slips": _two_slips,
    "unsplit": _unsplit,
    "born": _born,
}


def slip(chance: Random, text: str) -> str:
    """A letter doubled, dropped, hit beside, or two in the wrong order."""
    if len(text) < 3:
        return text
    at = chance.randrange(1, len(text) - 1)
    kind = chance.choice(("double", "drop", "beside", "swap"))
    if kind == "double":
        return text[:at] + text[at] + text[at:]
    if kind == "drop":
        return text[:at] + text[at + 1 :]
    if kind == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    beside = _NEIGHBOURS.get(text[at].lower(), "e")
    return text[:at] + (beside.upper() if text[at].isupper() else beside) + text[at + 1 :]
