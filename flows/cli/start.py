"""The entry point of the executable: whoever interrupts it while it begins sees no traceback, in no locale."""

import codecs
import os
import sys


def main() -> None:
    """Run what was typed; 130 where it was interrupted before anything could be said."""
    try:
        if codecs.lookup(sys.getfilesystemencoding()).name == "ascii":
            _begin_again_in_utf8()
        from flows.run.without_gc import start_lightly, uncollected

        start_lightly()
        with uncollected():  # modules are no garbage
            from flows.cli.app import main as begin
    except KeyboardInterrupt:
        sys.exit(130)
    begin()


def _begin_again_in_utf8() -> None:
    """Give this process to a Python to which paths are UTF-8: here none with an accent could be opened or written down.

    Only where the environment forbids what Python does by itself (PYTHONUTF8=0). The terminal stays what it is.
    """
    spoken = {"PYTHONIOENCODING": sys.stdout.encoding} if sys.stdout else {}
    environment = {**spoken, **os.environ, "PYTHONUTF8": "1"}
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], environment)
