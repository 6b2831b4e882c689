"""Who makes an index while an extract is read: of the whole by one, or of its parts by several."""

from connectors.bytescan.glance import LinesSeen
from connectors.bytescan.identified import OnBatch
from connectors.bytescan.indexed.writing import IndexPiece, IndexPlace, IndexWriter, index_piece
from connectors.bytescan.lines import Batch
from connectors.bytescan.marks import Flags
from schemas.reading.extraction import Extraction


class Indexer:
    """Leaves an index of what is read, where one is asked for; nothing of it, unless all was read."""

    def __init__(self, place: IndexPlace | None) -> None:
        self._place = place
        self._writer: IndexWriter | None = None

    def __enter__(self) -> None:
        """Nothing yet: how many keys a line has is known with the header."""

    def __exit__(self, kind: object, *_: object) -> None:
        if kind and self._writer:
            self._writer.drop()

    @property
    def asked(self) -> bool:
        """Tell whether an index is to be made."""
        return self._place is not None and self._place.writes

    def hear(self, keys: int) -> OnBatch | None:
        """Return who is told of every block, if anybody."""
        writer = self._begun(keys)
        return writer.add if writer else None

    def take(self, pieces: list[IndexPiece] | None) -> None:
        """Add what others saw of lines; they come in the order of the text. None: no index can be made of it."""
        if pieces is None:
            self._place = None
            if self._writer:
                self._writer.drop()
            return
        for piece in pieces:
            writer = self._begun(len(piece.keys))
            if writer:
                writer.take(piece)

    def finish(self, contract_name: str, whole: Extraction) -> None:
        """Put it in its place: all was read."""
        if self._writer:
            self._writer.finish(contract_name, whole)

    def _begun(self, keys: int) -> IndexWriter | None:
        if self._place and self._place.writes and keys and not self._writer:
            self._writer = IndexWriter(self._place, keys)
        return self._writer


class PartIndexer:
    """Gathers what an index holds of the lines of a part, which begins at `begin` of the whole, where it is asked."""

    def __init__(self, begin: int, *, asked: bool) -> None:
        self.pieces: list[IndexPiece] | None = []
        self.asked = asked
        self._begin, self._keys = begin, 0

    def hear(self, keys: int) -> OnBatch | None:
        """Return who is told of every block, if anybody."""
        self._keys = keys
        return self._add if self.asked and keys else None

    def _add(self, batch: Batch, seen: LinesSeen, accepted: Flags) -> None:
        if batch.oversized:
            self.pieces = None
        elif self.pieces is not None:
            self.pieces.append(index_piece(batch, seen, accepted, self._keys, self._begin))
