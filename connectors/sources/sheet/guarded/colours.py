"""The colours of the rows of a workbook, as people may call them: read where a legend speaks of colours, and only
there.

Imported by `facts.py` and `xls_records.py` alone, in the guarded process.
"""

import colorsys
import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

_HUES = r"roug|gris|orang|jaun|vert|bleu|viol|mauv|rose"
_FIRST_NAME = r"(?:rose|violette)-(?-i:[A-Z\u00c0-\u00de])"  # « Rose-Marie »: in every list of people
_TITLE = re.compile("l[ée]gende", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:en|fond|surlign\S{0,4}|couleurs?|lignes?|texte|police|cases?|cellules?)\s+(?:en\s+)?", re.IGNORECASE
)
_AFTER = re.compile(
    rf"\b(?!{_FIRST_NAME})(?:{_HUES})[a-zé]{{0,4}}\s*(?:[:=→\-–]|signifie)",
    re.IGNORECASE,
)
_LONG_TITLE = 7  # signs
_LONGEST_WORD = 12  # signs of what leads to a hue, and one before
_SEARCHED = 1_000_000  # bytes of a part: a list of people and what is said of it have fewer
_TITLE_STEM = "gende"
_STEMS = tuple(stem.encode() for stem in (_TITLE_STEM, *_HUES.split("|")))
_OTHERWISE_SMALL = "ſ", "ı"  # s and i to a pattern that takes large for small, and small already
_THEME = ("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
INDEXED = {2: "FF0000", 3: "00FF00", 4: "0000FF", 5: "FFFF00", 10: "FF0000", 11: "00FF00", 12: "0000FF", 13: "FFFF00",
           16: "800000", 17: "008000", 22: "C0C0C0", 23: "808080", 29: "FF8080", 42: "CCFFCC", 43: "FFFF99",
           44: "99CCFF", 45: "FF99CC", 46: "CC99FF", 47: "FFCC99", 50: "99CC00", 51: "FFCC00", 52: "FF9900",
           53: "FF6600", 55: "969696"}  # fmt: skip
_NAMED = (  # how far each hue reaches, in degrees, with what people call it
    (15, ("rouge",)), (38, ("orange",)), (47, ("orange", "jaune")), (68, ("jaune",)), (165, ("vert",)),
    (255, ("bleu",)), (300, ("violet",)), (340, ("rose", "violet")), (361, ("rouge",)),
)  # fmt: skip


def speaks_of_colours(text: bytes) -> bool:
    """Tell whether a part of a workbook may hold a legend of colours."""
    start = text[:_SEARCHED]
    small = start.lower()
    if not any(stem in small for stem in _STEMS):  # nearly always
        return False
    said = start.decode("utf-8", "replace")
    return _has_legend(html.unescape(said) if "&#" in said else said)


def _has_legend(said: str) -> bool:
    """What `legend` would find, which asks at each of a million signs; here where a stem stands, alone."""
    small = said.lower()
    if len(small) != len(said) or any(one in said for one in _OTHERWISE_SMALL):
        return legend().search(said) is not None
    if any(_TITLE.fullmatch(said, max(0, end - _LONG_TITLE), end) for end in _ends_of(_TITLE_STEM, small)):
        return True
    at_hues = (end - len(hue) for hue in _HUES.split("|") for end in _ends_of(hue, small))
    return any(_AFTER.match(said, at) or _leads_to(said, at) for at in at_hues)


def legend() -> re.Pattern[str]:
    """Return the pattern of a legend of colours."""
    return re.compile(rf"{_TITLE.pattern}|{_BEFORE.pattern}(?:{_HUES})|{_AFTER.pattern}", re.IGNORECASE)


def _ends_of(stem: str, small: str) -> Iterator[int]:
    at = small.find(stem)
    while at >= 0:
        yield at + len(stem)
        at = small.find(stem, at + 1)


def _leads_to(said: str, at: int) -> bool:
    """Whether what stands before a hue leads to it: two words at most, and what is between them."""
    if not at or not said[at - 1].isspace():
        return False
    start = at
    for _ in range(2):
        while start and said[start - 1].isspace():
            start -= 1
        start = max(0, start - _LONGEST_WORD)
    return re.search(rf"{_BEFORE.pattern}\Z", said[max(0, start - 1) : at], re.IGNORECASE) is not None


def row_colours(sheet: Any) -> dict[int, list[str]]:
    """Return row (from 0) → the names of the colours that some of its written cells have, or their letters; a row of a
    cell or two has that of any of its cells.
    """
    found: dict[int, list[str]] = {}
    for number, cells in enumerate(sheet.iter_rows()):
        written = [cell for cell in cells if cell.value not in (None, "")]
        if not written:
            continue
        few = len(written) <= _FEW
        names = of_row([_names_of(cell) for cell in (cells if few else written)], len(written))
        if names:
            found[number] = names
    return found


_FEW = 2  # written cells of a row that may be of a legend
_NAME_CELLS = 2  # last and first name


def of_row(cells: list[list[str]], written: int) -> list[str]:
    """Return the names that two of the written cells have, as where the name alone is coloured; of a row of a cell or
    two those of any.
    """
    counts = Counter(name for names in cells for name in names)
    return [name for name, count in counts.items() if written <= _FEW or count >= _NAME_CELLS]


def _names_of(cell: Any) -> list[str]:
    fill = cell.fill.fgColor if cell.fill and cell.fill.fill_type == "solid" else None
    return called(_rgb(fill)) or called(_rgb(cell.font.color if cell.font else None))


def _rgb(colour: Any) -> str:
    if colour is None:
        return ""
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        return colour.rgb[-6:]
    if colour.type == "indexed":
        return INDEXED.get(colour.indexed, "")
    if colour.type == "theme" and isinstance(colour.theme, int) and colour.theme < len(_THEME):
        return _tinted(_THEME[colour.theme], colour.tint or 0)
    return ""


def _tinted(rgb: str, tint: float) -> str:
    parts = [int(rgb[at : at + 2], 16) for at in (0, 2, 4)]
    mixed = [part * (1 + tint) if tint < 0 else part + (255 - part) * tint for part in parts]
    return "".join(f"{round(part):02X}" for part in mixed)


def called(rgb: str) -> list[str]:
    """Return the names of a colour; none for black, white, and what cannot be told from them."""
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", rgb):
        return []
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < 0.12:
        return ["gris"] if 0.3 < value < 0.96 else []
    if value < 0.25:
        return []
    names = next(names for limit, names in _NAMED if hue * 360 < limit)
    return [*names, "rose"] if names == ("rouge",) and saturation < 0.6 else list(names)
