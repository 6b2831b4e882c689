"""`make bench-growth`: how processor seconds and memory of a whole night grow with the accounts.

    python -m benchmarks.growth --sizes 5000 50000 500000 2000000

For each size a country is made (`benchmarks/invented/growing.py`: everything grows with the accounts, national files
included) and `efit-annuaire sync` played on it twice, each time as a process of its own: a first night, where all is
new, and a second on the same files. What was measured is kept in FOLDER/growth.json, so that large sizes can be added
later; the table is printed from it, and `docs/pictures/growth.svg` drawn anew with --picture.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np

from benchmarks.growth.picture import Series, picture
from benchmarks.invented.growing import write_country
from benchmarks.invented.national import AS_OF
from benchmarks.measure import ROOT, cost_of

SIZES = (5_000, 50_000, 500_000, 2_000_000)
NIGHTS = ("first", "second")
PICTURE = ROOT / "docs" / "pictures" / "growth.svg"


@dataclass(frozen=True, slots=True)
class Measured:
    """One night of one size."""

    accounts: int
    night: str
    seconds: float
    megabytes: float
    changes: int
    stages: dict[str, float]


def measure(folder: Path, accounts: int) -> Iterator[Measured]:
    """Make the country where it is not there yet, forget its past, play two nights."""
    config = folder / str(accounts) / "annuaire.toml"
    if not config.is_file():
        print(f"  {accounts}: making the country", file=sys.stderr)
        write_country(config.parent, accounts)
    shutil.rmtree(config.parent / "var", ignore_errors=True)
    for night in NIGHTS:
        print(f"  {accounts}: {night} night", file=sys.stderr)
        out = config.parent / f"out-{night}"
        command = [str(Path(sys.executable).parent / "efit-annuaire"), "sync", "-c", str(config), "--out", str(out)]
        cost = cost_of([*command, "--as-of", str(AS_OF)])
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
        yield Measured(accounts, night, cost.seconds, cost.megabytes, run["counts"]["changes"], run["seconds"])


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Of the power law that fits best: 1 is linear, less is what does not grow at all."""
    sizes, values = np.log(np.array(points)).T
    return float(np.polyfit(sizes, values, 1)[0])


def table(found: Sequence[Measured]) -> str:
    """A Markdown table; each exponent is that between a size and the one above it."""
    heads = "night,accounts,changes,processor seconds,ms an account,exponent,peak MB,kB an account,exponent".split(",")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for night in NIGHTS:
        mine = sorted((one for one in found if one.night == night), key=lambda one: one.accounts)
        slopes = [("", ""), *((_slope(a, b, "seconds"), _slope(a, b, "megabytes")) for a, b in pairwise(mine))]
        for one, (time, memory) in zip(mine, slopes, strict=True):
            lines.append(
                f"| {night} | {one.accounts:,} | {one.changes:,} | {one.seconds:.1f} | "
                f"{1000 * one.seconds / one.accounts:.2f} | {time} | {one.megabytes:.0f} | "
                f"{1024 * one.megabytes / one.accounts:.1f} | {memory} |".replace(",", " ")
            )
    return "\n".join(lines)


def _slope(one: Measured, other: Measured, name: str) -> str:
    grown = log(getattr(other, name) / getattr(one, name)) / log(other.accounts / one.accounts)
    return f"{grown:.2f}"


def fits(found: Sequence[Measured]) -> str:
    """The exponents over all sizes."""
    lines = []
    for night in NIGHTS:
        mine = [one for one in found if one.night == night]
        if len(mine) > 1:
            time = exponent([(one.accounts, one.seconds) for one in mine])
            memory = exponent([(one.accounts, one.megabytes) for one in mine])
            lines.append(f"{night} night: processor seconds ~ accounts^{time:.2f}, peak memory ~ accounts^{memory:.2f}")
    return "\n".join(lines)


def draw(found: Sequence[Measured]) -> str:
    """Both nights, seconds and megabytes, each beside what would be linear."""

    def series(name: str) -> list[Series]:
        nights = {
            night: sorted((one.accounts, getattr(one, name)) for one in found if one.night == night) for night in NIGHTS
        }
        return [Series(f"{night} night", tuple(points)) for night, points in nights.items() if points]

    return picture({"processor seconds": series("seconds"), "peak megabytes": series("megabytes")}, "accounts")


def main() -> None:
    """Measure, print, draw."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="none: print what is known already")
    words.add_argument("--folder", type=Path, default=Path("/tmp/efit-growth"))
    words.add_argument("--picture", action="store_true", help=f"draw {PICTURE.relative_to(ROOT)} anew")
    given = words.parse_args()
    kept = given.folder / "growth.json"
    known = [Measured(**one) for one in json.loads(kept.read_text())] if kept.is_file() else []
    for accounts in given.sizes:
        for new in measure(given.folder, accounts):  # kept at once: a large size takes an hour a night
            known = [one for one in known if (one.accounts, one.night) != (accounts, new.night)] + [new]
            kept.write_text(json.dumps([asdict(one) for one in known], indent=1))
    print(table(known))
    print(fits(known))
    if given.picture:
        PICTURE.write_text(draw(known), encoding="utf-8")


if __name__ == "__main__":
    main()
