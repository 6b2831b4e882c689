"""What was taken out of the national files last, one row per source: never believed when it is damaged.

It is a convenience: a night without it reads the files and finds the same.
"""

import hashlib
import zlib
from functools import cache

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from connectors.store.tables import extraction
from schemas.reading.extraction import Extraction

_FAST = 1  # of zlib; a better one would take longer than reading the file does


def recall(connection: sa.Connection, source: str, edition: str) -> Extraction | None:
    """Return what was kept of a source by the same edition of our readers; None where there is none, or it is not
    whole.
    """
    row = connection.execute(sa.select(extraction).where(extraction.c.source == source)).one_or_none()
    if row is None or row.edition != edition or _digest(row.payload, source, edition) != row.digest:
        return None
    try:
        return _adapter().validate_json(zlib.decompress(row.payload))
    except (zlib.error, ValidationError):
        return None


def keep(connection: sa.Connection, found: Extraction, edition: str) -> None:
    """Replace what was kept of its source."""
    source, payload = found.report.name, zlib.compress(_adapter().dump_json(found), _FAST)
    connection.execute(sa.delete(extraction).where(extraction.c.source == source))
    digest = _digest(payload, source, edition)
    connection.execute(sa.insert(extraction).values(source=source, edition=edition, payload=payload, digest=digest))


def forget(connection: sa.Connection) -> None:
    """Forget all of it: the next night reads the files again."""
    connection.execute(sa.delete(extraction))


def _digest(payload: bytes, source: str, edition: str) -> str:
    return hashlib.sha256(f"{source}\n{edition}\n".encode() + payload).hexdigest()


@cache
def _adapter() -> TypeAdapter[Extraction]:
    return TypeAdapter(Extraction)
