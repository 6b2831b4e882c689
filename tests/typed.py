"""A command as somebody types it: a process of its own, with its own words, environment, folder, account and outputs.

Of the two seconds of processor time that a command takes, one and a half go into importing what it needs. Here a
process that has done so once is forked for each command: `tests/typed_child.py`.
"""

import os
import pickle
import select
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.patience import patient
from tests.typed_child import HEAD

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left: its exit code, or minus the signal that ended it, and what it printed."""

    code: int
    out: bytes
    err: bytes


def typed(
    *words: str,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    account: tuple[int, int] | None = None,
    product: Path | None = None,
) -> Answer:
    """What `efit-annuaire` answers to these words.

    `environment`: beside ours, that says nothing of e-FIT; `account`: (user, group) that types it; `product`: a copy of
    the product instead of this one.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EFIT_")}
    with TemporaryDirectory(prefix="typed-") as aside:
        out, err = Path(aside, "out"), Path(aside, "err")
        asked = {
            "words": words,
            "environment": {**kept, **(environment or {})},
            "folder": str(folder),
            "account": account,
            "product": str(product or ""),
            "out": str(out),
            "err": str(err),
        }
        code = _ask("libraries" if product else "ours", pickle.dumps(asked))
        return Answer(code, out.read_bytes(), err.read_bytes())


_ready: dict[str, "subprocess.Popen[bytes]"] = {}


def _ask(kind: str, request: bytes) -> int:
    if kind not in _ready:
        command = [sys.executable, "-P", str(Path(__file__).with_name("typed_child.py")), kind]
        _ready[kind] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    parent = _ready[kind]
    assert parent.stdin
    assert parent.stdout
    parent.stdin.write(HEAD.pack(0, len(request)) + request)
    parent.stdin.flush()
    seconds = patient(300)
    if not select.select([parent.stdout], [], [], seconds)[0]:
        raise TimeoutError(f"no answer within {seconds:.0f} seconds")
    return int(HEAD.unpack(parent.stdout.read(HEAD.size))[0])


def forget_typed() -> None:
    """End what was kept ready."""
    while _ready:
        _ready.popitem()[1].communicate()
