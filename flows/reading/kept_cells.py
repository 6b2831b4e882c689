"""The cells of workbooks as they were first read, kept for their second reading: no file is opened twice for it."""

import pickle
import zlib
from dataclasses import dataclass, field

from connectors.sources.result import Reading

MOST = 32 << 20  # bytes of all workbooks, packed: a country has one; what is beyond is read from its file again


@dataclass(slots=True)
class KeptCells:
    """Source → its reading, packed; no more than `left` bytes more."""

    packed: dict[str, bytes] = field(default_factory=dict)
    left: int = MOST

    def keep(self, source: str, packed: bytes) -> None:
        """Keep a packed reading while there is room."""
        if packed and len(packed) <= self.left:
            self.packed[source] = packed
            self.left -= len(packed)


def packed_of(reading: Reading) -> bytes:
    """Return a reading as bytes: a tenth of what it takes in memory."""
    return zlib.compress(pickle.dumps(reading, pickle.HIGHEST_PROTOCOL), 1)


def unpacked(packed: bytes) -> Reading:
    """Return what was packed by us, in this run."""
    found: Reading = pickle.loads(zlib.decompress(packed))
    return found
