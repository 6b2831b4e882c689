"""What is found in one file, and the judging of a national extract: each row, whoever it is about."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from connectors.sources import content
from connectors.sources.result import Reading
from connectors.sources.whole_extract import read_whole
from flows.run.progress import Progress
from pipelines.sources.judged import Judged
from pipelines.sources.national.register import cards_of, persons_in_parts
from schemas.nomenclatures import say
from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport
from schemas.reading.source_names import CARDS, PERSONS


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file judged. `issues`: of a national extract a thousand of each code; `counts`: code → how often.

    `told`: the listener has heard of all of them already.
    """

    path: Path
    kind: str
    report: SourceReport
    issues: tuple[Issue, ...]
    counts: Mapping[str, int]
    told: bool = False


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears how far the reading is, and of each issue."""

    tell: Progress
    told: Callable[[Issue], object] | None = None


def first_usable(verdicts: Iterator[FileVerdict]) -> FileVerdict:
    """Return the verdict of the first reader that can use the file; else the last one's complaint."""
    for verdict in verdicts:
        if verdict.report.usable:
            return verdict
    return verdict


def verdict_of(path: Path, kind: str, reading: Reading, issues: Sequence[Issue] = (), rejected: int = 0) -> FileVerdict:
    """Return what a reader and a verb found; `rejected`: rows that the verb cost."""
    report = replace(
        reading.report,
        rows_accepted=reading.report.rows_accepted - rejected,
        rows_rejected=reading.report.rows_rejected + rejected,
    )
    found = (*reading.issues, *issues)
    streamed = reading.facts.get("counts")
    counts = streamed or Counter(one.code for one in found)
    return FileVerdict(path, say(f"source.{kind}", path=path.name), report, found, counts, told=streamed is not None)


def judge_extract(path: Path, kind: str, listener: Listener, validity_years: int = 3) -> FileVerdict:
    """Judge it as one of persons or one of cards, which serve so many years where only their start is given."""

    def cards(part: pd.DataFrame) -> Judged[Any]:
        return cards_of(part, CARDS, validity_years)

    return _extract(path, kind, persons_in_parts(PERSONS) if kind == content.PERSONS else cards, listener)


def _extract(path: Path, kind: str, judge: Callable[[pd.DataFrame], Judged[Any]], listener: Listener) -> FileVerdict:
    name = kind.replace("_", ".", 1)

    def judged(part: pd.DataFrame) -> tuple[Sequence[Issue], int]:
        found = judge(part)
        return found.issues, found.rejected

    def progress(done: int, total: int) -> None:
        listener.tell(say("step.validate", source=path.name), done, total)

    reading = read_whole(path, name, kind, judged, shown=str(path), progress=progress, told=listener.told)
    return verdict_of(path, kind, reading)
