"""`make bench-matching`: what the matching is worth on the labelled set, beside two baselines, and how it grows.

`--fit` writes `schemas/tables/match_*.csv` anew from the training half, `--write` the tables of docs/matching.md.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.page import MATCHING, write
from tests.matching.fitting import examples_of, fit, tables_of
from tests.matching.judging import judge, reliability, report, told_apart
from tests.matching.labelled import FRESH, HELD_OUT, TRAINING, TRAINING_SIZE, labelled_set
from tests.matching.timing import growth

TABLES = Path(__file__).parents[1] / "schemas" / "tables"


def main() -> None:
    """Fit, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="write the tables anew")
    parser.add_argument("--sizes", type=int, nargs="*", default=[], help="lines to match, to see how the time grows")
    parser.add_argument("--write", action="store_true", help="write the tables of docs/matching.md anew")
    asked = parser.parse_args()
    if asked.fit:
        write_tables()
        return
    halves = [labelled_set(TRAINING, TRAINING_SIZE), labelled_set(HELD_OUT)]
    fresh = labelled_set(FRESH, 10.0)
    parts = {
        "held out": report(judge(halves[1])),
        "fresh": report(judge(fresh)),
        "namesakes": told_apart(halves, fresh),
        "calibration": reliability(examples_of(fresh)),
    }
    for name, text in parts.items():
        say(f"\n{name}\n\n{text}")
        if asked.write:
            write(MATCHING, name, text)
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
