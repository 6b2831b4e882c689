"""A CPS or CPF card as the holders' file knows it, and which card counts on a day (contract §6).

One event has one date: an access is lost on the first day on which the card opens nothing, `lost_on`. The card itself
is said to be « valable jusqu'au 12/12 inclus », its access « perdu le 13/12 ».
"""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.reading.source_names import CARDS


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its dates. Usable: start ≤ day ≤ end and no opposition on or before the day.

    `opposition_known`: its source would tell of one.
    """

    holder: str
    card_type: str
    serial: str
    content_id: str
    starts_on: date | None
    ends_on: date
    opposed_on: date | None = None
    source: str = CARDS
    opposition_known: bool = True

    def started(self, day: date) -> bool:
        """Tell whether its validity has begun."""
        return self.starts_on is None or self.starts_on <= day

    def opposed(self, day: date) -> bool:
        """Tell whether it is under opposition on the day."""
        return self.opposed_on is not None and self.opposed_on <= day

    def usable(self, day: date) -> bool:
        """Tell whether it opens e-FIT on the day."""
        return self.started(day) and day <= self.ends_on and not self.opposed(day)

    @property
    def lost_on(self) -> date:
        """The first day on which it opens nothing."""
        return lost_on(self.ends_on, self.opposed_on)

    def ended_on(self) -> date:
        """Return the day it stopped, or stops, being usable."""
        return min(self.ends_on, self.opposed_on) if self.opposed_on else self.ends_on


def lost_on(ends_on: date, opposed_on: date | None = None) -> date:
    """Return the first day without access: a card still opens on its last day, and no more on that of its
    opposition.
    """
    after = ends_on + timedelta(days=1)
    return min(after, opposed_on) if opposed_on else after
