"""The process from which `child.py`'s are forked, one for each spreadsheet: what they import is imported once, here.

Run by `connectors.sources.guard` as a script, with the folder of the libraries. A line on stdin is a path, as JSON;
the answer is what the child says, then how it ended: {"ended": exit code}, on a line of its own. Nothing of a file is
read here, so nothing in a file can harm the next one. Forking costs 2 ms; starting and importing cost 60.
"""

import gc
import json
import os
import sys
from collections.abc import Callable


def main(libraries: str) -> None:
    """Open what is asked for, one after the other, until stdin is closed."""
    sys.path += [os.path.dirname(os.path.abspath(__file__)), libraries]  # noqa: PTH100, PTH120 -- as in child.py
    import child  # type: ignore[import-not-found]  # beside this file, when it is run as a script
    import colours  # type: ignore[import-not-found]  # noqa: F401 -- likewise
    import facts  # type: ignore[import-not-found]  # noqa: F401 -- likewise
    import python_calamine  # noqa: F401

    gc.freeze()  # no child walks it, so none gets a copy of its own
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _open(child.main, libraries, json.loads(line))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f'\n{{"ended": {os.waitstatus_to_exitcode(status)}}}\n')
        sys.stdout.flush()


def _open(opening: Callable[[str, str], None], libraries: str, path: str) -> None:
    """In the child: never comes back."""
    code = 1
    try:
        opening(libraries, path)
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
