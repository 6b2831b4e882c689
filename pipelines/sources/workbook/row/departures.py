"""A departure told elsewhere than in the status: in another cell, an unread column, a note, a sentence of the sheet.

Nothing is concluded of it: whoever is told of stays, and somebody is asked (contract §6a).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from pipelines import names
from pipelines.dates import date_in
from pipelines.phrase import place_text
from pipelines.sources.cells.known_people import Record
from pipelines.sources.cells.presence import LEFT, begins_with_departure, has_departure, has_sign, presence_of
from pipelines.sources.cells.role import role_of
from pipelines.sources.mentions import told_as_gone
from schemas.nomenclatures import code_of, rows, say
from schemas.people.workbook_line import BETWEEN_CELLS, NAME_FIELDS, UnreadRow, WorkbookLine, WorkbookRow, WrittenRow
from schemas.reading.issue import quoted
from schemas.reading.mark import is_vacancy
from schemas.words import clean, label_key

_ASIDE = re.compile(r"\(([^()]*)\)?")
_UNTIL = re.compile(r"\bjusqu.*$", re.IGNORECASE)
_PART = re.compile(r"[,;]|\s[-–]\s")
_BY = re.compile(r"\spar\s.*$", re.IGNORECASE)
_ARROW = re.compile(r"-+>|=+>|→|➔|➜|⇒")
_LEAST = 4  # letters that tell of a departure: « non », « ex » answer anything
_LONGEST = 300  # signs of a sentence that is searched
_WHOLE = ("rank", "civility", "profession", "email", "phone")  # a cell that is nothing but a departure
_DRESSED = ("structure_name", "cpx_number", "rank", "profession", "email", "phone")  # or says it in brackets


def told_in_cell(record: Record, row: WorkbookRow, function: str, day: date) -> str:
    """Return the field, the status and the remark aside, whose cell tells of a departure, or is a rank that is none;
    "" where none does.
    """
    cells = {name: clean(getattr(row, name)) for name in dict.fromkeys((*_WHOLE, *_DRESSED))}
    for name in _WHOLE:
        if cells[name] and (_leaves(cells[name], day) or (name != "email" and _was(cells[name]))):
            return name
    for name in _DRESSED:
        if any(_leaves(part, day) and not _was(part) for part in _ASIDE.findall(cells[name])):
            return name
    if any(_leaves(part, day) for part in _PART.split(cells["cpx_number"])[1:]):
        return "cpx_number"
    end = clean(row.card_expires_on)
    if end[:1].isalpha() and not end.lower().startswith("fin") and _leaves(end, day):
        return "card_expires_on"
    until = _UNTIL.search(cells["structure_name"])
    if until and presence_of(until[0], day) not in ("PRESENT", ""):
        return "structure_name"
    for name in NAME_FIELDS:
        text = record.get(name, "")
        if text and (has_sign(text) or _ARROW.search(text) or (_was(text) and len(text.split()) > 1)):
            return name
    return "rank" if _is_no_rank(row, function) else ""


def contradicts(remark: str, day: date) -> bool:
    """Tell whether a remark tells the departure of its person, whatever the status says: « Parti en septembre »."""
    if not remark or not begins_with_departure(remark, day):
        return False
    return presence_of(remark, day) == LEFT or presence_of(_BY.sub("", remark), day) == LEFT or _is_away(remark)


def departures_beside(
    lines: Sequence[WorkbookLine], asked: set[str], written: Sequence[WrittenRow], day: date
) -> Iterator[UnreadRow]:
    """Yield a question for each departure told in a column that is not read, in a note, or in a sentence that names
    somebody of the file. `asked`: the rows of which something is asked already.
    """
    at: dict[str, list[WorkbookLine]] = {}
    people = _in_post(lines)
    for line in lines:
        at.setdefault(line.location, []).append(line)
    for row in written:
        theirs = at.get(row.line, [])
        if len(theirs) == 1 and not theirs[0].left and row.line not in asked:
            told = next(
                (f"{head} : {text}" if head else text for text, head in _unread(row) if _tells(text, head, day)), ""
            )
            if told:
                yield _question(theirs[0], row.line, "beside", told)
        elif not theirs and not row.note and _is_open(row):
            yield from _named_in(row, people)


def _is_open(row: WrittenRow) -> bool:
    """Nothing of it was read, or it is one cell alone: a sentence, a line of another sheet."""
    return not row.read or sum(map(bool, row.text.split(BETWEEN_CELLS))) == 1


def legends_of(lines: Sequence[WorkbookLine], written: Sequence[WrittenRow]) -> list[str]:
    """Return what is said of each legend that gives a colour the sense of a departure: colours are not read."""
    read, said = {line.location for line in lines}, list[str]()
    for row in written:
        text = "" if row.note or row.line in read else _departure_in(row)
        if not text:
            continue
        words = {*label_key(text).split(), *label_key(row.location.rpartition("!")[0]).split()}
        if not words.isdisjoint(_listed("colour")):
            said.append(say("sheet_read.legend", place=place_text(row.location), found=quoted(text)))
    return said


def _departure_in(row: WrittenRow) -> str:
    """The cells of a row as one sentence that tells of a departure; "" where it is none, or too long to be one."""
    text = " ".join(filter(None, map(clean, row.text.split(BETWEEN_CELLS))))
    return text if len(text) <= _LONGEST and has_departure(text) else ""


def _in_post(lines: Sequence[WorkbookLine]) -> list[tuple[WorkbookLine, frozenset[str]]]:
    """Each line whose person has not left, with how the words of the last name sound, where these can tell anybody."""
    sounds = [(line, frozenset(map(names.sound, names.words_of(line.last_name)))) for line in lines if not line.left]
    return [(line, last) for line, last in sounds if any(len(word) > 2 for word in last)]


def _named_in(row: WrittenRow, people: Sequence[tuple[WorkbookLine, frozenset[str]]]) -> Iterator[UnreadRow]:
    text = _departure_in(row)
    said = {names.sound(word) for word in names.words_of(text)}
    for line, last in people if text else ():
        if last <= said and (told_as_gone(text, (line.last_name, line.first_name)) or _ends_with_it(text, line)):
            yield _question(line, row.line, "sentence", text)
            return


def _ends_with_it(text: str, line: WorkbookLine) -> bool:
    """The departure stands behind the name: « KÖNIG Jürgen parti le 01/09/2026, ne pas le recontacter »."""
    words = label_key(text).split()
    theirs = {names.sound(word) for name in (line.last_name, line.first_name) for word in names.words_of(name)}
    at = [place for place, word in enumerate(words) if names.sound(word) in theirs]
    return bool(at) and has_departure(" ".join(words[at[-1] + 1 : at[-1] + 6]))


def _unread(row: WrittenRow) -> Iterator[tuple[str, str]]:
    if row.note:
        yield clean(row.text), ""
        return
    for at, text in enumerate(row.text.split(BETWEEN_CELLS)):
        if at not in row.read and clean(text):
            yield clean(text), row.heads.get(at, "")


def _tells(text: str, head: str, day: date) -> bool:
    key, title = label_key(text), label_key(head)
    if title in _listed("there") and key in _listed("no"):
        return True
    if title in _listed("ending"):
        when, rest = date_in(text)
        return when is not None and when <= day and not label_key(rest)
    return _leaves(text, day) or contradicts(text, day)


def _leaves(text: str, day: date) -> bool:
    return has_sign(text) or (len(label_key(text)) >= _LEAST and presence_of(text, day) == LEFT)


def _was(text: str) -> bool:
    """« ex M. », « ancien titulaire », « feu X »."""
    return bool(set(label_key(text).split()[:1]) & _listed("was"))


def _is_away(remark: str) -> bool:
    key = f"{label_key(remark)} "
    return any(key.startswith(f"{phrase} ") for phrase in _listed("away"))


def _is_no_rank(row: WorkbookRow, function: str) -> bool:
    """« zzz », « vice-titulaire » for a function that has ranks, and no rank, number or function in it."""
    text = clean(row.rank)
    if not text or not label_key(text) or function not in _ranked() or is_vacancy(text):
        return False
    if role_of(row.function, text, row.structure_type)[1] or role_of(text, "", row.structure_type)[0]:
        return False
    words = [word for word in label_key(text).split() if word not in _listed("rank_aside") and not word[0].isdigit()]
    return bool(words) and not all(code_of("ranks", word) for word in words)


def _question(line: WorkbookLine, location: str, kind: str, wording: str) -> UnreadRow:
    numbers = (line.number.number,) if line.number.usable else ()
    name = (line.last_name, line.first_name)
    return UnreadRow(line.source, location, line.assignment.structure_code, name, numbers, "", kind, wording)


@cache
def _ranked() -> frozenset[str]:
    return frozenset(row["function"] for row in rows("roles") if row["rank"])


@cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(word for row in rows("departure_words") if row["kind"] == kind for word in row["words"].split("|"))
