"""National register extracts: persons (RPPS), the ADELI extract of the same columns, holders of cards.

Streamed as bytes, by column name, without quoting; only rows that concern somebody wanted are kept
(formats.md « Physical format », stack.md « Speed, measured »).
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

from connectors.bytescan.delimited import Table, Tally, fitness
from connectors.bytescan.glance import Glance
from connectors.bytescan.identified import doubtful_rows, tidied
from connectors.bytescan.indexed.making import Indexer, PartIndexer
from connectors.bytescan.indexed.writing import IndexPiece, IndexPlace
from connectors.bytescan.lines import OnBytes, mark_of, open_text, sha256_of
from connectors.bytescan.parts import PIECE, PartSurvey, Range, is_plain, open_part
from connectors.bytescan.sought.concerning import concerning
from connectors.bytescan.sought.kept import Gathered
from connectors.sources.result import KeptRows, Reading, refused_file
from schemas.errors import SourceError
from schemas.parallel import ParallelMap
from schemas.reading.extraction import Extraction
from schemas.reading.source import SourceContract, SourceReport, Wanted, contract

MOST_KEPT = 30_000  # rows; of ten thousand accounts. More are held in memory twice, and are found again by the index
_CHOOSING = ("content_id", "serial", "last_name", "first_name")


def read_register(
    path: Path,
    source: str,
    contract_name: str,
    wanted: Wanted,
    *,
    shown: str,
    progress: OnBytes | None = None,
    spread: ParallelMap | None = None,
    piece: int = PIECE,
    index: IndexPlace | None = None,
) -> Reading:
    """Read the rows of `wanted` in a register extract (`register_persons`, also for ADELI; `register_cards`).

    Rows: the contract's columns as cleaned text ("" where one is absent) and `_location` (« ligne 12 »).
    Accepted rows are all the right ones of the file, kept or not. `facts["unread"]`: wanted numbers found in
    quarantined rows; whom they name is to be left out of the comparison (house.md « Errors »).
    `facts["extraction"]`: all of it, for `read_again`, unless it is too much to be kept.
    `spread`: whoever carries out the parts of a text that is longer than `piece` bytes; the reading is the same. An
    archive is cut for other machines alone: what lies before a part is unpacked for each, which here costs more.
    `index`: where an index of the file is left.
    Never raises for what the file holds: an unusable one is a FAILED reading.
    """
    rules = contract(contract_name)
    columns = [*rules.columns, "_location"]
    report = SourceReport(source, shown)
    mark = mark_of(path)
    indexer = Indexer(index)
    try:
        with indexer, open_text(path, fitness(rules), identify=True) as text:
            table = Table(text, rules, source, progress)
            if spread and text.size > piece and (spread.others or is_plain(text)):
                survey = PartSurvey(path, text, fitness(rules), table.first - 1, piece)
                task = _Task(path, source, contract_name, wanted, indexer.asked)
                found = _in_parts(table, survey, spread, task, indexer, progress)
                sha256, size, tail = survey.sha256, survey.size, survey.tail
            else:
                found = _scan(table, wanted, rules, indexer)
                sha256, size = text.identified()
                tail = text.tail
            count = table.count()
    except SourceError as error:
        return refused_file(report, path, error, columns)
    report = replace(report.counted(count, table.notes), sha256=sha256, size=size, ending=table.ending(tail))
    report = replace(report, message=table.uncertain, unknown=rules.unfound(table.at))
    rows = KeptRows(found.kept, rules, table.at)
    unread = tuple(sorted(found.unread))
    facts: dict[str, Any] = {"unread": unread}
    same = mark if mark == mark_of(path) else ""
    whole = Extraction(same, report, table.complaints.all(), wanted, dict(table.at), (), unread)
    indexer.finish(contract_name, whole)
    if wanted.everyone or len(found.kept) > MOST_KEPT:
        return Reading(report, rows, whole.issues, facts=facts)
    lines = tuple((number, line.decode("latin-1")) for line, number in found.kept.items())
    return Reading(report, rows, whole.issues, facts={**facts, "extraction": replace(whole, lines=lines)})


def read_again(
    path: Path, known: Extraction, contract_name: str, wanted: Wanted, *, shown: str, sure: bool = False
) -> Reading | None:
    """Read what `read_register` would give, out of what it gave before; None unless the file is certainly the same.

    Known by its mark, else by its SHA-256; in both cases only for people among those wanted then. `sure`: it is known
    to be the same.
    """
    mark = mark_of(path)
    if not known.covers(wanted) or not (sure or (mark and mark == known.mark) or is_same(path, known)):
        return None
    lines = ((text.encode("latin-1"), number) for number, text in known.lines)
    if wanted != known.wanted:
        concerns = concerning(known.at, wanted)
        lines = (one for one in lines if concerns(tidied(one[0].split(b"|"), known.at)))
    kept = Gathered(lines)
    looked_for = wanted.national_ids | wanted.serials
    facts: dict[str, Any] = {"unread": tuple(one for one in known.unread if one in looked_for)}
    if mark and mark != known.mark:
        facts["extraction"] = replace(known, mark=mark)
    rows = KeptRows(kept, contract(contract_name), known.at)
    return Reading(replace(known.report, path=shown), rows, known.issues, facts=facts)


def is_same(path: Path, known: Extraction) -> bool:
    """Tell whether the file has the size and the SHA-256 that it had."""
    try:
        return path.stat().st_size == known.report.size and sha256_of(path)[0] == known.report.sha256
    except (OSError, SourceError):
        return False


@dataclass(frozen=True, slots=True)
class _Found:
    """The wanted lines with their numbers; wanted numbers in quarantined rows."""

    kept: Gathered
    unread: set[str]


@dataclass(frozen=True, slots=True)
class _Task:
    """What all parts of one extract have in common; `indexed`: what an index holds of their lines comes back too."""

    path: Path
    source: str
    contract_name: str
    wanted: Wanted
    indexed: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """What was found in a range of the file, its account, its bytes, and what an index holds of its lines."""

    found: _Found
    tally: Tally
    size: int
    indexed: list[IndexPiece] | None


def _in_parts(
    table: Table,
    survey: PartSurvey,
    spread: ParallelMap,
    task: _Task,
    indexer: Indexer,
    progress: OnBytes | None,
) -> _Found:
    """What `_scan` would find: each part by whoever has a hand free, put together in the order of the file."""
    table.leave()
    found = _Found(Gathered(), set())
    done = 0
    for part in spread(_read_part, task, survey.ranges()):
        table.add(part.tally)
        found.kept.take((number, line) for line, number in part.found.kept.items())
        found.unread.update(part.found.unread)
        indexer.take(part.indexed)
        done += part.size
        if progress:
            progress(done, max(survey.done, done))
    return found


def _read_part(task: _Task, part: Range) -> _Part:
    rules = contract(task.contract_name)
    indexer = PartIndexer(part.begin, asked=task.indexed)
    with open_part(task.path, rules, task.source, part) as table:
        found = _scan(table, task.wanted, rules, indexer)
    return _Part(found, table.tally(), part.end - part.begin, indexer.pieces)


_NO_INDEX = Indexer(None)


def _scan(table: Table, wanted: Wanted, rules: SourceContract, indexer: Indexer | PartIndexer = _NO_INDEX) -> _Found:
    """The wanted lines; every row of the file is judged on its identification."""
    found = _Found(Gathered(), set())
    table.on_reject = _clues(wanted, table, rules, found.unread)
    cells = 1 + max(table.at[name] for name in ("national_id", *_CHOOSING) if name in table.at)
    concerns = concerning(table.at, wanted)
    glance = Glance(table.at, table.width, wanted, keyed=indexer.asked)
    certain: list[tuple[int, bytes]] = []  # of a block, before its doubtful ones, which stand between them

    def take(before: float) -> None:
        until = bisect_left(certain, (before,))
        found.kept.take(certain[:until])
        del certain[:until]

    def begin(rows: list[tuple[int, bytes]]) -> None:
        take(inf)
        certain.extend(rows)

    for row in doubtful_rows(table, glance, cells, indexer.hear(glance.keys), begin):
        if concerns(row.cells):
            take(row.number)
            found.kept.take([(row.number, row.line)])
    take(inf)
    return found


def _clues(wanted: Wanted, table: Table, rules: SourceContract, unread: set[str]) -> Callable[[bytes], None]:
    """Remembers whom a quarantined row may be about: any wanted number in it, wherever it slipped."""
    known = wanted.national_ids | wanted.serials
    national = table.at["national_id"]

    def remember(line: bytes) -> None:
        unread.update(clues_in(line, known, rules.delimiter))
        if wanted.everyone:
            cells = line.decode("latin-1").split(rules.delimiter)
            unread.update(cells[national : national + 1])
            unread.discard("")

    return remember


def clues_in(line: bytes, known: frozenset[str], delimiter: str) -> set[str]:
    """Tell whom a quarantined row may be about: any known number in it, wherever it slipped."""
    cells = line.decode("latin-1").split(delimiter)
    return {*known.intersection(cells), *known.intersection(map("".join, pairwise(cells)))}
