"""A text in blocks of whole lines that say where they lie, so that a line can be fetched again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.bytescan.lines import LONGEST


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines with their ends; `start`: offset of the first byte in the text.

    `dropped`: bytes of it that were passed over, 0 unless it is one line longer than `LONGEST`.
    """

    start: int
    body: bytes
    dropped: int = 0


def blocks_of(read: Callable[[], bytes]) -> Iterator[Block]:
    """Yield all lines of a text that is read bit by bit, the last one even without end; a few megabytes of memory."""
    start, tail, dropped = 0, b"", 0
    while chunk := read():
        begin, end = 0, chunk.rfind(b"\n") + 1
        if (
            end and tail
        ):  # a line that began in an earlier chunk is a block of its own: the rest need not be copied twice
            begin = chunk.find(b"\n") + 1
            yield Block(start, tail + chunk[:begin], dropped)
            start += len(tail) + dropped + begin
            tail, dropped = b"", 0
        if begin < end:
            yield Block(start, chunk[begin:end])
            start += end - begin
        if len(tail) > LONGEST:
            dropped += len(chunk) - end
        else:
            tail += chunk[end:]
    if tail:
        yield Block(start, tail + b"\n", dropped)
