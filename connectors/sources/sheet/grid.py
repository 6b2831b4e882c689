"""A spreadsheet file as grids of text: .xlsx, .xls and .ods through the guarded child, .csv here.

The first bytes decide, never the extension: an .xls that is an .xlsx, or a .csv, is read as what it is.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from connectors.bytescan.mangled import is_mangled, mended
from connectors.sources import guard
from connectors.sources.sheet.guarded.child import COLUMNS
from connectors.sources.sheet.text import rows_of_text
from schemas.nomenclatures import say
from schemas.reading.cell import letters
from schemas.reading.footprint import Ending, cuts_of
from schemas.reading.issue import Issue, issue
from schemas.reading.source import SourceReport
from schemas.words import clean, visible

_MOST_MERGES = 50_000  # of a file: no table of people has more
_MOST_TURNED_ROWS, _MOST_TURNED_COLUMNS = (
    200,
    500,
)  # of a sheet that may be turned: twenty rows say everything of a person
_MOST_SHEETS = 100  # a département or an establishment each, at most

Merged = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: rows of text from A1, its merged and hidden cells, struck rows and notes, all counted from 0.

    `turned`: its rows are the columns of the file; `row_colours`: what people may call the colour of a row.
    """

    name: str
    rows: list[list[str]]
    visible: bool = True
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    cell_notes: tuple[tuple[int, int, str], ...] = ()
    turned: bool = False
    row_colours: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def line(self, column: int) -> str:
        """Return « Feuil1!F », of a turned sheet « Feuil1!6 »: where the values of one field stand."""
        return f"{self.name}!{column + 1 if self.turned else letters(column)}"

    def row_place(self, row: int) -> str:
        """Return « Feuil1!12 », of a turned sheet « Feuil1!L »: where one person stands."""
        return f"{self.name}!{letters(row) if self.turned else row + 1}"

    def cell(self, row: int, column: int) -> str:
        """Return the text of a cell, "" outside of what is written or where nothing can be seen."""
        values = self.rows[row] if row < len(self.rows) else []
        text = values[column] if column < len(values) else ""
        return text if text[:1].isalnum() or clean(text) else ""  # most cells need no cleaning to be seen

    @property
    def is_empty(self) -> bool:
        """Nothing is written on it."""
        return not any(clean(text) for row in self.rows for text in row)


@dataclass(frozen=True, slots=True)
class Grids:
    """A file's sheets; `is_text` for a .csv; `encoding_line` the first line that was not UTF-8, but as `system` writes;
    `ending`, `cuts`: of a text.

    `not_computed`: formulas without a value, whose cells look empty here and are not.
    """

    sheets: tuple[Grid, ...]
    is_text: bool = False
    encoding_line: int = 0
    system: str = ""
    notes: tuple[str, ...] = field(default=())
    not_computed: int = 0
    ending: Ending = Ending.NONE
    cuts: tuple[str, ...] = ()

    def encoding_issues(self, source: str) -> tuple[Issue, ...]:
        """Return ENCODING, where the text was read as Windows, a Mac or DOS wrote it."""
        if not self.encoding_line:
            return ()
        place = say("place.line", line=self.encoding_line)
        return (issue(source, place, "", "ENCODING", found=place, system=self.system),)


def source_report(path: Path, source: str, shown: str) -> SourceReport:
    """Return name, path, size and digest of a file; one that is none has no digest (and `load_grids` refuses it)."""
    try:
        if not path.is_file():  # reading a pipe or a device would never end
            return SourceReport(name=source, path=shown)
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return SourceReport(name=source, path=shown, sha256=digest, size=path.stat().st_size)
    except (OSError, ValueError):
        return SourceReport(name=source, path=shown)


