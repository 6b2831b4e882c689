"""The workbooks, read and judged ahead of their steps where somebody helps: one knows nothing of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from connectors.bytescan.ahead import hands
from connectors.sources.guard import Opener
from connectors.sources.result import Reading
from connectors.sources.steady import read_steadily
from connectors.sources.workbook import read_workbook
from connectors.system.forked import MOST
from flows.settings.sources import WorkbookSettings
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.workbook.row.cells import RowNight
from pipelines.sources.workbook.rows import JudgedWorkbook, workbook_of
from schemas.parallel import ParallelMap
from schemas.reading.source import WorkbookScope

_OPENING = 4000  # bytes of a workbook that take as long as to open it
HANDFUL = 4  # workbooks of one part: a third of a second of work


@dataclass(frozen=True, slots=True)
class AskedWorkbook:
    """One workbook to read: as configured, where it lies, the name of the source, its path as reports name it."""

    workbook: WorkbookSettings
    path: Path
    source: str
    shown: str


@dataclass(frozen=True, slots=True)
class Against:
    """What every workbook is judged against."""

    around: Surroundings
    day: date
    card_validity_years: int

    def night(self, workbook: WorkbookSettings, reading: Reading) -> RowNight:
        """Return what the rows of one workbook are judged against, within what it is complete for."""
        return RowNight(scope_of(workbook, reading), self.around, self.day, self.card_validity_years)


@dataclass(frozen=True, slots=True)
class OpenedWorkbook:
    """A workbook read and judged; the reading without its cells, which nobody needs any more."""

    reading: Reading
    judged: JudgedWorkbook


def read_ahead(
    asked: Sequence[AskedWorkbook], against: Against, spread: ParallelMap | None
) -> dict[str, OpenedWorkbook]:
    """Read source → what was read and judged; what whoever helps elsewhere could not read is tried again here."""
    if spread is None:
        return {}
    handfuls = (
        _evenly(asked, min(hands(), MOST))
        if spread.here
        else [asked[at : at + HANDFUL] for at in range(0, len(asked), HANDFUL)]
    )
    opened = chain.from_iterable(spread(open_and_judge, against, handfuls))
    return {one.reading.report.name: one for one in opened if spread.here or one.reading.report.usable}


def _evenly(asked: Sequence[AskedWorkbook], count: int) -> list[list[AskedWorkbook]]:
    """One part for each hand, about equally large."""
    parts: list[list[AskedWorkbook]] = [[] for _ in range(min(count, len(asked)))]
    loads = [0] * len(parts)
    for size, at in sorted(((_size_of(one.path), at) for at, one in enumerate(asked)), reverse=True):
        least = loads.index(min(loads))
        parts[least].append(asked[at])
        loads[least] += size + _OPENING
    return parts


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def open_and_judge(against: Against, asked: Sequence[AskedWorkbook]) -> list[OpenedWorkbook]:
    """Return some workbooks; may be done anywhere from where their paths lead to them."""
    with Opener() as opener:
        return [_opened(against, one, opener) for one in asked]


def _opened(against: Against, asked: AskedWorkbook, opener: Opener) -> OpenedWorkbook:
    reading = open_workbook(asked, opener)
    judged = workbook_of(reading.frame, reading.places, against.night(asked.workbook, reading), reading.written)
    return OpenedWorkbook(replace(reading, frame=reading.frame.iloc[0:0], places={}, written=None), judged)


def open_workbook(asked: AskedWorkbook, opener: Opener | None = None) -> Reading:
    """Return a workbook, read as its configuration says; `opener`: shared with others that are read here."""
    return read_steadily([asked.path], reader_of(asked, opener))


def reader_of(asked: AskedWorkbook, opener: Opener | None = None) -> Callable[[], Reading]:
    """Return what reads a workbook as its configuration says."""
    workbook = asked.workbook
    return partial(
        read_workbook,
        asked.path,
        asked.source,
        shown=asked.shown,
        sheet=workbook.sheet,
        header_row=workbook.header_row,
        columns=workbook.columns,
        layout=workbook.layout,
        opener=opener,
    )


def scope_of(workbook: WorkbookSettings, reading: Reading) -> WorkbookScope:
    """Return what a workbook is complete for, as configured, and whether it may be concluded from."""
    kind = "region" if workbook.region else "ets" if workbook.ets else "national"
    code = workbook.region or workbook.ets or ""
    seen = not reading.facts.get("partial")  # who could not be seen is not gone
    return WorkbookScope(reading.report.name, kind, code, workbook.complete and seen, reading.report.usable, seen)
