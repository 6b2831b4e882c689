"""Twenty times the country on one machine: when a second machine is worth it (docs/performance.md)."""

from benchmarks.measure import in_turn, table
from benchmarks.run import Run, night

TIMES = 20
ONCE, OFTEN = "a night of 2.2 M rows and 1 M cards", f"a night of {TIMES} times as many"


def bench(run: Run) -> str:
    """Markdown: the same 5,000 accounts over the country's registers, and over registers twenty times as long."""
    usual, long = run.country(), run.country(rows=TIMES * 2_200_000, cards=TIMES * 1_000_000, zipped=False)
    commands = {
        ONCE: night(usual / "annuaire.toml", fresh=True),
        OFTEN: night(long / "annuaire.toml", fresh=True),
    }
    return f"### {TIMES} times the country\n\n{table(in_turn(commands, run.times), OFTEN)}"
