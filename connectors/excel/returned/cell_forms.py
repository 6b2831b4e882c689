"""What a workbook shows of its cells beside their texts: struck through, coloured, or one cell over several lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from openpyxl.utils.cell import column_index_from_string, range_boundaries

from connectors.excel.returned.coloured_rows import coloured_rows, coloured_styles
from connectors.excel.returned.notes import parts_of_sheets

_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="(\d+)"[^/>]*>')  # one that holds something
_SHARED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^/>]*t="s"[^/>]*><v>(\d{1,7})</v>')
_INLINE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^/>]*t="inlineStr"[^/>]*>(<is>(?:(?!</is>).)*</is>)', re.DOTALL)
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><f\b[^>]*>[^<]*</f>(?:<v\s*/>|<v></v>)?</c>')
_TEXT = re.compile(rb"<si\b[^>]*?(?:/>|>(?:(?!</si>).)*</si>)", re.DOTALL)
_STRIKE = re.compile(rb'<strike(?:/| val="(?:1|true)"\s*/?)>')
_MOST = 2000  # cells, of a file
_LARGEST = 60_000_000  # bytes of a sheet

CellPlace = tuple[int, int]
"""Row and column, from 1."""


@dataclass(frozen=True, slots=True)
class CellForms:
    """Of a sheet: which cells are struck through; cell → (first, last) row of the one that it is merged into; formulas
    that nothing has reckoned (`empty`); rows that somebody coloured.
    """

    struck: frozenset[CellPlace] = frozenset()
    merged: dict[CellPlace, tuple[int, int]] = field(default_factory=dict)
    empty: frozenset[CellPlace] = frozenset()
    coloured: frozenset[int] = frozenset()


def forms_of(content: bytes) -> dict[str, CellForms]:
    """Return them by the title of the sheet, of an .xlsx; nothing of a sheet that has none."""
    found = {}
    with ZipFile(BytesIO(content)) as archive:
        styles, texts, colours = _struck_styles(archive), _struck_texts(archive), coloured_styles(archive)
        for title, part in parts_of_sheets(archive).items():
            if archive.getinfo(part).file_size > _LARGEST:
                continue
            xml = archive.read(part)
            forms = CellForms(
                frozenset((*_struck(xml, styles), *_struck_within(xml, texts))),
                dict(_merged(xml)),
                _empty(xml),
                coloured_rows(xml, colours),
            )
            if forms.struck or forms.merged or forms.empty or forms.coloured:
                found[title] = forms
    return found


def _merged(xml: bytes) -> Iterator[tuple[CellPlace, tuple[int, int]]]:
    left = _MOST
    for found in _MERGED.finditer(xml):
        first_column, first, last_column, last = (int(one or 0) for one in range_boundaries(found[1].decode()))
        if first == last:
            continue
        for row in range(first, last + 1):
            for column in range(first_column, last_column + 1):
                if left:
                    left -= 1
                    yield (row, column), (first, last)


def _empty(xml: bytes) -> frozenset[CellPlace]:
    """The formulas that no program has reckoned: whoever opens the file sees a value, and the file has none."""
    return frozenset((int(one[2]), column_index_from_string(one[1].decode())) for one in _FORMULA.finditer(xml))


def _struck_styles(archive: ZipFile) -> frozenset[int]:
    """The numbers of the styles whose font is struck through."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    root = fromstring(archive.read("xl/styles.xml"))
    fonts = [_is_struck(font) for one in _children(root, "fonts") for font in _children(one, "font")]
    xfs = [xf for one in _children(root, "cellXfs") for xf in _children(one, "xf")]
    numbers = (int(xf.get("fontId", "0")) for xf in xfs)
    return frozenset(at for at, number in enumerate(numbers) if number < len(fonts) and fonts[number])


def _struck_texts(archive: ZipFile) -> frozenset[int]:
    """The numbers of the texts of which a part is struck through, as one does with a word in a cell."""
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist() or archive.getinfo(name).file_size > _LARGEST:
        return frozenset()
    texts = _TEXT.findall(archive.read(name))
    return frozenset(at for at, text in enumerate(texts) if _STRIKE.search(text))


def _struck_within(xml: bytes, texts: frozenset[int]) -> Iterator[CellPlace]:
    for found in _SHARED.finditer(xml) if texts else ():
        if int(found[3]) in texts:
            yield int(found[2]), column_index_from_string(found[1].decode())
    for found in _INLINE.finditer(xml):
        if _STRIKE.search(found[3]):
            yield int(found[2]), column_index_from_string(found[1].decode())


def _is_struck(font: Any) -> bool:
    return any(one.get("val", "1") not in ("0", "false") for one in _children(font, "strike"))


def _children(element: Any, name: str) -> list[Any]:
    return [one for one in element if str(one.tag).rpartition("}")[2] == name]


def _struck(xml: bytes, styles: frozenset[int]) -> Iterator[CellPlace]:
    if styles:
        for found in _CELL.finditer(xml):
            if int(found[3]) in styles:
                yield int(found[2]), column_index_from_string(found[1].decode())
