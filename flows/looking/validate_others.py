"""The judging of what is no national extract: workbooks, the export of the annuaire, correspondence, FINESS stock."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from connectors.sources import content
from connectors.sources.annuaire import read_annuaire_database
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.sources.crosswalk import read_crosswalk
from connectors.sources.finess import read_finess
from flows.looking.validate_extract import FileVerdict, first_usable, verdict_of
from flows.reading.workbooks import Against, AskedWorkbook, open_workbook
from flows.settings.model import Settings
from flows.settings.sources import WorkbookSettings
from flows.state.opened import open_to_read, store_exists
from pipelines.changes.rules.not_understood import questions_in
from pipelines.sources.annuaire import annuaire_of
from pipelines.sources.cells.known_people import people_of
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.national.register import crosswalk_of, establishments_of
from pipelines.sources.workbook.rows import workbook_of
from schemas.people.vocabulary import Words, in_effect
from schemas.reading.source_names import ANNUAIRE, CROSSWALK, STRUCTURES, WORKBOOK, workbook_name

FileJudge = Callable[[Path], FileVerdict]


def judge_other(path: Path, kind: str, settings: Settings | None) -> FileVerdict:
    """Judge a file as what its content says it is; of a table each reader is asked in turn."""
    return first_usable(judge(path) for judge in _judges(path, kind, settings))


def _judges(path: Path, kind: str, settings: Settings | None) -> Sequence[FileJudge]:
    workbook = partial(_workbook, settings=settings)
    if _configured(path, settings):
        return (workbook,)
    return {content.CROSSWALK: (_crosswalk,), content.STRUCTURES: (_structures,)}.get(kind, (_export, workbook))


def _crosswalk(path: Path) -> FileVerdict:
    reading = read_crosswalk(path, CROSSWALK, shown=str(path))
    judged = crosswalk_of(reading.frame, reading.report.name)
    return verdict_of(path, "register_crosswalk", reading, judged.issues, judged.rejected)


def _structures(path: Path) -> FileVerdict:
    reading = read_finess([path], STRUCTURES, shown=str(path))
    return verdict_of(path, "register_structures", reading)


def _export(path: Path) -> FileVerdict:
    reading = read_annuaire_export(path, ANNUAIRE, shown=str(path))
    judged = annuaire_of(reading.frame, ANNUAIRE)
    return verdict_of(path, ANNUAIRE, reading, judged.issues, judged.rejected)


def _configured(path: Path, settings: Settings | None) -> WorkbookSettings | None:
    if settings is None:
        return None
    here = path.resolve()
    return next((one for one in settings.workbook if settings.path(one.path).resolve() == here), None)


def _workbook(path: Path, settings: Settings | None) -> FileVerdict:
    """With a configuration: its sheet, columns and scope, and the FINESS numbers of its annuaire."""
    workbook = _configured(path, settings) or WorkbookSettings(path=str(path), national=True)
    reading = open_workbook(AskedWorkbook(workbook, path, workbook_name(str(path)), str(path)))
    years = settings.policy.card_validity_years if settings else 3
    against = Against(_around(settings), date.today(), years)
    judged = workbook_of(reading.frame, reading.places, against.night(workbook, reading), reading.written)
    notes = (*reading.report.notes, *judged.notes, *questions_in(judged.unread))
    told = replace(reading, report=replace(reading.report, notes=notes))
    return verdict_of(path, WORKBOOK, told, judged.issues, judged.rejected)


def _around(settings: Settings | None) -> Surroundings:
    """Without a configuration no structure is known, and so none is said to be unknown."""
    if settings is None:
        return Surroundings({}, all_known=True)
    if settings.annuaire.url:
        reading = read_annuaire_database(settings.database(settings.annuaire.url), ANNUAIRE)
    else:
        export = settings.path(settings.annuaire.export or "")
        reading = read_annuaire_export(export, ANNUAIRE, shown=settings.shown(export))
    annuaire = annuaire_of(reading.frame, ANNUAIRE, reading.facts.get("structures", ()))
    people, words = people_of(annuaire.items.accounts.values()), _words(settings)
    pattern = settings.register_.structures
    if pattern is None:
        return Surroundings(annuaire.items.structures, people=people, words=words)
    stock = read_finess(sorted(settings.root.glob(pattern)), STRUCTURES, shown=pattern)
    known = establishments_of(stock.frame, date.today())
    return Surroundings(annuaire.items.structures, known, people=people, words=words)


def _words(settings: Settings) -> Words:
    """What this installation's own words mean; nothing before its first night."""
    if not store_exists(settings):
        return {}
    with open_to_read(settings) as store:
        return in_effect(store.words().values())
