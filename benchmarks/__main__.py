"""`make bench`: ours and others' in turn, several times; medians and ratios as Markdown, for docs/performance.md.

    python -m benchmarks [--quick] [--times 3] [--folder FOLDER] [PART…]

Each part is a module of `benchmarks/parts/` with `bench(run: Run) -> str`, which gives Markdown. To add
one: a line in PARTS.
"""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from benchmarks.run import Run
from connectors.bytescan.compiled import compiled

PARTS = {
    "floor": "the table of goals: eleven ratios, each beside its goal (15 minutes at five turns)",
    "night": "the full night and the night nothing changed, beside scripts that only join the files",
    "stages": "where the time of a night goes",
    "delta": "what changed between two extracts, beside sort | comm, polars and DuckDB",
    "newcomers": "fifty new accounts over the same extracts, beside a night where nothing changed",
    "namesakes": "a name with a hundred namesakes, beside names that differ",
    "validate": "whole extracts judged, rows a processor second",
    "twenty": "a night over twenty times the registers (22 GB of files, ten minutes to make)",
}
USUAL = ("floor",)  # what `make bench` runs; `make bench BENCH="night stages"` others
QUICK = ("quick",)  # what `make bench-quick` runs, in CI: it fails on a wrong result, never on a slow one


def main() -> None:
    """Run the parts asked for, the table of goals by default."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told = "; ".join(f"{name}: {what}" for name, what in PARTS.items())
    words.add_argument("parts", nargs="*", metavar="PART", help=f"the table of goals by default; {told}")
    words.add_argument("--quick", action="store_true", help="100,000 rows, once, and the result checked")
    words.add_argument("--times", type=int, default=5, help="turns of each command")
    words.add_argument("--folder", type=Path, help="for the generated files, some 5 GB, kept for the next time")
    given = words.parse_args()
    if compiled() is None:
        sys.stderr.write("  numpy reads here, not C: `make setup` compiles it where there is a compiler\n")
    with tempfile.TemporaryDirectory(prefix="efit-bench-") as scratch:
        run = Run(given.folder or Path(scratch), given.times)
        for part in given.parts or (QUICK if given.quick else USUAL):
            sys.stdout.write(import_module(f"benchmarks.parts.{part}").bench(run) + "\n\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
