"""Somebody whom the annuaire does not have at a place, and of whom the row says that they are not there yet: « Futur »,
« arrive le 04/01/2027 », « Date de prise de fonction » to come, « Accord : non ».

Nobody is created before: it is asked whether they are in post.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from pipelines.dates import date_in
from pipelines.names import bag
from pipelines.normalize import parse_date
from pipelines.sources.cells.known_people import People
from pipelines.sources.cells.presence import is_to_come
from schemas.people.workbook_line import WorkbookLine, WrittenRow
from schemas.table_words import words_where
from schemas.words import clean, label_key


def is_there(line: WorkbookLine, people: People) -> bool:
    """Tell whether the annuaire has the person of a line at its place."""
    known = people.by_number.get(line.number.number) if line.number.usable else None
    known = known or people.by_words.get(bag((line.last_name, line.first_name)))
    return known is not None and line.assignment.structure_code in known.places


def coming(text: str, day: date) -> bool:
    """Tell whether a cell says that somebody is to come: a day to come with a word for it, or such a word alone."""
    cell = clean(text)
    if not cell:
        return False
    when, words = date_in(cell)
    said = set(label_key(words).split())
    return (when is not None and when > day and not _kind("arrival").isdisjoint(said)) or is_to_come(cell)


def waiting_beside(lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], day: date) -> Mapping[str, str]:
    """Return location → what an unread cell of the row says of it, of these lines."""
    at = {line.location for line in lines}
    found: dict[str, str] = {}
    for row in written if at else ():
        if row.line not in at or row.note:
            continue
        for place, text in enumerate(row.cells):
            head = row.heads.get(place, "")
            if place not in row.read and clean(text) and _waits(head, clean(text), day):
                found.setdefault(row.line, f"{head} : {clean(text)}" if head else clean(text))
    return found


def _waits(head: str, text: str, day: date) -> bool:
    title = set(label_key(head).split())
    if not _kind("begin").isdisjoint(title) and _kind("begin_not").isdisjoint(title):
        when, words = date_in(text)
        when = when if when and not label_key(words) else parse_date(text)[0]
        return when is not None and when > day
    if not _kind("agreed").isdisjoint(title):
        return label_key(text) in _kind("refused")
    return coming(text, day)


@cache
def _kind(kind: str) -> frozenset[str]:
    return frozenset(words_where("arrival_words", kind=kind))
