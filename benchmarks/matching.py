"""`make bench-matching`: what the matching is worth on the labelled set, beside two baselines, and how it grows.

`python -m benchmarks.matching --fit` writes `schemas/tables/match_*.csv` anew from the training half.
"""

import argparse
import sys
from pathlib import Path

from tests.matching.fitting import examples_of, fit, tables_of
from tests.matching.judging import judge, reliability, report
from tests.matching.labelled import FRESH, HELD_OUT, TRAINING, TRAINING_SIZE, labelled_set
from tests.matching.timing import growth

TABLES = Path(__file__).parents[1] / "schemas" / "tables"


def main() -> None:
    """Fit, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="write the tables anew")
    parser.add_argument("--sizes", type=int, nargs="*", default=[], help="lines to match, to see how the time grows")
    asked = parser.parse_args()
    if asked.fit:
        write_tables()
        return
    for title, seed, size in (("held-out half", HELD_OUT, 1.0), ("fresh set, never looked at", FRESH, 10.0)):
        labelled = labelled_set(seed, size)
        say(f"\n{title}: {len(labelled.pairs)} pairs, {len(labelled.world.lines)} lines\n")
        say(report(judge(labelled)))
        say(reliability(examples_of(labelled)))
    for line in growth(asked.sizes):
        say(line)


def write_tables() -> None:
    """From the training half alone."""
    fitted = fit(examples_of(labelled_set(TRAINING, TRAINING_SIZE)))
    for name, text in tables_of(fitted).items():
        (TABLES / name).write_text(text, encoding="utf-8")
        say(f"{TABLES / name}: {len(text.splitlines()) - 1} rows, from {fitted.examples} pairs")


def say(text: str) -> None:
    """One line to stdout."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
