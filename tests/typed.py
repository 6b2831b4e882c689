"""A command as somebody types it: a process of its own, with its own words, environment, folder, account and outputs.

Of the two seconds of processor time that a command takes, one and a half go into importing what it needs. Here a
process that has done so once is forked for each command: `tests/typed_child.py`.
"""

import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
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
    with begun(*words, environment=environment, folder=folder, account=account, product=product) as command:
        return command.answer()


@dataclass(frozen=True, slots=True)
class Begun:
    """A command that was typed, by its process; no other of its kind is played before it ended."""

    pid: int
    aside: Path
    parent: "subprocess.Popen[bytes]"

    def answer(self) -> Answer:
        """What it left, once it ended."""
        code = _heard(self.parent)
        return Answer(code, (self.aside / "out").read_bytes(), (self.aside / "err").read_bytes())


@contextmanager
def begun(
    *words: str,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    account: tuple[int, int] | None = None,
    product: Path | None = None,
) -> Iterator[Begun]:
    """The same, still under way; it must be waited for within the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EFIT_")}
    with TemporaryDirectory(prefix="typed-") as aside:
        asked = {
            "words": words,
            "environment": {**kept, **(environment or {})},
            "folder": str(folder),
            "account": account,
            "product": str(product or ""),
            "out": str(Path(aside, "out")),
            "err": str(Path(aside, "err")),
        }
        kind = "libraries" if product else "ours"
        parent = _ask(kind, pickle.dumps(asked))
        command = Begun(_heard(parent), Path(aside), parent)
        try:
            yield command
        except BaseException:  # what is still to be said is nobody's answer
            _forget(kind, command)
            raise


_ready: dict[str, "subprocess.Popen[bytes]"] = {}


def _ask(kind: str, request: bytes) -> "subprocess.Popen[bytes]":
    if kind not in _ready:
        command = [sys.executable, "-P", str(Path(__file__).with_name("typed_child.py")), kind]
        _ready[kind] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    parent = _ready[kind]
    assert parent.stdin
    parent.stdin.write(HEAD.pack(0, len(request)) + request)
    parent.stdin.flush()
    return parent


def _heard(parent: "subprocess.Popen[bytes]") -> int:
    """The next number it says: that of a process, then its exit code."""
    assert parent.stdout
    seconds = patient(300)
    if not select.select([parent.stdout], [], [], seconds)[0]:
        raise TimeoutError(f"no answer within {seconds:.0f} seconds")
    said = b""
    while len(said) < HEAD.size:  # unbuffered: what is left in a buffer is not waited for
        said += os.read(parent.stdout.fileno(), HEAD.size - len(said))
    return int(HEAD.unpack(said)[0])


def _forget(kind: str, command: Begun) -> None:
    with suppress(ProcessLookupError):
        os.kill(command.pid, signal.SIGKILL)
    _ready.pop(kind).communicate()


def forget_typed() -> None:
    """End what was kept ready."""
    while _ready:
        _ready.popitem()[1].communicate()
