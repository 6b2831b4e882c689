"""What the lines of a report do to accesses, counted: persons, structures and questions, each for itself."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

# Locked out today, or on a day to come; a structure that cannot declare; somebody without an account, or
# without a card; a number, or
# something else, that somebody must look at. The gravest first: `stake` of `tables/reasons.csv`.
Stake = Literal["lost", "soon", "structure", "account", "no_card", "number", "check"]
STAKES: tuple[Stake, ...] = get_args(Stake)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many persons, structures or numbers, of which so many changes tell."""

    stake: Stake
    count: int
    changes: int


@dataclass(frozen=True, slots=True)
class Stakes:
    """Each stake that there is, in the order of STAKES; `first_loss`: the first day without access to come."""

    counts: tuple[Counted, ...] = ()
    first_loss: date | None = None

    def count(self, stake: Stake) -> int:
        """Return 0 where there is none."""
        return next((one.count for one in self.counts if one.stake == stake), 0)
