"""The files of a night, watched until everything in them is compared: one that changes meanwhile is read again.

Whoever writes more slowly than we read leaves size and time alike before and after the reading of one file. So all of
them are looked at once before the first is read, and once more before anything is concluded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.sources import steady
from connectors.sources.catalogue import find_all, find_newest
from connectors.sources.steady import Glimpse, Patience, fresh_for, look
from flows.reading.local import newest_of_each_form
from flows.run.run import Run
from flows.settings.model import Settings
from schemas.errors import SourceError
from schemas.reading.source_names import (
    ADELI,
    ANNUAIRE,
    CARDS,
    CROSSWALK,
    PERSONS,
    STRUCTURES,
    is_workbook,
    workbook_name,
)

# How long a file must have been at rest, in times of `steady.QUIET` (a second).
CALM = 2  # any of them
PROVING = 4  # a workbook, where an end or a withdrawal rests on what it lacks
CHANGED = 5  # one that was seen to change

Looks = Mapping[str, Mapping[Path, Glimpse]]


@dataclass(frozen=True, slots=True)
class FilesSeen:
    """Names of the sources that changed since the first look, and of those that do not come to rest."""

    changed: frozenset[str]
    restless: frozenset[str]


@dataclass(slots=True)
class Attempt:
    """One reading of the files. `moving`: the sources that do not come to rest; whoever reads says what it `proves`.

    `proves`: somebody loses something for what a workbook lacks.
    """

    moving: frozenset[str]
    proves: bool = False


def until_at_rest(run: Run, patience: Patience) -> Iterator[Attempt]:
    """Give an attempt for each time the files are to be read: once, and again where one changed under our hands.

    All that is waited is ten seconds at most. A source that changed twice has no rest either: there is an end to it.
    """
    moving: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    while True:
        first = _look(run)
        yield (attempt := Attempt(moving))
        seen = _watch(run, first, moving, PROVING if attempt.proves else CALM, patience)
        if not (seen.changed or seen.restless):
            return
        moving |= seen.restless | (seen.changed & before)
        before |= seen.changed
        run.steps.say("step.again", count=len(seen.changed | seen.restless))


def _watch(run: Run, first: Looks, moving: frozenset[str], proving: int, patience: Patience) -> FilesSeen:
    """Glimpse again, and wait for those that were written a moment ago."""
    changed: set[str] = set()
    while True:
        now = {name: looks for name, looks in _look(run).items() if name not in moving}
        changed |= {name for name, looks in now.items() if looks != first[name]}
        still = {name: _still(looks, _times(name, name in changed, proving)) for name, looks in now.items()}
        waiting = {name: seconds for name, seconds in still.items() if seconds}
        if not waiting:
            return FilesSeen(frozenset(changed), frozenset())
        if not patience.wait(max(waiting.values())):
            return FilesSeen(frozenset(changed), frozenset(waiting))


def _times(name: str, changed: bool, proving: int) -> int:
    if changed:
        return CHANGED
    return proving if is_workbook(name) else CALM


def _still(looks: Mapping[Path, Glimpse], times: int) -> float:
    """Seconds until all files of a source have been at rest for so long."""
    return max((fresh_for(one, times * steady.QUIET) for one in looks.values()), default=0.0)


def _look(run: Run) -> Looks:
    return {name: {path: look(path) for path in paths} for name, paths in _files_of(run.settings).items()}


def _files_of(settings: Settings) -> dict[str, list[Path]]:
    """Source → its files, the newest of a pattern; an annuaire in a database is no file."""
    files = settings.register_
    export = settings.annuaire.export if not settings.annuaire.url else None
    return {
        ANNUAIRE: [settings.path(export)] if export else [],
        **{
            name: _newest(settings.root, pattern)
            for name, pattern in (
                (PERSONS, files.persons),
                (CARDS, files.cards),
                (ADELI, files.adeli),
                (CROSSWALK, files.crosswalk),
            )
        },
        STRUCTURES: _stock(settings.root, files.structures),
        **{workbook_name(one.path): [settings.path(one.path)] for one in settings.workbook},
    }


def _newest(root: Path, pattern: str | None) -> list[Path]:
    try:
        return [find_newest(pattern, root).path] if pattern else []
    except SourceError:  # the reader says so
        return []


def _stock(root: Path, pattern: str | None) -> list[Path]:
    try:
        return newest_of_each_form(find_all(pattern, root)) if pattern else []
    except SourceError:
        return []
