"""Whole nights judged by consequence: `python -m benchmarks.consequences [--seed 1 2] [--mind poor] [--lines 3000]`.

`--write` puts the tables between their marks in docs/matching.md; `--write before` the short ones, of another state of
the code; `--write unseen` the sums of nights whose seeds (`--seed 911 912 --mind plain poor crowded`) nobody looked at
while the code was written: draw new ones each time.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

from benchmarks.consequences.cases import MINDS
from benchmarks.consequences.country import HARDER, KINDS
from benchmarks.consequences.joins import comparison
from benchmarks.consequences.judge import Outcome, play
from benchmarks.consequences.left import left_over
from benchmarks.consequences.show import by_class, goals
from benchmarks.page import MATCHING, write

COUNTRIES = ((20261201, "plain"), (20261202, "plain"), (20261204, "poor"), (20261205, "crowded"))


def main() -> None:
    """Play, print, and write where asked."""
    given = _words().parse_args()
    asked = [(seed, mind) for mind in given.mind for seed in given.seed] if given.seed else COUNTRIES
    classes = HARDER if given.harder else given.classes
    outcomes = [play(seed, given.lines, classes, mind) for seed, mind in asked]
    text = "\n\n".join(_parts(outcomes, given.write))
    print(text)
    if given.tell:
        sys.stdout.writelines(f"{line}\n" for one in outcomes for line in one.told)
    if given.write:
        write(MATCHING, given.write, text)


def _parts(outcomes: Sequence[Outcome], page: str | None) -> Iterator[str]:
    if page == "unseen":
        yield f"{len(outcomes)} nights: {', '.join(one.name for one in outcomes)}."
        yield by_class(outcomes, sums_only=True)
        return
    yield goals(outcomes)
    yield by_class(outcomes, sums_only=page == "before")
    if page != "before":
        yield left_over(outcomes)
        yield comparison(outcomes)


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seed", type=int, nargs="*", default=[], help="a country each, of each mind")
    words.add_argument("--mind", nargs="*", default=["plain"], choices=MINDS)
    words.add_argument("--lines", type=int, default=5_760, help="of the workbooks of a country, about")
    words.add_argument(
        "--classes", nargs="*", default=[], choices=[*(one.name for one in KINDS), *HARDER], metavar="CLASS"
    )
    words.add_argument("--harder", action="store_true", help="the classes of several errors at once")
    words.add_argument("--tell", action="store_true", help="each harm in words")
    words.add_argument(
        "--write", nargs="?", const="now", choices=("now", "before", "unseen"), help="into docs/matching.md"
    )
    return words


if __name__ == "__main__":
    main()
