"""The notes on the cells of a workbook: what somebody wrote beside an answer, in .xlsx, .ods and .xls."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from zipfile import ZipFile, is_zipfile

import olefile
from defusedxml.ElementTree import fromstring

MOST_NOTES = 500
LARGEST_PART = 20_000_000  # bytes: the notes of ten thousand cells have three
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_THREADED = re.compile(r"^\[Threaded comment\].*?(?:Comment|Commentaire)\s*:\s*", re.DOTALL)
# [MS-XLS] 2.4: a sheet, a note on a cell, the object and the text it stands in, more of the same record.
_SHEET, _NOTE, _OBJECT, _TEXT, _MORE = 0x0085, 0x001C, 0x005D, 0x01B6, 0x003C


@dataclass(frozen=True, slots=True)
class CellNote:
    """A note: its sheet's title, the row (from 1) it stands on, what it says; `box`: it lies over the cells."""

    sheet: str
    row: int
    text: str
    box: bool = False


def notes_of(content: bytes) -> Iterator[CellNote]:
    """Yield the notes of a workbook, in the order of its sheets; none of a text. Raises what a damaged file makes
    raise.
    """
    if not is_zipfile(BytesIO(content)):
        yield from _of_xls(content) if content.startswith(b"\xd0\xcf\x11\xe0") else ()
        return
    with ZipFile(BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            yield from _of_ods(archive)
        elif "xl/workbook.xml" in names and any("comment" in name.lower() for name in names):
            yield from _of_xlsx(archive, names)
        if "xl/workbook.xml" in names:
            yield from _boxes_of_xlsx(archive, names)


def parts_of_sheets(archive: ZipFile) -> dict[str, str]:
    """Return the title of each sheet of an .xlsx → the part that holds it."""
    names = set(archive.namelist())
    parts = _targets(archive, "xl/workbook.xml", names)
    sheets = (one for one in _xml(archive, "xl/workbook.xml").iter() if local_name(one) == "sheet")
    found = {one.get("name", ""): parts.get(attribute_of(one, "id"), "") for one in sheets}
    return {title: part for title, part in found.items() if part in names}


def _xml(archive: ZipFile, name: str) -> Any:
    if archive.getinfo(name).file_size > LARGEST_PART:
        raise ValueError(name)
    return fromstring(archive.read(name))


def local_name(element: Any) -> str:
    """Return the name of an element of a workbook's part, without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute_of(element: Any, name: str) -> str:
    """Return an attribute, whatever its namespace; "" where there is none."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _targets(archive: ZipFile, part: str, names: set[str]) -> dict[str, str]:
    """Relation id → part that it leads to."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in names:
        return {}
    found = {}
    for one in _xml(archive, relations):
        target = one.get("Target", "")
        found[one.get("Id", "")] = (
            target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
        )
    return found


def _of_xlsx(archive: ZipFile, names: set[str]) -> Iterator[CellNote]:
    parts = _targets(archive, "xl/workbook.xml", names)
    sheets = (one for one in _xml(archive, "xl/workbook.xml").iter() if local_name(one) == "sheet")
    left = MOST_NOTES
    for sheet in sheets:
        leading = _targets(archive, parts.get(attribute_of(sheet, "id"), ""), names).values()
        found: dict[str, list[str]] = {}
        for part in sorted(one for one in leading if "comment" in one.lower() and one in names):
            for note in _xml(archive, part).iter():
                if local_name(note) in ("comment", "threadedComment") and (text := _note_text(note)):
                    said = found.setdefault(attribute_of(note, "ref"), [])
                    said += [text] if text not in said else []
        for reference, said in found.items():
            place = _CELL.fullmatch(reference)
            if place and left:
                left -= 1
                yield CellNote(sheet.get("name", ""), int(place[2]), "\n".join(said))


def _boxes_of_xlsx(archive: ZipFile, names: set[str]) -> Iterator[CellNote]:
    """The texts that were laid over the cells in boxes; a chart is none."""
    left = MOST_NOTES
    for title, sheet in parts_of_sheets(archive).items():
        for part in _targets(archive, sheet, names).values():
            if "/drawings/drawing" not in part.lower() or part not in names:
                continue
            for anchor in _xml(archive, part):
                shapes = (one for one in anchor.iter() if local_name(one) == "sp")
                said = (each for shape in shapes for each in shape.iter() if local_name(each) == "p")
                text = " ".join(
                    "".join(one.text or "" for one in each.iter() if local_name(one) == "t") for each in said
                )
                if left and text.strip():
                    left -= 1
                    yield CellNote(title, _first_row(anchor), text.strip(), box=True)


def _first_row(anchor: Any) -> int:
    """The row, from 1, at which a box begins."""
    found = (
        one.text or "" for begin in anchor if local_name(begin) == "from" for one in begin if local_name(one) == "row"
    )
    row = next(found, "")
    return int(row) + 1 if row.isdecimal() else 1


def _note_text(note: Any) -> str:
    """What is said, without « Auteur : » in bold that Excel begins with."""
    pieces = [
        (one, one.text or "") for one in note.iter() if local_name(one) in ("t", "text") and (one.text or "").strip()
    ]
    texts = [text for _, text in pieces]
    if len(texts) > 1 and texts[0].strip().endswith(":"):
        texts = texts[1:]
    return _THREADED.sub("", "".join(texts).strip()).strip()


def _of_ods(archive: ZipFile) -> Iterator[CellNote]:
    if archive.getinfo("content.xml").file_size > 5 * LARGEST_PART:
        raise ValueError
    content = archive.read("content.xml")
    if b"annotation" not in content and b"text-box" not in content:
        return
    left = MOST_NOTES
    for table in (one for one in fromstring(content).iter() if local_name(one) == "table"):
        row, title = 0, attribute_of(table, "name")
        for box in (one for one in table.iter() if local_name(one) == "text-box"):
            if left and (text := " ".join(box.itertext()).strip()):
                left -= 1
                yield CellNote(title, 1, text, box=True)
        for line in (one for one in table.iter() if local_name(one) == "table-row"):
            for cell in line:
                notes = (one for one in cell if local_name(one) == "annotation")
                texts = [
                    "\n".join("".join(p.itertext()) for p in note if local_name(p) == "p").strip() for note in notes
                ]
                if left and (text := "\n".join(filter(None, texts))):
                    left -= 1
                    yield CellNote(title, row + 1, text)
            row += min(int(attribute_of(line, "number-rows-repeated") or 1), 2_000_000)


def _of_xls(content: bytes) -> Iterator[CellNote]:
    with olefile.OleFileIO(BytesIO(content)) as document:
        name = "Workbook" if document.exists("Workbook") else "Book"
        stream = document.openstream(name).read() if document.exists(name) else b""
    left = MOST_NOTES
    for title, at in _sheets(stream):
        texts: dict[int, str] = {}
        places: list[tuple[int, int]] = []
        number, waiting = 0, False
        for kind, body in _records(stream, at):
            if kind == _OBJECT and len(body) >= 8:
                number = struct.unpack_from("<H", body, 6)[0]
            elif kind == _TEXT:
                waiting = True
            elif kind == _MORE and waiting:
                texts[number], waiting = _characters(body), False
            elif kind == _NOTE and len(body) >= 8:
                row, _, _, about = struct.unpack_from("<HHHH", body)
                places.append((row, about))
        for row, about in places:
            if left and (text := texts.get(about, "").strip()):
                left -= 1
                yield CellNote(title, row + 1, text.partition(":\n")[2] or text)


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, body in _records(stream, 0):
        if kind == _SHEET and len(body) > 8:
            wide = body[7] & 1
            title = body[8 : 8 + body[6] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
            yield title, struct.unpack_from("<I", body)[0]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of a substream to its end; those of a chart within come along, and say nothing here."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == 0x0809) - (kind == 0x000A)
        if depth <= 0:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _characters(body: bytes) -> str:
    return body[1:].decode("utf-16-le" if body[:1] == b"\x01" else "latin-1", "replace").replace("\r", "\n")
