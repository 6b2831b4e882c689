"""What is asked of a run."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """One run: the day, where it writes, whether it sends, the regions it is limited to, the held run it lets out."""

    day: date
    out: Path
    dry_run: bool = False
    regions: tuple[str, ...] = ()
    release: str | None = None
