"""ReadRows of text that a reader took out of a source: asked for a column or a row at a time, and made when asked."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol


class ReadRows(Protocol):
    """ReadRows in the order of their source, their cells under `columns`; « _location » is where a row stands."""

    @property
    def columns(self) -> Sequence[str]:
        """Our names of the columns."""

    def __len__(self) -> int:
        """How many rows."""

    def read(self, columns: Sequence[str]) -> None:
        """Take these columns out at once: what is asked of them later is there."""

    def let_go(self, columns: Sequence[str]) -> None:
        """Forget the text of columns that nothing more is asked of."""

    def texts(self, column: str) -> Sequence[str]:
        """Return the cells of a column."""

    def row(self, at: int) -> tuple[str, ...]:
        """Return the cells of a row."""

    def places(self, column: str) -> "TextPlaces":
        """Return at which rows each text of a column stands."""


class TextPlaces(Mapping[str, tuple[int, ...]]):
    """Text → the rows in whose cell it stands, in their order: most stand in one row alone, and there may be millions.

    `first`: the first of them; `following`: each row leads to the next of its text, by 0 to none.
    """

    def __init__(self, texts: Sequence[str], besides: frozenset[int] = frozenset()) -> None:
        self.first: dict[str, int] = {}
        self.following = array("q", bytes(8 * len(texts)))
        last: dict[str, int] = {}
        first = self.first.setdefault
        for at, text in enumerate(texts):
            if at not in besides and (begin := first(text, at)) != at:
                self.following[last.get(text, begin)] = at
                last[text] = at

    def __getitem__(self, text: str) -> tuple[int, ...]:
        return (self.first[text], *self.more(text))

    def more(self, text: str) -> tuple[int, ...]:
        """Return its rows behind the first; () where there is one alone."""
        at = self.following[self.first[text]]
        if not at:
            return ()
        found = [at]
        while at := self.following[at]:
            found.append(at)
        return tuple(found)

    def __iter__(self) -> Iterator[str]:
        return iter(self.first)

    def __len__(self) -> int:
        return len(self.first)

    def __contains__(self, text: object) -> bool:
        return text in self.first

    def firsts(self) -> Iterator[tuple[str, int]]:
        """Yield (text, the first row)."""
        return iter(self.first.items())
