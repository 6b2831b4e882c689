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
FACTS_SECONDS = 20


class TooMuchError(Exception):
    """More cells or characters than any workbook of people has."""


def text_of(value: object) -> str:
    """Return a cell as its reader sees it: no « .0 » after whole numbers, ISO dates, Oui or Non."""
    if type(value) is str:  # nearly each
        value = value[:LONGEST_CELL]
        return value if value.strip() else ""
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
        if len(values) > room:
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
    """Return name, visibility, rows and merged ranges of each sheet of a file; or the class of the error met."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 -- pathlib would double the start of this process
            content = file.read()
    except (OSError, MemoryError) as error:
        return {"error": type(error).__name__}
    return markup_of(content, path) if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else sheets_of(content)


def markup_of(content: bytes, path: str) -> dict[str, Any]:
    """Return the same of a page or of an XML of Excel 2003, the facts of each sheet with it."""
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 -- as above
    import facts  # type: ignore[import-not-found]  # beside this file, when it is run as a script
    import markup  # type: ignore[import-not-found]  # likewise

    try:
        name = os.path.splitext(os.path.basename(path))[0]  # noqa: PTH119, PTH122 -- as above
        sheets = markup.sheets_of(content, name, facts.row_is_struck)
    except (ValueError, MemoryError, RecursionError) as error:
        return {"error": type(error).__name__}
    cells, characters = CELLS, CHARACTERS
    for sheet in sheets:
        sheet["rows"] = [[text[:LONGEST_CELL] if text.strip() else "" for text in row] for row in sheet["rows"]]
        cells -= sum(map(len, sheet["rows"]))
        characters -= sum(len(text) for row in sheet["rows"] for text in row)
    if min(cells, characters) < 0:
        return {"error": "TooMuchError"}
    return {"sheets": sheets} if sheets else {"error": "NoTableError"}


def sheets_of(content: bytes) -> dict[str, Any]:
    """Return the same of a file's content: the first bytes decide what it is."""
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


def read_facts(path: str) -> dict[str, Any] | None:
    """Return the facts of an .xlsx, .ods or .xls; None for a file too large to ask."""
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 -- as above
    import facts

    return facts.facts_of(path)  # type: ignore[no-any-return]


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
    if "error" in sheets or any("facts" in sheet for sheet in sheets["sheets"]):
        return
    if hasattr(signal, "alarm"):
        signal.alarm(FACTS_SECONDS)  # its default is to end the process: the sheets have been said
    sys.stdout.write(json.dumps({"facts": read_facts(path)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
