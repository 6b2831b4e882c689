"""`delta OLD NEW` on two national extracts beside `sort | comm` and whole cells in polars and DuckDB, in turn.

Fails only on a wrong result: the persons created, modified and removed are known beforehand.
"""

import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.invented.extract_pairs import Pair, write_pair
from benchmarks.measure import BenchmarkError, in_turn, table
from benchmarks.run import PEERS, Run

SCRIPTS = Path(__file__).parents[1] / "peers"
OURS = "efit-annuaire delta"
RUN = (str(Path(sys.executable).with_name("efit-annuaire")), "delta")


def bench(run: Run, rows: int = 2_200_000) -> str:
    """Markdown. Raises BenchmarkError unless ours finds exactly what was changed."""
    # In a process of its own: what is measured below would inherit the peak of the memory that this takes.
    with ProcessPoolExecutor(1, get_context("spawn")) as writer:
        pair = writer.submit(write_pair, run.folder / f"pair-{rows}", rows).result()
    _check(pair)
    costs = in_turn(_commands(pair), run.times)
    return f"### What changed between two extracts of {rows:,} rows\n\n{table(costs, OURS)}"


def _check(pair: Pair) -> None:
    words = [*RUN, str(pair.old), str(pair.new), "--json"]
    found = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    if {name: found[name] for name in pair.known} != pair.known:
        raise BenchmarkError(f"{found} instead of {pair.known}")


def _commands(pair: Pair) -> dict[str, list[str]]:
    """What is measured, by name; without their environment no peers that need it."""
    both = [str(pair.old), str(pair.new)]
    peers = ("polars", "duckdb") if PEERS.is_file() else ()
    return {
        OURS: [*RUN, *both, "--json", "--out", str(pair.old.with_name("delta.jsonl"))],
        "sort \\| comm, lines only": ["sh", str(SCRIPTS / "delta_sort.sh"), *both],
        "one pass (wc -l)": ["wc", "-l", *both],
        **{f"{name}, cells": [str(PEERS), str(SCRIPTS / f"delta_{name}.py"), *both] for name in peers},
    }
