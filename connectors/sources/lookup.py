"""Somebody newly wanted is looked up: by keys in the index of an extract, then in the few lines that these point to.

What comes out is what reading the whole extract would give (`register.py`), for the same people, byte for byte.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from connectors.bytescan.delimited import fitness
from connectors.bytescan.identified import tidied
from connectors.bytescan.indexed.held import Chunk, ExtractIndex, IndexedLines
from connectors.bytescan.indexed.writing import NOTHING, ODD, REJECTED
from connectors.bytescan.lines import TextStream, mark_of, open_text
from connectors.bytescan.marks import UNSURE, WORD, Flags, digests_of
from connectors.bytescan.parts import is_plain
from connectors.bytescan.sieve import wanted_keys, wanted_name_keys
from connectors.bytescan.sought.concerning import concerning
from connectors.sources.register import MOST_KEPT, clues_in, is_same, read_again
from connectors.sources.result import Reading
from schemas.errors import SourceError
from schemas.reading.extraction import Extraction
from schemas.reading.source import Wanted, contract

MOST_FETCHED = 200_000  # lines; where more would have to be, reading the whole takes no longer
_BITS = 22  # of the table by which most rows are passed over
_SHIFT = np.uint32(32 - _BITS)
_PART = 4096  # lines fetched and checked together
_KEYED = {"national_id": "national_ids", "content_id": "national_ids", "serial": "serials"}

Keys = npt.NDArray[np.uint32]


def look_up(
    path: Path, index: ExtractIndex, known: Extraction | None, contract_name: str, wanted: Wanted, *, shown: str
) -> Reading | None:
    """Return what `read_register` would give, by the index; None where the extract is not the one it is of, or has
    changed.

    `known`: what was taken out of an extract before; of this one, whom it covers is not looked for again.
    `facts["extraction"]`: both together, to be kept, unless it is too much.
    """
    mark = mark_of(path)
    if wanted.everyone or not _of_this(path, mark, index, known):
        return None
    before = known if known and known.report.sha256 == index.whole.report.sha256 else index.whole
    fresh = Wanted(
        wanted.national_ids - before.wanted.national_ids,
        wanted.serials - before.wanted.serials,
        wanted.names - before.wanted.names,
    )
    try:
        found = _found(path, index, contract_name, fresh)
    except (OSError, SourceError):
        return None
    if found is None:
        return None
    lines, unread = found
    kept = sorted(dict((*before.lines, *lines)).items())
    everybody = replace(
        before,
        mark=mark or before.mark,
        wanted=before.wanted | fresh,
        lines=tuple(kept),
        unread=tuple(sorted({*before.unread, *unread})),
    )
    again = read_again(path, everybody, contract_name, wanted, shown=shown, sure=True)
    if again and len(kept) <= MOST_KEPT:
        return replace(again, facts={**again.facts, "extraction": everybody})
    return again


def _of_this(path: Path, mark: str, index: ExtractIndex, known: Extraction | None) -> bool:
    """The extract is the one that was indexed: by its mark, by what was known of it last night, by its bytes."""
    digest = index.whole.report.sha256
    if mark and (mark == index.whole.mark or (known and (known.mark, known.report.sha256) == (mark, digest))):
        return True
    return is_same(path, index.whole)


def _found(
    path: Path, index: ExtractIndex, contract_name: str, wanted: Wanted
) -> tuple[list[tuple[int, str]], set[str]] | None:
    """(the rows of whoever is wanted with their numbers, wanted numbers in quarantined rows).

    None where the extract has changed, or would have to be read nearly as a whole.
    """
    at, rules = index.whole.at, contract(contract_name)
    lines = _in_order(index, _Asked(at, wanted))
    if len(lines) > MOST_FETCHED:
        return None
    concerns, looked_for = concerning(at, wanted), wanted.national_ids | wanted.serials
    kept: dict[bytes, int] = {}
    unread: set[str] = set()
    with open_text(path, fitness(rules)) as text:
        for part, fetched in _fetched(text, lines):
            if not np.array_equal(digests_of(fetched), part.digests):
                return None
            for line, number, kind in zip(fetched, part.numbers.tolist(), part.kinds.tolist(), strict=True):
                if kind == REJECTED:
                    unread |= clues_in(line, looked_for, rules.delimiter)
                elif concerns(tidied(line.split(b"|"), at)):
                    kept.setdefault(line, number)
    return [(number, line.decode("latin-1")) for line, number in kept.items()], unread


def _in_order(index: ExtractIndex, asked: "_Asked") -> IndexedLines:
    """The lines to be fetched, in the order of the file: rows that may concern somebody, and all that is no row."""
    parts = [chunk.chosen(asked.may_concern(chunk) | (chunk.kinds == REJECTED)) for chunk in index.chunks()]
    return IndexedLines(*(np.concatenate([getattr(one, name) for one in parts]) for name in IndexedLines.__slots__))


class _Asked:
    """The keys of whoever is wanted, key by key as an index has them; most rows fail at a table of four megabytes."""

    def __init__(self, at: Mapping[str, int], wanted: Wanted) -> None:
        self._rows = [
            _Row(wanted_keys(getattr(wanted, field)), _reserved(getattr(wanted, field)))
            for name, field in _KEYED.items()
            if name in at
        ]
        if "last_name" in at and "first_name" in at:
            self._rows.append(_Row(wanted_name_keys(wanted.names), {UNSURE} if wanted.names else set()))

    def may_concern(self, chunk: Chunk) -> Flags:
        """Whether each line may be a row of somebody wanted."""
        found: Flags = chunk.kinds == ODD
        for keys, row in zip(chunk.keys, self._rows, strict=True):
            found |= row.may_hold(keys)
        found &= (chunk.kinds != REJECTED) & (chunk.kinds != NOTHING)
        return found


def _reserved(texts: frozenset[str]) -> set[np.uint32]:
    """The keys of no text of its own, where one of these has such: an empty one, or one too short for a key."""
    short = any(0 < len(text.encode()) < WORD for text in texts)
    return {*([np.uint32(0)] if "" in texts else ()), *([UNSURE] if short else ())}


class _Row:
    """Some keys among which those of millions of rows are looked for."""

    def __init__(self, keys: Keys, reserved: set[np.uint32]) -> None:
        self._keys: Keys = np.union1d(keys, np.array([*reserved], np.uint32)).astype(np.uint32)
        self._table = np.zeros(1 << _BITS if len(self._keys) else 0, bool)
        self._table[self._keys >> _SHIFT] = True

    def may_hold(self, keys: Keys) -> Flags:
        """Key by key, whether it is among them."""
        found = np.zeros(len(keys), bool)
        if len(self._keys):
            perhaps = np.flatnonzero(self._table[keys >> _SHIFT])
            found[perhaps] = self._keys[np.searchsorted(self._keys[:-1], keys[perhaps])] == keys[perhaps]
        return found


def _fetched(text: TextStream, lines: IndexedLines) -> Iterator[tuple[IndexedLines, list[bytes]]]:
    """The lines, some thousand at a time, and what stands there; an archive is unpacked up to the last of them."""
    read = _by_place(text) if is_plain(text) else _unpacked(text)
    for first in range(0, len(lines), _PART):
        part = lines.part(first, first + _PART)
        places = zip(part.starts.tolist(), part.lengths.tolist(), strict=True)
        yield part, [read(*place).removesuffix(b"\n").removesuffix(b"\r") for place in places]


def _by_place(text: TextStream) -> Callable[[int, int], bytes]:
    file = text.file.fileno()
    return lambda start, length: os.pread(file, length, start)


def _unpacked(text: TextStream) -> Callable[[int, int], bytes]:
    """For places in their order."""
    window, at = b"", 0

    def read(start: int, length: int) -> bytes:
        nonlocal window, at
        while at + len(window) < start + length and (block := text.read()):
            passed = max(min(start - at, len(window)), 0)
            window, at = window[passed:] + block, at + passed
        return window[start - at : start - at + length]

    return read
