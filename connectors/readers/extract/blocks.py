"""A text in blocks of whole lines that say where they lie, so that a line can be fetched again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.readers.lines import LONGEST


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines with their ends; `start`: offset of the first byte in the text.

    `dropped`: bytes of its first line that were passed over, 0 unless that line is longer than `LONGEST`.
    """

    start: int
    body: bytes
    dropped: int = 0


def blocks_of(read: Callable[[], bytes]) -> Iterator[Block]:
    """All lines of a text that is read bit by bit, the last one even without end; a few megabytes of memory."""
    start, tail, dropped = 0, b"", 0
    while chunk := read():
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield Block(start, tail + chunk[:cut], dropped)
            start += len(tail) + dropped + cut
            tail, dropped = chunk[cut:], 0
        elif len(tail) > LONGEST:
            dropped += len(chunk)
        else:
            tail += chunk
    if tail:
        yield Block(start, tail + b"\n", dropped)
