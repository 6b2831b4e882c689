"""Numbers that stand beside a line (contract §8): in any cell of its row, a note on it, or a text elsewhere in the file
that names its person. Typed evidence, whatever the header says.

An RPPS number has a key, which one run of digits in ten passes by chance: a column most of whose runs fail it holds
something else, and a telephone from abroad is none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines import names
from pipelines.sources.cells.bare_number import may_number, numbers_in
from pipelines.sources.workbook.beside.sentences import LONGEST
from schemas.people.identifiers import NumberKind, classify_cpx, kind_of
from schemas.people.workbook_line import BETWEEN_CELLS, WorkbookLine, WrittenRow
from schemas.words import clean

_MAY_NUMBER = re.compile(r"\d(?:[\s.\-_]?\d){8}")
_ALONE = re.compile(r"(?<!\d)\d{11,12}(?!\d)")
_TELEPHONE = re.compile(r"(?:\+|\b00)\s?\d[\d\s.()\-]*|\b33\s?[1-9](?:[\s.\-]?\d{2}){4}\b")
_FEWEST = 11  # digits of such a run
_SHORTEST = 3  # letters of a last name that tells of anybody
_NUMBERS_CELL = "cpx_number"  # read for itself


def with_numbers_beside(lines: Sequence[WorkbookLine], written: Sequence[WrittenRow]) -> list[WorkbookLine]:
    """Return the lines: what stands beside one without a usable number is typed evidence, and of any other a further
    number, which may speak against it.
    """
    rows = [row for row in written if _MAY_NUMBER.search(row.text)]
    at: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines) if rows else ():
        at[line.location].append(index)
    found = list(lines)
    strange, named = _of_something_else(rows), _by_last_name(lines if rows else ())
    for row in rows:
        theirs = at.get(row.line, [])
        if not theirs:
            place = _named_in(row, lines, named)
            if place is not None:
                found[place] = _with(found[place], _own(_in_text(row.text)))
        elif len(theirs) == 1:
            found[theirs[0]] = _with(found[theirs[0]], _in_row(row, found[theirs[0]], strange))
    return found


def _with(line: WorkbookLine, numbers: Iterable[str]) -> WorkbookLine:
    told = tuple(dict.fromkeys(numbers))
    if not told or line.left:
        return line
    if not line.number.usable:
        return replace(line, typed_numbers=tuple(dict.fromkeys((*line.typed_numbers, *told))))
    others = (one for one in (*line.other_numbers, *_own(told)) if one != line.number.number)
    return replace(line, other_numbers=tuple(dict.fromkeys(others)))


def _own(numbers: Iterable[str]) -> list[str]:
    """Those that are a person's for good: a CPE number may be any colleague's, an ADELI number an old one of theirs."""
    return [one for one in numbers if kind_of(one) is NumberKind.RPPS]


def _in_text(text: str, not_a_person: str = "") -> tuple[str, ...]:
    return numbers_in(_TELEPHONE.sub(" / ", clean(text.replace(BETWEEN_CELLS, " / "))), not_a_person)


def _in_row(row: WrittenRow, line: WorkbookLine, strange: set[tuple[str, int]]) -> Iterator[str]:
    """The numbers of a note, and of the cells whose column holds nothing else; where a cell is read as something else,
    what is surely a person's alone.
    """
    if row.note:
        yield from _in_text(row.text)
        return
    for place, cell in enumerate(row.cells):
        field = row.read.get(place, "")
        if field == _NUMBERS_CELL or not may_number(cell) or not _MAY_NUMBER.search(cell):
            continue
        if (row.sheet, place) in strange:
            continue
        told = _in_text(cell, line.assignment.structure_code)
        yield from _own(told) if field else told


def _of_something_else(rows: Sequence[WrittenRow]) -> set[tuple[str, int]]:
    """(sheet, column) of which more runs as long as an RPPS number fail its key than pass it."""
    score: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        for place, cell in enumerate(() if row.note else row.cells):
            for run in _ALONE.findall(cell) if len(cell) >= _FEWEST else ():
                right = classify_cpx(run)
                score[row.sheet, place] += 1 if right.usable and right.kind is NumberKind.RPPS else -1
    return {column for column, told in score.items() if told < 0}


# ── texts elsewhere ──────────────────────────────────────────────────────────────────────────────


def _by_last_name(lines: Iterable[WorkbookLine]) -> Mapping[str, list[int]]:
    """The longest word of a last name → the places of those who bear it."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        word = max(names.words_of(line.last_name), key=len, default="")
        if len(word) >= _SHORTEST:
            found[word].append(place)
    return found


def _named_in(row: WrittenRow, lines: Sequence[WorkbookLine], named: Mapping[str, list[int]]) -> int | None:
    """The place of the first line of the only person whom a text names: by last and first name, or by a last name that
    nobody else in the file has.
    """
    text = row.text.replace(BETWEEN_CELLS, " ")
    if len(text) > LONGEST or row.leavers:
        return None
    said = set(names.words_of(text))
    people: dict[tuple[str, str], int] = {}
    for word in said & named.keys():
        bearers = {names.full_key(lines[one].last_name, lines[one].first_name) for one in named[word]}
        for place in named[word]:
            line = lines[place]
            first = not said.isdisjoint(names.words_of(line.first_name))
            if said.issuperset(names.words_of(line.last_name)) and (first or len(bearers) == 1):
                people.setdefault((line.last_name, line.first_name), place)
    return next(iter(people.values())) if len(people) == 1 else None
