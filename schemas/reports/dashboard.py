"""The figures of the administrator's page: counts by region, week, updater, source and night; never a person."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.changes.change import PostRef
from schemas.nomenclatures import regions, rows
from schemas.reports.health import Health
from schemas.reports.known_figure import Basis

NightStatus = Literal["complete", "partial", "held", "failed", "running", "none"]
# Days since a waiting change was first seen: the last of each column, None for no end.
AGES: tuple[int | None, ...] = (7, 14, 30, None)
# The code of what hangs on no région sanitaire: ANSM, EFS national, CTSA, ETS over several regions.
NO_REGION = ""


@dataclass(frozen=True, slots=True)
class EndingWeek:
    """Accesses that end in the week of `monday` (None: those lost already), by region."""

    monday: date | None
    regions: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """In all regions."""
        return sum(count for _, count in self.regions)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One updater's waiting changes; `ages` follows `AGES`, `oldest` in days, `label` is French."""

    updater: PostRef
    label: str
    waiting: int
    access: int
    ages: tuple[int, ...]
    oldest: int
    late: int


@dataclass(frozen=True, slots=True)
class RejectRow:
    """Rejects or repairs of one code in one source in the last night; `since`: the first of the nights in a row."""

    source: str
    label: str
    code: str
    count: int
    since: date


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """How many comments, refusals and answers that do not count came from one post, for one reason."""

    label: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as last read; `stamp`: the day it is of, `last_used`: the last night that could use it."""

    name: str
    label: str
    status: str
    stamp: date | None
    rows_read: int
    rows_rejected: int
    last_used: date | None


@dataclass(frozen=True, slots=True)
class NightPoint:
    """One night of the past. `read` and `rejected`: rows of the workbooks; `share` of accesses, None when not kept or
    not known: `basis` says what it rested on, "" when it was not kept.
    """

    day: date
    status: NightStatus
    read: int = 0
    rejected: int = 0
    share: float | None = None
    basis: Basis | Literal[""] = ""

    @property
    def legible(self) -> float | None:
        """Rows of the workbooks that could be used; None when none was read."""
        return 1 - self.rejected / self.read if self.read else None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A whole page. `region`: the only one it holds, None for the national one; `regions` worst first.

    `nights`: a point for each of the last 90 days since `since`, the first night that was kept. `unused`: on a
    region's page, what the other sources that could not be used are called, without their counts. `cause`: why the
    cards of the registered could not be looked at, "" when they could. `held`: what the last night holds, in words;
    `success_status`: how the night of `last_success` ended.
    """

    as_of: date
    region: str | None
    total: Health
    regions: tuple[Health, ...]
    weeks: tuple[EndingWeek, ...]
    waiting: tuple[WaitingRow, ...]
    rejects: tuple[RejectRow, ...]
    sources: tuple[SourceRow, ...]
    nights: tuple[NightPoint, ...]
    since: date | None
    last_success: date | None
    last_status: NightStatus
    remind_after_days: int
    unused: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    success_status: NightStatus = "complete"
    cause: str = ""
    remarks: tuple[RemarkRow, ...] = ()


def tiles() -> tuple[dict[str, str], ...]:
    """Return the map: region code, row and column of its tile, « yes » for the 18 régions sanitaires always shown.

    A region that the deployment declares itself has its tile below the others.
    """
    known = rows("region_tiles")
    codes = {row["code"] for row in known}
    below, width = (max(int(row[name]) for row in known) for name in ("row", "column"))
    own = enumerate(code for code in regions() if code not in codes)
    return (*known, *(_tile(code, below + 1 + at // width, 1 + at % width) for at, code in own))


def _tile(code: str, row: int, column: int) -> dict[str, str]:
    return {"code": code, "row": str(row), "column": str(column), "always": "no"}
