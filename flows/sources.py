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
from flows.gathered import Gathered, Memory, NoMemory, held
from flows.registers import read_registers
from flows.settings import Settings, WorkbookSettings, policy_of
from flows.steps import Do, Step, plainly, unread
from flows.telling import Tell
from flows.workbooks import Against, Asked, Opened, judge, open_workbook, read_ahead
from pipelines.consolidate import Register, settle_serial
from pipelines.expect import shrunk, too_many_rejects
from pipelines.validate.annuaire import Annuaire, annuaire_of
from pipelines.validate.place import Surroundings
from pipelines.validate.register import establishments_of
from pipelines.validate.workbook import JudgedWorkbook
from pipelines.world import Policy, World, with_workbook_structures
from schemas.assignment import Account
from schemas.errors import AnnuaireError, ConfigurationError, SourceError
from schemas.identifiers import CpxReading
from schemas.issue import Issue, issue
from schemas.nomenclatures import say
from schemas.source import SourceReport
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
    memory: Memory | None = None,
) -> tuple[World, Gathered]:
    """Read the annuaire, the workbooks, then the national files for those who concern us; `memory` of the last time.

    Raises AnnuaireError when the annuaire cannot be read: without it there is nothing to compare with.
    """
    with Opener() as opener:
        return _gathered_world(
            settings,
            day,
            tell,
            Gathered(before=before or {}, released=released, memory=memory or NoMemory()),
            opener,
            do,
        )


def _gathered_world(
    settings: Settings, day: date, tell: Tell, gathered: Gathered, opener: Opener, do: Do
) -> tuple[World, Gathered]:
    policy = policy_of(settings)
    tell(say("step.annuaire"), 0, 0)
    annuaire = _annuaire(settings, gathered, opener, do)
    establishments = _structures(settings, gathered, do)
    around = Surroundings(annuaire.structures, establishments)
    against = Against(around, day, policy.card_validity_years)
    asked = [_asked(settings, workbook) for workbook in settings.workbook]
    ahead = read_ahead(asked, against, do.spread(Step("validate", "workbooks")))
    workbooks = [_workbook(one, ahead.get(one.source), against, policy, gathered, tell, opener, do) for one in asked]
    lines = [line for workbook in workbooks for line in workbook.lines]
    missed = gathered.memory.missed(day, annuaire.accounts)  # whose cards may matter all the same
    register = read_registers(settings, day, {**annuaire.accounts, **missed}, lines, gathered, tell, do)
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


def _asked(settings: Settings, workbook: WorkbookSettings) -> Asked:
    path = settings.path(workbook.path)
    return Asked(workbook, path, f"workbook:{workbook.path}", settings.shown(path))


def _workbook(
    asked: Asked,
    ahead: Opened | None,
    against: Against,
    policy: Policy,
    gathered: Gathered,
    tell: Tell,
    opener: Opener,
    do: Do,
) -> JudgedWorkbook:
    """What was read ahead is a first try; a further one reads anew, here."""
    tell(say("step.workbook", path=asked.workbook.path), 0, 0)
    first = [ahead.reading] if ahead else []

    def work() -> Reading:
        found = first.pop() if first else open_workbook(asked, opener)
        return _plausible_workbook(found, policy, gathered)

    reading = do(Step("read", asked.source), work, unread)
    judged = ahead.judged if ahead and reading is ahead.reading else judge(reading, asked.workbook, against)
    gathered.keep(reading, judged.issues, judged.rejected)
    return judged


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
