"""Invented national files of national size: the same seed gives the same bytes, a million rows in about five seconds.

    python -m benchmarks.invented.national FOLDER --rows 2200000 --cards 1000000

Widths, repetitions and accents are those of the real files (formats.md): about 380 bytes and 56 columns a row, a
person on one to four rows, accents in nearly every row, one row in a thousand odd. Numbers begin with 997, which ANS
keeps for tests; names are made of syllables.
"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle, islice, product
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from benchmarks.invented.french_names import french_names
from sample_data.headers import CARD_COLUMNS, PERSON_COLUMNS
from schemas.people.identifiers import with_luhn_key

SEED = 20261122
FRENCH = -1  # instead of a number of different names: as many of each as in France
AS_OF = date(2026, 11, 22)  # the night they are made for
PERSONS = "PS_LibreAcces_Personne_activite_202611210612.txt"
CARDS = "Porteurs_CPS_CPF_202611210615.txt"
BATCH = 20_000  # rows made at a time
ODD = 1000  # one row in so many
SPREAD = 7_368_787  # prime to ten million: numbers look scattered, none comes twice

_SYLLABLES = [  # a hundred, of two to four letters: as many names begin alike as in a telephone book
    f"{onset}{vowel}{coda}"
    for at, (onset, vowel) in enumerate(
        product("B C D F G L M N P R S T V BR CH GR TR QU PL ST".split(), "A E I O U".split())
    )
    for coda in (("", "N", "R", "S", "L", "T")[at % 6],)
]
_FIRSTS = (
    "Ada Alban Anne-Lise Barnabé Bérénice Chloé Clélia Côme Damien Daphné Édith Émile Étienne Flora Florent Gaspard "
    "Gisèle Hélène Honorine Inès Ivan Jean-Marc Jérôme Joël Katell Lazare Léone Maëlle Malo Noémie Océane Ondine "
    "Pénélope Rosalie Sidonie Tancrède Ulysse Violette Wenceslas Zéphyr"
).split()
_PROFESSIONS = (
    ("10", "Médecin"), ("10", "Médecin"), ("21", "Pharmacien"), ("40", "Chirurgien-Dentiste"), ("50", "Sage-Femme"),
    ("60", "Infirmier"), ("60", "Infirmier"), ("60", "Infirmier"), ("70", "Masseur-Kinésithérapeute"),
    ("80", "Pédicure-Podologue"), ("86", "Technicien de laboratoire médical"),
)  # fmt: skip
_SKILLS = (
    "|||", "|||", "S|Spécialité ordinale|SM54|Médecine Générale", "S|Spécialité ordinale|SM02|Anesthésie-réanimation",
    "S|Spécialité ordinale|SM26|Qualifié en Médecine Générale", "CAPA|Capacité|CAPA15|Médecine d'urgence",
)  # fmt: skip
_STREETS = "de l'Étang|du Chêne|des Tilleuls|du Grand Pré|de la République|du Général Fictif|de l'Hôpital".split("|")
_THREE_YEARS = timedelta(days=3 * 365)
_CARD_TYPES = "CPS|Carte de Professionnel de Santé (CPS)", "CPF|Carte de Professionnel de Santé en Formation (CPF)"


def write_persons(path: Path, rows: int, seed: int = SEED, *, different: int = 0) -> None:
    """`rows` rows of « personne – activité », 56 columns, UTF-8; `different`: so many names (0: many; FRENCH)."""
    _write(path, PERSON_COLUMNS, _persons(Random(seed), different), rows, Random(seed + 1))


def write_cards(path: Path, rows: int, seed: int = SEED, *, encoding: str = "latin-1", different: int = 0) -> None:
    """`rows` cards of the same persons: one of three years each, every fourth of them the one before it too."""
    _write(path, CARD_COLUMNS, _cards(Random(seed), different), rows, Random(seed + 2), encoding)


def _write(
    path: Path, columns: Sequence[str], rows: Iterator[str], count: int, chance: Random, encoding: str = "utf-8"
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(("|".join(columns) + "|\n").encode(encoding))
        while count > 0:
            batch = [row.encode(encoding) for row in islice(rows, min(BATCH, count))]
            count -= len(batch)
            for at in chance.sample(range(len(batch)), len(batch) // ODD):
                batch[at] = _odd(batch[at], batch[at - 1], chance.randrange(8))
            file.writelines(batch)


def _odd(row: bytes, before: bytes, kind: int) -> bytes:
    """What really happens to rows (formats.md « Physical format »)."""
    match kind:
        case 0 | 1 | 2:
            return before  # a full duplicate
        case 3:
            return row.replace(b"|", b'|"', 12)
        case 4:
            return b"|".join(row.split(b"|")[:9]) + b"\n"
        case 5:
            return row.replace(b"|\n", b"|en trop|\n")
        case 6:
            return row.replace(b"|S|", "|S\xa0|’".encode())
        case _:
            return row.replace("é".encode(), b"\xe9", 1)


def numbers(chance: Random) -> Iterator[str]:
    """RPPS numbers with their key, each once: ten million that begin with 997, then with 998, then with 999."""
    first, made = chance.randrange(10**7), 0
    while True:
        order = made + np.arange(BATCH, dtype=np.int64)
        bodies = 9970000000 + (first + SPREAD * order) % 10**7 + order // 10**7 * 10**7
        yield from (f"{number:011d}" for number in _with_keys(bodies).tolist())
        made += BATCH


def _with_keys(bodies: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Ten digits each, and their Luhn key behind."""
    digits = bodies[:, None] // 10 ** np.arange(10) % 10
    digits[:, ::2] = digits[:, ::2] * 2 // 10 + digits[:, ::2] * 2 % 10
    keyed: npt.NDArray[np.int64] = bodies * 10 + -digits.sum(axis=1) % 10
    return keyed


