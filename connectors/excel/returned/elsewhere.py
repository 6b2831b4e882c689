"""What somebody wrote where no answer is expected: over a value, on the sheet for a visit, on a sheet of their own."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from connectors.excel.own_texts import FACTS, OwnTexts, shown
from connectors.excel.report.columns import CLOSED
from connectors.excel.returned.books import CellRow, Sheet
from schemas.changes.remark import WrittenText
from schemas.nomenclatures import messages, rows, say
from schemas.words import clean, fold, label_key

MOST_ROWS_READ = 20_000
_REFERENCE = "CHG-"
_ANSWERS = ("decision", "postponed_to", "comment")


def in_a_line(row: CellRow, heads: Mapping[int, str], answers: Collection[int], own: OwnTexts) -> WrittenText | None:
    """Return what stands on a line over our values, each with its column; None for a line as we wrote it.

    `answers`: the places of the answers and of the reference, which is the last of them that has one.
    """
    reference = next((text for at in answers if at < len(row) and (text := _text(row[at])).startswith(_REFERENCE)), "")
    theirs, codes = list[tuple[int, str]](), set[str]()
    for at, value in enumerate(row):
        text = shown(value)
        if at in answers or not text:
            continue
        if own.cells and label_key(heads.get(at, "")) in _closed():
            foreign, code = not own.has_value(reference, heads[at], value), "typed_over"
        else:
            foreign, code = isinstance(value, str) and (not own.has(text) or (bool(own) and _is_answer(text))), ""
        if foreign:
            theirs.append((at, text))
            codes.add(code)
    if not theirs:
        return None
    named = tuple(dict.fromkeys(heads[at] for at, _ in theirs if heads.get(at)))
    said = " | ".join(_headed(heads.get(at, ""), text) for at, text in theirs)
    return WrittenText("cell", "", 0, said, heads=named, code="typed_over" if "typed_over" in codes else "")


@cache
def _closed() -> frozenset[str]:
    """The headings under which every single value is known again."""
    return frozenset(label_key(say(f"column.{name}")) for name in CLOSED)


def _is_answer(text: str) -> bool:
    """« Fait » is ours, in the list of answers, and nowhere on a line."""
    return fold(text) in {fold(say(f"decision.{verdict}")) for verdict in ("accepted", "refused", "postponed")}


@cache
def _listed() -> frozenset[str]:
    """What the lists of answers offer, and the words for it: we write none of them on the sheet for a visit."""
    offered = (text for key, text in messages().items() if key.startswith(("offer.", "decision.")))
    also = (way for row in rows("offers") for way in row["also"].split("|"))
    return frozenset(filter(None, map(label_key, (*offered, *also))))


def _is_listed(text: str) -> bool:
    return label_key(text) in _listed()


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
        theirs = [
            (at, text)
            for at, text in texts
            if text
            and not _beside_a_fact(row, at)
            and (at in answers or (isinstance(row[at], str) and (not own.has(text) or (visit and _is_listed(text)))))
        ]
        answered = any(at in answers for at, _ in theirs)
        if theirs:
            first = next(((at, text) for at, text in texts if text), (0, ""))
            told = ([first[1]] if first not in theirs else []) + [
                _headed(answers.get(at, ""), text) for at, text in theirs
            ]
            said = " | ".join(told)
            if answered:
                yield WrittenText("uncounted", sheet.title, number, said, code="lost_reference")
            else:
                yield WrittenText("cell", sheet.title, number, said)


def _answer_heads(row: CellRow) -> Mapping[int, str]:
    """Where the columns of answers stand, in the row that has « Décision »; nothing in any other."""
    names = {fold(say(f"column.{name}")): say(f"column.{name}") for name in _ANSWERS}
    found = {at: names[fold(_text(value))] for at, value in enumerate(row) if fold(_text(value)) in names}
    return found if say("column.decision") in found.values() else {}


def _beside_a_fact(row: CellRow, at: int) -> bool:
    """The hidden cells in which the report says of itself what it is."""
    return at > 0 and _text(row[at - 1]) in {say(f"column.{name}") for name in FACTS}


def _headed(head: str, text: str) -> str:
    return say("remark.headed", head=head, text=text) if head else text


def _text(value: Any) -> str:
    return "" if value is None else str(value)
