"""Why a row brings or takes nobody: the words that nobody understood, or that say that it is not yet so."""

from dataclasses import dataclass

from pipelines.sources.cells.bare_number import numbers_in
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.workbook.gate.words import LEAVING, OWN, REMARK, strange_words
from schemas.reading.mark import says_nothing

_OF_LEAVING = ("LEFT", "WEAK")
_OF_COMING = ("ACTIVE", "NEUTRAL", "ALONE")

Strange = tuple[tuple[str, str], ...]
"""(field of the installation's own words, word) of each; `UnreadRow.strange`."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The kind of question, the text that asks it, and the strange words of it."""

    kind: str
    text: str
    strange: Strange = ()


def strange_in(text: str, around: Surroundings, *, leaving: bool = False) -> Strange:
    """Return (field, word) of each strange word of a remark, or of what stands beside a departure; « ? » is one of no
    field. A date is no word; a dash says nothing, nor does « NC ».
    """
    if says_nothing(text) or numbers_in(text):  # of a number the matching asks
        return ()
    if "?" in text:
        return (("", "?"),)
    kinds, phrases = (LEAVING, _OF_LEAVING) if leaving else (REMARK, _OF_COMING)
    return tuple((OWN[kinds], word) for word in strange_words(text, kinds, phrases, around))
