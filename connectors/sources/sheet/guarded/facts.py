"""What only a file itself knows, and no library of cells tells: hidden rows, struck text, notes, an .ods's merges.

Imported by the child process (`child.py`) when the sheets have been said.
"""

import re
import sys
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

FACTS_BYTES = 5_000_000  # openpyxl is slow on large files, and facts are a courtesy
MOST_HIDDEN = 50_000  # rows of a sheet that are told to be hidden: more are never read as people
LONGEST_CELL = 32_767  # Excel's own limit

_HIDDEN = re.compile(rb"hidden=[\"'](?!(?:0|f|false)[\"'])")  # LibreOffice says of each row that it is not

# A formula that no program has computed yet: the cell looks filled in, and holds nothing.
_NOT_COMPUTED = re.compile(rb"<c\b[^<>]*>\s*<f\b[^<>]*(?:/>|>[^<>]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def xlsx_facts(path: str) -> dict[str, Any]:
    """Return sheet → hidden rows and columns, rows struck through, and where a legend speaks of colours those of rows
    (from 0), by openpyxl where the file has any at all.

    Under "": macros, links to other files, and how many formulas have no value.
    """
    import colours  # type: ignore[import-not-found]  # beside this file, when the child is run as a script

    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        parts = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        strikes = "xl/styles.xml" in names and b"<strike" in archive.read("xl/styles.xml")
        rich = "xl/sharedStrings.xml" in names and b"<strike" in archive.read("xl/sharedStrings.xml")
        strikes = strikes or any("/comments" in name or "/threadedComments" in name for name in names)
        shared = archive.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else b""
        coloured = colours.speaks_of_colours(shared) or colours.speaks_of_colours(archive.read("xl/workbook.xml"))
        hides, formulas = strikes, 0
        for name in parts:
            text = archive.read(name)
            coloured = coloured or (b"inlineStr" in text and colours.speaks_of_colours(text))
            rich = rich or b"<strike" in text
            hides = hides or rich or b't="e"' in text or _HIDDEN.search(text) is not None
            formulas += len(_NOT_COMPUTED.findall(text))
    macros = any(name.endswith("vbaProject.bin") for name in names)
    links = any(name.startswith("xl/externalLinks/") for name in names)
    whole = {"": {"macros": macros, "links": links, "formulas": formulas}}
    return {**whole, **_hidden_in_xlsx(path, rich=rich, coloured=coloured)} if hides or rich or coloured else whole


def _hidden_in_xlsx(path: str, *, rich: bool, coloured: bool) -> dict[str, Any]:
    import colours

    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would import it, for 100 ms, to no use here
    import openpyxl

    facts: dict[str, dict[str, Any]] = {}
    for sheet in openpyxl.load_workbook(path, data_only=True, rich_text=rich).worksheets:
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
        facts[sheet.title]["error_cells"] = list(_error_cells(sheet))
        facts[sheet.title]["row_colours"] = colours.row_colours(sheet) if coloured else {}
        facts[sheet.title]["struck_texts"] = list(_struck_texts(sheet)) if rich else []
    return facts


def _cell_notes(sheet: Any) -> Iterator[list[Any]]:
    """[row, column, text] of each note, without the name of who wrote it."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.comment:
                author, text = cell.comment.author or "", cell.comment.text or ""
                text = text.removeprefix(f"{author}:") if author else text
                yield [cell.row - 1, cell.column - 1, text[:LONGEST_CELL]]


def _error_cells(sheet: Any) -> Iterator[list[Any]]:
    """[row, column, « #N/A »] of each cell whose formula came to nothing: calamine leaves it empty."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "e" and cell.value:
                yield [cell.row - 1, cell.column - 1, str(cell.value)[:LONGEST_CELL]]


def _struck_texts(sheet: Any) -> Iterator[list[Any]]:
    """[row, column, what is left, what is struck through] of each cell of which a part is."""
    for cells in sheet.iter_rows():
        for cell in cells:
            left, struck = _parted(cell.value)
            if left.strip() and struck.strip():
                yield [cell.row - 1, cell.column - 1, left[:LONGEST_CELL], struck[:LONGEST_CELL]]


def _parted(value: Any) -> tuple[str, str]:
    """(what is left of a rich text, what is struck through in it)."""
    found = {False: "", True: ""}
    for part in value if isinstance(value, list) else ():
        found[bool(getattr(getattr(part, "font", None), "strike", False))] += str(part)
    return found[False], found[True]


def _is_struck(cells: Any) -> bool:
    written = [cell for cell in cells if cell.value not in (None, "")]
    marks = [bool(cell.font and cell.font.strike) or _all_struck(cell.value) for cell in written]
    return row_is_struck(marks) or _name_is_struck([str(cell.value) for cell in written], marks)


def _name_is_struck(texts: list[str], marks: list[bool]) -> bool:
    """Two cells of words side by side are struck through, as a last and a first name are: no number was corrected."""
    words = [
        lined and text[:1].isalpha() and not re.search(r"[\d@]", text) for text, lined in zip(texts, marks, strict=True)
    ]
    return any(one and other for one, other in pairwise(words))


def _all_struck(value: Any) -> bool:
    left, struck = _parted(value)
    return bool(struck.strip()) and not left.strip()


def row_is_struck(marks: list[bool]) -> bool:
    """Tell whether every written cell is struck through; of four and more all but one (a remark added later)."""
    return bool(marks) and sum(marks) >= len(marks) - (len(marks) > 3)


def ods_facts(path: str) -> dict[str, Any]:
    """Return sheet → merged ranges, hidden rows and columns, struck rows (from 0) of an .ods: calamine gives none."""
    import colours  # beside this file, when the child is run as a script
    from defusedxml.ElementTree import iterparse

    whole: dict[str, Any] = {"macros": False, "links": False, "formulas": 0}
    facts: dict[str, Any] = {"": whole}
    lined: set[str] = set()
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        coloured = colours.speaks_of_colours(_TAGS.sub(b" ", archive.read("content.xml")[:_LEGEND_BYTES]))
        painted: dict[str, list[str]] = {}
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
                    "error_cells": [],
                    "struck_texts": [],
                    "row_colours": {},
                }
                row = column = 0
            elif event == "end" and tag == "style":
                if any(_named(part, "text-line-through-style") not in ("", "none") for part in element):
                    lined.add(_named(element, "name"))
                painted |= _painted(element) if coloured else {}
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
                here["error_cells"] += _ods_errors(element, row)
                here["struck_texts"] += _struck_spans(element, row, lined) if lined else ()
                here["row_colours"] |= _painted_row(element, row, painted) if painted else {}
                if lined and row_is_struck(
                    [_named(cell, "style-name") in lined for cell in element if _has_value(cell)]
                ):
                    here["struck_rows"].append(row)
                whole["formulas"] += sum(_named(cell, "formula") != "" and not _has_value(cell) for cell in element)
                row += repeated
                element.clear()
    return facts


def _painted(style: Any) -> dict[str, list[str]]:
    """The name of a style, with what people may call the ground of its cells, or else their letters."""
    import colours

    for name in ("background-color", "color"):
        said = next((text for part in style if (text := _named(part, name)).startswith("#")), "")
        if found := colours.called(said.removeprefix("#")):
            return {_named(style, "name"): list(found)}
    return {}


def _painted_row(element: Any, row: int, painted: dict[str, list[str]]) -> dict[int, list[str]]:
    import colours

    cells = [cell for cell in element if _has_value(cell)]
    names = colours.of_row([painted.get(_named(cell, "style-name"), []) for cell in cells], len(cells))
    return {row: names} if cells and names else {}


_TAGS = re.compile(rb"<[^<>]*>")
_LEGEND_BYTES = 5_000_000  # of a content that may hold a legend


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


def _ods_errors(row_element: Any, row: int) -> Iterator[list[Any]]:
    """As `_error_cells`, of a row."""
    column = 0
    for cell in row_element:
        if any(key.endswith("}value-type") and value == "error" for key, value in cell.attrib.items()):
            yield [row, column, "".join(cell.itertext()).strip()[:LONGEST_CELL] or "#N/A"]
        column += int(_named(cell, "number-columns-repeated") or 1)


def _struck_spans(row_element: Any, row: int, lined: set[str]) -> Iterator[list[Any]]:
    """As `_struck_texts`, of the spans of a row."""
    column = 0
    for cell in row_element:
        paragraphs = [part for part in cell if part.tag.rpartition("}")[2] == "p"]
        spans = [
            span
            for part in paragraphs
            for span in part.iter()
            if span is not part and _named(span, "style-name") in lined
        ]
        struck = "".join("".join(span.itertext()) for span in spans)
        for span in spans:
            for part in list(span.iter()):
                part.text = ""
                part.tail = part.tail if part is span else ""
        left = "\n".join("".join(part.itertext()) for part in paragraphs)
        if left.strip() and struck.strip():
            yield [row, column, left[:LONGEST_CELL], struck[:LONGEST_CELL]]
        column += int(_named(cell, "number-columns-repeated") or 1)


def _merged(row_element: Any, row: int) -> Iterator[list[int]]:
    column = 0
    for cell in row_element:
        down = int(_named(cell, "number-rows-spanned") or 1)
        right = int(_named(cell, "number-columns-spanned") or 1)
        if down > 1 or right > 1:
            yield [row, column, row + down - 1, column + right - 1]
        column += int(_named(cell, "number-columns-repeated") or 1)


def facts_of(path: str) -> dict[str, Any] | None:
    """Return the facts of an .xlsx, .ods or .xls; None for a file too large to ask."""
    if not zipfile.is_zipfile(path):
        import xls_records  # type: ignore[import-not-found]  # beside this file, when the child is run as a script

        return xls_records.xls_facts(path, row_is_struck)  # type: ignore[no-any-return]
    with zipfile.ZipFile(path) as archive:
        names, size = set(archive.namelist()), sum(entry.compress_size for entry in archive.infolist())
    if size > FACTS_BYTES:
        return None
    if "content.xml" in names:
        return ods_facts(path)
    if "xl/workbook.bin" in names:
        return {"": {"binary": True}}
    return xlsx_facts(path) if "xl/workbook.xml" in names else {}
