"""National register extracts: persons (RPPS), the ADELI extract of the same columns, holders of cards.

Streamed as bytes, by column name, without quoting; only rows that concern somebody wanted are kept
(formats.md « Physical format », stack.md « Speed, measured »).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from connectors.readers.delimited import Table, fitness
from connectors.readers.glance import Glance
from connectors.readers.identified import doubtful_rows
from connectors.readers.lines import Progress, decode, open_text, sha256_of
from connectors.readers.result import Reading, frame_of, refused
from schemas.errors import SourceError
from schemas.source import SourceContract, SourceReport, Wanted, contract
from schemas.words import name_key

_CHOOSING = ("content_id", "serial", "last_name", "first_name")
_ASCII_UPPER = bytes(range(65, 91))
_LOWER = bytes.maketrans(_ASCII_UPPER, _ASCII_UPPER.lower())
_NOT_ALNUM = bytes(code for code in range(128) if not chr(code).isalnum())


def read_register(
    path: Path,
    source: str,
    contract_name: str,
    wanted: Wanted,
    *,
    shown: str,
    progress: Progress | None = None,
) -> Reading:
    """The rows of `wanted` in a register extract (`register_persons`, also for ADELI; `register_cards`).

    Frame: the contract's columns as cleaned text ("" where one is absent) and `_location` (« ligne 12 »).
    Accepted rows are all the right ones of the file, kept or not. `facts["unread"]`: wanted numbers found in
    quarantined rows; whom they name is to be left out of the comparison (house.md « Errors »).
    Never raises for what the file holds: an unusable one is a FAILED reading.
    """
    rules = contract(contract_name)
    columns = [*rules.columns, "_location"]
    report = SourceReport(source, shown)
    try:
        sha256, size = sha256_of(path)
        report = replace(report, sha256=sha256, size=size)
        with open_text(path, fitness(rules)) as text:
            table = Table(text, rules, source, progress)
            unread: set[str] = set()
            table.on_reject = _clues(wanted, table, rules, unread)
            kept = _kept_lines(table, wanted)
            count = table.count()
    except SourceError as error:
        return refused(report, error, columns)
    report = report.counted(count, table.notes)
    frame = frame_of(kept.items(), rules, table.at)
    return Reading(report, frame, table.complaints.all(), facts={"unread": tuple(sorted(unread))})


def _kept_lines(table: Table, wanted: Wanted) -> dict[bytes, int]:
    """Wanted line → its number; every row of the file is judged on its identification."""
    national = table.at["national_id"]
    cells = 1 + max(table.at[name] for name in ("national_id", *_CHOOSING) if name in table.at)
    ids = _as_bytes(wanted.national_ids)
    otherwise = _other_ways(table.at, wanted, ids)
    kept: dict[bytes, int] = {}
    for row in doubtful_rows(table, Glance(table.at, table.width, wanted), cells):
        if wanted.everyone or row.cells[national] in ids or (otherwise and otherwise(row.cells)):
            kept.setdefault(row.line, row.number)
    return kept


def _other_ways(at: dict[str, int], wanted: Wanted, ids: frozenset[bytes]) -> Callable[[list[bytes]], bool] | None:
    """Whether a row concerns somebody wanted by number in the card, serial or name; None without any."""
    serials, names = _as_bytes(wanted.serials), _as_bytes(wanted.names)
    ways: list[Callable[[list[bytes]], bool]] = []
    if "content_id" in at and ids:
        ways.append(lambda cells, content=at["content_id"]: cells[content] in ids)  # type: ignore[misc]
    if "serial" in at and serials:
        ways.append(lambda cells, serial=at["serial"]: cells[serial] in serials)  # type: ignore[misc]
    if "last_name" in at and "first_name" in at and names:
        ways.append(_by_name(at["last_name"], at["first_name"], names))
    if len(ways) < 2:
        return ways[0] if ways else None
    return lambda cells: any(way(cells) for way in ways)


def _by_name(last: int, first: int, names: frozenset[bytes]) -> Callable[[list[bytes]], bool]:
    last_names = frozenset(name.partition(b"|")[0] for name in names)

    def concerns(cells: list[bytes]) -> bool:
        # The last name alone excludes nearly every row.
        key = name_bytes(cells[last])
        return key in last_names and key + b"|" + name_bytes(cells[first]) in names

    return concerns


def _as_bytes(texts: frozenset[str]) -> frozenset[bytes]:
    return frozenset(text.encode() for text in texts)


def name_bytes(cell: bytes) -> bytes:
    """`schemas.words.name_key` of a cell, as bytes; most names are ASCII, and need no decoding."""
    return cell.translate(_LOWER, _NOT_ALNUM) if cell.isascii() else _decoded_name(cell)


@lru_cache(maxsize=65536)
def _decoded_name(cell: bytes) -> bytes:
    return name_key(decode(cell)).encode()


def _clues(wanted: Wanted, table: Table, rules: SourceContract, unread: set[str]) -> Callable[[bytes], None]:
    """Remembers whom a quarantined row may be about: any wanted number in it, wherever it slipped."""
    known = wanted.national_ids | wanted.serials
    national = table.at["national_id"]

    def remember(line: bytes) -> None:
        cells = line.decode("latin-1").split(rules.delimiter)
        unread.update(known.intersection(cells))
        unread.update(known.intersection(map("".join, pairwise(cells))))
        if wanted.everyone and len(cells) > national and cells[national]:
            unread.add(cells[national])

    return remember
