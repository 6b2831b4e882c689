"""The table of goals (issue « The floor »): eleven ratios of one run, medians of the turns, each beside its goal."""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.invented.extract_pairs import write_pair
from benchmarks.measure import Cost, in_turn, together
from benchmarks.parts import namesakes, newcomers
from benchmarks.parts.delta import RUN as DELTA
from benchmarks.parts.delta import SCRIPTS
from benchmarks.run import SAME_WORK, Run, checks, night, peers, prepare_same_work, same_work

FRENCH = -1
FULL, ZIPPED, FRENCH_NIGHT = "full night, .txt", "full night, .zip", "full night, French names"
READING, JOIN = "both files read, all rows judged", "polars, lazy and streaming"
FEW, MANY = "names that differ", "a hundred namesakes each"
OURS, SORT = "delta", "sort | comm"
NOT_PLAYED = "`make bench-growth`"


@dataclass(frozen=True, slots=True)
class Goal:
    """A line of the table: what is divided, by what, and how much it may be."""

    told: str
    found: float | None
    most: float
    unit: str = ""

    def line(self) -> str:
        """As Markdown; a goal that is not reached is said to be."""
        if self.found is None:
            return f"| {self.told} | not played: {NOT_PLAYED} | < {self.most:g}{self.unit} | |"
        shown = f"{self.found:.0f}" if self.unit else f"{self.found:.2f}"
        return f"| {self.told} | {shown}{self.unit} | {self.most:g}{self.unit} | {self.verdict} |"

    @property
    def verdict(self) -> str:
        """Whether it is reached."""
        return "reached" if self.found is not None and self.found <= self.most else "**not reached**"


def bench(run: Run) -> str:
    """Markdown: the eleven goals, then what each was divided from."""
    costs = {**_nights(run), **newcomers.costs_of(run), **_namesakes(run), **_delta(run)}
    lines = ["### The floor", "", "| a ratio of one run, two cores | now | goal | |", "|---|---|---|---|"]
    lines += [goal.line() for goal in _goals(costs)]
    lines += ["", "| | processor seconds | wall seconds | peak MB |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {cost.seconds:.2f} | {cost.wall:.2f} | {cost.megabytes:.0f} |" for name, cost in costs.items()
    ]
    return "\n".join([*lines, "", _all_processes(run)])


def _all_processes(run: Run) -> str:
    """The other peak of a night: the goal is of its largest process, and there are several."""
    nights = {FULL: run.country(), FRENCH_NIGHT: run.country(names=FRENCH)}
    found = {told: together(night(one / "annuaire.toml", fresh=True)) for told, one in nights.items()}
    lines = ["| peak MB of all processes of a night together (PSS, sampled; one turn of its own) | |", "|---|---|"]
    return "\n".join([*lines, *(f"| {told} | {most:.0f} |" for told, most in found.items())])


def _goals(costs: Mapping[str, Cost]) -> Sequence[Goal]:
    def ratio(one: str, other: str) -> float | None:
        return costs[one].seconds / costs[other].seconds if one in costs and other in costs else None

    full = costs[FULL]
    return (
        Goal("night ÷ the same work in one polars process", ratio(FULL, SAME_WORK["openpyxl"]), 0.8),
        Goal("… with calamine in that script", ratio(FULL, SAME_WORK["calamine"]), 1.0),
        Goal("reading both files, all rows judged ÷ polars' bare join", ratio(READING, JOIN), 0.8),
        Goal("wall seconds ÷ processor seconds of the night", full.wall / full.seconds, 0.6),
        Goal("the same extracts, 50 new accounts ÷ nothing changed", ratio(newcomers.MORE, newcomers.UNCHANGED), 1.05),
        Goal(".zip ÷ .txt", ratio(ZIPPED, FULL), 1.1),
        Goal("country with French name frequencies ÷ today's country", ratio(FRENCH_NIGHT, FULL), 1.15),
        Goal("a name with 100 namesakes, each wanted ÷ distinct names", ratio(MANY, FEW), 1.3),
        Goal("`delta` ÷ `sort \\| comm`", ratio(OURS, SORT), 0.5),
        Goal("peak memory of the night, its largest process", full.megabytes, 250, " MB"),
        Goal("2 million accounts", None, 8, " GB, linear"),
    )


def _nights(run: Run) -> dict[str, Cost]:
    country, french = run.country(), run.country(names=FRENCH)
    again = same_work(country)
    if again:
        prepare_same_work(country)
        task = str(country / "same-work" / "wanted.json")
        again |= {READING: [sys.executable, "-m", "benchmarks.parts.reading", task], JOIN: peers(country)[JOIN]}
    return in_turn(
        {
            FULL: night(country / "annuaire.toml", fresh=True),
            ZIPPED: night(country / "annuaire-zip.toml", fresh=True),
            FRENCH_NIGHT: night(french / "annuaire.toml", fresh=True),
            **again,
        },
        run.times,
        checks(country),
    )


def _namesakes(run: Run) -> dict[str, Cost]:
    names = {FEW: 0, MANY: namesakes.PERSONS // namesakes.NAMESAKES}
    folders = {told: run.country(*namesakes.SIZES, different) for told, different in names.items()}
    return in_turn({told: night(one / "annuaire.toml", fresh=True) for told, one in folders.items()}, run.times)


def _delta(run: Run, rows: int = 2_200_000) -> dict[str, Cost]:
    with ProcessPoolExecutor(1, get_context("spawn")) as writer:
        pair = writer.submit(write_pair, run.folder / f"pair-{rows}", rows).result()
    both = [str(pair.old), str(pair.new)]
    out = str(Path(pair.old).with_name("delta.jsonl"))
    return in_turn(
        {OURS: [*DELTA, *both, "--json", "--out", out], SORT: ["sh", str(SCRIPTS / "delta_sort.sh"), *both]}, run.times
    )
