"""What the store tells of itself: runs and their sources, mails' marks, decisions as they were taken, releases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from schemas.changes.change import PostRef
from schemas.changes.decision import DecisionEntry
from schemas.changes.safeguard import Hold
from schemas.reading.source import SourceStatus

StoredStatus = Literal["running", "complete", "partial", "held", "failed"]
Origin = Literal["data", "rules", "settings", "routing"]


@dataclass(frozen=True, slots=True)
class LockOwner:
    """Who holds the store; `token` tells two runs of one process apart."""

    pid: int
    host: str
    token: str


@dataclass(frozen=True, slots=True)
class RunStart:
    """A run as it begins. Two runs over the same day, inputs and rules are one run, taken up again."""

    run_id: str
    as_of: date
    inputs_digest: str
    rules_digest: str
    software: str


@dataclass(frozen=True, slots=True)
class RunSource:
    """One source of a past run, as it was read that night."""

    name: str
    path: str
    size: int
    sha256: str
    stamp: date | None
    status: SourceStatus
    message: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_duplicate: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """A past run; `finished_at` is None while it runs, and after a kill until the next run begins."""

    run_id: str
    as_of: date
    inputs_digest: str
    rules_digest: str
    software: str
    started_at: datetime
    finished_at: datetime | None
    status: StoredStatus
    counts: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[RunSource, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it was recorded; `event` is its place in the history, None where it did not count."""

    number: int
    at: datetime
    entry: DecisionEntry
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A held set that somebody let out: up to the counts of `hold`, no further."""

    run_id: str
    hold: Hold
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LastNight:
    """A night that ended: its run, its day, how and when it ended."""

    run_id: str
    as_of: date
    status: StoredStatus
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who signed the lock, and since when; `alive` is whether it is really held."""

    pid: int
    host: str
    since: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class StoreState:
    """The store as it stands, looked at without changing it. `clock` is the database server's, None for a file.

    `last`: the last run begun; `last_success`: the last that ended complete or partial; `unsent`: its mails that did
    not leave; `unknown`: those of any run that perhaps did; `broken`: the first event of the history that was altered.
    """

    up_to_date: bool
    read_only: bool
    clock: datetime | None = None
    holder: LockHolder | None = None
    last: RunRow | None = None
    last_success: LastNight | None = None
    unsent: int = 0
    unknown: int = 0
    broken: int | None = None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A post: the days of the first and of the last mail that left for it, and of its last answer, None before one."""

    updater: PostRef
    first_told: date
    last_told: date
    last_answer: date | None = None
