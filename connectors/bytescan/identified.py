"""The rows of a national extract that say whom they are about; the others are quarantined.

A glance at each block settles nearly all of them. The rest goes line by line through here, which is the definition of
what a row is.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from connectors.bytescan.ahead import ahead
from connectors.bytescan.delimited import Table
from connectors.bytescan.glance import Glance, LinesSeen
from connectors.bytescan.lines import Batch, decode
from connectors.bytescan.marks import Flags
from schemas.words import clean

OnBatch = Callable[[Batch, LinesSeen, Flags], None]
"""Told of a block, what was seen of it, and which of its lines are rows."""

_IDENTIFICATION = ("id_type", "identifier", "national_id")


class IdentifiedRow(NamedTuple):
    """An accepted row. `cells`: its cells as far as they were asked for; `digest`: of the line."""

    number: int
    line: bytes
    cells: list[bytes]
    digest: int


OnWanted = Callable[[list[tuple[int, bytes]]], None]
"""Told (number, line) of the rows of a block that are certainly of somebody wanted."""


def doubtful_rows(
    table: Table, glance: Glance, cells: int = 0, hear: OnBatch | None = None, take: OnWanted | None = None
) -> Iterator[IdentifiedRow]:
    """Yield the accepted rows among those that a glance doubts, split into so many cells and a rest (0: as needed).

    All rows of the table are accounted for, the others too. `hear`: told of every block, once it is settled; `take`: of
    the rows in it that are certainly of somebody wanted, before its doubtful ones.
    """
    for batch, seen in ahead((batch, glance.look(batch, placed=False)) for batch in table.batches()):
        table.accept_all(seen.hashes[~seen.doubtful])
        accepted = ~seen.doubtful
        if take and seen.wanted is not None:
            take(_chosen(batch, seen, seen.wanted))
        for row in settled(table, batch, seen, cells):
            table.accept(row.digest)
            accepted[row.number - batch.first] = True
            yield row
        if hear:
            hear(batch, seen, accepted)


def settled(table: Table, batch: Batch, seen: LinesSeen, cells: int = 0) -> Iterator[IdentifiedRow]:
    """Yield the same of one batch; the caller accounts for what is accepted."""
    kind, identifier, national = (table.at[name] for name in _IDENTIFICATION)
    splits = max(cells, 1 + max(kind, identifier, national))
    if seen.strays:
        table.complaints.other_encoding(seen.strays, batch.first + seen.first_stray)
    for number, line in table.fitting(_lines(batch, seen), is_utf8=seen.is_utf8):
        found = line.split(b"|", splits)
        if not found[identifier] or found[kind] + found[identifier] != found[national]:
            fault = _identification_fault(found[kind], found[identifier], found[national])
            if fault:
                code, key = fault
                table.reject(number, line, code, "national_id", key=key)
                continue
            tidied(found, table.at)
        yield IdentifiedRow(number, line, found, int(seen.hashes[number - batch.first]))


def tidied(cells: list[bytes], at: Mapping[str, int]) -> list[bytes]:
    """Return the cells of a right row, its national identification without stray spaces."""
    kind, identifier, national = (at[name] for name in _IDENTIFICATION)
    if cells[kind] + cells[identifier] != cells[national]:
        cells[national] = clean(decode(cells[national])).encode()
    return cells


def _lines(batch: Batch, seen: LinesSeen) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) of the doubtful ones."""
    if batch.oversized:
        yield batch.first, None
        return
    yield from _chosen(batch, seen, seen.doubtful)


def _chosen(batch: Batch, seen: LinesSeen, lines: Flags) -> list[tuple[int, bytes]]:
    """(number, line) of some of a block."""
    at, block = np.flatnonzero(lines), batch.block
    places = zip(
        (at + batch.first).tolist(),
        (seen.starts[at] + batch.begin).tolist(),
        (seen.ends[at] + batch.begin).tolist(),
        strict=True,
    )
    return [(number, block[start:end]) for number, start, end in places]


def _identification_fault(kind: bytes, identifier: bytes, national: bytes) -> tuple[str, str] | None:
    """(code, sentence) of a row without identification or whose parts disagree; stray spaces are no fault."""
    type_text, identifier_text, national_text = (clean(decode(cell)) for cell in (kind, identifier, national))
    if not identifier_text or not national_text:
        return "CPX_MISSING", "row.id_missing"
    return None if type_text + identifier_text == national_text else ("CPX_FORMAT", "row.id_mismatch")
