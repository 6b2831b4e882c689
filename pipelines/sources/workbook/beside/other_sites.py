"""Another establishment in the row of somebody who has a function there too: « 2e site », « également à Nord-Ardoise ».

A row names one place; whoever has two is not gone from the second where their own row names it (contract §6a).
"""

import re
from collections.abc import Collection, Iterator

from pipelines.sources.cells.place import own_words
from pipelines.sources.cells.presence import has_departure
from schemas.people.workbook_line import WrittenRow
from schemas.words import clean, label_key

_ADDRESS = re.compile(r"\S*@\S*")  # the domain of somebody who moved is often the old one
_FINESS = 9  # signs: « 24 » is a region's code, and a part of many numbers
_LONGEST = 500  # characters of a cell that is searched


def named_sites(row: WrittenRow, here: str, known: Collection[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    """Yield (column, code) of each other structure that a row names by its number or the words of its name, and of
    which no departure is told there. `here`: the name of its own; `known`: (code, name) of those looked for.
    """
    own = {code: own_words(name) - own_words(here) for code, name in known}
    cells = [(0, row.text)] if row.note else list(enumerate(row.cells))
    for at, text in cells:
        said = set(label_key(_ADDRESS.sub(" ", clean(text)[:_LONGEST])).split())
        for code, words in own.items():
            if ((len(code) == _FINESS and code in said) or (words and words <= said)) and not has_departure(text):
                yield at, code
