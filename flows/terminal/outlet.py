"""A terminal, pipe or file that takes nothing more ends no command: the work goes on; what was lost is told once."""

import errno
import io
import os
import select
import sys
from typing import Any

from flows.run.exits import EXIT_DONE, EXIT_STOPPED
from flows.terminal.folding import complain
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text

_LOOKING = (
    "completion",
    "delta",
    "doctor",
    "explain",
    "history",
    "status",
    "validate",
)  # what they print is all they do


class Outlet(io.RawIOBase):
    """What stdout or stderr leads to; from the first refusal on, whatever is written is taken and forgotten."""

    def __init__(self, descriptor: int, lost: OSError | None = None) -> None:
        self._descriptor = descriptor
        self.lost = lost

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def fileno(self) -> int:
        """Return the descriptor, for whoever asks how wide a terminal is."""
        return self._descriptor

    def isatty(self) -> bool:
        """Tell whether somebody sits there."""
        return os.isatty(self._descriptor)

    def write(self, content: Any, /) -> int:
        """Write what is taken; return the number of bytes as if all were."""
        rest = memoryview(content).cast("B")
        while rest and self.lost is None:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # a slow reader of a pipe that does not wait by itself
                select.select([], [self._descriptor], [])
            except OSError as error:
                self.lost = error
        return memoryview(content).nbytes


def open_outlets() -> None:
    """Let stdout and stderr take everything from now on; one that the caller closed leads nowhere.

    Nothing else may be given the number of a closed one: a store would then hold what was meant for a screen.
    """
    closed = [number for number in range(3) if not _is_open(number)]
    for _ in closed:
        os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None or (type(stream) is io.TextIOWrapper and stream is getattr(sys, f"__{name}__")):
            lost = OSError(errno.EBADF, "") if number in closed else None
            setattr(sys, name, _taking(stream, Outlet(number, lost)))


def _taking(stream: io.TextIOWrapper | None, outlet: Outlet) -> io.TextIOWrapper:
    if stream is None:
        return io.TextIOWrapper(io.BufferedWriter(outlet), encoding="utf-8", line_buffering=True)
    at_once = stream.line_buffering or stream.write_through
    buffer = io.BufferedWriter(outlet)
    return io.TextIOWrapper(buffer, encoding=stream.encoding, errors=stream.errors, line_buffering=at_once)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def code_with_loss(code: int, tokens: list[str]) -> int:
    """Return the exit code; a result that stdout did not take is told on stderr.

    The code stays that of the work, unless the result was all there was to do. Who closed a pipe has what he wanted.
    """
    sys.stdout.flush()
    lost = getattr(getattr(getattr(sys.stdout, "buffer", None), "raw", None), "lost", None)
    if not isinstance(lost, OSError) or lost.errno == errno.EPIPE:
        return code
    if code == EXIT_DONE and any(one in _LOOKING for one in tokens[:1]):
        complain([say("cli.lost_result", why=refusal_text(lost))])
        return EXIT_STOPPED
    complain([say("cli.lost_print", why=refusal_text(lost), code=code)])
    return code
