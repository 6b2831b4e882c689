"""Departures told in a column that is not read: by its cell alone, or by its header and what answers it.

« Toujours correspondant ? » no, « A quitté l'établissement » yes, « Jusqu'au » a day that has come, « Remplacé par »
somebody. A column that says so of most people of the file means something else.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from pipelines import names
from pipelines.dates import date_in
from pipelines.normalize import parse_date
from pipelines.sources.cells.presence import has_departure, is_no_longer, says_weakly
from pipelines.sources.workbook.beside.blocks import blocks_at_right
from pipelines.sources.workbook.beside.odd_ones import Odd, asks_if_there, odd_ones, title_of
from pipelines.sources.workbook.beside.sentences import NAMED, InPost, in_post, named_in, note_of, question
from pipelines.sources.workbook.row.departures import contradicts, leaves, listed, may_end, tells_of_own
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.reading.mark import is_legend, is_vacancy
from schemas.words import clean, holds, label_key

_FEW = 2  # people whom any column may tell of
_YEAR = re.compile(r"(?:19|20)\d\d")
_ANSWER = re.compile(r"\s*(?:oui|non|ok|nc)\s*[,;:–-]\s*", re.IGNORECASE)
_TICKS = "✓✔☑☒✗✘"


def departures_beside(
    lines: Sequence[WorkbookLine], asked: set[str], written: Sequence[WrittenRow], day: date
) -> Iterator[UnreadRow]:
    """Yield a question for each departure told in a column that is not read, in a note, or in a sentence that names
    somebody of the file. `asked`: the rows of which something is asked already.
    """
    at: dict[str, list[WorkbookLine]] = {}
    for line in lines:
        at.setdefault(line.location, []).append(line)
    odd, apart = odd_ones(at, written), blocks_at_right(written)
    told: list[tuple[str, UnreadRow]] = []
    people: InPost = in_post(lines)
    for row in written:
        theirs = at.get(row.line, [])
        if len(theirs) == 1 and not theirs[0].left and row.line not in asked:
            told += _told_in(row, theirs[0], day, apart.get(row.sheet), people) or _set_apart(row, theirs[0], odd)
        elif not theirs and not row.note and _is_open(row):
            yield from named_in(row, people)
    heads = Counter(head for head, _ in told if head)
    for head, one in told:
        if not head or heads[head] <= max(_FEW, len(lines) // 2):
            yield one


def _is_open(row: WrittenRow) -> bool:
    """Nothing of it was read, or it is one cell alone: a sentence, a line of another sheet."""
    return not row.read or sum(map(bool, row.cells)) == 1


def _told_in(
    row: WrittenRow, line: WorkbookLine, day: date, apart: int | None, people: InPost
) -> list[tuple[str, UnreadRow]]:
    """(header, question) of the first cell that tells of the row's person; none, or one. `apart`: where a block begins
    that is about other things.
    """
    for text, head in _unread(row, apart):
        if not (is_legend(text) or _is_of_a_former_one(text, people)) and (
            _tells(text, head, day) or tells_of_own(text, line.last_name, line.first_name, day)
        ):
            wording = f"{head} : {text}" if head else text
            return [(label_key(head), question(line, row.line, "beside", wording))]
    return []


def _is_of_a_former_one(text: str, people: InPost) -> bool:
    """« Ancien CHV de Valvert : Dr DUVAL »: of somebody behind a title whom the list does not have."""
    named = NAMED.search(text) if label_key(text).partition(" ")[0] in listed("was") else None
    said = {names.sound(word) for word in names.words_of(named[1])} if named else set()
    return bool(said) and all(last.isdisjoint(said) for _, last in people)


def _set_apart(row: WrittenRow, line: WorkbookLine, odd: Odd) -> list[tuple[str, UnreadRow]]:
    if row.note or row.line not in odd:
        return []
    head, said = odd[row.line]
    return [(label_key(head), question(line, row.line, "beside", f"{head} : {said}"))]


def _unread(row: WrittenRow, apart: int | None) -> Iterator[tuple[str, str]]:
    if row.note:
        yield note_of(row), ""
        return
    for at, text in enumerate(row.cells[:apart]):
        if at not in row.read and clean(text):
            yield clean(text), row.heads.get(at, "")


def _tells(text: str, head: str, day: date) -> bool:
    key = label_key(text)
    if key in listed("order"):
        return True
    if answered := _ANSWER.match(text):  # « non, parti en septembre »
        text = text[answered.end() :]
    return (
        is_no_longer(text, day)
        or _tells_of_movements(text, head)
        or _answers(text, key, head, day)
        or leaves(text, day)
        or contradicts(text, day)
        or may_end(text, day)
    )


def _tells_of_movements(text: str, head: str) -> bool:
    """« 1 départ », « Départ : LE GOFF » below « Mouvements 2026 »."""
    told = " ".join(title_of(head)) in listed("movement") and has_departure(text)
    return told and listed("no").isdisjoint(label_key(text).split()[:1])


def _answers(text: str, key: str, head: str, day: date) -> bool:
    """What the header asks or expects, and what the cell answers."""
    title = title_of(head)
    if not title:
        return False
    if asks_if_there(title):
        return key in listed("no")
    if _is_of_an_end(title) and (has_come := _has_come(text, day)) is not None:
        return has_come
    if _names_a_successor(title):
        return any(map(str.isalpha, text)) and not is_vacancy(text) and key not in listed("no")
    if _asks_if_gone(head, title):
        return key in listed("yes") or text in _TICKS or _has_come(text, day) is True
    return False


def _has_come(text: str, day: date) -> bool | None:
    """Whether the day, or the year, that stands there alone is over; None where none does."""
    if _YEAR.fullmatch(text):
        return int(text) < day.year
    when, rest = date_in(text)
    when = when if when and not label_key(rest) else parse_date(text)[0]
    return when <= day if when else None


def _asks_if_gone(head: str, title: list[str]) -> bool:
    return has_departure(head) or says_weakly(" ".join(title)) or not listed("order").isdisjoint(title)


def _is_of_an_end(title: list[str]) -> bool:
    if " ".join(title) in listed("ending"):
        return True
    return not listed("ending_core").isdisjoint(title) and listed("ending_other").isdisjoint(title)


def _names_a_successor(title: list[str]) -> bool:
    return holds(" ".join(title), listed("successor"))
