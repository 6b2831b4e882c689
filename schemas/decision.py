"""What an updater sends back: one decision per line of their report."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Verdict = Literal["", "accepted", "refused", "postponed", "unknown"]


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One line of a returned report, as it was filled in.

    `decision` is "" where nothing was decided and « unknown » for a word we do not offer (`said` is that
    word). `postponed_to` is None where no readable date was given (`postponed_said` is what stood there).
    """

    lot: str
    sheet: str
    row: int
    token: str
    decision: Verdict
    said: str
    postponed_to: date | None
    postponed_said: str
    comment: str


def signed_text(lot: str, change_id: str) -> str:
    """What a token's signature covers beside its updater: a line cannot be moved to another lot."""
    return f"{lot}/{change_id}"
