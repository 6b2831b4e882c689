"""The files of the night: there, readable, of today, and beginning as they should; only small ones are read whole."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from connectors.sources.annuaire import count_accounts
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.sources.catalogue import Found, age_in_days, find_newest
from connectors.sources.finess import check_finess
from connectors.sources.first_line import check_opening
from flows.doctor.arrivals import todo_unread
from flows.doctor.examination import Visit, age_text
from flows.reading.workbooks import AskedWorkbook, open_workbook
from pipelines.sources.judge import judge_annuaire
from pipelines.sources.wholeness.completeness import WHOLE, wholeness
from schemas.errors import AnnuaireError, SourceError
from schemas.glyphs import pair
from schemas.nomenclatures import say
from schemas.reading.footprint import Footprint
from schemas.reading.source_names import (
    ADELI,
    ANNUAIRE,
    CARDS,
    CROSSWALK,
    PERSONS,
    contract_of,
    register_name,
    workbook_name,
)
from schemas.reports.checkup import Finding, failure, holding, ok, warning
from schemas.typography import size_text

_AGEING = ("persons", "cards")  # ADELI is frozen, the correspondence and the stock come now and then


def _stock(path: Path) -> tuple[str, ...]:
    check_finess(path)
    return ()


_OPENINGS: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "persons": lambda path: check_opening(path, PERSONS, contract_of(PERSONS)),
    "cards": lambda path: check_opening(path, CARDS, contract_of(CARDS)),
    "adeli": lambda path: check_opening(path, ADELI, contract_of(ADELI)),
    "crosswalk": lambda path: check_opening(path, CROSSWALK, contract_of(CROSSWALK)),
    "structures": _stock,
}


def check_registers(visit: Visit) -> Iterator[Finding]:
    """Check each national file that is configured."""
    patterns = visit.settings.register_.model_dump(include=set(_OPENINGS))
    for name, look in _OPENINGS.items():
        if patterns[name]:
            yield from _register(visit, name, patterns[name], look)


def _register(visit: Visit, name: str, pattern: str, look: Callable[[Path], tuple[str, ...]]) -> Iterator[Finding]:
    subject = say(f"source.register_{name}")
    try:
        newest = find_newest(pattern, visit.settings.root)
    except SourceError as error:
        closed = isinstance(error.__cause__, PermissionError)
        told = pair(pattern, say("unreadable.not_opened")) if closed else say("unreadable.no_match", pattern=pattern)
        yield failure(told, todo_unread(visit, register_name(name)), subject)
        return
    try:
        notes = look(newest.path)
    except SourceError as error:
        yield failure(pair(newest.path.name, error.message), subject=subject)
        return
    file = newest.path.name
    days, limit = age_in_days(newest, visit.day), visit.settings.register_.max_age_days
    if name in _AGEING and days > limit:
        told = say("doctor.stale", name=file, day=f"{newest.day:%d/%m/%Y}", days=days, limit=limit)
        yield failure(told, say("doctor.stale_todo"), subject)
        return
    told = say("doctor.file", name=file, size=size_text(newest.size), age=_age(newest, days))
    yield warning(told, say("doctor.file_to_come_todo"), subject) if days < -1 else ok(told, subject)
    for note in notes:
        yield warning(pair(file, note), say("doctor.file_columns_todo"), subject)


def _age(found: Found, days: int) -> str:
    return say("doctor.file_to_come", day=f"{found.day:%d/%m/%Y}") if days < 0 else age_text(days)


def check_workbooks(visit: Visit) -> Iterator[Finding]:
    """Check each workbook, read: nothing less shows whether its columns are found."""
    for one in visit.settings.workbook:
        path = visit.settings.path(one.path)
        report = open_workbook(AskedWorkbook(one, path, workbook_name(one.path), visit.settings.shown(path))).report
        before = visit.past.footprints.get(report.name)
        rows = Footprint(before.rows, ending=before.ending) if before else None
        doubt = wholeness(report, rows, visit.settings.thresholds) if report.usable else WHOLE
        if not doubt.whole:
            yield warning(doubt.why, say("doctor.workbook_held_todo"), one.path)
        elif report.usable:
            yield ok(say("doctor.workbook", rows=report.rows_read), one.path)
        else:
            yield failure(report.message, say("doctor.workbook_todo"), one.path)


def check_annuaire(visit: Visit) -> Iterator[Finding]:
    """Check the annuaire: its export opens and has rows, or its database answers and has accounts."""
    if visit.settings.annuaire.url:
        yield _database(visit.settings.database(visit.settings.annuaire.url))
        return
    path = visit.settings.path(visit.settings.annuaire.export or "")
    shown = visit.settings.shown(path)
    if not path.is_file():
        yield failure(say("config.no_export", path=shown), say("doctor.annuaire_todo"))
        return
    reading = read_annuaire_export(path, ANNUAIRE, shown=shown)
    if not reading.report.usable:
        yield failure(reading.report.message, say("doctor.annuaire_todo"))
        return
    report = judge_annuaire(reading, visit.settings.thresholds, visit.past).report
    if not report.usable:
        yield holding(report.message, say("doctor.annuaire_held_todo"))
        return
    days = (visit.day - datetime.fromtimestamp(path.stat().st_mtime).date()).days
    yield ok(say("doctor.annuaire_export", path=shown, rows=report.rows_read, age=age_text(max(0, days))))


def _database(url: str) -> Finding:
    try:
        count = count_accounts(url)
    except AnnuaireError as error:
        return failure(str(error), say("doctor.annuaire_base_todo"))
    if not count:
        return failure(say("doctor.annuaire_empty"), say("doctor.annuaire_todo"))
    return ok(say("doctor.annuaire_base", count=count))
