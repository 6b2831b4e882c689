"""What is remembered of a source when it was last used or released: how much it held, and how its text ended."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.reading.filled import Filled


class Ending(StrEnum):
    """How a text ends: its last line closed or not, with all its fields or not. NONE: it is no text, or not known."""

    NONE = ""
    WHOLE = "whole"  # a line end, behind a line of full width
    BARE = "bare"  # a line of full width, and no line end: some programs write none
    SHORT = (
        "short"  # a line end, behind a line of fewer fields than any other: a remark, or a file put together wrongly
    )
    CUT = "cut"  # fewer fields than any other line, and no line end

    @property
    def closed(self) -> bool:
        """The last line has its end."""
        return self not in (Ending.BARE, Ending.CUT)

    @property
    def full(self) -> bool:
        """The last line is as wide as the others."""
        return self not in (Ending.SHORT, Ending.CUT)


def ending_of(*, closed: bool, full: bool) -> Ending:
    """Return the ending of a text."""
    if closed:
        return Ending.WHOLE if full else Ending.SHORT
    return Ending.BARE if full else Ending.CUT


@dataclass(frozen=True, slots=True)
class Footprint:
    """A source as it was when it was last used or released: rows, the people in it (0: not known; of a national
    file, the lines of use), its ending, how far
    each of its columns was filled, and of a text what it would be without its last lines.
    """

    rows: int
    people: int = 0
    ending: Ending = Ending.NONE
    filled: Mapping[str, Filled] = field(default_factory=dict)
    cuts: tuple[str, ...] = ()

    def lines_less(self, cuts: tuple[str, ...]) -> int:
        """Tell how many of its last lines a text lacks that is this one otherwise, to the last byte; 0: it is another,
        or nobody knows.
        """
        return self.cuts.index(cuts[0]) if cuts and cuts[0] in self.cuts else 0


_MOST_CUTS = 500
_CUT_BYTES = 8
_BLANK = b' ;,|"\t\r\n\0'


def cuts_of(content: bytes) -> tuple[str, ...]:
    """Return the digests of a text, whole, without its last line, its last two…: half of it, five hundred at most.

    Blank lines are none.
    """
    lines = [line for line in content.splitlines(keepends=True) if line.strip(_BLANK)]
    kept = min(len(lines) // 2, _MOST_CUTS)
    digest = hashlib.blake2b(b"".join(lines[: len(lines) - kept]), digest_size=_CUT_BYTES)
    found = [digest.hexdigest()]
    for line in lines[len(lines) - kept :]:
        digest.update(line)
        found.append(digest.hexdigest())
    return tuple(found[::-1])
