"""How alike two records of a person are: the evidence found, its weight, and what it is worth (docs/matching.md).

Weights and thresholds are data, fitted on the labelled set by `python -m benchmarks.matching --fit`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache, lru_cache

from schemas.nomenclatures import rows

# Fields that tie two records together apart from the name (contract §6: a likeness of names alone decides nothing).
NUMBER_LEVELS = ("same", "crosswalk", "serial")
PRIOR = ("candidate", "")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One level per thing compared; "missing" where one side says nothing. The levels are those of the weights."""

    number: str = "missing"
    last: str = "missing"
    first: str = "missing"
    order: str = "straight"
    email: str = "missing"
    phone: str = "missing"
    structure: str = "missing"
    profession: str = "missing"
    civility: str = "missing"
    rarity: str = "missing"

    def levels(self) -> Iterator[tuple[str, str]]:
        """Yield (what is compared, level), in the order of certainty."""
        return ((name, getattr(self, name)) for name in COMPARED)


COMPARED = tuple(one.name for one in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """At or above `accept` a match may be used; from `review` up to it somebody decides; below it is none.

    Scores are in bits: one more doubles the odds, 0 is as likely as not.
    """

    accept: float
    review: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """The evidence for two records being one person, and its score in bits."""

    evidence: Evidence
    score: float

    @property
    def probability(self) -> float:
        """The share of pairs with such a score that are one person, in the labelled set."""
        return 1 / (1 + math.pow(2, -self.score))


@cache
def weights() -> dict[tuple[str, str], float]:
    """Return (what is compared, level) → bits for (positive) or against one person; a missing value weighs nothing."""
    return {(row["compared"], row["level"]): float(row["weight"]) for row in rows("match_weights")}


@cache
def thresholds() -> Thresholds:
    """Return the limits derived from the labelled set."""
    values = {row["name"]: float(row["value"]) for row in rows("match_thresholds")}
    return Thresholds(values["accept"], values["review"])


@lru_cache(maxsize=16384)
def likeness_of(evidence: Evidence) -> Likeness:
    """Return the evidence with its score; one for all pairs of which the same is to be said, for there are millions."""
    return Likeness(evidence, score_of(evidence))


def score_of(evidence: Evidence) -> float:
    """Return the sum of the weights, in bits: that of any two records brought side by side, then one per thing
    compared.
    """
    known = weights()
    return round(known.get(PRIOR, 0.0) + sum(known.get(pair, 0.0) for pair in evidence.levels()), 2)
