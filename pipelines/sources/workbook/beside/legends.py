"""Legends: « A = ancien, P = présent » says what codes of a column mean, « En rouge : partis » what a colour does."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

import pandas as pd

from pipelines.phrase import place_text
from pipelines.sources.cells.own_words import STATUS, word_key
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.cells.presence import LEFT, PRESENT, presence_of, says_only_departure
from pipelines.sources.judged import records
from pipelines.sources.workbook.beside.sentences import LONGEST, cells_of, departure_in, few_cells, question
from pipelines.sources.workbook.row.departures import listed
from schemas.nomenclatures import say
from schemas.people.vocabulary import Words
from schemas.people.workbook_line import BETWEEN_CELLS, HEADER_ROW, NOTE, UnreadRow, WorkbookLine, WrittenRow
from schemas.reading.issue import quoted
from schemas.words import clean, label_key

_PART = re.compile(r"[;,/|\n•]|\s[-–]\s(?=\S{1,3}\s*[=:])")
_PAIR = re.compile(r"(?:^|\b)([^\W_]{1,3}|[✓✗✘])\s*(?:=+>?|→|:|-+>)\s*([^=→]+?)\s*[.)]?\s*$")
_MOST_CELLS = 2  # of a row of a legend: the code, and what it means
_MOST_MEANINGS = 20
_MEANS = {LEFT: "LEFT", PRESENT: "ACTIVE"}


# ── codes ────────────────────────────────────────────────────────────────────────────────────────


def with_legend(around: Surroundings, written: pd.DataFrame | None, day: date) -> Surroundings:
    """Return what a workbook is judged against, with the words of its own legend."""
    found = legend_words(written, day)
    return replace(around, legend=found) if found else around


def legend_words(written: pd.DataFrame | None, day: date) -> Words:
    """Return what the legends of a file say that the codes of its statuses mean."""
    found: dict[tuple[str, str], str] = {}
    near = False
    for record in records(written) if written is not None and not written.empty else ():
        every = filter(None, map(clean, filter(None, record["text"].split(BETWEEN_CELLS))))
        cells = list(islice(every, _MOST_CELLS + 2))
        if len(cells) == _MOST_CELLS + 2:  # nearly all
            near = False
            continue
        near = _is_of_a_legend(record["_sheet"]) or (bool(cells) and (near or _is_of_a_legend(" ".join(cells[:3]))))
        if record["_kind"] in (HEADER_ROW, NOTE) or not 0 < len(cells) <= _MOST_CELLS:
            near = near and len(cells) <= _MOST_CELLS + 1
            continue
        for code, meaning in _pairs(cells, near=near):
            said = _said(meaning, day)
            if said and len(found) < _MOST_MEANINGS:
                found.setdefault((STATUS, word_key(STATUS, code)), said)
    return found


def _said(meaning: str, day: date) -> str:
    """What « ancien (parti) » comes to, the words in brackets apart; "" where they say nothing, or two things."""
    parts = list(filter(None, map(clean, re.split(r"[()]", meaning))))
    states = {LEFT if says_only_departure(one) else presence_of(one, day) for one in parts}
    return _MEANS.get(next(iter(states)), "") if len(states) == 1 else ""


def _pairs(cells: list[str], *, near: bool) -> Iterator[tuple[str, str]]:
    text = " ".join(cells)
    if len(text) > LONGEST:
        return
    if near and len(cells) == _MOST_CELLS and len(cells[0].rstrip(" :=")) <= 3:
        yield cells[0].rstrip(" :="), cells[1]
        return
    for part in _PART.split(text):
        found = _PAIR.search(part)
        if found:
            yield found[1], found[2]


def _is_of_a_legend(text: str) -> bool:
    return not listed("legend").isdisjoint(label_key(text).split())


# ── colours ──────────────────────────────────────────────────────────────────────────────────────


def colours_of(
    lines: Sequence[WorkbookLine], asked: set[str], written: Sequence[WrittenRow]
) -> tuple[list[UnreadRow], list[str]]:
    """Return (the questions about rows of a colour that a legend gives to those who left, what is said of legends of
    which no colour could be read).
    """
    read = {line.location: line for line in lines}
    colours = {row.line: set(row.colours) for row in written if row.colours and not row.note}
    questions: list[UnreadRow] = []
    said: list[str] = []
    for row in written:
        one = not (row.note or row.line in read) and few_cells(row, _MOST_CELLS + 1)
        text = departure_in(row) if one else ""
        meant = _colours_meant(row, text) if text else None
        if meant is None or _is_of_codes(row):
            continue
        theirs = [line for at, line in read.items() if meant & colours.get(at, set()) and not line.left]
        if theirs and 2 * len(theirs) <= len(lines):
            questions += [question(one, one.location, "colour", text) for one in theirs if one.location not in asked]
        elif theirs or not colours:
            said.append(say("sheet_read.legend", place=place_text(row.location), found=quoted(text)))
    return questions, said


def _colours_meant(row: WrittenRow, text: str) -> set[str] | None:
    """The colours that a legend names, or the one it has itself; None for a text that is no legend of colours."""
    words = set(label_key(text).split())
    named = {colour for colour in _hues() if not words.isdisjoint(listed(f"hue_{colour}"))}
    if named:
        return named | _like(named)
    if not words.isdisjoint(listed("colour")) or _is_of_a_legend(row.sheet):
        return set(row.colours)
    return None


def _hues() -> tuple[str, ...]:
    return ("rouge", "orange", "jaune", "vert", "bleu", "gris", "rose", "violet")


def _like(named: set[str]) -> set[str]:
    """What people call red may be a light red."""
    return {"rose"} if "rouge" in named else set()


def _is_of_codes(row: WrittenRow) -> bool:
    """« P | Parti » on a sheet « Légende » speaks of no colour."""
    cells = cells_of(row)
    return not row.colours and (any(True for _ in _pairs(cells, near=_is_of_a_legend(row.sheet))))
