"""A workbook in the binary form of Excel (.xlsb), written for the tests: no program here writes one."""

import struct
import zipfile
from pathlib import Path

import openpyxl

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_BOOK, _BOOK_END, _SHEETS, _SHEETS_END, _SHEET = 131, 132, 143, 144, 156
_SIZE, _DATA, _DATA_END, _ROW, _NUMBER, _TEXT = 148, 145, 146, 0, 5, 6


def save_binary(source: Path, target: Path) -> Path:
    """Write the values of an .xlsx as an .xlsb; return where it lies."""
    book = openpyxl.load_workbook(source)
    titles = book.sheetnames
    related = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at in range(1, len(titles) + 1)
    )
    sheets = b"".join(
        _record(_SHEET, struct.pack("<II", 0, at) + _wide(f"rId{at}") + _wide(title))
        for at, title in enumerate(titles, 1)
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        main = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
        archive.writestr("_rels/.rels", f"{_RELATED}{main}</Relationships>")
        archive.writestr("xl/_rels/workbook.bin.rels", f"{_RELATED}{related}</Relationships>")
        listed = _record(_SHEETS) + sheets + _record(_SHEETS_END)
        archive.writestr("xl/workbook.bin", _record(_BOOK) + listed + _record(_BOOK_END))
        for at, title in enumerate(titles, 1):
            archive.writestr(f"xl/worksheets/sheet{at}.bin", _page(list(book[title].iter_rows(values_only=True))))
    return target


def _page(rows: list[tuple[object, ...]]) -> bytes:
    width = max((len(row) for row in rows), default=1)
    told = [_record(129), _record(_SIZE, struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, width - 1)), _record(_DATA)]
    for number, row in enumerate(rows):
        told.append(_record(_ROW, struct.pack("<II", number, 0) + bytes(9)))
        for at, value in enumerate(row):
            place = struct.pack("<II", at, 0)
            if isinstance(value, int | float):
                told.append(_record(_NUMBER, place + struct.pack("<d", value)))
            elif value is not None:
                told.append(_record(_TEXT, place + _wide(str(value))))
    return b"".join((*told, _record(_DATA_END), _record(130)))


def _record(kind: int, data: bytes = b"") -> bytes:
    return _varied(kind) + _varied(len(data)) + data


def _varied(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    found = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        found.append(low | (0x80 if number else 0))
        if not number:
            return bytes(found)


def _wide(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw
