"""The child process that opens a spreadsheet: it may run out of memory or time, its parent goes on.

Forked by `parent.py` for one file; or run as a script, with the folder of the libraries and the file. Answers in JSON
lines: the sheets (python-calamine), then the facts that only the file itself knows (merged cells of an .ods,
hidden rows and columns, macros, formulas without a value). Should the second part die, the first has been said.
Imports little: it starts in 20 ms.
"""

import datetime
import io
import json
import os
import re
import signal
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

MEMORY = 1_500_000_000  # bytes of address space
CELLS = 4_000_000  # non-empty, over all sheets: a regional workbook has some ten thousand
CHARACTERS = 150_000_000  # a shared text may be repeated by a small file
COLUMNS = 500  # of a sheet: twenty say everything, a wide layout may have a hundred; stray marks go to 16,384
LONGEST_CELL = 32_767  # Excel's own limit
MOST_HIDDEN = 50_000  # rows of a sheet that are told to be hidden: more are never read as people
FACTS_SECONDS = 20
FACTS_BYTES = 5_000_000  # openpyxl is slow on large files, and facts are a courtesy


class TooMuchError(Exception):
    """More cells or characters than any workbook of people has."""


def text_of(value: object) -> str:
    """A cell as its reader sees it: no « .0 » after whole numbers, ISO dates, Oui or Non."""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    text = str(value)[:LONGEST_CELL]
    return text if text.strip() else ""


def _rows(sheet: Any, budget: list[int]) -> Iterator[list[str]]:
    """Rows and columns from A1, no trailing blanks, within the budget of cells and characters.

    `budget`: cells and characters left, then how many written cells lay beyond the last column that is read.
    """
    # calamine leaves out empty columns at the left, not empty rows above
    margin = [""] * min(sheet.start[1] if sheet.start else 0, COLUMNS)
    room = COLUMNS - len(margin)
    blank: list[str] = []
    for values in sheet.iter_rows():
        if not blank:
            blank = [""] * len(values)
        if values == blank:  # a million of these before one stray cell must cost nothing
            yield []
            continue
        row = margin + [text_of(value) for value in values[:room]]
        budget[2] += sum(map(bool, map(str, values[room:])))
        while row and not row[-1]:
            row.pop()
        budget[0] -= len(row)
        budget[1] -= sum(map(len, row))
        if min(budget[:2]) < 0:
            raise TooMuchError
        yield row


def _is_whole(content: bytes) -> bool:
    """Whether the content of an .ods is XML to its end: calamine waits for ever for a tag that is never closed."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return True
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in {"content.xml", "META-INF/manifest.xml"}.intersection(archive.namelist()):
            with archive.open(name) as part:
                try:
                    expat.ParserCreate().ParseFile(part)
                except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, ValueError):
                    return False
    return True


# LibreOffice has 1,048,576 rows and 16,384 columns; calamine would count to two thousand million for a minute.
_ENDLESS = re.compile(rb"number-(?:rows-repeated=[\"'][1-9]\d{7}|columns-repeated=[\"'][1-9]\d{5})")


def _repeats_without_end(content: bytes) -> bool:
    """Whether an .ods has a row or a cell repeated more often than any sheet has rows or columns."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "content.xml" not in archive.namelist():
            return False
        return _ENDLESS.search(archive.read("content.xml")) is not None


def read_sheets(path: str) -> dict[str, Any]:
    """Name, visibility, rows and merged ranges of each sheet of a file; or the class of the error that was met."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 -- pathlib would double the start of this process
            content = file.read()
    except (OSError, MemoryError) as error:
        return {"error": type(error).__name__}
    return sheets_of(content)


def sheets_of(content: bytes) -> dict[str, Any]:
    """The same of a file's content: the first bytes decide what it is."""
    import python_calamine

    if not _is_whole(content):
        return {"error": "UnclosedError"}
    if _repeats_without_end(content):
        return {"error": "TooMuchError"}
    budget = [CELLS, CHARACTERS, 0]
    sheets = []
    try:
        # by path, the extension would decide
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for meta in workbook.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            rows = list(_rows(sheet, budget))
            while rows and not rows[-1]:
                rows.pop()
            visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
            merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
            beyond, budget[2] = budget[2], 0
            sheets.append({"name": meta.name, "visible": visible, "rows": rows, "merged": merged, "beyond": beyond})
    except (python_calamine.CalamineError, OSError, ValueError, MemoryError, TooMuchError) as error:
        return {"error": type(error).__name__}
    return {"sheets": sheets}


