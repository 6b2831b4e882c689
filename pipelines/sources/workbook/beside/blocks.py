"""Blocks that stand apart to the right of the people, behind an empty column: no cell of theirs is about its row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from schemas.people.workbook_line import WrittenRow


def blocks_at_right(written: Sequence[WrittenRow]) -> Mapping[str, int]:
    """Return sheet → the first empty column behind those that are read, where more is written beyond it."""
    used: dict[str, set[int]] = defaultdict(set)
    headed: dict[str, int] = {}
    read: dict[str, int] = {}
    seen: dict[str, Mapping[int, str]] = {}
    for row in written:
        if row.note or not row.read:
            continue
        sheet = row.sheet
        used[sheet].update([at for at, text in enumerate(row.cells) if text])
        if seen.get(sheet) is not row.heads:  # all rows of a table have one
            seen[sheet] = row.heads
            used[sheet].update(row.heads)
            headed[sheet] = max(headed.get(sheet, 0), *row.heads, 0)
        read[sheet] = max(read.get(sheet, 0), *row.read)
    found: dict[str, int] = {}
    for sheet, last in read.items():
        widest = max(used[sheet], default=0)
        gap = next((at for at in range(last + 1, widest) if at not in used[sheet]), None)
        alone = gap is not None and headed[sheet] < gap and sum(at > gap for at in used[sheet]) == 1  # a remark
        if gap is not None and not alone:
            found[sheet] = gap
    return found