def load_grids(path: Path, opener: guard.Opener | None = None) -> Grids:
    """Load the sheets of a file; `opener` is for several. Raises SourceError FILE_UNREADABLE or FILE_EMPTY."""
    content = guard.read_bytes(path)
    kind = guard.format_of(content, path)
    if kind == "text":
        return text_grid(content, path.stem)
    sheets, facts = opener.open(path) if opener else guard.open_in_child(path)
    if len(sheets) > _MOST_SHEETS or sum(len(sheet["merged"]) for sheet in sheets) > _MOST_MERGES:
        raise guard.unreadable("too_large")
    known = facts or {sheet["name"]: sheet["facts"] for sheet in sheets if "facts" in sheet}
    grids, struck = [], list[str]()
    for sheet in sheets:
        sheet["rows"] = _mended(sheet["rows"])
        fact = known.get(sheet["name"], {})
        _with_errors(sheet["rows"], fact.get("error_cells", ()))
        struck += _without_struck(sheet["name"], sheet["rows"], fact.get("struck_texts", ()))
        grids.append(
            Grid(
                name=visible(sheet["name"]),
                rows=sheet["rows"],
                visible=sheet["visible"],
                merged=tuple((a, b, c, d) for a, b, c, d in sheet["merged"] or fact.get("merged", ())),
                hidden_rows=frozenset(fact.get("hidden_rows", ())),
                hidden_columns=frozenset(fact.get("hidden_columns", ())),
                struck_rows=frozenset(fact.get("struck_rows", ())),
                row_colours={int(row): tuple(names) for row, names in fact.get("row_colours", {}).items()},
                cell_notes=tuple((row, column, text) for row, column, text in fact.get("cell_notes", ())),
            )
        )
    notes = [say("note.beyond", sheet=visible(one["name"]), limit=COLUMNS) for one in sheets if one["beyond"]]
    if kind == "markup":
        notes, facts = [say("note.markup"), *notes], known
    not_computed = known.get("", {}).get("formulas", 0)
    return Grids(tuple(grids), notes=(*notes, *struck, *_file_notes(facts)), not_computed=not_computed)


def _with_errors(rows: list[list[str]], cells: Iterable[tuple[int, int, str]]) -> None:
    """Put « #N/A » where a formula came to nothing: the cell is not empty, its value is not known."""
    for row, column, text in cells:
        if column < COLUMNS:
            rows.extend([] for _ in range(row + 1 - len(rows)))
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = rows[row][column] or text


def _without_struck(sheet: str, rows: list[list[str]], texts: Iterable[tuple[int, int, str, str]]) -> Iterator[str]:
    """Leave out of the cells what is struck through within their text, and say so."""
    for row, column, left, struck in texts:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = left.strip()
            cell = f"{visible(sheet)}!{letters(column)}{row + 1}"
            yield say("note.struck_text", cell=cell, struck=visible(struck)[:60], left=visible(left)[:60])


def _file_notes(facts: dict[str, Any] | None) -> Iterator[str]:
    """What its keeper may want to know of the file itself."""
    if facts is None:
        yield say("note.no_facts")
        return
    whole = facts.get("", {})
    for key in ("macros", "links", "formulas", "binary"):
        if whole.get(key):
            yield say(f"note.{key}", count=whole[key])


def text_grid(content: bytes, name: str) -> Grids:
    """Return a text of cells (.csv, « texte Unicode ») as one sheet. Raises SourceError FILE_UNREADABLE."""
    found = rows_of_text(content)
    notes = (say("note.beyond", sheet=visible(name), limit=COLUMNS),) if found.beyond else ()
    grid = Grid(visible(name), _mended(found.rows))
    line, system = found.encoding_line, found.system
    return Grids(
        (grid,),
        is_text=True,
        encoding_line=line,
        system=system,
        notes=notes,
        ending=found.ending,
        cuts=cuts_of(content),
    )


def _mended(rows: list[list[str]]) -> list[list[str]]:
    """The rows, cells that were UTF-8 and went through Windows-1252 as they were before."""
    if not any(is_mangled(text) for row in rows for text in row):
        return rows
    return [[mended(text) for text in row] for row in rows]


def turned(grid: Grid) -> Grid | None:
    """Return the sheet with rows for columns; None where it is too large to be meant so. Its cells keep their names."""
    if len(grid.rows) > _MOST_TURNED_ROWS or max(map(len, grid.rows), default=0) > _MOST_TURNED_COLUMNS:
        return None
    rows = [list(column) for column in zip_longest(*grid.rows, fillvalue="")]
    merged = tuple((left, top, right, bottom) for top, left, bottom, right in grid.merged)
    notes = tuple((column, row, text) for row, column, text in grid.cell_notes)
    return Grid(grid.name, rows, grid.visible, merged, grid.hidden_columns, grid.hidden_rows, frozenset(), notes, True)
