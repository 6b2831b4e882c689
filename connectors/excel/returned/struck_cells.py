"""Which cells of an .ods or .xls are struck through: an answer that somebody took back without deleting it."""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

import olefile
from defusedxml.ElementTree import fromstring

from connectors.excel.returned.cell_forms import CellForms, CellPlace
from connectors.excel.returned.notes import attribute_of, local_name
from connectors.sources.sheet.guarded.xls_records import CELLS, SHEET, records, sheet_start, struck_formats

_LARGEST = 100_000_000  # bytes of the content of an .ods
_MOST = 2000  # cells of a sheet
_WIDEST, _TALLEST = 1_000, 2_000_000


def struck_of(content: bytes) -> dict[str, CellForms]:
    """Return them by the title of the sheet. Raises what a damaged file makes raise."""
    found = _of_ods(content) if is_zipfile(BytesIO(content)) else _of_xls(content)
    return {title: CellForms(frozenset(places)) for title, places in found if places}


def _of_ods(content: bytes) -> Iterator[tuple[str, list[CellPlace]]]:
    with ZipFile(BytesIO(content)) as archive:
        if "content.xml" not in archive.namelist() or archive.getinfo("content.xml").file_size > _LARGEST:
            return
        xml = archive.read("content.xml")
    if b"line-through" not in xml:
        return
    root = fromstring(xml)
    lined = {attribute_of(one, "name") for one in root.iter() if local_name(one) == "style" and _is_lined(one)}
    for table in (one for one in root.iter() if local_name(one) == "table"):
        yield attribute_of(table, "name"), list(_struck_in(table, lined))[:_MOST]


def _struck_in(table: Any, lined: set[str]) -> Iterator[CellPlace]:
    row = 1
    for line in (one for one in table.iter() if local_name(one) == "table-row"):
        column = 1
        for cell in line:
            within = any(attribute_of(one, "style-name") in lined for one in cell.iter() if local_name(one) == "span")
            if "".join(cell.itertext()).strip() and (within or attribute_of(cell, "style-name") in lined):
                yield row, column
            column += min(int(attribute_of(cell, "number-columns-repeated") or 1), _WIDEST)
        row += min(int(attribute_of(line, "number-rows-repeated") or 1), _TALLEST)


def _is_lined(style: Any) -> bool:
    return any(
        attribute_of(one, "text-line-through-style") not in ("", "none")
        for one in style
        if local_name(one) == "text-properties"
    )


def _of_xls(content: bytes) -> Iterator[tuple[str, list[CellPlace]]]:
    with olefile.OleFileIO(BytesIO(content)) as document:
        name = "Workbook" if document.exists("Workbook") else "Book"
        stream = document.openstream(name).read() if document.exists(name) else b""
    lined = struck_formats(stream)
    for kind, body in records(stream, 0) if lined else ():
        if kind == SHEET and len(body) > 8:
            title, start = sheet_start(body)
            bodies = (one for what, one in records(stream, start) if what in CELLS and len(one) > 5)
            cells = (struct.unpack_from("<HHH", one) for one in bodies)
            yield title, [(row + 1, column + 1) for row, column, layout in cells if layout in lined][:_MOST]
