"""What we wrote into a report, so that what somebody else wrote into any of its cells is found when it comes back.

The report carries a mark of each of its texts: three bytes of a digest, which say nothing of the text.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from schemas.words import clean, label_key

FACTS = ("lot", "updater", "summary_rows", "texts")  # what the report says of itself, in hidden cells
_SIZE = 3  # bytes of a mark: of ten thousand texts of ours one in two thousand of theirs would look like one
_LONGEST_CELL = 30_000  # characters: Excel takes 32,767
_TAG = re.compile(r"<[^>]*>")
_FIGURES = re.compile(r"[\d\s.,:/%+-]*")


def marks_of(texts: Iterable[str]) -> list[str]:
    """Return the marks of texts in pieces that each fit into a cell; « <r><t>… » is one in several styles."""
    marks = sorted({_mark(unescape(_TAG.sub("", text)) if text.startswith("<r>") else text) for text in texts})
    said = base64.b64encode(b"".join(marks)).decode()
    return [said[at : at + _LONGEST_CELL] for at in range(0, len(said), _LONGEST_CELL)]


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """The texts of a report, as it tells them itself; of a file that tells none, everything is taken for ours."""

    marks: frozenset[bytes]

    def __bool__(self) -> bool:
        return bool(self.marks)

    def has(self, text: str) -> bool:
        """Tell whether we wrote this text, or it is only figures."""
        return not self.marks or _FIGURES.fullmatch(text) is not None or _mark(text) in self.marks


def told(pieces: Iterator[str] | Iterable[str]) -> OwnTexts:
    """Return the texts of which a report has these pieces; none where they are not whole."""
    try:
        joined = base64.b64decode("".join(pieces), validate=True)
    except ValueError:
        joined = b""
    whole = len(joined) % _SIZE == 0
    return OwnTexts(frozenset(joined[at : at + _SIZE] for at in range(0, len(joined), _SIZE)) if whole else frozenset())


def _mark(text: str) -> bytes:
    key = label_key(text) or clean(text)
    return hashlib.blake2b(key.encode(), digest_size=_SIZE).digest()
