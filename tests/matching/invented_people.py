"""People who do not exist, in numbers: names with the frequencies, forms and families of real ones.

Last names are made of syllables; first names are common ones. Everything follows from the `Random` given.
"""

from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product
from random import Random

from schemas.people.identifiers import with_luhn_key

_HEADS: tuple[str, ...] = (
    "bra",
    "dun",
    "fel",
    "gor",
    "hov",
    "jas",
    "kel",
    "lum",
    "mor",
    "nol",
    "ost",
    "pri",
    "quol",
    "tem",
    "ulm",
)
_HEADS += ("vor", "müll", "tchi", "kha", "sou", "phil", "schö", "cœu", "yve", "benn", "rou")
_MIDDLES = ("da", "lle", "ni", "ssa", "thi", "ro", "mme", "ky", "gue", "", "dou", "vi")
_TAILS = ("eau", "in", "ot", "ard", "ier", "ski", "oux", "ais", "el", "off", "ez", "mann", "cel", "y")
# Some last names are first names: then nothing says which of two words is which.
_FIRST_LIKE = ("martin", "thomas", "bernard", "simon", "laurent", "michel", "denis", "vincent")
_PARTICLES = ("de ", "d'", "du ", "de la ", "van ", "el ")
WOMEN: tuple[str, ...] = (
    "Marie",
    "Anne",
    "Sophie",
    "Isabelle",
    "Nathalie",
    "Catherine",
    "Claire",
    "Fatima",
    "Julie",
    "Camille",
    "Zoé",
)
WOMEN += ("Frédérique", "Michèle", "Danielle", "Renée", "Jeanne", "Pascale", "Emmanuelle", "Gaëlle", "Yasmine", "Inès")
MEN: tuple[str, ...] = (
    "Jean",
    "Pierre",
    "Michel",
    "Philippe",
    "Thomas",
    "Nicolas",
    "Mohammed",
    "Youssef",
    "Simon",
    "Luc",
    "Vincent",
)
MEN += ("Frédéric", "Daniel", "René", "Pascal", "Emmanuel", "Gaël", "Karim", "Laurent", "Martin", "Bernard", "Noé")
TWO = {
    "F": ("Marie-Claude", "Anne-Sophie", "Marie-Laure", "Anne-Marie"),
    "M": ("Jean-Pierre", "Jean-Luc", "Pierre-Yves"),
}
LOOKS_LIKE = {"Frédéric": "Frédérique", "Michel": "Michèle", "Daniel": "Danielle", "René": "Renée", "Jean": "Jeanne"}
LOOKS_LIKE |= {"Pascal": "Pascale", "Emmanuel": "Emmanuelle", "Gaël": "Gaëlle"}
_PROFESSIONS = (("10", 55), ("21", 15), ("60", 20), ("SEC", 10))
_PHONE_RANGES = ("19900", "26191", "35301", "46571", "53649", "63998")  # kept for fiction by the ARCEP


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who they are, and what is true of them. `birth`: the name before marriage; `number`: RPPS, or a CPE number."""

    serial: int
    last: str
    birth: str
    first: str
    second: str
    sex: str
    profession: str
    place: str
    email: str
    phone: str
    number: str
    adeli: str

    @property
    def registered(self) -> bool:
        """In the RPPS."""
        return self.number.startswith("8")


@cache
def _last_names() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """(names, cumulated frequencies): the first are common, the rest rare."""
    made = [f"{a}{b}{c}" for a, b, c in product(_HEADS, _MIDDLES, _TAILS)]
    Random(0).shuffle(made)
    names = (*_FIRST_LIKE, *made)
    return names, tuple(accumulate(1 / (rank + 60) for rank in range(len(names))))


def last_name(chance: Random) -> str:
    """One word, two with a hyphen, or one with a particle."""
    names, weights = _last_names()
    word = chance.choices(names, cum_weights=weights)[0].upper()
    draw = chance.random()
    if draw < 0.04:
        return chance.choice(_PARTICLES).upper() + word
    if draw < 0.09:
        return f"{word}-{chance.choices(names, cum_weights=weights)[0].upper()}"
    return word


def first_name(chance: Random, sex: str) -> str:
    """The first ones of the list are the most common; one in eight is compound."""
    if chance.random() < 0.12:
        return chance.choice(TWO[sex])
    names = WOMEN if sex == "F" else MEN
    return chance.choices(names, weights=[1 / (rank + 4) for rank in range(len(names))])[0]


def address(first: str, last: str, place: str, serial: int) -> str:
    """firstname.lastname at the establishment; a number after it, for nobody gets the mailbox of a namesake."""
    local = "".join(c for c in f"{first}.{last}".lower() if c.isascii() and (c.isalnum() or c == "."))
    return f"{local}{serial}@es{place[:8].lower()}.example.org"


def telephone(chance: Random) -> str:
    """E.164, of nobody."""
    return f"+33{chance.choice(_PHONE_RANGES)}{chance.randrange(10000):04d}"


def somebody(chance: Random, serial: int, place: str, *, last: str = "", first: str = "", sex: str = "") -> Somebody:
    """A person at an establishment; one woman in three goes by her husband's name, or by both."""
    sex = sex or chance.choice("FFFMM")
    birth = last or last_name(chance)
    usual = birth
    if not last and sex == "F" and chance.random() < 0.33:
        married = last_name(chance)
        usual = chance.choice((married, married, f"{birth}-{married}", f"{married}-{birth}"))
    first = first or first_name(chance, sex)
    profession = chance.choices([p for p, _ in _PROFESSIONS], weights=[w for _, w in _PROFESSIONS])[0]
    rpps = "8" + with_luhn_key(f"9970{serial:06d}")
    return Somebody(
        serial=serial,
        last=usual,
        birth=birth,
        first=first,
        second=first_name(chance, sex),
        sex=sex,
        profession=profession,
        place=place,
        email=address(first, usual, place, serial),
        phone=telephone(chance),
        number=f"3{place}/P{serial}" if profession == "SEC" else rpps,
        adeli="0" + with_luhn_key(f"{10 + serial % 80}9{serial // 80:05d}"),
    )
