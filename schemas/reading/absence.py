"""An account that the annuaire had, and has no more: that alone says nothing of it (contract §6a)."""

from dataclasses import dataclass
from datetime import date

GONE_AFTER = 3  # whole exports in a row; a night that a safeguard holds counts none


@dataclass(frozen=True, slots=True, order=True)
class Absence:
    """`exports`: how many whole exports in a row it was missing from, no further than what proves it gone."""

    account_id: str
    since: date
    exports: int = 1

    @property
    def gone(self) -> bool:
        """It has been missing for so long that it is no accident."""
        return self.exports >= GONE_AFTER
