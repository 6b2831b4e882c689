"""What somebody wrote where no answer is expected: over a value, on the sheet for a visit, on a sheet of their own."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from connectors.excel.own_texts import FACTS, OwnTexts, shown
from connectors.excel.report.columns import CLOSED, STRUCTURE
from connectors.excel.returned.books import CellRow, Sheet
from schemas.changes.remark import ABOUT_THE_SHEET, ON_THE_TAB, WrittenText
from schemas.nomenclatures import messages, rows, say
from schemas.words import clean, fold, label_key

MOST_ROWS_READ = 20_000
_REFERENCE = "CHG-"
_NUMBERED = re.compile(r"\(?\d+\)?")  # of a copy: « À créer (2) »
_ANSWERS = ("decision", "postponed_to", "comment")


def in_a_line(row: CellRow, heads: Mapping[int, str], answers: Collection[int], own: OwnTexts) -> WrittenText | None:
    """Return what stands on a line over our values, each with its column; None for a line as we wrote it.

    `answers`: the places of the answers and of the reference, which is the last of them that has one.
    """
    reference = next((text for at in answers if at < len(row) and (text := _text(row[at])).startswith(_REFERENCE)), "")
    told_by = reference or next((text for value in row if (text := clean(_text(value)))), "")  # of a word, no reference
    theirs, codes = list[tuple[int, str]](), set[str]()
    for at, value in enumerate(row):
        text = shown(value)
        if at in answers or not text:
            continue
        if own.cells and label_key(heads.get(at, "")) in _closed():
            foreign, code = not own.has_value(reference, heads[at], value), "typed_over"
        else:
            ours = own.has_on_row(told_by, text) and not (own and _is_answer(text))
            foreign, code = isinstance(value, str) and not ours, "typed_over" if _is_place(heads.get(at, "")) else ""
        if foreign:
            theirs.append((at, text))
            codes.add(code)
    if not theirs:
        return None
    named = tuple(dict.fromkeys(heads[at] for at, _ in theirs if heads.get(at)))
    said = " | ".join(_headed(heads.get(at, ""), text) for at, text in theirs)
    return WrittenText("cell", "", 0, said, heads=named, code="typed_over" if "typed_over" in codes else "")


def above_the_lines(sheet: Sheet, header: int, own: OwnTexts) -> Iterator[WrittenText]:
    """Yield what stands over or beside the title of a sheet that is not ours: it is about the whole sheet."""
    for number, row in enumerate(sheet.rows(1, header - 1) if header > 1 else (), 1):
        for text in (clean(_text(value)) for value in row):
            if text and not own.has(text):
                yield WrittenText("cell", sheet.title, number, text, code=ABOUT_THE_SHEET)


def on_the_tab(sheet: Sheet) -> Iterator[WrittenText]:
    """Yield what somebody added to the name of a sheet of ours, or put in its place: « À désactiver NON »; no name
    that a program gives.
    """
    ours = next((name for name in _titles() if f" {name} " in f" {label_key(sheet.title)} "), "")
    words = [word for word in clean(sheet.title).split() if not _NUMBERED.fullmatch(word)]
    added = [word for word in words if not set(label_key(word).split()) <= set(ours.split())] if ours else words
    if (ours and added and any(map(label_key, added))) or (not ours and len(words) > 1):
        yield WrittenText("cell", sheet.title, 1, " ".join(added).strip(" -–—_:"), code=ON_THE_TAB)


@cache
def _titles() -> tuple[str, ...]:
    return tuple(label_key(text) for key, text in messages().items() if key.startswith("sheet."))


@cache
def _closed() -> frozenset[str]:
    """The headings under which every single value is known again."""
    return frozenset(label_key(say(f"column.{name}")) for name in CLOSED)


def _is_place(head: str) -> bool:
    """« Structure »: another one, typed over it, is a value too."""
    return label_key(head) == label_key(say(f"column.{STRUCTURE.name}"))


def _is_answer(text: str) -> bool:
    """« Fait » is ours, in the list of answers, and nowhere on a line."""
    return fold(text) in {fold(say(f"decision.{verdict}")) for verdict in ("accepted", "refused", "postponed")}


def is_listed(text: str) -> bool:
    """Tell whether it is an answer of a list, or a way to say one."""
    return label_key(text) in _listed()


@cache
def _listed() -> frozenset[str]:
    """What the lists of answers offer, and the words for it: we write none of them on the sheet for a visit."""
    offered = (text for key, text in messages().items() if key.startswith(("offer.", "decision.")))
    also = (way for row in rows("offers") for way in row["also"].split("|"))
    return frozenset(filter(None, map(label_key, (*offered, *also))))


def on_a_sheet(sheet: Sheet, own: OwnTexts) -> Iterator[WrittenText]:
    """Yield what stands on a sheet without references, with what the row begins with; its answers, where it has any:
    a line that lost its reference.
    """
    answers: Mapping[int, str] = {}
    visit = sheet.title == say("sheet.places")
    for number, row in enumerate(sheet.rows(1, MOST_ROWS_READ), 1):
        texts = [(at, clean(_text(value))) for at, value in enumerate(row)]
        if heads := _answer_heads(row):
            answers = heads
            continue
        if texts and fold(texts[0][1]) == fold(say("week.heading")):
            answers = {}  # what follows is our own, below « Cartes »
        first = next(((at, text) for at, text in texts if text), (0, ""))
        theirs = [
            (at, text)
            for at, text in texts
            if text
            and not (visit and _is_a_tick(text))
            and not _beside_a_fact(row, at)
            and (at in answers or (isinstance(row[at], str) and not _is_ours(text, first[1], own, visit=visit)))
        ]
        answered = any(at in answers for at, _ in theirs)
        if theirs:
            told = ([first[1]] if first not in theirs else []) + [
                _headed(answers.get(at, ""), text) for at, text in theirs
            ]
            said = " | ".join(told)
            if answered:
                yield WrittenText("uncounted", sheet.title, number, said, code=why_uncounted(first[1]))
            else:
                yield WrittenText("cell", sheet.title, number, said)


def why_uncounted(begins: str) -> str:
    """Return why an answer on a row without a reference is not taken, by what the row begins with: nothing is asked
    there, as we wrote ourselves, or the line lost its reference.
    """
    ours = (messages()[f"report.{key}"].partition("{")[0] for key in ("nothing_to_do", "answered"))
    return "asks_nothing" if fold(begins).startswith(tuple(map(fold, ours))) else "lost_reference"


def _is_a_tick(text: str) -> bool:
    """The box that we draw for a visit, ticked: « x », « ✓ »."""
    ticks = (mark for row in rows("answer_marks") if row["reads"] == "accepted" for mark in row["marks"].split())
    return (len(text) == 1 and text.isalpha()) or text in {*ticks, say("report.box")}


def _is_ours(text: str, first: str, own: OwnTexts, *, visit: bool) -> bool:
    """We wrote it, on this row; of a row that begins with a text of theirs, anywhere. On the sheet for a visit nothing
    that our lists offer.
    """
    if visit and label_key(text) in _listed():
        return False
    return own.has_on_row(first, text) if own.has_on_row(first, first) else own.has(text)


def headed_as_ours(first_rows: Iterable[CellRow]) -> bool:
    """Tell whether one of these rows is the header of our lines, with or without its hidden columns."""
    ours = {fold(say(f"column.{name}")) for name in ("decision", "comment", "reason")}
    return any(ours <= {fold(_text(value)) for value in row} for row in first_rows)


def _answer_heads(row: CellRow) -> Mapping[int, str]:
    """Where the columns of answers stand, in the row that has « Décision »; nothing in any other."""
    names = {fold(say(f"column.{name}")): say(f"column.{name}") for name in _ANSWERS}
    found = {at: names[fold(_text(value))] for at, value in enumerate(row) if fold(_text(value)) in names}
    return found if say("column.decision") in found.values() else {}


def _beside_a_fact(row: CellRow, at: int) -> bool:
    """The hidden cells in which the report says of itself what it is."""
    return not _facts().isdisjoint(map(_text, row[max(at - 1, 0) : at + 1]))


@cache
def _facts() -> frozenset[str]:
    return frozenset(say(f"column.{name}") for name in FACTS)


def _headed(head: str, text: str) -> str:
    return say("remark.headed", head=head, text=text) if head else text


def _text(value: Any) -> str:
    return "" if value is None else str(value)
