"""`delta OLD NEW` on two national extracts beside `sort | comm` and whole cells in polars and DuckDB, in turn.

    python -m benchmarks.delta --peers PYTHON    # with polars and duckdb; left out where it has them not

Fails only on a wrong result: the persons created, modified and removed are known beforehand.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.extract_pairs import Pair, write_pair
from benchmarks.measure import BenchmarkError, in_turn, table

PEERS = Path(__file__).parent / "peers"
OURS = "efit-annuaire delta"
RUN = (str(Path(sys.executable).with_name("efit-annuaire")), "delta")


def check(pair: Pair) -> None:
    """Raises BenchmarkError unless ours finds exactly what was changed."""
    words = [*RUN, str(pair.old), str(pair.new), "--json"]
    found = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    if {name: found[name] for name in pair.known} != pair.known:
        raise BenchmarkError(f"{found} instead of {pair.known}")


def commands(pair: Pair, peers: str | None) -> dict[str, list[str]]:
    """What is measured, by name."""
    both = [str(pair.old), str(pair.new)]
    found = {
        OURS: [*RUN, *both, "--json", "--out", str(pair.old.with_name("delta.jsonl"))],
        "sort \\| comm, lines only": ["sh", str(PEERS / "delta_sort.sh"), *both],
        "one pass (wc -l)": ["wc", "-l", *both],
    }
    for name in ("polars", "duckdb"):
        if peers and subprocess.run([peers, "-c", f"import {name}"], check=False, capture_output=True).returncode == 0:
            found[f"{name}, cells"] = [peers, str(PEERS / f"delta_{name}.py"), *both]
    return found


def main() -> None:
    """Write the pair unless it is there, check, measure, print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "efit-bench" / "delta")
    words.add_argument("--rows", type=int, default=2_200_000)
    words.add_argument("--times", type=int, default=3)
    words.add_argument("--peers", help="a Python that has polars and duckdb")
    given = words.parse_args()
    # In a process of its own: what is measured below would inherit the peak of the memory that this takes.
    with ProcessPoolExecutor(1, get_context("spawn")) as writer:
        pair = writer.submit(write_pair, given.folder, given.rows).result()
    check(pair)
    print(table(in_turn(commands(pair, given.peers), given.times), OURS))


if __name__ == "__main__":
    main()
