"""A national file looked at, not read: it opens, its first line is the one its contract wants, its last one is whole.

Eight hundred megabytes cost a few milliseconds for the first line, where only the first block is taken.
"""

from pathlib import Path

from connectors.bytescan.delimited import Table, fitness
from connectors.bytescan.lines import TAIL, open_text
from schemas.reading.footprint import Ending
from schemas.reading.source import contract


def check_opening(path: Path, source: str, contract_name: str) -> tuple[str, ...]:
    """Check what there is to say of the header: columns new to us, and those that much hangs on and are not found.

    Raises SourceError: FILE_UNREADABLE, FILE_EMPTY, COLUMN_MISSING.
    """
    rules = contract(contract_name)
    with open_text(path, fitness(rules)) as text:
        return Table(text, rules, source).notes


def find_ending(path: Path, source: str, contract_name: str) -> Ending:
    """Return how the text ends; NONE where its header stands alone. Raises SourceError as `check_opening` does."""
    rules = contract(contract_name)
    with open_text(path, fitness(rules)) as text:
        table = Table(text, rules, source)
        while text.read():
            pass
        alone = text.done < TAIL and len([line for line in text.tail.splitlines() if line.strip()]) < 2
        return Ending.NONE if alone else table.ending(text.tail)
