"""A national file looked at, not read: it opens, and its first line is the one its contract wants.

Eight hundred megabytes cost a few milliseconds: only the first block is taken.
"""

from pathlib import Path

from connectors.bytescan.delimited import Table, fitness
from connectors.bytescan.lines import open_text
from schemas.reading.source import contract


def check_opening(path: Path, source: str, contract_name: str) -> tuple[str, ...]:
    """Check what there is to say of the header: columns new to us, and those that much hangs on and are not found.

    Raises SourceError: FILE_UNREADABLE, FILE_EMPTY, COLUMN_MISSING.
    """
    rules = contract(contract_name)
    with open_text(path, fitness(rules)) as text:
        return Table(text, rules, source).notes
