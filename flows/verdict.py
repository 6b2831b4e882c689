"""One file read as what its first line says it is, and judged: a national extract, a workbook, an export."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from connectors.annuaire import read_annuaire_database
from connectors.readers.annuaire_export import read_annuaire_export
from connectors.readers.crosswalk import read_crosswalk
from connectors.readers.finess import read_finess
from connectors.readers.result import Reading
from connectors.readers.whole_extract import read_whole
from flows.gathered import Tell
from flows.settings import Settings, WorkbookSettings
from flows.workbooks import Asked, open_workbook, scope_of
from pipelines.validate.annuaire import annuaire_of
from pipelines.validate.judged import Judged
from pipelines.validate.place import Surroundings
from pipelines.validate.register import cards_of, crosswalk_of, establishments_of, persons_in_parts
from pipelines.validate.workbook import workbook_of
from schemas.issue import Issue
from schemas.nomenclatures import say
from schemas.source import SourceReport


@dataclass(frozen=True, slots=True)
class Verdict:
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

    tell: Tell
    told: Callable[[Issue], object] | None = None


def validate_file(path: Path, settings: Settings | None, listener: Listener) -> Verdict:
    """Read a file as what its first line says it is: each reader is asked in turn, the best account wins."""
    verdict = _judged(path, settings, listener)
    if listener.told and not verdict.told:
        for one in verdict.issues:
            listener.told(one)
    return verdict


def _judged(path: Path, settings: Settings | None, listener: Listener) -> Verdict:
    if path.suffix.lower() in (".txt", ".zip"):
        return _best(path, (_persons, _cards), settings, listener)
    if path.suffix.lower() in (".json", ".gz"):
        return _structures(path, settings, listener)
    workbook = _configured(path, settings)
    if workbook:
        return _workbook(path, settings, listener)
    if path.suffix.lower() == ".csv":
        return _best(path, (_crosswalk, _structures, _export, _workbook), settings, listener)
    return _best(path, (_export, _workbook), settings, listener)


Judge = Callable[[Path, Settings | None, Listener], Verdict]


def _best(path: Path, judges: Sequence[Judge], settings: Settings | None, listener: Listener) -> Verdict:
    """The first reader that can use the file; else the last one's complaint."""
    for judge in judges:
        verdict = judge(path, settings, listener)
        if verdict.report.usable:
            return verdict
    return verdict


def _verdict(path: Path, kind: str, reading: Reading, issues: Sequence[Issue] = (), rejected: int = 0) -> Verdict:
    report = replace(
        reading.report,
        rows_accepted=reading.report.rows_accepted - rejected,
        rows_rejected=reading.report.rows_rejected + rejected,
    )
    found = (*reading.issues, *issues)
    streamed = reading.facts.get("counts")
    counts = streamed or Counter(one.code for one in found)
    return Verdict(path, say(f"source.{kind}", path=path.name), report, found, counts, told=streamed is not None)


def _extract(path: Path, kind: str, judge: Callable[[pd.DataFrame], Judged[Any]], listener: Listener) -> Verdict:
    name = kind.replace("_", ".", 1)

    def judged(part: pd.DataFrame) -> tuple[Sequence[Issue], int]:
        found = judge(part)
        return found.issues, found.rejected

    def progress(done: int, total: int) -> None:
        listener.tell(say("step.validate", source=path.name), done, total)

    reading = read_whole(path, name, kind, judged, shown=str(path), progress=progress, told=listener.told)
    return _verdict(path, kind, reading)


def _persons(path: Path, _settings: Settings | None, listener: Listener) -> Verdict:
    return _extract(path, "register_persons", persons_in_parts("register.persons"), listener)


def _cards(path: Path, _settings: Settings | None, listener: Listener) -> Verdict:
    return _extract(path, "register_cards", lambda part: cards_of(part, "register.cards"), listener)


def _crosswalk(path: Path, _settings: Settings | None, _listener: Listener) -> Verdict:
    reading = read_crosswalk(path, "register.crosswalk", shown=str(path))
    judged = crosswalk_of(reading.frame, reading.report.name)
    return _verdict(path, "register_crosswalk", reading, judged.issues, judged.rejected)


def _structures(path: Path, _settings: Settings | None, _listener: Listener) -> Verdict:
    reading = read_finess([path], "register.structures", shown=str(path))
    return _verdict(path, "register_structures", reading)


def _export(path: Path, _settings: Settings | None, _listener: Listener) -> Verdict:
    reading = read_annuaire_export(path, "annuaire", shown=str(path))
    judged = annuaire_of(reading.frame, "annuaire")
    return _verdict(path, "annuaire", reading, judged.issues, judged.rejected)


def _configured(path: Path, settings: Settings | None) -> WorkbookSettings | None:
    if settings is None:
        return None
    here = path.resolve()
    return next((one for one in settings.workbook if settings.path(one.path).resolve() == here), None)


def _workbook(path: Path, settings: Settings | None, _listener: Listener) -> Verdict:
    """With a configuration: its sheet, columns and scope, and the FINESS numbers of its annuaire."""
    workbook = _configured(path, settings) or WorkbookSettings(path=str(path), national=True)
    reading = open_workbook(Asked(workbook, path, f"workbook:{path}", str(path)))
    years = settings.policy.card_validity_years if settings else 3
    judged = workbook_of(
        reading.frame,
        reading.places,
        scope_of(workbook, reading),
        _around(settings),
        day=date.today(),
        card_validity_years=years,
    )
    return _verdict(path, "workbook", reading, judged.issues, judged.rejected)


def _around(settings: Settings | None) -> Surroundings:
    """Without a configuration no structure is known, and so none is said to be unknown."""
    if settings is None:
        return Surroundings({}, all_known=True)
    if settings.annuaire.url:
        reading = read_annuaire_database(settings.database(settings.annuaire.url), "annuaire")
    else:
        export = settings.path(settings.annuaire.export or "")
        reading = read_annuaire_export(export, "annuaire", shown=settings.shown(export))
    annuaire = annuaire_of(reading.frame, "annuaire", reading.facts.get("structures", ()))
    pattern = settings.register_.structures
    if pattern is None:
        return Surroundings(annuaire.items.structures)
    stock = read_finess(sorted(settings.root.glob(pattern)), "register.structures", shown=pattern)
    return Surroundings(annuaire.items.structures, establishments_of(stock.frame))
