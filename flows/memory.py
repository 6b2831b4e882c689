"""What was taken out of the national files before, and which accounts there were; nothing for whoever only looks."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from schemas.assignment import Account
from schemas.extraction import Extraction


class Memory(Protocol):
    """What was taken out of the national files before, and which accounts there were."""

    def recall(self, source: str, /) -> Extraction | None: ...

    def keep(self, found: Extraction, /) -> None: ...

    def missed(self, day: date, present: Collection[str], /) -> Mapping[str, Account]: ...


class NoMemory:
    """Every file is read."""

    def recall(self, _source: str, /) -> None:
        """Nothing."""

    def keep(self, _found: Extraction, /) -> None:
        """Nowhere."""

    def missed(self, _day: date, _present: Collection[str], /) -> Mapping[str, Account]:
        """Nobody."""
        return {}
