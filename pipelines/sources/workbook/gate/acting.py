"""Whoever leaves or comes by a row does so only where all that the row says of them was understood (contract §6a).

Words that nobody here understands may say anything: they make a question that quotes them, and nobody is ended or
created. What a column says of nearly everybody of its sheet, a ward, an address, is no remark.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from pipelines import names
from pipelines.normalize import parse_date
from pipelines.sources.cells.known_people import People
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.cells.presence import LEFT, PRESENT, presence_of
from pipelines.sources.workbook.beside.odd_ones import asks_if_there, title_of
from pipelines.sources.workbook.beside.sentences import note_of, question
from pipelines.sources.workbook.gate.apart import arrivals_apart, arrivals_moved, told_by_colleagues
from pipelines.sources.workbook.gate.corrections import attributes, corrections
from pipelines.sources.workbook.gate.frame import closed_places, not_whole
from pipelines.sources.workbook.gate.headings import held_below
from pipelines.sources.workbook.gate.held import HeldBack, Strange, strange_in
from pipelines.sources.workbook.gate.left_from import left_from_elsewhere, left_later
from pipelines.sources.workbook.gate.over import beside_number, is_of_a_past_year, is_over, past_titles, told_over
from pipelines.sources.workbook.row.cells import RowCells, RowNight
from pipelines.sources.workbook.row.departures import listed
from pipelines.sources.workbook.row.not_yet import coming, says_when
from schemas.people.workbook_line import NAME_FIELDS, UnreadRow, WorkbookLine, WrittenRow
from schemas.words import clean, label_key


def is_there(line: WorkbookLine, people: People) -> bool:
    """Tell whether the annuaire has the person of a line at its place, in its function."""
    at, function = line.assignment.structure_code, line.assignment.function
    known = people.by_number.get(line.number.number) if line.number.usable else None
    known = known or people.by_words.get(names.bag((line.last_name, line.first_name)))
    return known is not None and any(held[:2] == (at, function) for held in known.held)


def new_once_registered(lines: Sequence[WorkbookLine], people: People) -> frozenset[str]:
    """Return the numbers that nobody is known by, of lines whose people the annuaire has there by their names, and
    would not have there once a register knows the number (`is_there`): what stands beside them is then heard otherwise.

    Who is nearly there all the same is held back by nothing more; of two in one row it may be the other who is.
    """
    rows = Counter(line.location for line in lines)
    unknown = (line for line in lines if line.number.usable and line.number.number not in people.by_number)
    there = (line for line in unknown if not line.left and is_there(line, people))
    return frozenset(one.number.number for one in there if rows[one.location] > 1 or not _is_there_nearly(one, people))


def _is_there_nearly(line: WorkbookLine, people: People) -> bool:
    """Whether whoever has the very words of the name is one whom `_is_nearly_there` finds."""
    name = line.last_name, line.first_name
    known = people.by_words.get(names.bag(name))
    at = line.assignment.structure_code
    return known is not None and at in known.places and names.near(name, (known.last_name, known.first_name))


def held_back(line: WorkbookLine, cells: RowCells, night: RowNight) -> HeldBack | None:
    """Return what holds a row back: the cell for which nobody leaves or comes by it; None where nothing does."""
    row, around = cells.row, night.around
    if line.left:
        for name in ("status", "ended_on", "comment"):
            text = clean(getattr(row, name))
            if name == "status" and presence_of(text, night.day) != LEFT:  # an end that has come goes before « Actif »
                continue
            if text and (strange := strange_in(text, around, leaving=True)):
                return HeldBack(name if name != "comment" else "left_more", text, strange)
            if text and name != "ended_on" and left_from_elsewhere(text, line.assignment.structure_code, around):
                return HeldBack(name if name != "comment" else "left_more", text)
        later = presence_of(row.status, night.day) == LEFT and left_later(line, row.status, night.day)
        return HeldBack("ended_on", row.ended_on) if later else None
    told = [text for text in map(clean, (row.status, row.comment)) if text]
    issued = parse_date(row.card_issued_on)[0] if row.card_issued_on else None
    late = row.card_issued_on if issued and issued > night.day else ""
    if is_there(line, around.people):
        return None
    found = next((text for text in told if coming(text, night.day) or is_over(text, night.day)), "") or late
    found = found or told_over(cells, night.day)
    unknown = next((HeldBack("not_yet", text, words) for text in told if (words := strange_in(text, around))), None)
    if found:
        return HeldBack("not_yet", found)
    if strange := strange_in(beside_number(line, cells), around):
        return HeldBack("not_yet", row.cpx_number, strange)
    held = held_below(cells.texts, night.day, around) or unknown
    return None if held is None or _is_nearly_there(line, around.people) else held


def _is_nearly_there(line: WorkbookLine, people: People) -> bool:
    """Somebody of nearly this name has an account there: whether it is they is for the matching to tell."""
    place, name = line.assignment.structure_code, (line.last_name, line.first_name)
    theirs = (one for one in people.by_words.values() if place in one.places)
    return any(names.near(name, (one.last_name, one.first_name)) for one in theirs)


def held_by_question(
    lines: Sequence[WorkbookLine], asked: Sequence[UnreadRow], people: People
) -> tuple[list[WorkbookLine], list[UnreadRow]]:
    """Return the lines that stand, and the questions: whoever may have left, and whom the annuaire does not have there,
    does not come by the same row; the question is then whether they are there.
    """
    gone = {(one.structure_code, one.name) for one in asked if one.not_understood}
    if not gone:
        return list(lines), list(asked)
    held = {
        id(line): key
        for line in lines
        if (key := (line.assignment.structure_code, (line.last_name, line.first_name))) in gone
        if not (line.left or is_there(line, people) or _is_nearly_there(line, people))
    }
    new = set(held.values())
    questions = [
        replace(one, not_understood="not_yet") if (one.structure_code, one.name) in new else one for one in asked
    ]
    return [line for line in lines if id(line) not in held], questions


def through_the_gate(
    lines: Sequence[WorkbookLine],
    written: Sequence[WrittenRow],
    day: date,
    around: Surroundings,
    already: Collection[str],
) -> tuple[list[WorkbookLine], list[UnreadRow]]:
    """Return the lines that stand, and the questions: about whom strange words keep from leaving or coming, and about a
    list that may not be whole. `already`: the rows of which something is asked.
    """
    held = list(_held_back_beside(lines, written, day, around))
    told = {*already, *(line.location for line, _ in held)}
    held_out = {id(line) for line, _ in held}
    held += [one for one in corrections(lines, written) if one[0].location not in told]
    asked = [replace(question(line, line.location, one.kind, one.text), strange=one.strange) for line, one in held]
    asked += [*not_whole(lines, written, around), *closed_places(lines, written, around)]
    asked += [*arrivals_apart(lines, written, around.people)]
    asked += [*told_by_colleagues(lines, written, around.people), *arrivals_moved(lines, written, around.people, day)]
    return [line for line in lines if id(line) not in held_out], asked


def _held_back_beside(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], day: date, around: Surroundings
) -> Iterator[tuple[WorkbookLine, HeldBack]]:
    """Yield the lines of those who would leave or come, and of whom a cell beside that is not read, or a
    note, says what nobody understands, or that they are not there yet; with that.
    """
    acting = {line.location: line for line in lines if line.left or not is_there(line, around.people)}
    if not acting:
        return
    said: set[str] = set()
    people = {line.location for line in lines}
    old = past_titles(written, people, day)
    of_most = attributes(written, people)
    of_most |= _worded(written, day) if any(line.left for line in acting.values()) else set()
    for row in written:
        line = acting.get(row.line)
        if line is None or row.line in said:
            continue
        for name, head, text, remark in _cells(row, line, of_most):
            told = f"{head} : {text}" if head else text
            strange: Strange = ()
            if name == "status":
                kind = name
            elif not line.left and (
                says_when(head, text, day) or is_over(text, day) or is_of_a_past_year(head, text, day)
            ):
                kind = "not_yet"
            elif remark and (strange := strange_in(text, around, leaving=line.left)):
                kind = "left_more" if line.left else "not_yet"
            else:
                continue
            if kind == "not_yet" and _is_nearly_there(line, around.people):
                continue
            said.add(row.line)
            yield line, HeldBack(kind, told, strange)
            break
        else:
            if row.sheet in old and not (row.note or line.left or _is_nearly_there(line, around.people)):
                said.add(row.line)
                yield line, HeldBack("heading", old[row.sheet])


def _cells(
    row: WrittenRow, line: WorkbookLine, of_most: Collection[tuple[str, int]]
) -> Iterator[tuple[str, str, str, bool]]:
    """(field, header, text, whether it is a remark) of each cell of a row that is not read; and of a status « Non »
    below a header that does not ask whether somebody is there.
    """
    if row.note:
        yield "", "", note_of(row), True
        return
    for at, text in enumerate(row.cells):
        name, head, cell = row.read.get(at, ""), row.heads.get(at, ""), clean(text)
        if name == "status" and line.left and head and label_key(cell) in listed("no"):
            if (row.sheet, at) not in of_most and not asks_if_there(title_of(head)):
                yield name, head, cell, False
        elif cell and not name:
            yield name, head, cell, (row.sheet, at) not in of_most and any(map(str.isalpha, cell))
        elif name in NAME_FIELDS and any(map(str.isdigit, cell)):  # « ANCIEN - avant 2024 »
            yield name, "", cell, False


def _worded(written: Sequence[WrittenRow], day: date) -> set[tuple[str, int]]:
    """The columns of statuses in which some say in words who is there, or left: « Non » there says so, too."""
    answers = listed("yes") | listed("no")
    return {
        (row.sheet, at)
        for row in written
        for at, name in row.read.items()
        if name == "status" and at < len(row.cells) and (cell := clean(row.cells[at]))
        if label_key(cell) not in answers and presence_of(cell, day) in (LEFT, PRESENT)
    }
