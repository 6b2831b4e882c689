"""What the records of an .xls tell and calamine does not: hidden rows and columns, struck rows, errors, and where a
legend speaks of colours those of rows ([MS-XLS]).

Imported by `child.py` alone, in its guarded process.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

SHEET, _ROW, _COLUMNS, _BEGIN, _END = 0x0085, 0x0208, 0x007D, 0x0809, 0x000A
_FONT, _FORMAT, _STRUCK_OUT = 0x0031, 0x00E0, 0x0008
CELLS = {0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x0006, 0x0205}  # one cell each: row, column, format first
_NUMBERS = 0x00BD  # several of one row: row, first column, (format, number) each, last column
_FORMULA, _BOOLEAN_OR_ERROR = 0x0006, 0x0205
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_NO_FONT = 4  # there is no font of this index: the fifth record is number 5
_MOST_STRUCK = 50_000
_STRINGS, _MORE, _PALETTE = 0x00FC, 0x003C, 0x0092
_FIRST_OF_PALETTE = 8
_SOLID = 1 << 26  # of the six bits of a pattern
_FORMAT_BYTES = 20  # of Excel 97 and later

Struck = Callable[[list[bool]], bool]
"""Whether a row is struck through, by its written cells."""


def xls_facts(path: str, struck: Struck) -> dict[str, Any]:
    """Return sheet → hidden rows and columns, rows struck through (from 0); under "": macros."""
    import olefile

    with olefile.OleFileIO(path) as document:
        macros = document.exists("_VBA_PROJECT_CUR")
        with document.openstream("Workbook" if document.exists("Workbook") else "Book") as part:
            stream = part.read()
    facts: dict[str, Any] = {"": {"macros": macros, "links": False, "formulas": 0}}
    lined, painted = struck_formats(stream), _painted_formats(stream)
    for kind, body in records(stream, 0):
        if kind == SHEET and len(body) > 8:
            name, start = sheet_start(body)
            facts[name] = _hidden(stream, start)
            facts[name]["error_cells"] = list(_errors(stream, start))
            facts[name]["struck_rows"] = _struck_rows(stream, start, lined, struck) if lined else []
            facts[name]["row_colours"] = _row_colours(stream, start, painted) if painted else {}
    return facts


def sheet_start(body: bytes) -> tuple[str, int]:
    """Return (title, where its records begin) of the record of a sheet."""
    wide = body[7] & 1  # else one byte a letter
    name = body[8 : 8 + body[6] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
    return name, struct.unpack_from("<I", body)[0]


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a substream, to its end; a chart within is a substream of its own, and passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _hidden(stream: bytes, start: int) -> dict[str, Any]:
    rows: list[int] = []
    columns: list[int] = []
    for kind, body in records(stream, start):
        if kind == _ROW and len(body) >= 16 and body[12] & 0x20:
            rows.append(struct.unpack_from("<H", body)[0])
        elif kind == _COLUMNS and len(body) >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            columns += range(first, min(last, 255) + 1)
    return {"hidden_rows": rows, "hidden_columns": columns}


def _errors(stream: bytes, start: int) -> Iterator[list[Any]]:
    """[row, column, « #N/A »] of each cell that holds an error, of a formula or alone."""
    for kind, body in records(stream, start):
        code = None
        if kind == _BOOLEAN_OR_ERROR and len(body) >= 8 and body[7] == 1:
            code = body[6]
        elif kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
            code = body[8]
        if code is not None:
            yield [*struct.unpack_from("<HH", body), _ERRORS.get(code, "#N/A")]


def struck_formats(stream: bytes) -> set[int]:
    """Return the indices of the cell formats whose font is struck out."""
    fonts: list[bool] = []
    formats: list[int] = []
    for kind, body in records(stream, 0):
        if kind == _FONT and len(body) >= 4:
            fonts.append(bool(struct.unpack_from("<H", body, 2)[0] & _STRUCK_OUT))
        elif kind == _FORMAT and len(body) >= 2:
            formats.append(struct.unpack_from("<H", body)[0])
    lined = {at + (at >= _NO_FONT) for at, is_struck in enumerate(fonts) if is_struck}
    return {at for at, font in enumerate(formats) if font in lined}


def _struck_rows(stream: bytes, start: int, lined: set[int], struck: Struck) -> list[int]:
    marks = {row: [layout in lined for layout in layouts] for row, layouts in _layouts(stream, start).items()}
    return [row for row, found in sorted(marks.items()) if struck(found)][:_MOST_STRUCK]


def _layouts(stream: bytes, start: int) -> dict[int, list[int]]:
    """Row → the formats of its written cells."""
    found: dict[int, list[int]] = defaultdict(list)
    for kind, body in records(stream, start):
        if kind in CELLS and len(body) >= 6:
            row, _, layout = struct.unpack_from("<HHH", body)
            found[row].append(layout)
        elif kind == _NUMBERS and len(body) >= 6:
            row = struct.unpack_from("<H", body)[0]
            found[row] += [struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 2, 6)]
    return found


def _painted_formats(stream: bytes) -> dict[int, list[str]]:
    """Format of cells → what people may call the colour of its ground, or else of its letters; none where no legend
    speaks of colours.
    """
    import colours  # type: ignore[import-not-found]  # beside this file, when the child is run as a script

    shown = b"".join(body for kind, body in records(stream, 0) if kind in (_STRINGS, _MORE))
    if not colours.speaks_of_colours(shown.replace(b"\0", b"").decode("latin-1").encode()):
        return {}
    palette: dict[int, str] = {}
    letters: list[int] = []
    found: list[list[str]] = []
    for kind, body in records(stream, 0):
        if kind == _PALETTE:
            own = (body[at : at + 3].hex() for at in range(2, len(body) - 3, 4))
            palette = dict(enumerate(own, _FIRST_OF_PALETTE))
        elif kind == _FONT and len(body) >= 6:
            letters.append(struct.unpack_from("<H", body, 4)[0])
        elif kind == _FORMAT:
            found.append(_colour_of(body, letters, palette))
    return {at: names for at, names in enumerate(found) if names}


def _colour_of(layout: bytes, letters: list[int], palette: dict[int, str]) -> list[str]:
    import colours

    def named(index: int) -> list[str]:
        return list(colours.called(palette.get(index, colours.INDEXED.get(index, ""))))

    if len(layout) < _FORMAT_BYTES:
        return []
    font = struct.unpack_from("<H", layout)[0]
    at = font - (font > _NO_FONT)
    filled = struct.unpack_from("<I", layout, 14)[0] & (0x3F << 26) == _SOLID
    ground = named(struct.unpack_from("<H", layout, 18)[0] & 0x7F) if filled else []
    return ground or (named(letters[at]) if at < len(letters) else [])


def _row_colours(stream: bytes, start: int, painted: dict[int, list[str]]) -> dict[int, list[str]]:
    import colours

    rows = _layouts(stream, start)
    found = {row: colours.of_row([painted.get(one, []) for one in own], len(own)) for row, own in rows.items()}
    return {row: names for row, names in found.items() if names}
