"""What a run says of itself while it runs: events with ids, counts and seconds; never a name, a number, an address.

One JSON line per event in `log/` beside the store; where Prefect orchestrates, the same events go to its run logger.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from connectors.system.private_file import append_private
from flows.state.run_state import now
from pipelines.sources.judged_sources import Source
from schemas.nomenclatures import say
from schemas.os_errors import refusal_text
from schemas.reading.arrival import Brought
from schemas.reports.delivery import Delivery

Fact = str | int | float | bool


class Sink(Protocol):
    """Where events go."""

    def info(self, event: str, **facts: Fact) -> object:
        """Take one event, with what is to be known of it."""


@dataclass(slots=True)
class Log:
    """Tells events to its sinks; `run` is the run's id once it has one."""

    sinks: tuple[Sink, ...] = ()
    run: str = ""

    def __call__(self, event: str, **facts: Fact) -> None:
        for sink in self.sinks:
            sink.info(event, run=self.run, **facts)


def counts_of(gave: object) -> Mapping[str, Fact]:
    """Return what can be counted of a step's outcome."""
    if isinstance(gave, Source):
        report = gave.report
        return {
            "status": report.status.value,
            "rows_read": report.rows_read,
            "rows_accepted": report.rows_accepted,
            "rows_rejected": report.rows_rejected,
            "rows_duplicate": report.rows_duplicate,
        }
    if isinstance(gave, Brought):
        return {"status": gave.outcome, "bytes": gave.file.size, "rows": gave.file.rows} if gave.file else {}
    if isinstance(gave, Delivery):
        return {"told": gave.told, "sent": gave.sent, "changes": len(gave.change_ids)}
    return {}


@dataclass(slots=True)
class LogFile:
    """A line of JSON for each event, written at once: structlog's own brings rich, pygments and asyncio along.

    `lost`: why it took no more from some event on. A night is not left in the middle of its mails for a line of a log.
    """

    stream: IO[str]
    lost: str = ""

    def info(self, event: str, **facts: Fact) -> None:
        """Write an event down, while the disk takes it."""
        if self.lost:
            return
        told = {**facts, "event": event, "at": f"{now():%Y-%m-%dT%H:%M:%S.%fZ}"}
        try:
            self.stream.write(json.dumps(told, ensure_ascii=False) + "\n")
            self.stream.flush()
        except OSError as error:
            self.lost = refusal_text(error)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said of it once the work is done."""
        return (say("log.lost", found=self.lost),) if self.lost else ()


@contextmanager
def file_log(state_folder: Path) -> Iterator[LogFile]:
    """Open a sink that appends to today's file of `log/` beside the store, readable by its owner alone."""
    with append_private(log_folder(state_folder) / f"{now():%Y-%m-%d}.jsonl") as stream:
        yield LogFile(stream)


def log_folder(state_folder: Path) -> Path:
    """Tell where the logs of the runs lie."""
    return state_folder / "log"
