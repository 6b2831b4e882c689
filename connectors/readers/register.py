"""National register extracts: persons (RPPS), the ADELI extract of the same columns, holders of cards.

Streamed as bytes, by column name, without quoting; only rows that concern somebody wanted are kept
(formats.md « Physical format », stack.md « Speed, measured »).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from connectors.readers.delimited import Table, Tally, fitness
from connectors.readers.glance import Glance
from connectors.readers.identified import doubtful_rows
from connectors.readers.lines import Progress, decode, open_text, sha256_of
from connectors.readers.parts import PIECE, Range, Survey, is_plain, open_part
from connectors.readers.result import Reading, frame_of, refused
from schemas.errors import SourceError
from schemas.source import SourceContract, SourceReport, Wanted, contract
from schemas.spread import Spread
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
    spread: Spread | None = None,
    piece: int = PIECE,
) -> Reading:
    """The rows of `wanted` in a register extract (`register_persons`, also for ADELI; `register_cards`).

    Frame: the contract's columns as cleaned text ("" where one is absent) and `_location` (« ligne 12 »).
    Accepted rows are all the right ones of the file, kept or not. `facts["unread"]`: wanted numbers found in
    quarantined rows; whom they name is to be left out of the comparison (house.md « Errors »).
    `spread`: whoever carries out the parts of a plain text that is longer than `piece` bytes; the reading is the same.
    Never raises for what the file holds: an unusable one is a FAILED reading.
    """
    rules = contract(contract_name)
    columns = [*rules.columns, "_location"]
    report = SourceReport(source, shown)
    try:
        with open_text(path, fitness(rules)) as text:
            table = Table(text, rules, source, progress)
            if spread and is_plain(text) and text.size > piece:
                survey = Survey(text.file, table.first - 1, piece)
                found = _in_parts(table, survey, spread, _Task(path, source, contract_name, wanted), progress)
                report = replace(report, sha256=survey.sha256, size=survey.size)
            else:
                sha256, size = sha256_of(path)
                report = replace(report, sha256=sha256, size=size)
                found = _scan(table, wanted, rules)
            count = table.count()
    except SourceError as error:
        return refused(report, error, columns)
    report = report.counted(count, table.notes)
    frame = frame_of(found.kept.items(), rules, table.at)
    return Reading(report, frame, table.complaints.all(), facts={"unread": tuple(sorted(found.unread))})


@dataclass(frozen=True, slots=True)
class _Found:
    """Wanted line → its number, in the order of the file; wanted numbers in quarantined rows."""

    kept: dict[bytes, int]
    unread: set[str]


@dataclass(frozen=True, slots=True)
class _Task:
    """What all parts of one extract have in common."""

    path: Path
    source: str
    contract_name: str
    wanted: Wanted


def _in_parts(table: Table, survey: Survey, spread: Spread, task: _Task, progress: Progress | None) -> _Found:
    """What `_scan` would find: each part by whoever has a hand free, put together in the order of the file."""
    table.leave()
    found = _Found({}, set())
    done = 0
    for part, tally, size in spread(_read_part, task, survey.ranges()):
        table.add(tally)
        for line, number in part.kept.items():
            found.kept.setdefault(line, number)
        found.unread.update(part.unread)
        done += size
        if progress:
            progress(done, max(survey.size, done))
    return found


def _read_part(task: _Task, part: Range) -> tuple[_Found, Tally, int]:
    """What was found in a range of the file, its account, and its bytes."""
    rules = contract(task.contract_name)
    with open_part(task.path, rules, task.source, part) as table:
        found = _scan(table, task.wanted, rules)
    return found, table.tally(), part.end - part.begin


def _scan(table: Table, wanted: Wanted, rules: SourceContract) -> _Found:
    found = _Found({}, set())
    table.on_reject = _clues(wanted, table, rules, found.unread)
    found.kept.update(_kept_lines(table, wanted))
    return found


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
