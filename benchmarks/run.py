"""What the parts of `make bench` share: the generated country, and how the commands beside each other are called.

It imports little: a process is never counted smaller than the one it was started from.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import ROOT

PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
NAMES = {
    "polars": "polars, lazy and streaming",
    "duckdb": "DuckDB",
    "pandas": "pandas",
    "bytes": "lines split in Python",
}
SAME_WORK = {
    "openpyxl": "the same work in polars, workbooks by openpyxl",
    "calamine": "the same work in polars, workbooks by calamine",
}
_SAME_WORK_TASK = "benchmarks.parts.same_work"
DAY = "2026-11-22"  # the night the country is made for


@dataclass(frozen=True, slots=True)
class Run:
    """One call of `make bench`: where the generated files lie, and how many turns each command has."""

    folder: Path
    times: int

    def country(
        self,
        accounts: int = 5_000,
        rows: int = 2_200_000,
        cards: int = 1_000_000,
        names: int = 0,
        *,
        zipped: bool = True,
    ) -> Path:
        """The folder of a country of this size, made once; `names`: how many different ones (0: many; -1: French)."""
        folder = self.folder / f"country-{accounts}-{rows}-{cards}{f'-{names}' if names else ''}"
        if not (folder / "done").is_file():
            sizes = {"--accounts": accounts, "--rows": rows, "--cards": cards, "--names": names}
            words = [text for name, size in sizes.items() for text in (name, str(size))]
            command = [sys.executable, "-m", "benchmarks.invented.country", str(folder), *words]
            subprocess.run([*command, *(["--zip"] if zipped else [])], cwd=ROOT, check=True)
            (folder / "done").touch()
        return folder


def night(configuration: Path, *, fresh: bool) -> list[str]:
    """The whole process of a night; `fresh`: with nothing remembered, so everything is read, reported and mailed."""
    return [sys.executable, "-m", "benchmarks.play", str(configuration), DAY, *(["--fresh"] if fresh else [])]


def extracts(country: Path, suffix: str = ".txt") -> list[str]:
    """The two national files, persons first."""
    return [str(path) for path in sorted((country / "rpps").glob(f"*{suffix}"))]


def peers(country: Path) -> dict[str, list[str]]:
    """The scripts that only join the two files with the accounts; without their environment, those that need none."""
    able = NAMES if PEERS.is_file() else {"bytes": NAMES["bytes"]}
    python = str(PEERS if PEERS.is_file() else sys.executable)
    numbers = str(country / "numbers.csv")
    return {
        label: [python, f"benchmarks/peers/by_{name}.py", *extracts(country), numbers] for name, label in able.items()
    }


def same_work(country: Path) -> dict[str, list[str]]:
    """The script that does a night's work again (`parts/same_work.py`); none without the peers' environment."""
    script, folder = "benchmarks/peers/night_same_work.py", str(country / "same-work")
    return {said: [str(PEERS), script, folder, by] for by, said in SAME_WORK.items()} if PEERS.is_file() else {}


def checks(country: Path) -> dict[str, list[str]]:
    """What holds that which the script has left against our night, after each of its turns."""
    return {said: [sys.executable, "-m", _SAME_WORK_TASK, str(country), by] for by, said in SAME_WORK.items()}


def prepare_same_work(country: Path) -> None:
    """Play a night of ours, and write down what the script is to do again.

    In a process of its own: what it imports would be counted as the memory of all that follow.
    """
    subprocess.run([sys.executable, "-m", _SAME_WORK_TASK, str(country)], cwd=ROOT, check=True)
