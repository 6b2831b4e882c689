"""What became of one returned file, or of a mail that holds none."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.changes.change import PostRef
from schemas.changes.decision import Refusal, Verdict
from schemas.changes.receipt import ReturnOutcome
from schemas.changes.remark import FOR_A_HUMAN, Remark
from schemas.nomenclatures import say
from schemas.words import visible

VERDICTS: tuple[Verdict, ...] = ("accepted", "refused", "postponed")
_LONGEST_NAME = 120  # characters shown


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file: the decisions that count by verdict, the refusals, why it could not be read.

    `sender`, `message_id`: of the mail that it came in; "" for a file of a folder. `settled`: the changes that were
    decided with them, being the other half. `remarks`: what else was written; `post`: whose report it is, where that is
    known.
    """

    path: Path
    outcome: ReturnOutcome
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    message: str = ""
    moved_to: Path | None = None
    sender: str = ""
    message_id: str = ""
    settled: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    post: PostRef | None = None

    @property
    def kept(self) -> int:
        """How much was written that is no answer, for a human to read."""
        return sum(one.kind in FOR_A_HUMAN for one in self.remarks)

    @property
    def uncounted(self) -> bool:
        """An answer stands where none counts."""
        return any(one.kind == "uncounted" for one in self.remarks)

    @property
    def refused(self) -> bool:
        """Somebody has to look at it again."""
        return self.outcome in ("unreadable", "stranger", "bounce") or bool(self.refusals)

    @property
    def lines(self) -> tuple[str, ...]:
        """What to tell, in French."""
        kept = [say("decisions.kept", count=self.kept)] if self.kept else []
        if self.outcome != "recorded":
            return (self.message, *(one.message for one in self.refusals), *kept)
        counts = {verdict: self.counts.get(verdict, 0) for verdict in VERDICTS}
        total = say("decisions.recorded", accepted=sum(counts.values()), refused=len(self.refusals))
        settled = say("decisions.settled", count=len(self.settled), ids=", ".join(self.settled))
        halves = [settled] if self.settled else []
        return (f"{total} {say('decisions.counts', **counts)}", *halves, *(one.message for one in self.refusals), *kept)

    def summary(self) -> dict[str, Any]:
        """Return it as `--json` has it."""
        return {
            "file": printable(str(self.path)),
            "outcome": self.outcome,
            "recorded": {verdict: self.counts.get(verdict, 0) for verdict in VERDICTS},
            "settled": list(self.settled),
            "refused": [
                {"sheet": one.sheet, "row": one.row, "change": one.change_id, "message": one.message}
                for one in self.refusals
            ],
            "kept": [
                {"kind": one.kind, "sheet": one.sheet, "row": one.row, "change": one.change_id}
                for one in self.remarks
                if one.kind in FOR_A_HUMAN
            ],
            "message": self.message,
            "moved_to": str(self.moved_to) if self.moved_to else None,
            "from": printable(self.sender) or None,
            "message_id": printable(self.message_id) or None,
        }


def shown_sender(address: str) -> str:
    """Return whom a mail is from, as a sentence says it; of two senders neither is believed."""
    return printable(address) or say("mailbox.no_sender")


def printable(name: str) -> str:
    """Return a file's name as a terminal, a log or the store may hold it: senders choose names, and bytes that are
    none.
    """
    return visible(os.fsencode(name).decode("utf-8", "replace"))[-_LONGEST_NAME:]
