"""The entry point of the executable: whoever interrupts it while it begins sees no traceback."""

import sys


def main() -> None:
    """Run what was typed; 130 where it was interrupted before anything could be said."""
    try:
        from flows.cli.app import main as begin
    except KeyboardInterrupt:
        sys.exit(130)
    begin()
