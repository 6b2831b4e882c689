"""Weights and thresholds out of the training half: logistic regression on the levels of evidence, nothing else.

The score of a pair is then the log-odds, in bits, that the two are one person: calibrated by construction, checked on
the held-out half.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.matching.index import indexed
from pipelines.matching.scoring import eligible, seen_line, weigh
from schemas.people.likeness import COMPARED, PRIOR, Evidence
from tests.matching.labelled import LabelledSet

RIDGE = 1.0  # as if each level had been seen once more, saying nothing: a rare one is not believed outright
MARGIN = 3.0  # bits above the best-scored pair of two people: eight times its odds
LOST = 0.005  # share of one person's pairs that may fall below review
STEPS, TOLERANCE = 100, 1e-12

Level = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A line and an account that the blocks, or a story, brought side by side."""

    location: str
    account_id: str
    evidence: Evidence
    same: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """Level → (bits, pairs of one person, pairs of two); accept, review; the pairs behind them."""

    weights: dict[Level, tuple[float, int, int]]
    accept: float
    review: float
    examples: int


def examples_of(labelled: LabelledSet) -> list[Example]:
    """Every labelled pair, and every other pair that the blocks bring together."""
    snapshot, truth = labelled.snapshot, labelled.truth
    index = indexed(snapshot)
    told: dict[str, set[str]] = defaultdict(set)
    for pair in labelled.pairs:
        told[pair.location].add(pair.account_id)
    found = []
    for line in snapshot.lines:
        seen = seen_line(line, index.around)
        for key in sorted(told[line.location].union(index.blocks.near(seen))):
            evidence = weigh(seen, index.seen(key), index.around).evidence
            found.append(Example(line.location, key, evidence, truth[line.location] == key))
    return found


def fit(examples: Sequence[Example]) -> Fitted:
    """The same examples give the same numbers, to the last digit kept."""
    seen: Counter[tuple[Level, bool]] = Counter()
    for one in examples:
        seen.update((level, one.same) for level in levels_of(one.evidence))
    levels = sorted({level for level, _ in seen})
    bits = _regress(examples, levels)
    weights = {level: (bits[level], seen[level, True], seen[level, False]) for level in levels}
    same = sum(one.same for one in examples)
    weights[PRIOR] = (bits[PRIOR], same, len(examples) - same)
    return _with_thresholds(weights, examples)


def levels_of(evidence: Evidence) -> list[Level]:
    """What was compared and said something."""
    return [level for level in evidence.levels() if level[1] != "missing"]


def _regress(examples: Sequence[Example], levels: Sequence[Level]) -> dict[Level, float]:
    """Newton's steps of the penalised likelihood; the intercept is not penalised. In bits, two decimals."""
    at = {level: column for column, level in enumerate((*levels, PRIOR))}
    alike = Counter((one.evidence, one.same) for one in examples)
    known = np.zeros((len(alike), len(at)))
    known[:, at[PRIOR]] = 1
    for row, (evidence, _) in enumerate(alike):
        known[row, [at[level] for level in levels_of(evidence)]] = 1
    same = np.array([same for _, same in alike], dtype=float)
    times = np.array(list(alike.values()), dtype=float)
    penalty = np.full(len(at), RIDGE)
    penalty[at[PRIOR]] = 0
    found = np.zeros(len(at))
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-known @ found))
        slope = known.T @ (times * (same - likely)) - penalty * found
        bend = (known * (times * likely * (1 - likely))[:, None]).T @ known + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        found += step
        if np.abs(step).max() < TOLERANCE:
            break
    return {level: round(float(found[column]) / math.log(2), 2) for level, column in at.items()}


def _with_thresholds(weights: dict[Level, tuple[float, int, int]], examples: Sequence[Example]) -> Fitted:
    """accept: a margin above the best score of two people's pair that could be used at all; review: few are lost."""

    def score(one: Example) -> float:
        return weights[PRIOR][0] + sum(weights[level][0] for level in levels_of(one.evidence))

    wrong = max(score(one) for one in examples if not one.same and eligible(one.evidence))
    right = sorted(score(one) for one in examples if one.same)
    review = math.floor(10 * right[int(LOST * len(right))]) / 10
    return Fitted(weights, math.ceil(10 * (wrong + MARGIN)) / 10, review, len(examples))


# ── as tables ────────────────────────────────────────────────────────────────────────────────────


def tables_of(fitted: Fitted) -> dict[str, str]:
    """File name → content, as `schemas/tables` has them."""
    weights = [f"{name},{level},{bits},{same},{two}" for (name, level), (bits, same, two) in _sorted(fitted)]
    limits = [
        f"accept,{fitted.accept},used without asking; {MARGIN:g} bits above the best-scored pair of two people",
        f"review,{fitted.review},somebody decides; {LOST:.1%} of the pairs of one person lie below",
    ]
    return {
        "match_weights.csv": "\n".join(["compared,level,weight,same,different", *weights, ""]),
        "match_thresholds.csv": "\n".join(["name,value,means", *limits, ""]),
    }


def _sorted(fitted: Fitted) -> list[tuple[Level, tuple[float, int, int]]]:
    """In the order in which evidence is listed, the strongest level first."""
    order = (PRIOR[0], *COMPARED)
    return sorted(fitted.weights.items(), key=lambda one: (order.index(one[0][0]), -one[1][0], one[0][1]))
