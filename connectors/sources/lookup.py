"""Somebody newly wanted is looked up: by keys in the index of an extract, then in the few lines that these point to.

What comes out is what reading the whole extract would give (`register.py`), for the same people, byte for byte.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from connectors.bytescan.delimited import Width, fitness
from connectors.bytescan.glance import Glance, LinesSeen
from connectors.bytescan.identified import tidied
from connectors.bytescan.indexed.held import Chunk, ExtractIndex, IndexedLines
from connectors.bytescan.indexed.writing import NOTHING, ODD, PLAIN, REJECTED
from connectors.bytescan.lines import Batch, TextStream, mark_of, open_text
from connectors.bytescan.marks import UNSURE, WORD, Flags, digests_of
from connectors.bytescan.parts import is_plain
from connectors.bytescan.sieve import different_keys, wanted_keys, wanted_name_keys
from connectors.bytescan.sought.concerning import concerning
from connectors.sources.register import MOST_KEPT, clues_in, is_same, read_again
from connectors.sources.result import Reading
from schemas.errors import SourceError
from schemas.reading.extraction import Extraction
from schemas.reading.source import Wanted, contract

MOST_FETCHED = 200_000  # lines; where more would have to be, reading the whole takes no longer
_BITS = 22  # of the table by which most rows are passed over
_FEW, _FEW_BITS = 4096, 16  # for so many keys a table that stays in the cache lets as few pass
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
    looked_for, among = wanted.national_ids | wanted.serials, _Among(at, wanted)
    kept: dict[bytes, int] = {}
    unread: set[str] = set()
    with open_text(path, fitness(rules)) as text:
        for part, fetched in _fetched(text, lines):
            if not np.array_equal(digests_of(fetched), part.digests):
                return None
            for one in np.flatnonzero(part.kinds == REJECTED).tolist():
                unread |= clues_in(fetched[one], looked_for, rules.delimiter)
            for one in among.chosen(part, fetched):
                kept.setdefault(fetched[one], int(part.numbers[one]))
    return [(number, line.decode("latin-1")) for line, number in kept.items()], unread


class _Among:
    """Which of the rows that were fetched are of somebody wanted: one glance at some thousand of them."""

    def __init__(self, at: Mapping[str, int], wanted: Wanted) -> None:
        self._at, self._wanted, self._concerns = at, wanted, concerning(at, wanted)
        self._glance: Glance | None = None

    def chosen(self, part: IndexedLines, fetched: Sequence[bytes]) -> list[int]:
        """Return the places of those that are; what a glance doubts is looked at cell by cell."""
        kinds = part.kinds
        perhaps = (kinds == ODD) | (kinds == PLAIN)
        plain = np.flatnonzero(kinds == PLAIN)
        if len(plain):
            seen = self._look([fetched[one] for one in plain.tolist()])
            perhaps[plain] = seen.doubtful
            certain = plain[seen.wanted] if seen.wanted is not None else plain[:0]
        found = [one for one in np.flatnonzero(perhaps).tolist() if self._concerns(self._cells(fetched[one]))]
        return sorted([*found, *certain.tolist()]) if len(plain) else found

    def _look(self, lines: Sequence[bytes]) -> LinesSeen:
        """All of them are as wide as the first."""
        if self._glance is None:
            delimiters = lines[0].count(b"|")
            width = Width(delimiters + 1, delimiters, trailing=False)
            self._glance = Glance(self._at, width, self._wanted, all_alike=True)
        block = b"\n".join([*lines, b""])
        return self._glance.look(Batch(1, block, 0, len(block)), placed=False)

    def _cells(self, line: bytes) -> list[bytes]:
        return tidied(line.split(b"|"), self._at)


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
        self._keys: Keys = different_keys(np.concatenate([keys, np.array([*reserved], np.uint32)]))
        bits = _FEW_BITS if len(self._keys) <= _FEW else _BITS
        self._shift = np.uint32(32 - bits)
        self._table = np.zeros(1 << bits if len(self._keys) else 0, bool)
        self._table[self._keys >> self._shift] = True

    def may_hold(self, keys: Keys) -> Flags:
        """Key by key, whether it is among them."""
        found = np.zeros(len(keys), bool)
        if len(self._keys):
            perhaps = np.flatnonzero(self._table.take(keys >> self._shift, mode="clip"))
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
