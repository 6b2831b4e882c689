"""`validate FILE` on a whole national extract of persons and one of cards: rows a processor second, beside one pass.

Fails only on a wrong result: rows read and an account that balances.
"""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import BenchmarkError, in_turn, table
from benchmarks.run import Run, extracts

RUN = (str(Path(sys.executable).with_name("efit-annuaire")), "validate", "--json")
OURS = "efit-annuaire validate"


def bench(run: Run, accounts: int = 5_000, rows: int = 2_200_000, cards: int = 1_000_000) -> str:
    """Markdown. Raises BenchmarkError unless each row is accepted, rejected or a duplicate, and something was found."""
    found = ["### A whole extract validated"]
    for path, count in zip(extracts(run.country(accounts, rows, cards)), (rows, cards), strict=True):
        _check(path, count)
        costs = in_turn({OURS: [*RUN, path], "one pass (wc -l)": ["wc", "-l", path]}, run.times)
        speed = f"{Path(path).name}: {count / costs[OURS].seconds:,.0f} rows a processor second"
        found.append(f"{speed}\n\n{table(costs, OURS)}")
    return "\n\n".join(found)


def _check(path: str, rows: int) -> None:
    (found,) = json.loads(subprocess.run([*RUN, path], check=True, capture_output=True).stdout)
    account = found["rows_accepted"] + found["rows_rejected"] + found["rows_duplicate"]
    if not found["rows_read"] == account == rows or not found["issue_counts"]:
        raise BenchmarkError(f"{found['rows_read']} rows read, {account} accounted for, {rows} written")
