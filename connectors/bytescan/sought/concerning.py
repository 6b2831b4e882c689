"""Whether a row concerns somebody wanted, by its cells: the definition, of which a glance is a quicker look."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from connectors.bytescan.lines import decode
from schemas.reading.source import Wanted
from schemas.words import name_key

_ASCII_UPPER = bytes(range(65, 91))
_LOWER = bytes.maketrans(_ASCII_UPPER, _ASCII_UPPER.lower())
_NOT_ALNUM = bytes(code for code in range(128) if not chr(code).isalnum())


def _folded(code: int) -> int:
    """Up to three letters, the first lowest, and above them how many they are; 255 where they are others."""
    letters = name_key(chr(code)).encode()
    known = len(letters) <= _MOST and letters.isascii()
    return int.from_bytes(letters, "little") | len(letters) << 24 if known else 255 << 24


_MOST = 3
FOLDED = [_folded(code) for code in range(0x80, 0x180)]
"""What each letter of Western Europe is in a name, whatever stands beside it: U+0080 to U+017F."""

_KNOWN = frozenset(chr(code) for code, found in enumerate(FOLDED, 0x80) if found >> 24 <= _MOST)


# Letters of two bytes, or alone as Windows-1252 has them from A0 on: as Unicode does.
_PLAIN = re.compile(rb"(?:[\x00-\x7f]|[\xc2-\xc5][\x80-\xbf]|[\xa0-\xc1\xf5-\xff]|[\xc2-\xf4](?![\x80-\xbf]))*")


def is_certain(cell: bytes) -> bool:
    """Tell whether there are no other letters in it than ASCII and `FOLDED`, whatever its line has besides."""
    if cell.isascii():
        return True
    return bool(_PLAIN.fullmatch(cell)) and all(sign.isascii() or sign in _KNOWN for sign in decode(cell))


def concerning(at: Mapping[str, int], wanted: Wanted) -> Callable[[list[bytes]], bool]:
    """Tell whether a row, by its tidied cells, concerns somebody wanted: by number, number in the card, serial
    or name.
    """
    everyone, ids = wanted.everyone, wanted.national_ids
    national, otherwise = at["national_id"], _other_ways(at, wanted, ids)
    return lambda cells: everyone or _text(cells[national]) in ids or bool(otherwise and otherwise(cells))


def _text(cell: bytes) -> str:
    """What is looked for is text, of which there may be millions; what is no UTF-8 is none of it."""
    return cell.decode(errors="surrogateescape")


def _other_ways(at: Mapping[str, int], wanted: Wanted, ids: frozenset[str]) -> Callable[[list[bytes]], bool] | None:
    """Whether a row concerns somebody wanted by number in the card, serial or name; None without any."""
    serials, names = wanted.serials, wanted.names
    ways: list[Callable[[list[bytes]], bool]] = []
    if "content_id" in at and ids:
        ways.append(lambda cells, content=at["content_id"]: _text(cells[content]) in ids)  # type: ignore[misc]
    if "serial" in at and serials:
        ways.append(lambda cells, serial=at["serial"]: _text(cells[serial]) in serials)  # type: ignore[misc]
    if "last_name" in at and "first_name" in at and names:
        ways.append(_by_name(at["last_name"], at["first_name"], names))
    if len(ways) < 2:
        return ways[0] if ways else None
    return lambda cells: any(way(cells) for way in ways)


def _by_name(last: int, first: int, names: frozenset[str]) -> Callable[[list[bytes]], bool]:
    return lambda cells: (name_bytes(cells[last]) + b"|" + name_bytes(cells[first])).decode() in names


def name_bytes(cell: bytes) -> bytes:
    """Return `schemas.words.name_key` of a cell, as bytes; most names are ASCII, and need no decoding."""
    return cell.translate(_LOWER, _NOT_ALNUM) if cell.isascii() else _decoded_name(cell)


@lru_cache(maxsize=65536)
def _decoded_name(cell: bytes) -> bytes:
    return name_key(decode(cell)).encode()
