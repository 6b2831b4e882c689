"""Whole nights judged by consequence: `python -m benchmarks.consequences [--seed 1 2] [--mind poor] [--lines 3000]`.

`--write` puts the tables between their marks in docs/matching.md; `--write before` the short ones, of another state of
the code.
"""

import argparse
import sys

from benchmarks.consequences.cases import MINDS
from benchmarks.consequences.country import KINDS
from benchmarks.consequences.joins import comparison
from benchmarks.consequences.judge import play
from benchmarks.consequences.show import by_class, goals
from benchmarks.page import MATCHING, write

COUNTRIES = ((20261201, "plain"), (20261202, "plain"), (20261204, "poor"), (20261205, "crowded"))


def main() -> None:
    """Play, print, and write where asked."""
    given = _words().parse_args()
    asked = [(seed, mind) for mind in given.mind for seed in given.seed] if given.seed else COUNTRIES
    outcomes = [play(seed, given.lines, given.classes, mind) for seed, mind in asked]
    parts = [goals(outcomes), by_class(outcomes, sums_only=given.write == "before")]
    if given.write != "before":
        parts.append(comparison(outcomes))
    text = "\n\n".join(parts)
    print(text)
    if given.tell:
        sys.stdout.writelines(f"{line}\n" for one in outcomes for line in one.told)
    if given.write:
        write(MATCHING, given.write, text)


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seed", type=int, nargs="*", default=[], help="a country each, of each mind")
    words.add_argument("--mind", nargs="*", default=["plain"], choices=MINDS)
    words.add_argument("--lines", type=int, default=5_760, help="of the workbooks of a country, about")
    words.add_argument("--classes", nargs="*", default=[], choices=[one.name for one in KINDS], metavar="CLASS")
    words.add_argument("--tell", action="store_true", help="each harm in words")
    words.add_argument("--write", nargs="?", const="now", choices=("now", "before"), help="into docs/matching.md")
    return words


if __name__ == "__main__":
    main()
