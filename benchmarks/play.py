"""A night as the command line plays it, from a clean slate where asked; the process becomes `efit-annuaire`."""

import argparse
import os
import shutil
import sys
from pathlib import Path


def main() -> None:
    """Clear what was remembered and written, then play."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("configuration", type=Path)
    words.add_argument("day")
    words.add_argument("--fresh", action="store_true")
    given = words.parse_args()
    if given.fresh:
        clear(given.configuration)
    executable = Path(sys.executable).with_name("efit-annuaire")
    os.execv(executable, [str(executable), "sync", "-c", str(given.configuration), "--as-of", given.day])


def clear(configuration: Path) -> None:
    """Nothing is remembered, nothing was written."""
    for name in ("var", "out"):
        shutil.rmtree(configuration.parent / name, ignore_errors=True)


if __name__ == "__main__":
    main()
