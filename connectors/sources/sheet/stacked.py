"""Headers of two and three rows: captions over columns (« Établissement » over « Nom »), a label that goes on below.

A cell below a caption is read with it first (« Nom » of the « Établissement »), then alone; a cell with nothing below
it stands for itself.
"""

import re
from collections.abc import Iterator, Mapping

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header, HeaderKey, field_of, loose_field_of

_DEEPEST = 3  # rows
_NO_LABEL = re.compile(r"@|\d{5}")  # of a value: an address, a number
_LEAST = 2  # labels of the last row that are known, alone or with their caption


def stacked_headers(grid: Grid, row: int, table: str, chosen: Mapping[str, str]) -> Iterator[Header]:
    """Yield the ways to read this row and the next one or two together as a header."""
    for last in range(row + 1, min(row + _DEEPEST, len(grid.rows))):
        width = max(map(len, grid.rows[row : last + 1]))
        below = [grid.cell(last, at) for at in range(width)]
        if any(_NO_LABEL.search(text) for text in below):
            continue
        captions = [captions_over(grid, upper, width) for upper in range(row, last)]
        columns: dict[HeaderKey, list[int]] = {}
        unread: list[str] = []
        known = 0
        for at, own in enumerate(below):
            above = [caption[at] for caption in captions]
            name = _meant(own, above, table, chosen)
            if name:
                columns.setdefault(("", name), []).append(at)
                known += bool(own)
            elif own:
                unread.append(" ".join(" ".join([*above, own]).split())[:40])
        if known >= _LEAST:
            texts = tuple(own or " ".join(caption[at] for caption in captions) for at, own in enumerate(below))
            yield Header(row, last, columns, tuple(unread), texts)


def _meant(own: str, above: list[str], table: str, chosen: Mapping[str, str]) -> str:
    """The field of a label below its captions: all together, then what is nearest."""
    captions = [text for text in above if text]
    together = " ".join([*captions, own]).strip()
    tries = [together, f"{captions[-1]} {own}" if captions else "", own or (captions[-1] if captions else "")]
    for text in filter(None, tries):
        found = field_of(text, table, chosen) or loose_field_of(text, table)
        if found:
            return found
    return ""


def captions_over(grid: Grid, row: int, width: int) -> list[str]:
    """Return each column's caption: a merged one reaches as far as it is merged, another one to the next caption."""
    reach = {column: last for first, column, _, last in grid.merged if first == row}
    found, caption, until = [], "", width
    for at in range(width):
        if text := grid.cell(row, at):
            caption, until = text, reach.get(at, width if not reach else at)
        found.append(caption if at <= until else "")
    return found
