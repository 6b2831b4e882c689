"""An arrival told in a sentence, « Ajouter Mme NOUVEL Inès, RPPS 8997… », a colleague's remark, or below « Entrant ».

Nobody comes by it, and it is asked.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from pipelines import names
from pipelines.normalize import split_name
from pipelines.sources.cells.bare_number import numbers_in
from pipelines.sources.cells.known_people import People
from pipelines.sources.workbook.beside.movements import IN, movements_in
from pipelines.sources.workbook.beside.sentences import LONGEST, NAMED, few_cells, note_of
from pipelines.sources.workbook.gate.words import known_words
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.table_words import arrival_words
from schemas.words import fold, label_key

_MOST_CELLS = 3  # of a sentence
_MOST = 5  # such rows of a file: more are a table that is not read, of which its sheet tells
_BEFORE_THEM = re.compile(
    r"\bsuccede a|\bsuccession|\bremplace |\b(?:en|le) remplacement d|\bdepart d|\bsuite a|\bla place d"
)


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


def told_by_colleagues(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], people: People
) -> Iterator[UnreadRow]:
    """Yield a question for each remark, unread cell or note of somebody's row that names somebody else who comes, or
    gives the number of one: « + Mme DUVAL, nouvelle assistante », « JACQUET Romain rejoint l'équipe (RPPS 8997…) ».
    """
    at = {line.location: line for line in lines}
    numbers = {number for line in lines for number in line.typed_numbers}
    named = [set(names.words_of(line.last_name)) for line in lines if line.last_name]
    found: dict[str, UnreadRow] = {}
    for row in written:
        own = at.get(row.line)
        for text in _remarks(row) if own else ():
            name = _added(text)
            said = set(names.words_of(" ".join(name))) if name else set()
            known = bool(said) and (any(said & one for one in named) or _names_an_account(said, people))
            new = tuple(one for one in numbers_in(text) if one not in numbers and not _has_account(one, people))
            if own is not None and ((name and not known) or (new and _names_another(text, own))):
                one = UnreadRow(row.source, row.location, "", name or ("", ""), new, "", "apart", text)
                found.setdefault(text, one)
    yield from found.values() if len(found) <= _MOST else ()


def _remarks(row: WrittenRow) -> Iterator[str]:
    """A note, and the cells of remarks or of what is not read, that are long enough to name somebody."""
    if row.note:
        yield note_of(row)
        return
    for at, text in enumerate(row.cells):
        if len(text) >= _LEAST and row.read.get(at, "comment") == "comment" and len(text) <= LONGEST:
            yield text


def _names_another(text: str, own: WorkbookLine) -> bool:
    """A name in capitals that is none of the row's own: « JACQUET Romain »; not « RPPS », « IDE »."""
    mine = {*names.words_of(own.last_name), *names.words_of(own.first_name)}
    shouted = (one[0] for one in _CAPITALS.finditer(text))
    return any(mine.isdisjoint(names.words_of(word)) and label_key(word) not in known_words() for word in shouted)


def _names_an_account(said: set[str], people: People) -> bool:
    theirs = (names.words_of(one.last_name) for one in people.by_words.values() if one.held)
    return any(words and said.issuperset(words) for words in theirs)


_LEAST = 8  # characters of a remark
_CAPITALS = re.compile(r"\b[A-ZÀ-Ý][A-ZÀ-Ý'’\-]{3,}\b")


def arrivals_moved(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], people: People, day: date
) -> Iterator[UnreadRow]:
    """Yield a question for each name below « Entrant » that no line and no account has."""
    named = {names.bag((line.last_name, line.first_name)) for line in lines}
    for one in movements_in(written, {line.location for line in lines}, day):
        _, last, first = split_name(one.cell, "", one_cell=True)
        bag = names.bag((last, first))
        if one.way == IN and last and bag not in named and bag not in people.by_words:
            text = f"{one.head} : {one.cell}"
            yield UnreadRow(one.row.source, one.row.location, "", (last, first), (), "", "apart", text)


def _has_account(number: str, people: People) -> bool:
    known = people.by_number.get(number)
    return known is not None and bool(known.held)


def _added(text: str) -> names.Name | None:
    """Whom a sentence asks to add: the words behind a title; not whom somebody succeeds."""
    if arrival_words("told").isdisjoint(label_key(text).split()) or _BEFORE_THEM.search(fold(text)):
        return None
    named = NAMED.search(text)
    words = named[1].split() if named else []
    return (words[0], " ".join(words[1:])) if words else None
