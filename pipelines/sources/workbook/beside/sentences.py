"""Sentences of a sheet that tell of a departure, and whom of its people they name; the question that is asked of it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from pipelines import names
from pipelines.sources.cells.presence import has_departure, says_only_departure
from pipelines.sources.mentions import told_as_gone
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.words import clean, label_key

LONGEST = 300  # signs of a text, or a row as one, that may name somebody
NAMED = re.compile(r"\b(?:M|MM|Mr|Mme|Mmes|Mlle|Dr|Docteur|Pr|Monsieur|Madame)\b\.?\s+((?:[A-ZÀ-Ý][\w'’\-]*\s?){1,4})")
_AT_AN_HOUR = re.compile(r"\b\d{1,2}\s?(?:h|heures?)\b|\b\d{1,2}h\d{2}\b", re.IGNORECASE)  # « départ à 16 h »
_AUTHOR = re.compile(r"^\s*[A-ZÀ-Ý][\w.'’ \-]{0,25}:\s+")
InPost = Sequence[tuple[WorkbookLine, frozenset[str]]]
"""Each line whose person has not left, with how the words of the last name sound."""


def question(line: WorkbookLine, location: str, kind: str, wording: str) -> UnreadRow:
    """Return the question whether the person of a line left; `wording`: what says so."""
    numbers = (line.number.number,) if line.number.usable else ()
    name = (line.last_name, line.first_name)
    return UnreadRow(line.source, location, line.assignment.structure_code, name, numbers, "", kind, wording)


def cells_of(row: WrittenRow) -> list[str]:
    """Return what is written in a row, cell by cell."""
    return [text for text in map(clean, row.cells) if text]


def note_of(row: WrittenRow) -> str:
    """Return what a note says, without the name or the initials of who wrote it: « BN : à supprimer »."""
    return clean(_AUTHOR.sub("", row.text))


def few_cells(row: WrittenRow, most: int) -> list[str]:
    """Return what is written in a row of so many cells at most; nothing of a wider one, as nearly all are."""
    cells = list(islice((text for text in map(clean, filter(None, row.cells)) if text), most + 1))
    return cells if len(cells) <= most else []


def departure_in(row: WrittenRow) -> str:
    """Return the cells of a row as one sentence that tells of a departure; "" where it is none, or too long to be
    one.
    """
    text = " ".join(cells_of(row))
    return text if len(text) <= LONGEST and has_departure(text) else ""


def in_post(lines: Sequence[WorkbookLine]) -> InPost:
    """Return those who have not left and whose names can tell anybody."""
    sounds = [(line, frozenset(map(names.sound, names.words_of(line.last_name)))) for line in lines if not line.left]
    return [(line, last) for line, last in sounds if any(len(word) > 2 for word in last)]


def named_in(row: WrittenRow, people: InPost) -> Iterator[UnreadRow]:
    """Yield the question about whom a sentence names as gone: « M. KÖNIG a quitté l'hôpital ».

    A cell that says more than a departure, « suppression de M. ANCIEN », tells of whom it names itself.
    """
    if not departure_in(row) or _AT_AN_HOUR.search(departure_in(row)):
        return
    telling = [cell for cell in cells_of(row) if has_departure(cell)]
    texts = [cell for cell in telling if not says_only_departure(cell)] or [departure_in(row)]
    for text in texts:
        said = {names.sound(word) for word in names.words_of(text)}
        for line, last in people:
            if last <= said and (told_as_gone(text, (line.last_name, line.first_name)) or _ends_with_it(text, line)):
                yield question(line, row.line, "sentence", text)
                return


def _ends_with_it(text: str, line: WorkbookLine) -> bool:
    """The departure stands behind the name: « KÖNIG Jürgen parti le 01/09/2026, ne pas le recontacter »."""
    words = label_key(text).split()
    theirs = {names.sound(word) for name in (line.last_name, line.first_name) for word in names.words_of(name)}
    at = [place for place, word in enumerate(words) if names.sound(word) in theirs]
    return bool(at) and has_departure(" ".join(words[at[-1] + 1 : at[-1] + 6]))