def names(chance: Random) -> Iterator[tuple[str, str]]:
    """Last and first names, some of two parts, some with a particle."""
    while True:
        last = "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 3, 4, 4, 4, 4, 4, 4))))
        turn = chance.randrange(30)
        if turn < 4:
            last = ("LE ", "D'", "DE LA ", "")[turn] + last + ("-FICTIF" if turn == 3 else "")
        yield last, chance.choice(_FIRSTS)


def people(seed: int, count: int) -> list[tuple[str, str, str]]:
    """(RPPS number, last name, first name) of the first persons of the files made with this seed."""
    return [(number, *name) for number, name in islice(in_order(seed), count)]


def in_order(seed: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """(RPPS number, (last name, first name)) of every person, as the files made with this seed have them."""
    return _people(Random(seed))


def _people(chance: Random, different: int = 0) -> Iterator[tuple[str, tuple[str, str]]]:
    everybody, by = numbers(Random(chance.random())), Random(chance.random())
    if different == FRENCH:
        return zip(everybody, french_names(by, _SYLLABLES, _FIRSTS), strict=False)
    named = names(by)
    return zip(everybody, cycle(list(islice(named, different))) if different else named, strict=False)


def _persons(chance: Random, different: int) -> Iterator[str]:
    everybody = _people(chance, different)
    places = [_place(chance, turn) for turn in range(12_000)]
    draw = chance.random
    for number, (last, first) in everybody:
        code, label = _PROFESSIONS[int(draw() * len(_PROFESSIONS))]
        doctor = "DR|Docteur|" if code == "10" else "||"
        civility = "M|Monsieur" if draw() < 0.5 else "MME|Madame"
        front = f"8|{number}|8{number}|{doctor}{civility}|{last}|{first}|{code}|{label}|C|Civil|"
        skill = _SKILLS[int(draw() * len(_SKILLS))] if code == "10" else "|||"
        rows = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4)[int(draw() * 10)]
        yield f"{front}{skill}|{'|' * 38 if draw() < 0.3 else places[int(draw() * len(places))]}|\n"
        for _ in range(rows - 1):
            yield f"{front}{skill}|{places[int(draw() * len(places))]}|\n"


