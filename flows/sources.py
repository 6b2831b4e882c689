"""Open every source of the night, judge what is in it, keep the account of its rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import make_url

from connectors.annuaire import read_annuaire_database
from connectors.catalogue import Found, find_all
from connectors.readers.annuaire_export import read_annuaire_export
from connectors.readers.finess import read_finess
from connectors.readers.guard import Opener
from connectors.readers.result import Reading, refused
from connectors.readers.workbook import read_workbook
from flows.gathered import Gathered, Tell, held
from flows.registers import read_registers
from flows.settings import Settings, WorkbookSettings, policy_of
from flows.steps import Do, Step, plainly, unread
from pipelines.consolidate import Register, settle_serial
from pipelines.expect import shrunk, too_many_rejects
from pipelines.validate.annuaire import Annuaire, annuaire_of
from pipelines.validate.place import Surroundings
from pipelines.validate.register import establishments_of
from pipelines.validate.workbook import JudgedWorkbook, workbook_of
from pipelines.world import Policy, World, with_workbook_structures
from schemas.assignment import Account
from schemas.errors import AnnuaireError, ConfigurationError, SourceError
from schemas.identifiers import CpxReading
from schemas.issue import Issue, issue
from schemas.nomenclatures import say
from schemas.source import SourceReport, WorkbookScope
from schemas.structure import FinessRow
from schemas.workbook import WorkbookLine


def source_names(settings: Settings) -> list[str]:
    """The names of all sources of a configuration."""
    files = settings.register_.model_dump(include={"persons", "cards", "adeli", "crosswalk", "structures"})
    names = [f"register.{name}" for name, pattern in files.items() if pattern]
    return ["annuaire", *names, *(f"workbook:{one.path}" for one in settings.workbook)]


def gather_world(
    settings: Settings,
    day: date,
    tell: Tell,
    before: Mapping[str, int] | None = None,
    released: frozenset[str] = frozenset(),
    do: Do = plainly,
) -> tuple[World, Gathered]:
    """Read the annuaire, the workbooks, then the national files for those who concern us.

    Raises AnnuaireError when the annuaire cannot be read: without it there is nothing to compare with.
    """
    with Opener() as opener:
        return _gathered_world(settings, day, tell, Gathered(before=before or {}, released=released), opener, do)


def _gathered_world(
    settings: Settings, day: date, tell: Tell, gathered: Gathered, opener: Opener, do: Do
) -> tuple[World, Gathered]:
    policy = policy_of(settings)
    tell(say("step.annuaire"), 0, 0)
    annuaire = _annuaire(settings, gathered, opener, do)
    establishments = _structures(settings, gathered, do)
    around = Surroundings(annuaire.structures, establishments)
    workbooks = [
        _workbook(settings, workbook, around, day, policy, gathered, tell, opener, do) for workbook in settings.workbook
    ]
    lines = [line for workbook in workbooks for line in workbook.lines]
    register = read_registers(settings, day, annuaire.accounts, lines, gathered, tell, do)
    lines = [_settled_line(line, register, gathered) for line in lines]
    accounts = {key: _settled_account(one, register, gathered) for key, one in annuaire.accounts.items()}
    world = World(
        day=day,
        policy=policy,
        accounts=accounts,
        structures=with_workbook_structures(annuaire.structures, tuple(lines)),
        register=register,
        lines=tuple(lines),
        unread=tuple(row for workbook in workbooks for row in workbook.unread),
        conventions=tuple(one for workbook in workbooks for one in workbook.conventions),
        scopes=tuple(workbook.scope for workbook in workbooks),
        establishments=establishments,
        annuaire_structures=frozenset(annuaire.structures),
    )
    return world, gathered


def _annuaire(settings: Settings, gathered: Gathered, opener: Opener, do: Do) -> Annuaire:
    reading = do(Step("read", "annuaire"), lambda: _read_annuaire(settings, opener))
    judged = annuaire_of(reading.frame, "annuaire", reading.facts.get("structures", ()))
    gathered.keep(reading, judged.issues, judged.rejected)
    return judged.items


def _read_annuaire(settings: Settings, opener: Opener) -> Reading:
    if settings.annuaire.url:
        reading = read_annuaire_database(_present(settings.database(settings.annuaire.url)), "annuaire")
    else:
        path = settings.path(settings.annuaire.export or "")
        if not path.is_file():
            raise ConfigurationError([say("config.no_export", path=settings.shown(path))])
        reading = read_annuaire_export(path, "annuaire", shown=settings.shown(path), opener=opener)
    if not reading.report.usable:
        raise AnnuaireError(say("run.annuaire", path=reading.report.path, found=reading.report.message))
    return reading


def _present(url: str) -> str:
    """The address, unless it is of an SQLite file that is not there: that is a slip in the configuration."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite" and not Path(found.database or "").is_file():
        raise ConfigurationError([say("config.no_database", path=found.database)])
    return url


