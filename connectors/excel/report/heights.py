"""Row heights, reckoned here: previewers do not fit rows to wrapped text by themselves."""

import re
from functools import lru_cache

LINE_POINTS = 12.75
_BREAK = re.compile(r"(?<=[ -])")
TALLEST = 405.0  # Excel's limit is 409


def row_height(cells: list[tuple[str, float]], least: int = 1) -> float:
    """Return the points for a row whose cells are (text, column width)."""
    lines = max((line_count(text, width) for text, width in cells), default=1)
    return min(max(lines, least) * LINE_POINTS + 5, TALLEST)


@lru_cache(maxsize=16384)
def line_count(text: str, width: float) -> int:
    """Return lines of a text wrapped at words in a column; a word longer than the column is cut."""
    # Arial 10: letters are narrower than the digits a width is counted in; narrow columns waste more
    room = max(int((width - 1.5) * (1.15 if width > 35 else 1.08)), 1)
    return sum(_paragraph(paragraph, room) for paragraph in text.split("\n")) if text else 1


def _paragraph(text: str, room: int) -> int:
    if len(text) <= room:
        return 1
    lines, used = 1, 0
    for word in _BREAK.split(text):  # an address is broken behind its hyphens
        seen = len(word.rstrip())
        if used and used + seen > room:
            lines, used = lines + 1, 0
        if used + seen > room:
            lines, used = lines + (used + seen - 1) // room, (used + seen - 1) % room + 1 - seen
        used += len(word)
    return lines
