"""What each piece of the script of the same work takes: processor seconds, as JSON.

python pieces.py TASK openpyxl|calamine
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from typing import Any

spent: dict[str, float] = defaultdict(float)


def timed(work: Callable[..., Any], piece: str) -> Callable[..., Any]:
    """The same work, its time told."""

    def work_timed(*given: Any) -> Any:
        start = time.process_time()
        try:
            return work(*given)
        finally:
            spent[piece] += time.process_time() - start

    return work_timed


def main(folder: str, by: str) -> None:
    """All of it, once, piece by piece."""
    script = import_module("night_same_work")  # beside this one
    spent["start"] = time.process_time()
    for piece in ("extract", "read_books", "write_book", "put_mail", "keep"):
        setattr(script, piece, timed(getattr(script, piece), piece))
    script.main(folder, by)
    spent["whole"] = time.process_time()
    sys.stdout.write(json.dumps(spent))


if __name__ == "__main__":
    main(*sys.argv[1:])
