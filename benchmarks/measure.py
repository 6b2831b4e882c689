"""Whole processes measured in turn: processor seconds and peak memory, medians, and ratios to one of them.

Ratios of one run are what counts: absolute seconds say more about the machine, and who else is at work on it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one whole process: processor seconds with those of the processes it waited for, and megabytes at the most.

    The megabytes are of the largest single process among them; `wall`: seconds that whoever waits sees pass.
    """

    seconds: float
    megabytes: float
    wall: float = 0.0


class BenchmarkError(Exception):
    """A process under measure did not end well."""


def cost_of(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; what it prints goes nowhere.

    Raises BenchmarkError, with what it complained of, when it ends with another code than 0.
    """
    # What is installed has its byte code, whatever the shell in which one measures says of writing it.
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    start = time.perf_counter()
    with TemporaryFile() as complaints:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=complaints, cwd=ROOT, env=variables)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        complaints.seek(0)
        if process.returncode:
            said = complaints.read().decode(errors="replace")[-2000:]
            raise BenchmarkError(f"{' '.join(command)} ended with {process.returncode}: {said}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, wall)


def in_turn(
    commands: Mapping[str, Sequence[str]], times: int = 3, after: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Cost]:
    """The median cost of each command; they take turns, so that a slow minute of the machine is shared by all.

    `after`: what checks, unmeasured, what the command of that name has left, in every turn.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(times):
        for name, command in commands.items():
            print(f"  {name} ({turn + 1}/{times})", file=sys.stderr)
            costs[name].append(cost_of(command))
            if after and name in after:
                cost_of(after[name])
    return {name: middle(all_) for name, all_ in costs.items()}


def together(command: Sequence[str], every: float = 0.05) -> float:
    """Run a command; megabytes that it and all processes below it took together at the most, as seen by sampling.

    What they share counts once (PSS). It costs time, so what is measured here is measured for nothing else.
    """
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        most = 0
        while process.poll() is None:
            most = max(most, sum(map(_shares, _family(process.pid))))
            time.sleep(every)
    if process.returncode:
        raise BenchmarkError(f"{' '.join(command)} ended with {process.returncode}")
    return most / 1024


def _family(pid: int) -> list[int]:
    """A process and all below it; whoever is gone meanwhile has none."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, children.read_text().split())
    return found


def _shares(pid: int) -> int:
    """Its part of the memory, in kB; nothing of one that is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each."""
    return Cost(*(median(getattr(one, name) for one in costs) for name in ("seconds", "megabytes", "wall")))


def table(costs: Mapping[str, Cost], ours: str) -> str:
    """A Markdown table: each cost, and how many times its processor seconds ours takes."""
    lines = [f"| | processor seconds | peak MB | {ours} : it |", "|---|---|---|---|"]
    for name, cost in costs.items():
        ratio = costs[ours].seconds / cost.seconds if cost.seconds else float("inf")
        lines.append(f"| {name} | {cost.seconds:.2f} | {cost.megabytes:.0f} | {ratio:.2f} |")
    return "\n".join(lines)
