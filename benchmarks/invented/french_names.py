"""Invented names as often borne as French ones are: how many namesakes a person has decides what a night costs.

`name_shares.csv`: how many of 100,000 people bear the name of a rank. Of last names two figures are INSEE's (fichier
des noms: the first of the list 0.36 % of all, the twelve first together 1.8 %); the ranks further down and first names
are estimated. Between two ranks the logarithms lie on a line. The names themselves are made of syllables.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, product
from math import exp, log
from pathlib import Path
from random import Random

_SPREAD = 7_368_787  # prime to every power of the number of syllables
_PARTICLES = "LE ", "D'", "DE LA ", ""
SHARES = Path(__file__).with_name("name_shares.csv")


def french_names(chance: Random, syllables: Sequence[str], firsts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Last and first names without end, as frequent as in France; one in eight has a particle or two parts."""
    last_shares, first_shares = (list(accumulate(shares(kind))) for kind in ("last", "first"))
    every = [*firsts, *(f"{one}-{other}" for one, other in product(firsts, repeat=2) if one != other)]
    every += ["".join(parts).title() for parts in product(syllables, repeat=2)]
    given = _shuffled(every, len(first_shares))
    while True:
        for last in chance.choices(range(len(last_shares)), cum_weights=last_shares, k=1000):
            (first,) = chance.choices(range(len(first_shares)), cum_weights=first_shares)
            yield _shaped(_last_name(last, syllables), last), given[first]


def shares(kind: str) -> list[float]:
    """The share of each rank, from the first on."""
    with SHARES.open(encoding="utf-8") as file:
        points = [(int(row["rank"]), float(row["per_100000"])) for row in csv.DictReader(file) if row["kind"] == kind]
    found = [points[0][1]]
    for (before, high), (after, low) in pairwise(points):
        slope = log(low / high) / log(after / before)
        found += [high * exp(slope * log(rank / before)) for rank in range(before + 1, after + 1)]
    return found


def _shuffled(names: list[str], count: int) -> list[str]:
    """So many of them, the same ones every time."""
    different = list(dict.fromkeys(names))
    Random(1).shuffle(different)
    return different[:count]


def _last_name(rank: int, syllables: Sequence[str]) -> str:
    """Three syllables, or four where all of three are spent; another for each rank, near ones unlike."""
    count = 3 if rank < len(syllables) ** 3 else 4
    at, found = rank * _SPREAD % len(syllables) ** count, ""
    for _ in range(count):
        at, syllable = divmod(at, len(syllables))
        found += syllables[syllable]
    return found


def _shaped(last: str, rank: int) -> str:
    turn = rank % 30
    if turn >= len(_PARTICLES):
        return last
    return f"{_PARTICLES[turn]}{last}{'' if _PARTICLES[turn] else '-FICTIF'}"
