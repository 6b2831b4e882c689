"""Reads a returned report by its hidden signed references, wherever rows and columns have gone."""

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from connectors.excel.own_texts import OwnTexts, told
from connectors.excel.returned.books import MOST_ROWS, Book, CellRow, Sheet, open_book, unreadable
from connectors.excel.returned.cell_forms import CellForms
from connectors.excel.returned.coloured_rows import without_a_look
from connectors.excel.returned.elsewhere import (
    above_the_lines,
    headed_as_ours,
    in_a_line,
    is_listed,
    on_a_sheet,
    on_the_tab,
    why_uncounted,
)
from connectors.excel.returned.layouts import headerless
from connectors.excel.returned.notes import CellNote
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.changes.remark import ABOUT_THE_SHEET, COLOURED, PULLED_DOWN, RemarkKind, WrittenText
from schemas.errors import SourceError
from schemas.nomenclatures import messages, say
from schemas.words import clean, fold, label_key

LOT_ROWS, HEADER_WITHIN = 100, 30
VERDICTS: tuple[Verdict, ...] = ("accepted", "refused", "postponed")
DATE_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S")
# What people wrote where no answer is expected: so many texts of a file, so long each. A mail says more in its body.
MOST_TEXTS, LONGEST_TEXT = 500, 1000
_WITHOUT_LINES = ("summary", "answers", "places", "remarks", "guide")
# A line without a reference that is none of ours: somebody added it.
_ADDED: tuple[RemarkKind, str] = ("row", "")
_PULLED_DOWN: tuple[RemarkKind, str] = ("row", PULLED_DOWN)
# Of these a struck text says nothing of the line: what was before is written so, and what is written besides is theirs.
_STRUCK_OR_NOT = ("before", "decision", "postponed_to", "comment")
_LAST_ID = re.compile(r"(?<=\n)CHG-[0-9A-F]{16}(?=\s*\Z)")
TOKEN = re.compile(r"CHG-[0-9A-F]{16}:[0-9a-f]{8,64}")


class IssuedSheet(NamedTuple):
    """What the file says of itself: its lot, the name of the report, and how its cells look."""

    lot: str
    addressee: str
    forms: Mapping[str, CellForms]


