"""Where the processor time of a night goes, stage by stage, beside what the script of the same work takes for it.

python -m benchmarks.parts.stages CONFIGURATION [--fresh]      one night on one core, as JSON
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import reduce
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import ROOT
from benchmarks.run import DAY, PEERS, SAME_WORK, Run, prepare_same_work
from flows.run.without_gc import start_lightly

START, BOOKS, WHOLE = "start: Python and imports", "processes that open spreadsheets", "**all of it**"
STAGES = {  # what is said of it: the functions of `flows` it is, where they are called
    "the two files: read, judged, who is wanted taken out": ("reading.national:read_steadily",),
    "… whom to look for, persons and cards made of rows": ("reading.snapshot:read_national",),
    "workbooks: judged": ("reading.snapshot:read_local",),
    "… the annuaire: read and judged": ("reading.local:_judged_annuaire",),
    "… judged once more, against the registers": ("reading.snapshot:read_against_registers",),
    "what was said, as digests": ("reading.snapshot:with_fingerprints",),
    "matched, compared, routed; lives": ("night.nightly:find_tonight",),
    "reports: made": ("night.outputs:_begun",),
    "reports: written": ("night.nightly:write_reports",),
    "store": ("state.run_state:RunState.record", "state.run_state:RunState.finish"),
    "mails": ("night.nightly:deliver_night",),
    "dashboard, change set, rejects, account": ("night.nightly:leave_tonight", "night.tonight:reserve_outputs"),
}
ELSE = "all else"
# Which piece of the script is compared with which stages; the others it does not have.
PIECES = {
    START: "start",
    "the two files: read, judged, who is wanted taken out": "extract",
    BOOKS: "read_books",
    "reports: written": "write_book",
    "store": "keep",
    "mails": "put_mail",
}


def bench(run: Run) -> str:
    """Markdown: the first night and the one after it, beside each other, and beside the script."""
    country = run.country()
    first, after, script = [], [], defaultdict[str, list[dict[str, float]]](list)
    if PEERS.is_file():
        prepare_same_work(country)
    for _ in range(run.times):
        first.append(_night(str(country / "annuaire.toml"), "--fresh"))
        after.append(_night(str(country / "annuaire.toml")))
        for by in SAME_WORK if PEERS.is_file() else ():
            script[by].append(_script(str(country / "same-work"), by))
    heads = ["stage", "full night, s", "nothing changed, s", *(f"the script, by {by}, s" for by in script)]
    lines = ["### Where the time goes (one core)", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for stage in first[0]:
        piece = "whole" if stage == WHOLE else PIECES.get(stage, "")
        cells = [_median(first, stage), _median(after, stage), *(_median(turns, piece) for turns in script.values())]
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _median(turns: Sequence[dict[str, float]], stage: str) -> str:
    return f"{median(one[stage] for one in turns):.2f}" if stage in turns[0] else "none"


def _night(*words: str) -> dict[str, float]:
    return _json([sys.executable, "-m", "benchmarks.parts.stages", *words])


def _script(folder: str, by: str) -> dict[str, float]:
    return _json([str(PEERS), "benchmarks/peers/pieces.py", folder, by])


def _json(command: Sequence[str]) -> dict[str, float]:
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def main(configuration: str, *words: str) -> None:
    """Play one night with its stages timed; the last line on stdout is JSON. A stage within another is told alone."""
    if words:
        from benchmarks.play import clear

        clear(Path(configuration))
    spent: dict[str, float] = defaultdict(float)
    start_lightly()
    import_module("flows.night.nightly")
    spent[START] = time.process_time()
    clock = _Clock(spent)
    for stage, functions in STAGES.items():
        spent[stage] = 0.0
        for name in functions:
            clock.watch(name, stage)
    from flows.cli.app import run

    run(["sync", "--config", configuration, "--as-of", DAY, "--jobs", "1"])
    spent[ELSE] = time.process_time() - sum(spent.values())
    used = os.times()
    spent[BOOKS] = used.children_user + used.children_system
    spent[WHOLE] = sum(spent.values())
    sys.stdout.write("\n" + json.dumps(spent) + "\n")


class _Clock:
    """What each stage takes, without what those within it do."""

    def __init__(self, spent: dict[str, float]) -> None:
        self._spent = spent
        self._within: list[float] = []

    def watch(self, name: str, stage: str) -> None:
        """Time a function of `flows` from outside."""
        module, _, path = name.partition(":")
        *owners, function_name = path.split(".")
        owner: Any = reduce(getattr, owners, import_module(f"flows.{module}"))
        function: Callable[..., Any] = getattr(owner, function_name)

        def timed(*given: Any, **more: Any) -> Any:
            start = time.process_time()
            self._within.append(0.0)
            try:
                return function(*given, **more)
            finally:
                took = time.process_time() - start
                self._spent[stage] += took - self._within.pop()
                if self._within:
                    self._within[-1] += took

        setattr(owner, function_name, timed)


if __name__ == "__main__":
    main(*sys.argv[1:])
