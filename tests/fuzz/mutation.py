"""How a good file is spoilt: its lines, the parts of its archive, the numbers and tags of its XML; else its bytes."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

Bytewise = Callable[[bytes, int], bytes]

_NUMBER = re.compile(rb"(?<=[\"'>;|])-?[0-9.]+(?=[\"'<;|])")
_TAG = re.compile(rb"<[^<>]{1,400}>")
_NUMBERS = (
    b"", b"-1", b"0", b"16384", b"16385", b"65536", b"1048576", b"1048577", b"2147483648", b"4294967295",
    b"18446744073709551616", b"1e309", b"-1e-309", b"nan", b"0.1", b"2958466", b"-693594", b"8.99700000013E+11",
)  # fmt: skip
_SNIPPETS = (  # what means something to one reader or another
    b"\x00", b"\r", b"\n", b"\r\n", b'"', b'""', b";", b"|", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\x81",
    b"\xe9", b"\xed\xa0\x80",
    "\u202e".encode(), "\u0660".encode(), "\U0001d7d8".encode(), "А".encode(), b"=cmd|'/C calc'!A0", b"<!--",
    b"]]>", b"&x;",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<c r=\"XFD1048576\"><v>1</v></c>", b"<row r=\"0\"/>",
    b'<mergeCell ref="A1:XFD1048576"/>',
    b' hidden="1"', b' t="e"', b' t="s"', b' t="d"', b' table:number-rows-repeated="1048576"', b'{"pmej":[',
    b"[[", b"]}", b"\\u0000",
    b"9999-12-31", b"1900-02-29", b"0000-00-00", b"31/12/9999", b"/", b"::", b'"""', b"EFIT", b"nan", b"1e999",
)  # fmt: skip


def spoil(data: bytes, most: int, seed: int, bytewise: Bytewise) -> bytes:
    """One more version of the file, of at most `most` bytes; the same seed spoils in the same way."""
    chance = random.Random(seed)
    if data.startswith(b"PK") and chance.random() < 0.9:
        return _spoil_archive(data, most, chance, bytewise)
    return _spoil_text(data, most, chance, bytewise)[:most]


def _spoil_archive(data: bytes, most: int, chance: random.Random, bytewise: Bytewise) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()[:60]]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, NotImplementedError, zlib.error):
        return _spoil_text(data, most, chance, bytewise)[:most]
    if not parts:
        return data
    told = [at for at, (name, _) in enumerate(parts) if "sheet" in name or "content" in name or "haredStr" in name]
    at = chance.choice(told) if told and chance.random() < 0.7 else chance.randrange(len(parts))
    name, content = parts[at]
    match chance.randrange(20):
        case 0:
            del parts[at]
        case 1:
            parts.append((name, content[: len(content) // 2]))
        case 2:
            parts[at] = (chance.choice(("../../x", "/etc/x", "xl/workbook.bin", "mimetype", name.upper())), content)
        case _:
            parts[at] = (name, _spoil_text(content, most, chance, bytewise))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.comment = b""
        for part, text in parts:
            archive.writestr(zipfile.ZipInfo(part), text, zipfile.ZIP_DEFLATED, 1)
    return packed.getvalue() if packed.tell() <= most else data


def _spoil_text(data: bytes, most: int, chance: random.Random, bytewise: Bytewise) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice(_WAYS)(data, chance) if chance.random() < 0.75 else bytewise(data, most)
    return data


def _other_number(data: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return _insert(data, chance)
    one = chance.choice(found)
    return data[: one.start()] + chance.choice(_NUMBERS) + data[one.end() :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_SNIPPETS) * chance.choice((1, 1, 1, 3, 400)) + data[at:]


def _tags(data: bytes, chance: random.Random) -> bytes:
    """A tag taken out, said twice, or put elsewhere."""
    found = list(_TAG.finditer(data))
    if not found:
        return _lines(data, chance)
    one, other = chance.choice(found), chance.choice(found)
    match chance.randrange(3):
        case 0:
            return data[: one.start()] + data[one.end() :]
        case 1:
            return data[: one.end()] + one[0] + data[one.end() :]
        case _:
            return data[: other.start()] + one[0] + data[other.start() :]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[one]
        case 1:
            lines[one], lines[other] = lines[other], lines[one]
        case 2:
            lines.insert(other, lines[one])
        case _:
            lines[one] = lines[one][: chance.randrange(len(lines[one]) + 1)]
    return b"\n".join(lines)


def _cut(data: bytes, chance: random.Random) -> bytes:
    first, last = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    match chance.randrange(3):
        case 0:
            return data[:last]
        case 1:
            return data[:first] + data[min(last, first + 64) :]
        case _:
            return data[:first] + data[first : min(last, first + 256)] * 2 + data[first:]


_WAYS = (_other_number, _insert, _insert, _tags, _lines, _cut)
