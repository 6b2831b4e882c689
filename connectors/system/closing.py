"""What is open, and closed by the `with` block it is used in."""

from abc import ABC, abstractmethod
from typing import Self


class Closing(ABC):
    """To inherit from: the block gets the thing itself, and closes it at its end, whatever happened in it."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds; a second time does nothing."""
