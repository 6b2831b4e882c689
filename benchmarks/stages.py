"""Where the processor time of a night goes, stage by stage: the stages of `flows/`, timed from outside.

python -m benchmarks.stages CONFIGURATION DAY      one night, as JSON
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import reduce
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import ROOT
from benchmarks.run import DAY, Run
from flows.run.without_gc import start_lightly

STAGES = {  # what is said of it: the functions of `flows` it is
    "annuaire: read and judged": ("sources._annuaire",),
    "32 workbooks: read and judged": ("sources._workbook",),
    "registers: whom to look for, files, persons and cards": ("reading.read_national",),
    "· of which the two files": ("registers._read_extract",),
    "compare: match, diff, route, lives": ("nightly.find_tonight",),
    "reports: made and written": ("nightly.reports_tonight", "nightly.write_reports"),
    "store: changes, versions, events": ("state.RunState.record",),
    "mails": ("nightly.deliver_night",),
    "dashboard pages": ("nightly.night_facts", "nightly.write_night"),
    "change set, rejects, run": ("outputs.write_changeset", "outputs.write_rejects", "outputs.write_run"),
}


def bench(run: Run) -> str:
    """Markdown: the first night and the one after it, beside each other."""
    configuration = run.country() / "annuaire.toml"
    first, after = [], []
    for _ in range(run.times):
        first.append(_night(str(configuration), "--fresh"))
        after.append(_night(str(configuration)))
    lines = ["### Where the time goes", "", "| stage | full night, s | nothing changed, s |", "|---|---|---|"]
    for stage in first[0]:
        lines.append(f"| {stage} | {_median(first, stage):.2f} | {_median(after, stage):.2f} |")
    return "\n".join(lines)


def _median(nights: list[dict[str, float]], stage: str) -> float:
    return median(one.get(stage, 0.0) for one in nights)


def _night(*words: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.stages", *words]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def main(configuration: str, *words: str) -> None:
    """Play one night with its stages timed; the last line on stdout is JSON."""
    if words:
        from benchmarks.play import clear

        clear(Path(configuration))
    spent: dict[str, float] = defaultdict(float)
    start_lightly()
    import_module("flows.night.nightly")
    spent["start: Python and imports"] = time.process_time()
    for stage, functions in STAGES.items():
        spent[stage] = 0.0
        for name in functions:
            _time(name, stage, spent)
    from flows.cli.app import run

    run(["sync", "--config", configuration, "--as-of", DAY])
    used = os.times()
    apart = sum(seconds for stage, seconds in spent.items() if not stage.startswith("·"))
    spent["processes that open spreadsheets"] = used.children_user + used.children_system
    spent["all else"] = time.process_time() - apart
    spent["**whole process**"] = time.process_time() + used.children_user + used.children_system
    sys.stdout.write("\n" + json.dumps(spent) + "\n")


def _time(name: str, stage: str, spent: dict[str, float]) -> None:
    module, _, path = name.partition(".")
    *owners, function_name = path.split(".")
    owner: Any = reduce(getattr, owners, import_module(f"flows.{module}"))
    function: Callable[..., Any] = getattr(owner, function_name)

    def timed(*given: Any, **more: Any) -> Any:
        start = time.process_time()
        try:
            return function(*given, **more)
        finally:
            spent[stage] += time.process_time() - start

    setattr(owner, function_name, timed)


if __name__ == "__main__":
    main(*sys.argv[1:])
