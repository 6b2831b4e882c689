"""What is written somewhere, as a digest: compared, two of them tell whether it changed."""

import hashlib
from collections import defaultdict

import pandas as pd

from schemas.people.person import RegisterPerson

_LENGTH = 24


def digest(value: object) -> str:
    """Return 24 hexadecimal digits; the same for equal values, in whatever order a set was filled."""
    return hashlib.sha256(_stable(value).encode()).hexdigest()[:_LENGTH]


def row_digests(frame: pd.DataFrame, key: str) -> dict[str, str]:
    """Return subject → digest of its rows as a reader gives them, whatever their order."""
    columns = [name for name in frame.columns if not name.startswith("_")]
    found: dict[str, list[str]] = defaultdict(list)
    for subject, row in zip(frame[key].tolist(), frame[columns].itertuples(index=False, name=None), strict=True):
        found[subject].append(repr(row))
    return {subject: digest(sorted(set(rows)) if len(rows) > 1 else rows) for subject, rows in found.items()}


def _stable(value: object) -> str:
    """A text that does not depend on the order in which a set was filled."""
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, RegisterPerson):
        return repr((value.national_id, value.activities))
    if isinstance(value, tuple | list):
        return repr([_stable(item) for item in value])
    return repr(value)
