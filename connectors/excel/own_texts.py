"""What we wrote into a report, so that what somebody else wrote into any of its cells is found when it comes back.

The report carries a mark of each of its texts: three bytes of a digest, which say nothing of the text.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import unescape
from typing import Any

from schemas.words import clean, label_key

FACTS = ("lot", "updater", "summary_rows", "texts", "cells")  # what the report says of itself, in hidden cells
_SIZE = 3  # bytes of a mark: of ten thousand texts of ours one in two thousand of theirs would look like one
_LONGEST_CELL = 30_000  # characters: Excel takes 32,767
_TAG = re.compile(r"<[^>]*>")
_FIGURES = re.compile(r"[\d\s.,:/%+-]*")
_MOST_PIECES = 60  # of the marks of cells: of a report with more lines they are not told
_ON_ITS_ROW = "row"  # heading of the mark of a text, wherever it stands on its row
_ALL = ("", "all", "")  # the mark that each text has one
_DAY_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%y")
# (reference, heading of the column, what stands there)
ValueCell = tuple[str, str, str]


def marks_of(texts: Iterable[str]) -> list[str]:
    """Return the marks of texts in pieces that each fit into a cell; « <r><t>… » is one in several styles."""
    return _in_pieces(_mark(plain(text)) for text in texts)


def marks_of_cells(values: Iterable[ValueCell], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return the marks of single values in pieces, and of texts with what tells their row: a text of our own that was
    typed over another is told by them. Of a long report the values alone; of one that is longer still, none.
    """
    marks = [_cell_mark(*cell) for cell in values]
    all_of_them = [*marks, _cell_mark(*_ALL), *(_row_mark(*cell) for cell in texts)]
    found = (_in_pieces(one) for one in (all_of_them, marks))
    return next((pieces for pieces in found if len(pieces) <= _MOST_PIECES), [])


def _in_pieces(marks: Iterable[bytes]) -> list[str]:
    said = base64.b64encode(b"".join(sorted(set(marks)))).decode()
    return [said[at : at + _LONGEST_CELL] for at in range(0, len(said), _LONGEST_CELL)]


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """The texts of a report, as it tells them itself; of a file that tells none, everything is taken for ours.

    `cells`: the marks of what stands in the columns of values, line by line.
    """

    marks: frozenset[bytes]
    cells: frozenset[bytes] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.marks)

    def has(self, text: str) -> bool:
        """Tell whether we wrote this text, or it is only figures."""
        return not self.marks or _FIGURES.fullmatch(text) is not None or _mark(text) in self.marks

    @property
    def by_row(self) -> bool:
        """Whether the report tells each of its texts with its row."""
        return _cell_mark(*_ALL) in self.cells

    def has_on_row(self, row: str, text: str) -> bool:
        """Tell whether we wrote this text on the row that this tells: a reference, else the first text that stands
        there. Of a report that does not tell, whether we wrote it anywhere.
        """
        if not self.by_row:
            return self.has(text)
        return _FIGURES.fullmatch(text) is not None or _row_mark(row, text) in self.cells

    def has_value(self, reference: str, head: str, value: Any) -> bool:
        """Tell whether this value stood on this line under this heading; of a report that does not tell, True."""
        return not self.cells or _cell_mark(reference, head, shown(value)) in self.cells


def told(pieces: Iterable[str], cells: Iterable[str] = ()) -> OwnTexts:
    """Return the texts, and the cells, of which a report has these pieces; none where they are not whole."""
    return OwnTexts(_told(pieces), _told(cells))


def _told(pieces: Iterable[str]) -> frozenset[bytes]:
    try:
        joined = base64.b64decode("".join(pieces), validate=True)
    except ValueError:
        return frozenset()
    whole = len(joined) % _SIZE == 0
    return frozenset(joined[at : at + _SIZE] for at in range(0, len(joined), _SIZE)) if whole else frozenset()


def shown(value: Any) -> str:
    """Return a cell's value as it is shown: a number that a program made of figures, a day, a text."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, date | datetime):
        return f"{value:%d/%m/%Y}"
    text = "" if value is None else clean(str(value))
    for form in _DAY_FORMS if text[:1].isdigit() and ("/" in text or "-" in text) else ():  # else it is no day
        try:
            return f"{datetime.strptime(text, form):%d/%m/%Y}"
        except ValueError:
            continue
    return text


def _cell_mark(reference: str, head: str, text: str) -> bytes:
    return _digest(reference, label_key(head), _bare(text))


def _bare(text: str) -> str:
    return shown(text).replace(" ", "").casefold()


def _digest(reference: str, head: str, text: str) -> bytes:
    return hashlib.blake2b(f"{reference}\n{head}\n{text}".encode(), digest_size=_SIZE).digest()


@lru_cache(maxsize=8192)  # most of what one report says the next one says too
def _row_mark(row: str, text: str) -> bytes:
    return _digest(_seen(row)[0], _ON_ITS_ROW, _seen(text)[1])


@lru_cache(maxsize=8192)
def _seen(text: str) -> tuple[str, str]:
    """Return a text as it tells its row, and as it stands there."""
    key = label_key(text) or clean(text)
    return key, _bare(key)


def plain(text: str) -> str:
    """Return a text of the workbook's table of texts as it is read: « <r><t>… » is one in several styles."""
    return unescape(_TAG.sub("", text)) if text.startswith("<r>") else text


@lru_cache(maxsize=8192)
def _mark(text: str) -> bytes:
    key = label_key(text) or clean(text)
    return hashlib.blake2b(key.encode(), digest_size=_SIZE).digest()
