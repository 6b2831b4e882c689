"""Whole nights judged by consequence: `python -m benchmarks.consequences [--seed 1 2] [--mind poor] [--lines 3000]`.

`--write` puts the tables between their marks in docs/matching.md; `--write before` the short ones, of another state of
the code.
"""

import argparse
import re
import sys
from pathlib import Path

from benchmarks.consequences.cases import MINDS
from benchmarks.consequences.country import KINDS
from benchmarks.consequences.joins import comparison
from benchmarks.consequences.judge import play
from benchmarks.consequences.show import by_class, goals

COUNTRIES = ((20261201, "plain"), (20261202, "plain"), (20261204, "poor"), (20261205, "crowded"))
PAGE = Path(__file__).parents[2] / "docs" / "matching.md"


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
        write(given.write, text)


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seed", type=int, nargs="*", default=[], help="a country each, of each mind")
    words.add_argument("--mind", nargs="*", default=["plain"], choices=MINDS)
    words.add_argument("--lines", type=int, default=5_760, help="of the workbooks of a country, about")
    words.add_argument("--classes", nargs="*", default=[], choices=[one.name for one in KINDS], metavar="CLASS")
    words.add_argument("--tell", action="store_true", help="each harm in words")
    words.add_argument("--write", nargs="?", const="now", choices=("now", "before"), help="into docs/matching.md")
    return words


def write(mark: str, text: str) -> None:
    """Between `<!-- measured: now -->` and the next `<!-- end -->`."""
    page = PAGE.read_text(encoding="utf-8")
    start = f"<!-- measured: {mark} -->"
    found = re.search(rf"{re.escape(start)}\n.*?<!-- end -->", page, re.DOTALL)
    assert found, f"{PAGE} has no {start}"
    PAGE.write_text(page.replace(found[0], f"{start}\n{text}\n<!-- end -->"), encoding="utf-8")


if __name__ == "__main__":
    main()
