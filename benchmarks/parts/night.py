"""The full night at national scale beside scripts that only join the two files with the accounts and write nothing."""

import sys

from benchmarks.measure import Cost, in_turn, table
from benchmarks.run import SAME_WORK, Run, checks, extracts, night, peers, prepare_same_work, same_work

FULL, UNCHANGED, ZIPPED = "our full night, .txt", "our night nothing changed, .txt", "our full night, .zip"
PASS, INFLATE = "one pass over the bytes (wc -l)", "only decompressing the .zip"


def bench(run: Run) -> str:
    """Markdown: costs and ratios. The night nothing changed is the one after the full one, in each turn."""
    country = run.country()
    again = same_work(country)
    if again:
        prepare_same_work(country)
    commands = {
        FULL: night(country / "annuaire.toml", fresh=True),
        UNCHANGED: night(country / "annuaire.toml", fresh=False),
        ZIPPED: night(country / "annuaire-zip.toml", fresh=True),
        **again,
        **peers(country),
        PASS: ["wc", "-l", *extracts(country)],
        INFLATE: [sys.executable, "-m", "benchmarks.inflate", *extracts(country, ".zip")],
    }
    costs = in_turn(commands, run.times, checks(country))
    return f"### A night of 5,000 accounts, 2.2 M rows, 1 M cards\n\n{table(costs, FULL)}\n\n{_verdict(costs)}"


def _verdict(costs: dict[str, Cost]) -> str:
    """The ratios of issue 18; the bare joins judge nothing, and are there for context."""
    told = []
    for label in SAME_WORK.values():
        if label in costs:
            told.append(f"Full night : {label} = {costs[FULL].seconds / costs[label].seconds:.2f}.")
    zipped = costs[ZIPPED].seconds / costs[FULL].seconds
    told.append(f"From .zip : from .txt = {zipped:.2f}; nothing changed : full = {_part(costs):.2f}.")
    return "\n".join(told)


def _part(costs: dict[str, Cost]) -> float:
    return costs[UNCHANGED].seconds / costs[FULL].seconds
