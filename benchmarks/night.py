"""The full night at national scale beside scripts that only join the two files with the accounts and write nothing."""

import sys

from benchmarks.measure import Cost, in_turn, table
from benchmarks.run import Run, extracts, night, peers

FULL, UNCHANGED, ZIPPED = "our full night, .txt", "our night nothing changed, .txt", "our full night, .zip"
PASS, INFLATE = "one pass over the bytes (wc -l)", "only decompressing the .zip"


def bench(run: Run) -> str:
    """Markdown: costs and ratios. The night nothing changed is the one after the full one, in each turn."""
    country = run.country()
    commands = {
        FULL: night(country / "annuaire.toml", fresh=True),
        UNCHANGED: night(country / "annuaire.toml", fresh=False),
        ZIPPED: night(country / "annuaire-zip.toml", fresh=True),
        **peers(country),
        PASS: ["wc", "-l", *extracts(country)],
        INFLATE: [sys.executable, "-m", "benchmarks.inflate", *extracts(country, ".zip")],
    }
    costs = in_turn(commands, run.times)
    return f"### A night of 5,000 accounts, 2.2 M rows, 1 M cards\n\n{table(costs, FULL)}\n\n{_verdict(costs)}"


def _verdict(costs: dict[str, Cost]) -> str:
    """The ratios of issue 5, line 1."""
    polars = next((cost for name, cost in costs.items() if "polars" in name), None)
    if polars is None:
        return ""
    text, zipped = (
        costs[FULL].seconds / polars.seconds,
        (costs[ZIPPED].seconds - costs[INFLATE].seconds) / polars.seconds,
    )
    return f"Full night : polars' join alone = {text:.2f}; from .zip, decompressing apart, {zipped:.2f}."
