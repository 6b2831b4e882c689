"""What became of one returned file, or of a mail that holds none."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from schemas.decision import Refusal, Verdict
from schemas.nomenclatures import say
from schemas.words import visible

Outcome = Literal["recorded", "seen", "empty", "unreadable", "stranger", "automatic", "bounce"]
VERDICTS: tuple[Verdict, ...] = ("accepted", "refused", "postponed")
_LONGEST_NAME = 120  # characters shown


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file: the decisions that count by verdict, the refusals, why it could not be read.

    `sender`, `message_id`: of the mail that it came in; "" for a file of a folder. `settled`: the changes that were
    decided with them, being the other half.
    """

    path: Path
    outcome: Outcome
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    message: str = ""
    moved_to: Path | None = None
    sender: str = ""
    message_id: str = ""
    settled: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Somebody has to look at it again."""
        return self.outcome in ("unreadable", "stranger", "bounce") or bool(self.refusals)

    @property
    def lines(self) -> tuple[str, ...]:
        """What to tell, in French."""
        if self.outcome != "recorded":
            return (self.message, *(one.message for one in self.refusals))
        counts = {verdict: self.counts.get(verdict, 0) for verdict in VERDICTS}
        total = say("decisions.recorded", accepted=sum(counts.values()), refused=len(self.refusals))
        settled = say("decisions.settled", count=len(self.settled), ids=", ".join(self.settled))
        halves = [settled] if self.settled else []
        return (f"{total} {say('decisions.counts', **counts)}", *halves, *(one.message for one in self.refusals))

    def summary(self) -> dict[str, Any]:
        """As `--json` has it."""
        return {
            "file": printable(str(self.path)),
            "outcome": self.outcome,
            "recorded": {verdict: self.counts.get(verdict, 0) for verdict in VERDICTS},
            "settled": list(self.settled),
            "refused": [
                {"sheet": one.sheet, "row": one.row, "change": one.change_id, "message": one.message}
                for one in self.refusals
            ],
            "message": self.message,
            "moved_to": str(self.moved_to) if self.moved_to else None,
            "from": printable(self.sender) or None,
            "message_id": printable(self.message_id) or None,
        }


def printable(name: str) -> str:
    """A file's name as a terminal, a log or the ledger may hold it: senders choose names, and bytes that are none."""
    return visible(os.fsencode(name).decode("utf-8", "replace"))[-_LONGEST_NAME:]
