"""The process from which those that open spreadsheets are forked, with all that any of them may import: openpyxl too,
that takes longer to import than a file to read. Run by `tests/warm.py` as the product runs its own.
"""

import importlib
import sys
from pathlib import Path

GUARDED = Path(__file__).resolve().parents[1] / "connectors" / "sources" / "sheet" / "guarded"


def main(libraries: str) -> None:
    """Be `parent.py`, to its end."""
    sys.path += [str(GUARDED), libraries]
    sys.modules["numpy"] = None  # type: ignore[assignment]  # as the child has it
    for name in ("colours", "facts", "markup", "xls_records", "defusedxml.ElementTree", "lxml.etree", "openpyxl"):
        importlib.import_module(name)
    importlib.import_module("parent").main(libraries)


if __name__ == "__main__":
    main(sys.argv[1])