@dataclass(frozen=True, slots=True)
class Returned:
    """Every line with a reference, decided or not, in the order of sheets and rows; and what else is written."""

    lines: tuple[ReturnedLine, ...]
    written: tuple[WrittenText, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet with references; `at`: column name → position, None where it has no header of ours."""

    sheet: Sheet
    header: int
    at: Mapping[str, int] | None


def read_book(path: Path | BinaryIO) -> Returned:
    """Read every line of the report that carries a reference, and what was written beside them.

    Columns are found by their header, rows by their reference: sorted, deleted and hidden rows, moved and
    widened columns, a re-save by another program and rows copied into another book do no harm. Raises SourceError
    (FILE_UNREADABLE) for a file that is no workbook, is encrypted, or holds no references.
    """
    book = open_book(path)
    try:
        tables = [table for sheet in book.sheets if (table := _table(sheet))]
        if not tables:
            copied = any(headed_as_ours(sheet.rows(1, HEADER_WITHIN)) for sheet in book.sheets)
            message = "report.copied_lines" if copied else "report.no_lines"
            raise SourceError("FILE_UNREADABLE", say(message, expected=say("column.token")))
        issued = IssuedSheet(_fact(book, "lot"), _fact(book, "updater"), book.forms)
        lines: list[ReturnedLine] = []
        written: list[WrittenText] = []
        own = told(_facts(book, "texts"), _facts(book, "cells"))
        for table in tables:
            _read_table(table, issued, own, lines, written)
            written.extend(on_the_tab(table.sheet))
        written.extend(_on_other_sheets(book, {table.sheet.title for table in tables}, own))
        notes = _notes(book.notes, {(line.sheet, line.row): line.token for line in lines})
        return Returned(tuple(lines), (*notes, *written)[:MOST_TEXTS])
    finally:
        book.close()


def _on_other_sheets(book: Book, read: Collection[str], own: OwnTexts) -> Iterator[WrittenText]:
    """What is written on the sheets without references; of a report that does not tell what is ours, below
    « Synthèse » alone.
    """
    yield from _below_the_summary(book)
    last, title = _fact(book, "summary_rows"), say("sheet.summary")
    for sheet in book.sheets if own else ():
        if sheet.title not in read:
            found = islice(on_a_sheet(sheet, own), MOST_TEXTS)
            ours = int(last) if sheet.title == title and last.isdecimal() else sys.maxsize
            yield from (replace(one, text=one.text[:LONGEST_TEXT]) for one in found if one.row <= ours)


def _below_the_summary(book: Book) -> Iterator[WrittenText]:
    """What somebody wrote below « Synthèse », where we write no further; nothing where it is not known how far."""
    last, title = _fact(book, "summary_rows"), say("sheet.summary")
    page = next((sheet for sheet in book.sheets if sheet.title == title), None)
    if page is None or not last.isdecimal():
        return
    for number, row in enumerate(page.rows(int(last) + 1, int(last) + MOST_TEXTS), int(last) + 1):
        if text := " | ".join(filter(None, (clean(_text(value)) for value in row))):
            yield WrittenText("row", title, number, text[:LONGEST_TEXT])


def _table(sheet: Sheet) -> _Table | None:
    """The header of a sheet that has the references; or, without one, its first line that has one."""
    if sheet.title in {say(f"sheet.{name}") for name in _WITHOUT_LINES}:
        return None
    wanted = {fold(say(f"column.{name}")): name for name in ("token", "decision", "postponed_to", "comment")}
    bare = 0
    for number, row in enumerate(sheet.rows(1, HEADER_WITHIN), 1):
        found: dict[str, int] = {}
        for at, value in enumerate(row):
            if (name := wanted.get(fold(_text(value)))) is not None:
                found.setdefault(name, at)
        if "token" in found:
            return _Table(sheet, number, found)
        bare = bare or (number if any(TOKEN.fullmatch(_text(value)) for value in row) else 0)
    return _Table(sheet, bare - 1, None) if bare else None


def _read_table(
    table: _Table, issued: IssuedSheet, own: OwnTexts, lines: list[ReturnedLine], written: list[WrittenText]
) -> None:
    filled, pulled_down, forms = 0, "", issued.forms.get(table.sheet.title, CellForms())
    comments: dict[int, Any] = {}
    first = table.sheet.rows(table.header, table.header) if table.at is not None else iter(())
    heads = {at: clean(_text(value)) for row in first for at, value in enumerate(row)}
    if over := " | ".join(text for text in heads.values() if text and not own.has(text)):
        written.append(WrittenText("cell", table.sheet.title, table.header, over[:LONGEST_TEXT]))
    if own and table.at is not None:
        written.extend(above_the_lines(table.sheet, table.header, own))
    for number, row in enumerate(table.sheet.rows(table.header + 1), table.header + 1):
        filled += row.count(None) < len(row)
        if filled > MOST_ROWS:
            raise unreadable(say("report.too_large"))
        at = table.at if table.at is not None else _places(row)
        if at and "decision" not in at:
            at = {**(_places(row) or {}), **at}  # under a name of their own
        value = {name: row[position] for name, position in (at or {}).items() if position < len(row)}
        token = clean(_text(value.get("token")))
        if token:
            value["comment"] = _merged_comment(value.get("comment"), (at or {}).get("comment"), number, forms, comments)
            line = _line(value, token, table.sheet.title, number, issued)
            line = _doubted(line, row, forms, (at or {}).get("decision"))
            lines.append(_with_struck(line, heads, forms))
            if not line.said and (head := _struck_head(line, heads, forms)) and len(written) < MOST_TEXTS:
                written.append(WrittenText("cell", line.sheet, number, head, token, code="struck"))
            if len(written) < MOST_TEXTS and (found := in_a_line(row, heads, set((at or {}).values()), own)):
                text = found.text[:LONGEST_TEXT]
                written.append(replace(found, sheet=table.sheet.title, row=number, text=text, token=token))
        elif len(written) < MOST_TEXTS and (text := _theirs(row)) and text != pulled_down:
            pulled_down = text if row.count(None) == len(row) - 1 else ""  # below the last line: told once
            lost = bool(own) and any(value.values()) and bool(first_cell := _text(row[0])) and own.has(first_cell)
            added = _PULLED_DOWN if pulled_down and is_listed(text) else _ADDED
            kind: RemarkKind = "uncounted" if lost else added[0]
            code = why_uncounted(first_cell) if lost else added[1]
            whose = next((one[0] for value in row if (one := _LAST_ID.search(_text(value)))), "")
            written.append(WrittenText(kind, table.sheet.title, number, text[:LONGEST_TEXT], whose, code=code))
    mine = [one for one in lines if one.sheet == table.sheet.title]
    written.extend(_only_coloured(mine, {one.row for one in written if one.sheet == table.sheet.title}, forms))


def _only_coloured(lines: Sequence[ReturnedLine], told: Collection[int], forms: CellForms) -> Iterator[WrittenText]:
    """The lines that somebody coloured and wrote nothing on (`told`: the rows on which something else stands)."""
    rows = without_a_look(forms.coloured, [one.row for one in lines]) if forms.coloured else ()
    for one in lines:
        plain = not (one.said or one.comment or one.postponed_said)
        if one.row in rows and plain and one.row not in told:
            yield WrittenText("cell", one.sheet, one.row, "", one.token, code=COLOURED)


def _merged_comment(written: Any, place: int | None, number: int, forms: CellForms, comments: dict[int, Any]) -> Any:
    """The comment of a line: of one cell over several lines it is that of each. `comments`: by the first of them."""
    rows = forms.merged.get((number, place + 1)) if place is not None else None
    if rows is None:
        return written
    return comments.setdefault(rows[0], written)


def _doubted(line: ReturnedLine, row: CellRow, forms: CellForms, place: int | None) -> ReturnedLine:
    """The line; asked back where its cells say that it is not what it seems: another line's reference beside the name,
    an answer that is struck through, a formula without its value, or one cell over several lines.
    """
    names = {found[0] for value in row if (found := _LAST_ID.search(_text(value)))}
    cell = (line.row, place + 1) if place is not None else (0, 0)
    rows = forms.merged.get(cell)
    if line.said and names and line.token.partition(":")[0] not in names:
        asked = say("asked.moved_cells")
    elif rows:
        asked = say("asked.merged", first=rows[0], last=rows[1])
        line = replace(line, said=line.said or say("asked.merged_cell"))
    elif not line.said and cell in forms.empty:
        asked = say("asked.formula")
        line = replace(line, said=say("asked.formula_cell"))
    elif line.said and cell in forms.struck:
        asked = say("asked.struck", found=line.said)
    else:
        return line
    return replace(line, decision="unknown", asked=asked)


def _with_struck(line: ReturnedLine, heads: Mapping[int, str], forms: CellForms) -> ReturnedLine:
    """The line; asked back where what we wrote on it is struck through: nobody like that, or not so."""
    head = _struck_head(line, heads, forms) if line.said and not line.asked else ""
    if not head:
        return line
    return replace(line, decision="unknown", asked=say("asked.struck_beside", found=line.said, head=head))


def _struck_head(line: ReturnedLine, heads: Mapping[int, str], forms: CellForms) -> str:
    """Above what of ours on this line is struck through; "" where nothing is."""
    if not forms.struck:
        return ""
    aside = {fold(say(f"column.{name}")) for name in _STRUCK_OR_NOT}
    found = (head for at, head in heads.items() if (line.row, at + 1) in forms.struck and fold(head) not in aside)
    return next(found, "")


def _places(row: CellRow) -> Mapping[str, int] | None:
    """Where the cells of a line without a header are, by where its reference stands; None where that is not certain."""
    at = next((at for at, value in enumerate(row) if TOKEN.fullmatch(_text(value))), None)
    return headerless(at, [_text(value) for value in row]) if at is not None else None


def _line(value: Mapping[str, Any], token: str, title: str, number: int, issued: IssuedSheet) -> ReturnedLine:
    said = clean(_text(value.get("decision")))
    postponed = value.get("postponed_to")
    return ReturnedLine(
        lot=issued.lot,
        sheet=title,
        row=number,
        token=token,
        decision=_verdict(said),
        said=said,
        postponed_to=_day(postponed),
        postponed_said=clean(_text(postponed)),
        comment=_text(value.get("comment")).strip(),
        addressee=issued.addressee,
    )


def _notes(notes: tuple[CellNote, ...], tokens: Mapping[tuple[str, int], str]) -> Iterator[WrittenText]:
    for one in notes:
        text = clean(one.text)[:LONGEST_TEXT]
        if one.box:
            yield WrittenText("cell", one.sheet, one.row, text, code=ABOUT_THE_SHEET)
        else:
            yield WrittenText("note", one.sheet, one.row, text, tokens.get((one.sheet, one.row), ""))


def _theirs(row: CellRow) -> str:
    """What a line without a reference says; "" for what we write below the lines ourselves."""
    cells = [text for value in row if (text := clean(_text(value)))]
    left = [text for text in cells if not text.isdecimal() and not any(one.fullmatch(text) for one in _ours())]
    if _ours_in_the_list(cells):
        return ""
    beside_ours = [text for text in left if label_key(text) not in _nothing()]
    return " | ".join(cells if len(left) == len(cells) else beside_ours)


def _ours_in_the_list(cells: list[str]) -> bool:
    """A row of the hidden sheet of answers, whatever its sheet is called by now: a reference, then how many follow."""
    return len(cells) > 1 and TOKEN.fullmatch(cells[0]) is not None and cells[1].partition(".")[0].isdecimal()


@cache
def _nothing() -> frozenset[str]:
    """What says nothing beside « Rien à faire ici. »."""
    return frozenset(say("report.nothing_words").split("|"))


@cache
def _ours() -> tuple[re.Pattern[str], ...]:
    """The texts of a sheet that stand in no line: the weeks below « Cartes », and that there is nothing to do."""
    keys = [key for key in messages() if key.startswith("week.")] + ["report.nothing_to_do"]
    return tuple(re.compile(re.sub(r"\\\{\w+\\\}", r"[\\d/]+", re.escape(clean(messages()[key])))) for key in keys)


def _verdict(said: str) -> Verdict:
    """Fait / Refusé / Reporté, whatever the case, accents and spaces."""
    if not said:
        return ""
    offered = {fold(say(f"decision.{verdict}")): verdict for verdict in VERDICTS}
    return offered.get(fold(said), "unknown")


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in DATE_FORMS:
        try:
            return datetime.strptime(clean(_text(value)), form).date()
        except ValueError:
            continue
    return None


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return say("report.ticked" if value else "report.unticked")  # as the program shows the box
    return "" if value is None else str(value)


def _fact(book: Book, key: str) -> str:
    """From the document property, else from the hidden columns of the last sheet: some programs drop the one."""
    name = say(f"column.{key}")
    return book.properties[name] if name in book.properties else next(_facts(book, key), "")


def _facts(book: Book, key: str) -> Iterator[str]:
    """All that the hidden columns of « Mode d'emploi » say of it: a sheet of theirs may stand behind."""
    name, title = say(f"column.{key}"), say("sheet.guide")
    page = next((sheet for sheet in book.sheets if sheet.title == title), book.sheets[-1])
    for row in page.rows(1, LOT_ROWS):
        cells = [_text(value) for value in row]
        if name in cells[:-1]:
            yield cells[cells.index(name) + 1]
