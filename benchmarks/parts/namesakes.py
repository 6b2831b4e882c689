"""A night in which everybody has a hundred namesakes in the register, beside the same one in which names differ."""

from benchmarks.measure import in_turn
from benchmarks.run import Run, night

SIZES = 500, 100_000, 50_000  # accounts, rows, cards: a reduced register, in which a name is looked for in every row
PERSONS = 59_000  # of so many rows
NAMESAKES = 100
FEW, MANY = "names that differ", "a hundred namesakes each"


def bench(run: Run) -> str:
    """Markdown: both nights, and their ratios."""
    names = {FEW: 0, MANY: PERSONS // NAMESAKES}
    commands = {
        said: night(run.country(*SIZES, different) / "annuaire.toml", fresh=True) for said, different in names.items()
    }
    costs = in_turn(commands, run.times)
    lines = ["### Namesakes, 500 accounts, 100,000 rows", "", "| | processor seconds | peak MB |", "|---|---|---|"]
    lines += [f"| {said} | {cost.seconds:.2f} | {cost.megabytes:.0f} |" for said, cost in costs.items()]
    seconds, megabytes = (getattr(costs[MANY], name) / getattr(costs[FEW], name) for name in ("seconds", "megabytes"))
    return "\n".join([*lines, "", f"With namesakes : without = {seconds:.2f}; memory, {megabytes:.2f}."])
