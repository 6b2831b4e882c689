"""`python -m tests.hostile [--write] [NAME…]`: play every hostile file in a process of its own, and say what it cost.

`--write` writes docs/hostile.md anew: of the cases that are not named, what they cost the last time (out/hostile.json).
"""

import argparse
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from connectors.sources import guard
from connectors.sources.sheet.guarded.child import MEMORY
from tests.hostile import containers
from tests.hostile.case import Case
from tests.hostile.cases import CASES
from tests.hostile.doors import knock
from tests.hostile.page import PAGE, Cost, page

MOST_SECONDS = 300.0  # of a clock: two readers, each with its minute, on a busy machine
KEPT = Path(__file__).parents[2] / "out" / "hostile.json"
GOOD = Case("un fichier sain", containers.good, "", "")
LIMITS = {
    "child_mb": MEMORY // 1_000_000,
    "seconds": guard.SECONDS,
    "plain_mb": guard.PLAIN_BYTES // 1_000_000,
    "unpacked_mb": guard.UNPACKED_BYTES // 1_000_000,
    "text_mb": guard.TEXT_BYTES // 1_000_000,
}


def main() -> int:
    """0 when every file ended as its case says."""
    words = argparse.ArgumentParser(prog="make bench-hostile")
    words.add_argument("names", nargs="*", metavar="NAME", help="only these cases")
    words.add_argument("--write", action="store_true", help="write docs/hostile.md anew")
    asked = words.parse_args()
    told = json.loads(KEPT.read_text(encoding="utf-8")) if asked.write and asked.names and KEPT.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        knock(GOOD, GOOD.build(Path(folder)))  # what the program imports is not the file's cost
    for name in asked.names or ["", *CASES]:
        answer, cost = measured(name)
        told[name] = {"sentence": "", "kept": False, **answer, **asdict(cost)}
        verdict = "ok" if told[name]["kept"] else "FAILED"
        say(f"{verdict:6} {cost.processor:5.1f} s {cost.megabytes:5.0f} MB  {name:26} {told[name]['sentence'][:90]}")
    failed = [name for name, one in told.items() if not one["kept"]]
    say(f"{len(told)} played, {len(told) - len(failed)} passed; failed: {failed}")
    if asked.write:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(told), encoding="utf-8")
        write_page(told)
    return 1 if failed else 0


def write_page(told: Mapping[str, Any]) -> None:
    """docs/hostile.md, once every case has been played."""
    sentences = {name: told[name]["sentence"] for name in CASES}
    costs = {name: Cost(*(told[name][part] for part in ("processor", "wall", "megabytes"))) for name in ["", *CASES]}
    passed = sum(told[name]["kept"] for name in CASES)
    PAGE.write_text(page(CASES, sentences, costs, passed, LIMITS), encoding="utf-8")


def measured(name: str) -> tuple[dict[str, Any], Cost]:
    """One case in a process of its own; what it answered, and its cost with that of its children."""
    case = CASES.get(name) or GOOD
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out:
        path = case.build(Path(folder))
        started = time.monotonic()
        pid = os.fork()
        if not pid:
            _play(case, path, out.fileno())
        usage = _waited_for(pid)
        wall = time.monotonic() - started
        out.seek(0)
        text = out.read()
    answer: dict[str, Any] = json.loads(text) if text else {}
    return answer, Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def _play(case: Case, path: Path, out: int) -> NoReturn:
    """In the measured process: one JSON document, then the end, whatever the file does."""
    try:
        answer = knock(case, path)
        kept = (case.code in answer.codes if case.code else not answer.refused) and case.says in answer.said
        os.write(out, json.dumps({"sentence": answer.sentence, "kept": kept}).encode())
    finally:
        os._exit(0)


def _waited_for(pid: int) -> resource.struct_rusage:
    """The resource usage of the process and of the children it waited for; killed when its time is over."""
    until = time.monotonic() + MOST_SECONDS
    while True:
        ended, _, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return usage
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            until = float("inf")
        time.sleep(0.02)


def say(text: str) -> None:
    """One line to stdout."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
