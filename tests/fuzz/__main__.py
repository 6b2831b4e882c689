"""`python -m tests.fuzz [--minutes 10] [--target NAME]`: spoil files for a reader, and say what broke.

A worker that dies (a library aborted, memory or time ran out) is started again until the minutes are over; the
file that killed it is tried once more at the real door, child process and all, where it must end in a sentence.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from connectors.excel.returned import read_returned
from connectors.sources.workbook import read_workbook
from schemas.errors import SourceError
from tests.fuzz.seeds import SEEDS

ROOT = Path(__file__).parents[2]


def main() -> int:
    """0 when every reader kept its word."""
    words = argparse.ArgumentParser(prog="make fuzz")
    words.add_argument("--minutes", type=float, default=10)
    words.add_argument("--target", choices=["all", *SEEDS], default="all")
    words.add_argument("--folder", type=Path, default=ROOT / "out" / "fuzz")
    asked = words.parse_args()
    chosen = list(SEEDS) if asked.target == "all" else [asked.target]
    return max([fuzz(target, asked.minutes * 60, asked.folder / target) for target in chosen])


def fuzz(target: str, seconds: float, folder: Path) -> int:
    """One target for so long; 1 when something broke."""
    folder.mkdir(parents=True, exist_ok=True)
    started, restarts = time.monotonic(), -1
    while (left := seconds - (time.monotonic() - started)) > 1:
        restarts += 1
        command = [sys.executable, "-m", "tests.fuzz.worker", target, str(int(left) + 1), str(folder)]
        with (folder / f"worker-{restarts}.log").open("wb") as log:
            subprocess.run(command, stdout=log, stderr=log, cwd=ROOT, check=False)
    counts: Counter[str] = Counter()
    deaths: Counter[str] = Counter()
    for path in folder.glob("counts-*.json"):
        found = json.loads(path.read_text())
        deaths.update(found.pop("deaths"))
        counts.update(found)
    broken = sorted(path.stem for path in folder.glob("broken-*.bin"))
    killers = [path for kind in ("crash-*", "oom-*", "timeout-*") for path in sorted(folder.glob(kind))]
    unkept = [path.name for path in killers if not _survives(target, path)]
    minutes = (time.monotonic() - started) / 60
    sys.stdout.write(
        f"{target}: {minutes:.1f} min, {counts['runs']} files, {restarts} restarts, "
        f"{len(killers)} killed the worker ({len(unkept)} of them also the real door), "
        f"children dead: {dict(deaths)}, broken promises: {broken}\n"
    )
    return 1 if broken or unkept else 0


def _survives(target: str, path: Path) -> bool:
    """The file at the real door, with its child process and its limits."""
    if target == "returned":
        try:
            read_returned(path)
        except SourceError as error:
            return bool(error.message)
        return True
    reading = read_workbook(path, "workbook:fuzz", shown=path.name)
    return reading.report.usable or bool(reading.report.message)


if __name__ == "__main__":
    sys.exit(main())
