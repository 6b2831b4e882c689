"""What is written somewhere, as a digest: compared, two of them tell whether it changed."""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from schemas.people.person import RegisterPerson
from schemas.text_rows import ReadRows

_LENGTH = 24
_PAIR = _LENGTH  # bytes of two digests
_CELL_END, _ROW_END = "\x00", "\x01"  # stand in no cell that is text


def digest(value: object) -> str:
    """Return 24 hexadecimal digits; the same for equal values, in whatever order a set was filled."""
    return hashlib.sha256(_stable(value).encode()).hexdigest()[:_LENGTH]


def row_digests(table: pd.DataFrame | ReadRows, key: str) -> Mapping[str, str]:
    """Return subject → digest of its rows as a reader gives them, whatever their order; made when it is asked for."""
    return _RowDigests(table, key) if isinstance(table, pd.DataFrame) else _KeptRowDigests(table, key)


def digested_rows(frame: pd.DataFrame, key: str) -> Mapping[str, str]:
    """Return the same of a frame of which everybody will be asked, made at once: a sixth of what the rows take."""
    return _Digested(_RowDigests(frame, key))


class _Digested(Mapping[str, str]):
    """Digests as bytes."""

    def __init__(self, digests: Mapping[str, str]) -> None:
        self._bytes = {subject: bytes.fromhex(text) for subject, text in digests.items()}

    def __getitem__(self, subject: str) -> str:
        return self._bytes[subject].hex()

    def __iter__(self) -> Iterator[str]:
        return iter(self._bytes)

    def __len__(self) -> int:
        return len(self._bytes)


class _RowDigests(Mapping[str, str]):
    """Of a register most rows are those of namesakes, and nobody ever asks whether these changed.

    One text a subject: as cells they would be most of what a night holds of a register, to its end.
    """

    def __init__(self, frame: pd.DataFrame, key: str) -> None:
        columns = [frame[name].tolist() for name in frame.columns if not name.startswith("_")]
        self._said: dict[str, str] = {}
        for subject, row in zip(frame[key].tolist(), map(_CELL_END.join, zip(*columns, strict=True)), strict=True):
            known = self._said.get(subject)
            self._said[subject] = row if known is None else f"{known}{_ROW_END}{row}"

    def __getitem__(self, subject: str) -> str:
        return _rows_digest([tuple(row.split(_CELL_END)) for row in self._said[subject].split(_ROW_END)])

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


class _KeptRowDigests(Mapping[str, str]):
    """The same of rows that are lines still."""

    def __init__(self, rows: ReadRows, key: str) -> None:
        self._rows, self._key = rows, key
        self._said = [at for at, name in enumerate(rows.columns) if not name.startswith("_")]

    def __getitem__(self, subject: str) -> str:
        rows = (self._rows.row(at) for at in self._rows.places(self._key)[subject])
        return _rows_digest([tuple(row[at] for at in self._said) for row in rows])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows.places(self._key))

    def __len__(self) -> int:
        return len(self._rows.places(self._key))


def _rows_digest(rows: Sequence[tuple[str, ...]]) -> str:
    told = [repr(row) for row in rows]
    return digest(sorted(set(told)) if len(told) > 1 else told)


class PackedDigests(Mapping[str, str]):
    """Digests by digests, in the order of the keys: 24 bytes a pair, where a dictionary of texts takes 250."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = b"".join(sorted(bytes.fromhex(key + value) for key, value in pairs))

    def __getitem__(self, key: str) -> str:
        if len(key) == _LENGTH:
            at = bisect_left(range(len(self)), key, key=self._key)
            if at < len(self) and self._key(at) == key:
                return self._pairs[_PAIR * at + _PAIR // 2 : _PAIR * (at + 1)].hex()
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return map(self._key, range(len(self)))

    def __len__(self) -> int:
        return len(self._pairs) // _PAIR

    def items(self) -> ItemsView[str, str]:
        """Return the pairs, none of which is looked up."""
        return _Pairs(self)

    def in_order(self) -> Iterator[tuple[str, str]]:
        """Yield keys with their values, in their order."""
        for at in range(0, len(self._pairs), _PAIR):
            text = self._pairs[at : at + _PAIR].hex()
            yield text[:_LENGTH], text[_LENGTH:]

    def _key(self, at: int) -> str:
        return self._pairs[_PAIR * at : _PAIR * at + _PAIR // 2].hex()


class _Pairs(ItemsView[str, str]):
    """The pairs of packed digests, one after the other."""

    def __init__(self, packed: PackedDigests) -> None:
        super().__init__(packed)
        self._packed = packed

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return self._packed.in_order()


def shared(pairs: Callable[[], Iterable[tuple[str, str]]]) -> dict[str, list[str]]:
    """Return what several have → who has it, in the order in which they are given; asked for twice, so that of a
    country in which nearly everybody has a number of their own nothing but eight bytes each are held.
    """
    hashes = np.fromiter((hash(value) for value, _ in pairs()), dtype=np.int64)
    hashes.sort()
    again = frozenset(hashes[1:][hashes[1:] == hashes[:-1]].tolist())
    found: dict[str, list[str]] = {}
    for value, key in pairs() if again else ():
        if hash(value) in again:
            found.setdefault(value, []).append(key)
    return {value: keys for value, keys in found.items() if len(keys) > 1}


def _stable(value: object) -> str:
    """A text that does not depend on the order in which a set was filled."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, RegisterPerson):
        return repr((value.national_id, value.activities))
    if isinstance(value, tuple | list):
        return repr([_stable(item) for item in value])
    return repr(value)
