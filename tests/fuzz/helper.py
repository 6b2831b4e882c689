"""A child that opens one spreadsheet after another, for the files that would kill the fuzzing process itself.

Over a spoilt .xls calamine may ask for memory without end, and ends the interpreter when it gets no more. Here it ends
this child alone, which is started anew in 50 ms; with less memory than the real one (`child.py`), it ends sooner.
"""

import json
import resource
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

SECONDS = 60.0  # as the guard's
MEMORY = 600_000_000  # bytes of address space


class HelperDiedError(Exception):
    """The child ended, or did not answer in time."""


class Helper:
    """A child process that answers (sheets, facts) for a path; started when it is asked, and again when it died."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, path: Path) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """What the real child would say of the file; HelperDiedError where it would not say anything."""
        running = self._started()
        _end(running.stdin).write(f"{path}\n".encode())
        _end(running.stdin).flush()
        if not select.select([_end(running.stdout)], [], [], SECONDS)[0]:
            self._end_child(running)
            raise HelperDiedError("TimeoutExpired")
        line = _end(running.stdout).readline()
        if not line.endswith(b"\n"):
            status = self._end_child(running)
            raise HelperDiedError(f"signal {-status}" if status < 0 else f"exit {status}")
        sheets, facts = json.loads(line)
        return sheets, facts

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            command = [sys.executable, "-m", "tests.fuzz.helper"]
            pipe = subprocess.PIPE
            self._child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        return self._child

    def _end_child(self, child: subprocess.Popen[bytes]) -> int:
        self._child = None
        child.kill()
        with child:
            return child.wait()


def _end(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None, "both ends of the child are pipes"
    return stream


def main() -> None:
    """One path a line in, one JSON document a line out."""
    from connectors.sources.sheet.guarded import child

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        sheets = child.read_sheets(line.strip())
        facts = None if "error" in sheets else _or_none(child.read_facts, line.strip())
        sys.stdout.write(json.dumps([sheets, facts]) + "\n")
        sys.stdout.flush()


def _or_none(read: Callable[[str], dict[str, Any] | None], path: str) -> dict[str, Any] | None:
    """The facts are a courtesy: the real child dies of them in peace, once the sheets have been said."""
    try:
        return read(path)
    except Exception:  # noqa: BLE001 - whatever it is, the real child has said the sheets
        return None


if __name__ == "__main__":
    main()
