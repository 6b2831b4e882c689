"""Whole nights judged by consequence, class by class: `python -m benchmarks.consequences --seed 1 --lines 3000`."""

import argparse
import sys

from benchmarks.consequences.country import KINDS
from benchmarks.consequences.joins import comparison
from benchmarks.consequences.judge import play
from benchmarks.consequences.show import by_class, goals

DEVELOPMENT, FRESH = 20261201, 20261202


def main() -> None:
    """Print the tables of each seed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seed", type=int, nargs="*", default=[DEVELOPMENT, FRESH])
    words.add_argument("--lines", type=int, default=5_760)
    words.add_argument("--classes", nargs="*", default=[], choices=[one.name for one in KINDS], metavar="CLASS")
    words.add_argument("--tell", action="store_true", help="each harm in words")
    given = words.parse_args()
    for seed in given.seed:
        outcome = play(seed, given.lines, given.classes)
        print(f"\n## seed {seed}, {len(outcome.country.world.lines):,} lines\n")
        print(goals(outcome), "\n")
        print(by_class(outcome), "\n")
        print(comparison(outcome.country))
        if given.tell:
            sys.stdout.writelines(f"{one}\n" for one in outcome.told)


if __name__ == "__main__":
    main()
