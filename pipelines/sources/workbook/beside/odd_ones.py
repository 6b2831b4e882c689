"""The odd ones of a column that parts people: « Actif » X for nine and nothing for one, « C/M/S » S, « Accès » non.

What such a column means is not known for sure: nobody is ended by it, and the odd ones are asked about.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipelines.dates import date_in
from pipelines.sources.workbook.row.departures import listed
from schemas.people.workbook_line import WorkbookLine, WrittenRow
from schemas.words import clean, label_key

_DIGITS = re.compile(r"\d+")
_TICKS = frozenset("✓✔☑")
_FEWEST = 4  # people of whom one can be odd
_MOST_ALIKE = 0.6  # of them, at least, whom the column has alike
_FEW, _SHARE_ODD = 2, 4  # odd ones: two, or a quarter
_EMPTY = "(vide)"

Odd = Mapping[str, tuple[str, str]]
"""Location of a row → (the header, what its cell says)."""


def title_of(head: str) -> list[str]:
    """Return the words of a header, its dates and figures aside."""
    return _DIGITS.sub(" ", label_key(date_in(head)[1])).split() if head else []


def asks_if_there(title: list[str]) -> bool:
    """Tell of « Encore en poste », « Toujours correspondant », « Présent(e) au »: such words alone, one of presence
    among them.
    """
    core, aside = listed("there"), listed("there_aside")
    return " ".join(title) in core or (
        any(word in core or word in listed("there_core") for word in title)
        and all(word in core or word in aside or word in listed("there_core") for word in title)
    )


def odd_ones(at: Mapping[str, Sequence[WorkbookLine]], written: Sequence[WrittenRow]) -> Odd:
    """Return whom the columns about presence, access or movements that are no status set apart. `at`: the lines of
    each row.
    """
    columns: dict[tuple[str, int, str], dict[str, str]] = defaultdict(dict)
    for row in written:
        theirs = at.get(row.line, ())
        if row.note or len(theirs) != 1 or theirs[0].left:
            continue
        cells = row.cells
        for place, head in row.heads.items():
            if row.read.get(place, "status") == "status":
                text = clean(cells[place]) if place < len(cells) else ""
                columns[row.sheet, place, head][row.line] = text
    found: dict[str, tuple[str, str]] = {}
    for (_, _, head), texts in columns.items():
        for line in _apart(title_of(head), texts):
            found.setdefault(line, (head, texts[line] or _EMPTY))
    return found


def _apart(title: list[str], texts: Mapping[str, str]) -> list[str]:
    """The rows that one column sets apart; none where it is about other things, or where nobody is like the others."""
    if len(texts) < _FEWEST or not title:
        return []
    keys = {line: text if text in _TICKS else label_key(text) or text for line, text in texts.items()}
    common, count = Counter(keys.values()).most_common(1)[0]
    out = _outs(title, common)
    odd = [line for line, key in keys.items() if key != common and key in out]
    alike = count >= _MOST_ALIKE * len(texts)
    return odd if alike and len(odd) <= max(_FEW, len(texts) // _SHARE_ODD) else []


def _outs(title: list[str], common: str) -> frozenset[str]:
    """What says under such a header that somebody is not, where most have `common`."""
    said = " ".join(title)
    if said in listed("movement"):
        return listed("movement_out")
    yes = common in listed("yes") or common in _TICKS or common in listed("there")
    if yes and asks_if_there(title):
        return listed("no") | listed("absent") | {"", "?"}
    if yes and said in listed("access_head"):
        return listed("no")
    return frozenset()
