"""What a process of tests started is ended with it, however it ended: killed, it can stop no server itself.

`watch` marks the environment, which whatever is started inherits, and starts this file as a process that waits for its
parent's end.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_MARK = "STARTED_BY_TESTS"
_SECONDS = 10  # for a server to stop by itself


def watch() -> None:
    """From now on nothing that this process starts outlives it for long."""
    mark = f"{os.getpid()} {time.time_ns()}"
    command = [sys.executable, "-I", "-S", __file__, str(os.getpid()), mark]
    unmarked = {name: value for name, value in os.environ.items() if name != _MARK}
    os.posix_spawn(sys.executable, command, unmarked)  # else a run that is killed ends who looks after its workers
    os.environ[_MARK] = mark


def main(parent: int, mark: str) -> None:
    """Wait, then end what is left: asked first, then killed."""
    os.setsid()  # Ctrl-C is not for it
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):  # whoever reads what the tests say waits for no more
        os.dup2(nothing, stream)
    while os.getppid() == parent:
        time.sleep(0.5)
    for asked, seconds in ((signal.SIGTERM, _SECONDS), (signal.SIGKILL, 0)):
        for one in _left(mark):
            with suppress(OSError):
                os.kill(one, asked)
        until = time.monotonic() + seconds
        while time.monotonic() < until and any(_left(mark)):
            time.sleep(0.2)


def _left(mark: str) -> Iterator[int]:
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{_MARK}={mark}".encode() in (place / "environ").read_bytes().split(b"\0"):
                yield int(place.name)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
