"""What is written somewhere, as a digest: compared, two of them tell whether it changed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd

from schemas.people.person import RegisterPerson

_LENGTH = 24


def digest(value: object) -> str:
    """Return 24 hexadecimal digits; the same for equal values, in whatever order a set was filled."""
    return hashlib.sha256(_stable(value).encode()).hexdigest()[:_LENGTH]


def row_digests(frame: pd.DataFrame, key: str) -> Mapping[str, str]:
    """Return subject → digest of its rows as a reader gives them, whatever their order; made when it is asked for."""
    return _RowDigests(frame, key)


class _RowDigests(Mapping[str, str]):
    """Of a register most rows are those of namesakes, and nobody ever asks whether these changed."""

    def __init__(self, frame: pd.DataFrame, key: str) -> None:
        self._columns = [at for at, name in enumerate(frame.columns) if not name.startswith("_")]
        self._rows = frame.to_numpy()
        self._at: dict[str, list[int]] = defaultdict(list)
        for at, subject in enumerate(frame[key].tolist()):
            self._at[subject].append(at)

    def __getitem__(self, subject: str) -> str:
        if subject not in self._at:
            raise KeyError(subject)
        rows = [repr(tuple(self._rows[at][self._columns].tolist())) for at in self._at[subject]]
        return digest(sorted(set(rows)) if len(rows) > 1 else rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


def _stable(value: object) -> str:
    """A text that does not depend on the order in which a set was filled."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, RegisterPerson):
        return repr((value.national_id, value.activities))
    if isinstance(value, tuple | list):
        return repr([_stable(item) for item in value])
    return repr(value)
