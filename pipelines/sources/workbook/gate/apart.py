"""An arrival told in a sentence: « Ajouter Mme NOUVEL Inès, RPPS 8997… ». Nobody comes by it, and it is asked."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipelines import names
from pipelines.sources.cells.bare_number import numbers_in
from pipelines.sources.cells.known_people import People
from pipelines.sources.workbook.beside.sentences import LONGEST, few_cells
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.table_words import words_where
from schemas.words import label_key

_MOST_CELLS = 3  # of a sentence
_MOST = 5  # such rows of a file: more are a table that is not read, of which its sheet tells
NAMED = re.compile(r"\b(?:M|MM|Mr|Mme|Mmes|Mlle|Dr|Docteur|Pr|Monsieur|Madame)\b\.?\s+((?:[A-ZÀ-Ý][\w'’\-]*\s?){1,4})")


def arrivals_apart(lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], people: People) -> Iterator[UnreadRow]:
    """Yield a question for each row that is not read and brings a number that no line has, or asks to add somebody whom
    no line names. Of whom the annuaire has the night tells itself.
    """
    read = {line.location for line in lines}
    numbers = {number for line in lines for number in (*line.typed_numbers, *line.other_numbers)}
    named = {names.bag((line.last_name, line.first_name)) for line in lines}
    found: list[UnreadRow] = []
    for row in written:
        cells = [] if row.note or row.line in read else few_cells(row, _MOST_CELLS)
        text = " ".join(cells)
        if not text or len(text) > LONGEST or (row.read and len(cells) > 1):
            continue
        new = tuple(one for one in numbers_in(text) if one not in numbers and not _has_account(one, people))
        name = _added(text)
        said = set(names.words_of(text)) if new else set()
        if new and any(said.issuperset(names.words_of(line.last_name)) for line in lines if line.last_name):
            continue  # of somebody who has a line the matching tells
        if new or (name and names.bag(name) not in named):
            found.append(UnreadRow(row.source, row.location, "", name or ("", ""), new, "", "apart", text))
    yield from found if len(found) <= _MOST else ()


def _has_account(number: str, people: People) -> bool:
    known = people.by_number.get(number)
    return known is not None and bool(known.held)


def _added(text: str) -> names.Name | None:
    """Whom a sentence asks to add: the words behind a title."""
    if _arriving().isdisjoint(label_key(text).split()):
        return None
    named = NAMED.search(text)
    words = named[1].split() if named else []
    return (words[0], " ".join(words[1:])) if words else None


@cache
def _arriving() -> frozenset[str]:
    return frozenset(words_where("arrival_words", kind="told"))
