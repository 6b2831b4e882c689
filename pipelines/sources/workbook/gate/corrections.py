"""What a cell, a remark or a note says is to change: « Nouveau mail : a@… », « nouveau n° de tél 04 74… ».

Of a column that is not read, filled for few; it is asked about, and nothing changes by it (contract §6a).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from pipelines.normalize import parse_phones
from pipelines.sources.workbook.beside.sentences import note_of
from pipelines.sources.workbook.gate.held import HeldBack
from pipelines.sources.workbook.row.departures import listed
from schemas.people.workbook_line import WorkbookLine, WrittenRow
from schemas.reading.mark import says_nothing
from schemas.table_words import arrival_words
from schemas.words import clean, label_key

_ATTRIBUTE = 0.5  # of the rows of a sheet, for whom a column is filled that says what people are
_LEAST = 4  # rows of a sheet that tell what its columns are
_LONGEST = 200  # signs of a remark that is looked through
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)0\d(?:[ .\-]?\d{2}){4}(?!\d)")


def corrections(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow]
) -> Iterator[tuple[WorkbookLine, HeldBack]]:
    """Yield (line, what is asked) of each cell of an unread column « Nouveau mail », « Corrections » filled for few.

    So of each remark and note that tells of a new address or telephone.
    """
    at = {line.location: line for line in lines}
    yield from _in_remarks(at, written)
    of_sheets = {id(row.heads): row.heads for row in written}.values()
    heads = {head for theirs in of_sheets for head in theirs.values() if _tells_changes(head)}
    if not heads:
        return
    of_most = attributes(written, at.keys())
    for row in written:
        line = at.get(row.line)
        if line is None or row.note or line.left:
            continue
        for place, head in row.heads.items():
            text = clean(row.cells[place]) if place < len(row.cells) and place not in row.read else ""
            if text and head in heads and (row.sheet, place) not in of_most and not _says_none(text):
                yield line, HeldBack("correction", f"{head} : {text}")
                break


@cache
def _tells_changes(head: str) -> bool:
    words = set(label_key(head).split())
    return bool(words & arrival_words("correction")) and not words & arrival_words("correction_not")


def _says_none(text: str) -> bool:
    return says_nothing(text) or label_key(text) in listed("no") or not any(map(str.isalnum, text))


def _in_remarks(
    at: Mapping[str, WorkbookLine], written: Sequence[WrittenRow]
) -> Iterator[tuple[WorkbookLine, HeldBack]]:
    for row in written:
        line = at.get(row.line)
        if line is None or line.left:
            continue
        texts = [note_of(row)] if row.note else [row.cells[place] for place in _remarks_in(row)]
        told = next((text for text in map(clean, texts) if _tells_of_a_contact(text, line)), "")
        if told:
            yield line, HeldBack("correction", told)


def _remarks_in(row: WrittenRow) -> Iterator[int]:
    return (at for at, name in row.read.items() if name == "comment" and at < len(row.cells))


def _tells_of_a_contact(text: str, line: WorkbookLine) -> bool:
    """« Nouveau n° de tél 04 74 11 22 33 », and the row itself has another."""
    if len(text) > _LONGEST or arrival_words("correction").isdisjoint(label_key(text).split()):
        return False
    emails = {one.lower() for one in _EMAIL.findall(text)}
    phones = {good for one in _PHONE.findall(text) for good in parse_phones(one)[0]}
    return bool(emails - set(line.emails)) or bool(phones - set(line.phones))


def attributes(written: Sequence[WrittenRow], people: Collection[str]) -> set[tuple[str, int]]:
    """Return the columns of each sheet that say something of most of its people; all of them where it has but few."""
    filled: Counter[tuple[str, int]] = Counter()
    rows: Counter[str] = Counter()
    columns: Mapping[str, set[int]] = defaultdict(set)
    for row in written:
        if row.note or row.line not in people:
            continue
        rows[row.sheet] += 1
        for at, text in enumerate(row.cells):
            if at not in row.read and text:
                filled[row.sheet, at] += 1
                columns[row.sheet].add(at)
    return {
        (sheet, at)
        for sheet, own in columns.items()
        for at in own
        if rows[sheet] < _LEAST or filled[sheet, at] > _ATTRIBUTE * rows[sheet]
    }
