"""`make bench-quick`: 100,000 rows in CI. It prints, and fails only on a wrong result, never on a slow one."""

import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from benchmarks.measure import BenchmarkError, cost_of, in_turn, table
from benchmarks.parts import delta, validate
from benchmarks.run import DAY, Run, extracts, night, peers

SIZES = 500, 100_000, 50_000  # accounts, rows, cards
FULL, UNCHANGED = "our full night", "our night nothing changed"


def bench(run: Run) -> str:
    """Markdown. Raises BenchmarkError when the night differs from the one that reads line by line, `delta` finds other
    persons than those that were changed, or the account of `validate` does not balance.
    """
    country = run.country(*SIZES)
    configuration = country / "annuaire.toml"
    commands = {
        FULL: night(configuration, fresh=True),
        UNCHANGED: night(configuration, fresh=False),
        **peers(country),
        "one pass over the bytes (wc -l)": ["wc", "-l", *extracts(country)],
    }
    costs = in_turn(commands, 1)
    cost_of([sys.executable, "-m", "benchmarks.parts.quick", str(configuration)])
    once = replace(run, times=1)
    same = "The same `changeset.json` as line by line, byte for byte."
    night_told = f"### 100,000 rows\n\n{table(costs, FULL)}\n\n{same}"
    return "\n\n".join([night_told, delta.bench(once, 100_000), validate.bench(once, *SIZES)])


def check(configuration: str) -> None:
    """Play the night twice, as it is and line by line. Raises BenchmarkError when they differ."""
    from flows.cli.app import run as command
    from tests.connectors.plain_register import plain_reading

    def changes(name: str) -> bytes:
        out = Path(configuration).parent / name
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            command(["sync", "--config", configuration, "--as-of", DAY, "--dry-run", "--out", str(out)])
        return (out / "changeset.json").read_bytes().partition(b'"as_of"')[2]  # what stands before names the run

    found = changes("quick")
    with (
        patch("flows.reading.national.read_register", plain_reading),
        patch("flows.reading.national.read_again", return_value=None),
    ):
        plain = changes("plain")
    if not found or found != plain:
        raise BenchmarkError(f"the quick night is not the plain one: compare quick and plain beside {configuration}")


if __name__ == "__main__":
    check(sys.argv[1])
