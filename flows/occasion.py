"""One run: what was asked of it, and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.compare import Comparison
from pipelines.fingerprint import Evidence
from pipelines.life import Lives
from pipelines.miss import Missing, Unsaid
from schemas.lifecycle import ChangeState
from schemas.safeguard import Hold
from schemas.witness import Announced


@dataclass(frozen=True, slots=True)
class Occasion:
    """One run: the day, where it writes, whether it sends, the regions it is limited to, the held run it lets out."""

    day: date
    out: Path
    dry_run: bool = False
    regions: tuple[str, ...] = ()
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the night found, before anything is written: changes in their lives, where each came from, what is held.

    `waiting`: accounts whose deactivation waits for a workbook; `kept_back`: creations held, alone of their sets.
    `missing`: the accounts that the annuaire had and has no more; `forgotten`: what was announced, and the store put
    back from a backup does not know; `lost`: of that, what may be met again; `unsaid`: what waits because
    of the missing.
    """

    comparison: Comparison
    lives: Lives
    origins: Mapping[str, str]
    held: tuple[Hold, ...]
    rested_on: Evidence
    waiting: frozenset[str]
    kept_back: frozenset[str]
    missing: Missing
    forgotten: Mapping[str, ChangeState]
    lost: Mapping[str, Announced]
    unsaid: Unsaid
