"""The order in which a reader looks for names with numbers in them."""

import re

from schemas.words import fold


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key by which « CH 6 » comes before « CH 50 », accents and case aside."""
    parts = re.split(r"(\d+)", fold(text))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