# A formula that no program has computed yet: the cell looks filled in, and holds nothing.
_NOT_COMPUTED = re.compile(rb"<c\b[^<>]*>\s*<f\b[^<>]*(?:/>|>[^<>]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def xlsx_facts(path: str) -> dict[str, Any]:
    """Return sheet → hidden rows and columns, rows struck through (from 0), by openpyxl where the file has any at all.

    Under "": macros, links to other files, and how many formulas have no value.
    """
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        strikes = "xl/styles.xml" in names and b"<strike" in archive.read("xl/styles.xml")
        strikes = strikes or any("/comments" in name or "/threadedComments" in name for name in names)
        hides, formulas = strikes, 0
        for name in parts:
            text = archive.read(name)
            hides = hides or b"hidden=" in text
            formulas += len(_NOT_COMPUTED.findall(text))
    macros = any(name.endswith("vbaProject.bin") for name in names)
    links = any(name.startswith("xl/externalLinks/") for name in names)
    whole = {"": {"macros": macros, "links": links, "formulas": formulas}}
    return {**whole, **_hidden_in_xlsx(path)} if hides else whole


def _hidden_in_xlsx(path: str) -> dict[str, Any]:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would import it, for 100 ms, to no use here
    import openpyxl

    facts: dict[str, dict[str, Any]] = {}
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        columns = [
            number - 1
            for dimension in sheet.column_dimensions.values()
            if dimension.hidden and dimension.min and dimension.max
            for number in range(dimension.min, min(dimension.max, dimension.min + 500) + 1)
        ]
        rows = [number - 1 for number, dimension in sheet.row_dimensions.items() if dimension.hidden]
        struck = [number for number, row in enumerate(sheet.iter_rows()) if _is_struck(row)]
        facts[sheet.title] = {"hidden_rows": rows, "hidden_columns": columns, "struck_rows": struck}
        facts[sheet.title]["cell_notes"] = list(_cell_notes(sheet))
    return facts


def _cell_notes(sheet: Any) -> Iterator[list[Any]]:
    """[row, column, text] of each note, without the name of who wrote it."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.comment:
                author, text = cell.comment.author or "", cell.comment.text or ""
                text = text.removeprefix(f"{author}:") if author else text
                yield [cell.row - 1, cell.column - 1, text[:LONGEST_CELL]]


def _is_struck(cells: Any) -> bool:
    return _struck([bool(cell.font and cell.font.strike) for cell in cells if cell.value not in (None, "")])


def _struck(marks: list[bool]) -> bool:
    """Every written cell is struck through; of four and more all but one (a remark added later)."""
    return bool(marks) and sum(marks) >= len(marks) - (len(marks) > 3)


def ods_facts(path: str) -> dict[str, Any]:
    """Return sheet → merged ranges, hidden rows and columns, struck rows (from 0) of an .ods: calamine gives none."""
    from defusedxml.ElementTree import iterparse

    whole: dict[str, Any] = {"macros": False, "links": False, "formulas": 0}
    facts: dict[str, Any] = {"": whole}
    lined: set[str] = set()
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        whole["macros"] = any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist())
        for event, element in iterparse(content, events=("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if event == "start" and tag == "table":
                here = facts[_named(element, "name")] = {
                    "merged": [],
                    "hidden_rows": [],
                    "hidden_columns": [],
                    "struck_rows": [],
                    "cell_notes": [],
                }
                row = column = 0
            elif event == "end" and tag == "style":
                if any(_named(part, "text-line-through-style") not in ("", "none") for part in element):
                    lined.add(_named(element, "name"))
            elif event == "end" and tag == "table-column":
                repeated = int(_named(element, "number-columns-repeated") or 1)
                if _named(element, "visibility") in ("collapse", "filter"):
                    here["hidden_columns"] += range(column, column + min(repeated, 500))
                column += repeated
            elif event == "end" and tag == "table-row":
                repeated = int(_named(element, "number-rows-repeated") or 1)
                if _named(element, "visibility") in ("collapse", "filter"):
                    here["hidden_rows"] += range(row, row + min(repeated, MOST_HIDDEN - len(here["hidden_rows"])))
                here["merged"] += _merged(element, row)
                here["cell_notes"] += _annotations(element, row)
                if lined and _struck([_named(cell, "style-name") in lined for cell in element if _has_value(cell)]):
                    here["struck_rows"].append(row)
                whole["formulas"] += sum(_named(cell, "formula") != "" and not _has_value(cell) for cell in element)
                row += repeated
                element.clear()
    return facts


def _has_value(cell: Any) -> bool:
    return any(key.rpartition("}")[2] in _ODS_VALUES for key in cell.attrib) or any(
        "".join(part.itertext()) for part in cell
    )


_ODS_VALUES = ("value", "date-value", "time-value", "boolean-value", "string-value")


def _named(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _annotations(row_element: Any, row: int) -> Iterator[list[Any]]:
    column = 0
    for cell in row_element:
        for part in cell:
            if part.tag.rpartition("}")[2] == "annotation":
                told = (one for one in part if one.tag.rpartition("}")[2] not in ("creator", "date", "date-string"))
                yield [row, column, "\n".join("".join(one.itertext()) for one in told)[:LONGEST_CELL]]
        column += int(_named(cell, "number-columns-repeated") or 1)


def _merged(row_element: Any, row: int) -> Iterator[list[int]]:
    column = 0
    for cell in row_element:
        down = int(_named(cell, "number-rows-spanned") or 1)
        right = int(_named(cell, "number-columns-spanned") or 1)
        if down > 1 or right > 1:
            yield [row, column, row + down - 1, column + right - 1]
        column += int(_named(cell, "number-columns-repeated") or 1)


def read_facts(path: str) -> dict[str, Any] | None:
    """The facts of an .xlsx, .ods or .xls; None for a file too large to ask."""
    if not zipfile.is_zipfile(path):
        sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 -- as above
        import xls_records  # type: ignore[import-not-found]  # beside this file, when it is run as a script

        return xls_records.xls_facts(path, _struck)  # type: ignore[no-any-return]
    with zipfile.ZipFile(path) as archive:
        names, size = set(archive.namelist()), sum(entry.compress_size for entry in archive.infolist())
    if size > FACTS_BYTES:
        return None
    if "content.xml" in names:
        return ods_facts(path)
    return xlsx_facts(path) if "xl/workbook.xml" in names else {}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system: the parent's time-out is left
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(libraries: str, path: str) -> None:
    """Say the sheets, then the facts."""
    sys.path.append(libraries)
    _limit_memory()
    sheets = read_sheets(path)
    sys.stdout.write(json.dumps(sheets) + "\n")
    sys.stdout.flush()
    if "error" in sheets:
        return
    if hasattr(signal, "alarm"):
        signal.alarm(FACTS_SECONDS)  # its default is to end the process: the sheets have been said
    sys.stdout.write(json.dumps({"facts": read_facts(path)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