def _structures(settings: Settings, gathered: Gathered, do: Do) -> Mapping[str, FinessRow] | None:
    pattern = settings.register_.structures
    if pattern is None:
        return None
    source = "register.structures"
    reading = do(Step("read", source), lambda: _read_structures(settings, pattern, source), unread)
    gathered.keep(reading)
    return establishments_of(reading.frame) if reading.report.usable else None


def _read_structures(settings: Settings, pattern: str, source: str) -> Reading:
    try:
        paths = _newest_of_each_form(find_all(pattern, settings.root))
    except SourceError as error:
        return refused(SourceReport(source, pattern), error, ())
    return read_finess(paths, source, shown=pattern)


def _newest_of_each_form(found: list[Found]) -> list[Path]:
    """The last legacy stock and the last FINESS+: a folder that keeps every night's files is not read whole."""
    newest = {"json" if ".json" in one.path.name else "csv": one.path for one in found}
    return [newest[form] for form in sorted(newest)]


def _workbook(
    settings: Settings,
    workbook: WorkbookSettings,
    around: Surroundings,
    day: date,
    policy: Policy,
    gathered: Gathered,
    tell: Tell,
    opener: Opener,
    do: Do,
) -> JudgedWorkbook:
    path = settings.path(workbook.path)
    source = f"workbook:{workbook.path}"
    tell(say("step.workbook", path=workbook.path), 0, 0)

    def work() -> Reading:
        opened = open_workbook(workbook, path, source, settings.shown(path), opener)
        return _plausible_workbook(opened, policy, gathered)

    reading = do(Step("read", source), work, unread)
    scope = scope_of(workbook, reading)
    judged = workbook_of(
        reading.frame, reading.places, scope, around, day=day, card_validity_years=policy.card_validity_years
    )
    gathered.keep(reading, judged.issues, judged.rejected)
    return judged


def open_workbook(
    workbook: WorkbookSettings, path: Path, source: str, shown: str, opener: Opener | None = None
) -> Reading:
    """A workbook, read as its configuration says."""
    return read_workbook(
        path,
        source,
        shown=shown,
        sheet=workbook.sheet,
        header_row=workbook.header_row,
        columns=workbook.columns,
        layout=workbook.layout,
        opener=opener,
    )


def scope_of(workbook: WorkbookSettings, reading: Reading) -> WorkbookScope:
    """What a workbook is complete for, as configured, and whether it may be concluded from."""
    kind = "region" if workbook.region else "ets" if workbook.ets else "national"
    code = workbook.region or workbook.ets or ""
    complete = workbook.complete and not reading.facts.get("partial")  # who could not be seen is not gone
    return WorkbookScope(reading.report.name, kind, code, complete, reading.report.usable)


def _plausible_workbook(reading: Reading, policy: Policy, gathered: Gathered) -> Reading:
    """A workbook that shrank, or that is mostly unreadable, sits out until somebody has looked."""
    report = reading.report
    if not report.usable or report.name in gathered.released:
        return reading
    last = gathered.before.get(report.name)
    if shrunk(report.rows_read, last, policy):
        return held(reading, say("run.shrunk", rows=report.rows_read, before=last))
    if too_many_rejects(report, policy):
        return held(reading, say("run.rejected", rows=report.rows_rejected, total=report.rows_read))
    return reading


def _settled_line(line: WorkbookLine, register: Register, gathered: Gathered) -> WorkbookLine:
    reading, problem = _settled(line.number, register, line.source, line.location)
    if problem:
        gathered.issues.append(problem)
    return line if reading is line.number else replace(line, number=reading)


def _settled_account(account: Account, register: Register, gathered: Gathered) -> Account:
    reading, problem = _settled(account.number, register, "annuaire", account.account_id)
    if problem:
        gathered.issues.append(problem)
    return account if reading is account.number else replace(account, number=reading)


def _settled(reading: CpxReading, register: Register, source: str, location: str) -> tuple[CpxReading, Issue | None]:
    settled, code = settle_serial(reading, register)
    if not code:
        return settled, None
    settled = replace(settled, codes=(*settled.codes, code))
    return settled, issue(source, location, "cpx_number", code, found=reading.raw, repaired=settled.number)
