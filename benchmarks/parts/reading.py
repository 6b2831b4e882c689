"""Both national files read as a night reads them, and nothing else: every row judged, whoever is wanted taken out.

python -m benchmarks.parts.reading WANTED      WANTED: the files and whom to look for, `benchmarks/parts/same_work.py`
"""

import gc
import json
import sys
from pathlib import Path

from flows.run.without_gc import start_lightly, uncollected

start_lightly()

from connectors.sources.register import read_register  # noqa: E402  # after that, as the command line does
from schemas.reading.source import Wanted  # noqa: E402
from schemas.reading.source_names import contract_of  # noqa: E402


def main(task: Path) -> None:
    """Read both; fails where one is not usable."""
    told = json.loads(task.read_text(encoding="utf-8"))
    for source, path in told["extracts"].items():
        asked = told["wanted"][source]
        numbers, serials, names = (frozenset(asked[name]) for name in ("national_ids", "serials", "names"))
        wanted = Wanted(numbers, serials, names)
        with uncollected():
            reading = read_register(Path(path), source, contract_of(source), wanted, shown=path)
        if not reading.report.usable:
            sys.exit(reading.report.message)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    gc.freeze()  # as the command line does, too: what ends is not searched for garbage once more
