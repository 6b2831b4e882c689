"""`validate FILE` on a whole national extract of persons and one of cards: rows a processor second, beside one pass.

    python -m benchmarks.validate

Fails only on a wrong result: rows read and an account that balances.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import BenchmarkError, in_turn, table
from benchmarks.national import CARDS, PERSONS, write_cards, write_persons

RUN = (str(Path(sys.executable).with_name("efit-annuaire")), "validate", "--json")
OURS = "efit-annuaire validate"


def check(path: Path, rows: int) -> None:
    """Raises BenchmarkError unless each row is accepted, rejected or a duplicate, and something was found."""
    (found,) = json.loads(subprocess.run([*RUN, str(path)], check=True, capture_output=True).stdout)
    account = found["rows_accepted"] + found["rows_rejected"] + found["rows_duplicate"]
    if not found["rows_read"] == account == rows or not found["issue_counts"]:
        raise BenchmarkError(f"{found['rows_read']} rows read, {account} accounted for, {rows} written")


def main() -> None:
    """Write both files unless they are there, check, measure, print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "efit-bench" / "validate")
    words.add_argument("--rows", type=int, default=2_200_000)
    words.add_argument("--cards", type=int, default=1_000_000)
    words.add_argument("--times", type=int, default=3)
    given = words.parse_args()
    for name, rows, write in ((PERSONS, given.rows, write_persons), (CARDS, given.cards, write_cards)):
        path = given.folder / f"{rows}-{name}"
        if not path.is_file():
            write(path, rows)
        check(path, rows)
        costs = in_turn({OURS: [*RUN, str(path)], "one pass (wc -l)": ["wc", "-l", str(path)]}, given.times)
        print(f"\n{name}: {rows / costs[OURS].seconds:,.0f} rows a processor second\n\n{table(costs, OURS)}")


if __name__ == "__main__":
    main()
