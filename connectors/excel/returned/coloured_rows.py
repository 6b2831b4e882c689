"""Which lines of a returned sheet somebody coloured: in a colour that is none of ours, and not the whole sheet."""

import re
from collections.abc import Iterable
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring

from connectors.excel.report.styles import COLOURS

_PLACE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(\d+)"')
_FIRST = (b"A", b"B", b"C")  # the person, the reason, the answer: whoever colours a line colours one of them
_ACCENT = 4  # the first of a theme's colours that is one
_VIVID, _NEAR = 40, 24  # of 255: of what is no grey; of what is taken for one of ours
_MOST = 2000  # lines
_WHOLE = 3  # lines of one colour that are a look of the sheet where it has no others


def own_colours() -> frozenset[tuple[int, ...]]:
    """Return the colours of our reports, each as red, green and blue."""
    return frozenset(_parts(one.removeprefix("#")) for one in COLOURS.values())


def coloured_styles(archive: ZipFile) -> dict[int, str]:
    """Return the numbers of the styles that fill a cell with a colour of theirs, each with that colour."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = fromstring(archive.read("xl/styles.xml"))
    fills = [_colour(fill) for one in _children(root, "fills") for fill in _children(one, "fill")]
    xfs = [xf for one in _children(root, "cellXfs") for xf in _children(one, "xf")]
    numbers = [int(xf.get("fillId", "0")) for xf in xfs]
    return {at: fills[number] for at, number in enumerate(numbers) if number < len(fills) and fills[number]}


def coloured_rows(xml: bytes, styles: dict[int, str]) -> frozenset[int]:
    """Return the rows of a sheet that are coloured so."""
    found: dict[int, str] = {}
    for one in _PLACE.finditer(xml) if styles else ():
        colour = styles.get(int(one[3]), "")
        if colour and one[1] in _FIRST and len(found) < _MOST:
            found.setdefault(int(one[2]), colour)
    return frozenset(found)


def without_a_look(rows: Iterable[int], lines: Iterable[int]) -> frozenset[int]:
    """Return the coloured rows that say something: none where all of several lines are coloured."""
    coloured, every = frozenset(rows), frozenset(lines)
    whole = len(every) >= _WHOLE and every <= coloured
    return frozenset() if whole else coloured & every


def _colour(fill: Any) -> str:
    """The colour of a fill, as it is written; "" for none, a grey, or one of ours."""
    for pattern in _children(fill, "patternFill"):
        for one in _children(pattern, "fgColor") if pattern.get("patternType", "none") != "none" else ():
            theme, rgb = one.get("theme"), one.get("rgb", "")
            if theme is not None:
                return f"theme {theme}" if int(theme) >= _ACCENT else ""
            return rgb if len(rgb) == len("FFRRGGBB") and _is_theirs(_parts(rgb[2:])) else ""
    return ""


def _is_theirs(colour: tuple[int, ...]) -> bool:
    vivid = max(colour) - min(colour) >= _VIVID
    return vivid and all(max(abs(a - b) for a, b in zip(colour, own, strict=True)) > _NEAR for own in own_colours())


def _parts(rgb: str) -> tuple[int, ...]:
    return tuple(int(rgb[at : at + 2], 16) for at in (0, 2, 4))


def _children(element: Any, name: str) -> list[Any]:
    return [one for one in element if str(one.tag).rpartition("}")[2] == name]