def _place(chance: Random, turn: int) -> str:
    """The columns from « Code mode exercice » to the last."""
    departement = f"{1 + turn % 95:02d}"
    finess = with_luhn_key(f"{departement}999{turn // 95:03d}")
    town = "".join(chance.choices(_SYLLABLES, k=3)).title()
    private = turn % 3 == 0
    cells = {
        17: "L" if private else "S",
        18: "Libéral, indépendant, artisan, commerçant" if private else "Salarié",
        19: "" if private else f"999{turn:06d}00018",
        20: "" if private else f"999{turn:06d}",
        21: "" if private else finess,
        22: "" if private else finess[:2] + "9990" + finess[6:],
        23: f"R{turn:014d}" if private else f"F{finess}",
        24: f"CABINET DU DR {town.upper()}" if private else f"CENTRE HOSPITALIER FICTIF DE {town.upper()}",
        26: "" if private else f"SERVICE {chance.choice(_SYLLABLES)}",
        28: str(1 + turn % 200),
        30: "R",
        31: "Rue",
        32: chance.choice(_STREETS).upper() if turn % 2 else chance.choice(_STREETS),
        34: f"{departement}000 {town.upper()} CEDEX {turn % 20:02d}",
        35: f"{departement}000",
        36: f"{departement}001",
        37: town,
        40: f"01990{turn % 100000:05d}",
        42: f"01991{turn % 100000:05d}" if turn % 2 else "",
        43: "" if turn % 3 else f"contact@{town.lower()}.example.org",
        44: departement,
        45: "Loire-Atlantique" if turn % 2 else "Hauts-de-Seine",
        46: f"1{finess}",
        47: "CNOM/CNOM/CNOM",
        48: "SA07" if private else "SA01",
        49: "Cabinet individuel" if private else "Etablissement public de santé",
        52: "FON-01" if private else "FON-33",
        53: "Titulaire de cabinet" if private else "Salarié en poste fixe",
        54: "GENR01",
        55: "Activité de soin et de pharmacie",
    }
    return "|".join(cells.get(at, "") for at in range(17, 56))


def _cards(chance: Random, different: int) -> Iterator[str]:
    # Renewed by themselves: ends are spread over the three years from tonight on, none has passed.
    ends = [AS_OF + timedelta(days=days) for days in range(3 * 365)]
    spans = [(f"{end - _THREE_YEARS}", f"{end}") for end in ends]
    older = [(f"{end - 2 * _THREE_YEARS}", f"{end - _THREE_YEARS}") for end in ends]
    for serial, (number, (last, first)) in enumerate(_people(chance, different), start=1):
        code, label = _PROFESSIONS[serial % len(_PROFESSIONS)]
        front = f"8|{number}|8{number}|{last}|{first}|{code}|{label}|C|Civil|{_CARD_TYPES[serial % 40 == 0]}"
        at = (card_ends(serial) - AS_OF).days
        for back, (start, end) in enumerate((older[at], spans[at]) if serial % 4 == 0 else (spans[at],)):
            opposed = start if serial % 100 == 50 else ""
            yield f"{front}|{98 + back}{serial:08d}|8{number}|{start}|{end}|{opposed}|{start}|\n"


def card_ends(serial: int) -> date:
    """The end of the card that the person of this serial holds, from 1 in the order of `in_order`."""
    return AS_OF + timedelta(days=serial * 37 % _THREE_YEARS.days)


def main() -> None:
    """Write both files into a folder."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("--rows", type=int, default=2_200_000)
    words.add_argument("--cards", type=int, default=1_000_000)
    given = words.parse_args()
    write_persons(given.folder / PERSONS, given.rows)
    write_cards(given.folder / CARDS, given.cards)


if __name__ == "__main__":
    main()
