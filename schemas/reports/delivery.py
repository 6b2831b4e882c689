"""What became of the mail of one report."""

from dataclasses import dataclass
from typing import Any

from schemas.changes.change import PostRef


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one updater's mail.

    `told`: it was accepted by the outbox or the server, now (`sent`) or before. `unknown`: the Message-ID of a mail
    that may have told them: nothing is sent until a human has said. `refused`: how many of their addresses did not
    get it. `escalated`: it went to the administrator, for want of anybody else.
    """

    updater: PostRef
    change_ids: tuple[str, ...]
    told: bool
    sent: bool = False
    error: str = ""
    unknown: str = ""
    refused: int = 0
    escalated: bool = False

    def summary(self) -> dict[str, Any]:
        """Return it as `run.json` has it: no address, no name."""
        return {
            **self.updater.model_dump(),
            "told": self.told,
            "sent": self.sent,
            "error": self.error,
            "unknown": self.unknown,
            "refused": self.refused,
            "escalated": self.escalated,
        }
