"""What `explain` found out, between reading it and showing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.looking.live import Live
from pipelines.reports.explaining.explain import Explanation
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import ChangeState, StoredEvent
from schemas.changes.remark import KeptRemark
from schemas.changes.stored import StoredDecision


@dataclass(frozen=True, slots=True)
class Past:
    """What the store knows of one change; `state` is None for one that no night recorded."""

    state: ChangeState | None
    events: tuple[StoredEvent, ...]
    decisions: tuple[StoredDecision, ...]
    remarks: tuple[KeptRemark, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An explanation with the history of its changes, on a day, the sources that could not be used, what updaters
    decided of who these people are, and what was written of them without naming a line.

    `live`: what the national directory says now, where it was asked.
    """

    asked: str
    day: date
    explanation: Explanation
    past: Mapping[str, Past]
    unused: tuple[tuple[str, str], ...]
    vanished: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    remarks: tuple[KeptRemark, ...] = ()
    live: Live | None = None
