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
from connectors.sources.workbook import read_workbook, refused_workbook
from connectors.system.forked import MOST
from flows.reading.kept_cells import packed_of, unpacked
from flows.run import defects
from flows.run.defects import defect_of
from flows.run.run import Steps
from flows.run.steps import Step
from flows.settings.sources import WorkbookSettings
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.workbook.registered import may_be_read_again
from pipelines.sources.workbook.row.cells import RowNight
from pipelines.sources.workbook.row.judged_by import UNJUDGED, JudgedBy, JudgedTheSame
from pipelines.sources.workbook.row.one_of_each import OneOfEach
from pipelines.sources.workbook.rows import JudgedWorkbook, workbook_of
from schemas.parallel import ParallelMap
from schemas.reading.source import WorkbookScope

_OPENING = 4000  # bytes of a workbook that take as long as to open it
_PART = 4 << 20  # bytes of workbooks: a country's xlsx are less, all together
HANDFUL = 4  # workbooks of one part: a third of a second of work


@dataclass(frozen=True, slots=True)
class AskedWorkbook:
    """One workbook to read: as configured, where it lies, the name of the source, its path as reports name it.

    `packed`, `first`: its cells as they were first read, if they were kept, and what they were judged by.
    """

    workbook: WorkbookSettings
    path: Path
    source: str
    shown: str
    packed: bytes = b""
    first: JudgedBy = UNJUDGED


@dataclass(frozen=True, slots=True)
class Against:
    """What every workbook is judged against."""

    around: Surroundings
    day: date
    card_validity_years: int

    def night(self, workbook: WorkbookSettings, reading: Reading) -> RowNight:
        """Return what the rows of one workbook are judged against, within what it is complete for."""
        return RowNight(scope_of(workbook, reading), self.around, self.day, self.card_validity_years)

    def packed(self, reading: Reading, judged: JudgedWorkbook) -> bytes:
        """Return the cells of a workbook, packed, where the registers may know somebody who has it read once more; of
        another, what its rows were judged by is forgotten.
        """
        if reading.report.usable and may_be_read_again(judged, self.around.people):
            return packed_of(reading)
        judged.judged_by = judged.judged_by.without_rows()
        return b""


@dataclass(frozen=True, slots=True)
class OpenedWorkbook:
    """A workbook read and judged; the reading without its cells: these are `packed` where somebody may need them."""

    reading: Reading
    judged: JudgedWorkbook
    packed: bytes = b""


MOST_SHARED = 100_000  # accounts: whoever helps with more would hold most of them once more, copied as it looks at them


def helpers(steps: Steps, accounts: int) -> ParallelMap | None:
    """Return whoever helps to read and judge the workbooks of a country; nobody of this machine in a very large one."""
    spread = steps.spread(Step("validate", "workbooks"))
    return None if spread and spread.here and accounts > MOST_SHARED else spread


def read_ahead(
    asked: Sequence[AskedWorkbook], against: Against, spread: ParallelMap | None, ones: OneOfEach
) -> dict[str, OpenedWorkbook]:
    """Read source → what was read and judged; what whoever helps elsewhere could not read is tried again here.

    What comes back from another process has texts of its own: `ones` has those that are there already.
    """
    if spread is None:
        return {}
    found = {}
    for one in chain.from_iterable(spread(open_and_judge, against, parts_of(asked, spread))):
        if spread.here or one.reading.report.usable:
            ones.settle(one.judged)
            found[one.reading.report.name] = one
    return found


def parts_of(asked: Sequence[AskedWorkbook], spread: ParallelMap) -> Sequence[Sequence[AskedWorkbook]]:
    """Return what each of those who help does at once: one part each on this machine, or several of large files, for
    all that a part gives is held twice while it is handed over; a handful elsewhere.
    """
    if spread.here:
        return _evenly(asked, max(min(hands(), MOST), sum(_size_of(one.path) for one in asked) // _PART))
    return [asked[at : at + HANDFUL] for at in range(0, len(asked), HANDFUL)]


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
        return [replace(one, reading=_bare(one.reading)) for one in (_opened(against, one, opener) for one in asked)]


def _opened(against: Against, asked: AskedWorkbook, opener: Opener) -> OpenedWorkbook:
    reading = open_workbook(asked, opener)
    try:
        judged = workbook_of(reading.frame, reading.places, against.night(asked.workbook, reading), reading.written)
        return OpenedWorkbook(reading, judged, against.packed(reading, judged))
    except defects.DEFECTS as error:
        return in_defect(against, asked, error)


def in_defect(against: Against, asked: AskedWorkbook, error: Exception) -> OpenedWorkbook:
    """Return a workbook that cannot be used, for a defect of ours that it brought to light."""
    reading = refused_workbook(asked.path, asked.source, asked.shown, defect_of(error))
    return OpenedWorkbook(reading, workbook_of(reading.frame, reading.places, against.night(asked.workbook, reading)))


def _bare(reading: Reading) -> Reading:
    return replace(reading, held=reading.frame.iloc[0:0], places={}, written=None)


def judge_again(against: Against, asked: Sequence[AskedWorkbook]) -> dict[str, OpenedWorkbook | None]:
    """Return source → its workbook as it is judged now that more people are known, None where that is as it was; only
    of those that can be read.
    """
    found: dict[str, OpenedWorkbook | None] = {}
    with Opener() as opener:
        for one in asked:
            reading = unpacked(one.packed) if one.packed else open_workbook(one, opener)
            if not reading.report.usable:  # changed meanwhile: the night looks at the files itself
                continue
            night = against.night(one.workbook, reading)
            try:
                judged = workbook_of(reading.frame, reading.places, night, reading.written, one.first)
                judged.judged_by = UNJUDGED
                found[one.source] = OpenedWorkbook(_bare(reading), judged)
            except JudgedTheSame:
                found[one.source] = None
            except defects.DEFECTS as error:
                found[one.source] = in_defect(against, one, error)
    return found


def open_workbook(asked: AskedWorkbook, opener: Opener | None = None) -> Reading:
    """Return a workbook, read as its configuration says; out of use where it brings a defect of ours to light.

    `opener`: shared with others that are read here.
    """
    try:
        return read_steadily([asked.path], reader_of(asked, opener))
    except defects.DEFECTS as error:
        return refused_workbook(asked.path, asked.source, asked.shown, defect_of(error))


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
