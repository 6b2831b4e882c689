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
from connectors.readers.steady import read_steadily
from flows.gathered import NOTHING_BEFORE, Gathered, Memory, NoMemory, Past
from flows.registers import read_registers
from flows.settings import Settings, WorkbookSettings, policy_of
from flows.steps import Do, Step, plainly, unread
from flows.telling import Tell
from flows.weighed import weighed
from flows.whole import whole_annuaire, whole_register, whole_workbook
from flows.workbooks import Against, Asked, Opened, judge, open_workbook, read_ahead
from pipelines.consolidate import Register, settle_serial
from pipelines.fingerprint import rows_of
from pipelines.validate.annuaire import Annuaire, annuaire_of
from pipelines.validate.judged import Judged
from pipelines.validate.known import people_of
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
    names += ["register.directory"] if settings.directory.url else []
    return ["annuaire", *names, *(f"workbook:{one.path}" for one in settings.workbook)]


def gather_world(
    settings: Settings,
    day: date,
    tell: Tell,
    past: Past = NOTHING_BEFORE,
    do: Do = plainly,
    memory: Memory | None = None,
) -> tuple[World, Gathered]:
    """Read the annuaire, the workbooks, then the national files for those who concern us; `memory` of the last time.

    `past`: what the sources are held against. An annuaire that is not whole is not compared with: the world is empty.
    Raises AnnuaireError when the annuaire cannot be read: without it there is nothing to compare with.
    """
    settings.take_effect()
    gathered = Gathered(past=past, memory=memory or NoMemory())
    with Opener() as opener:
        return _gathered_world(settings, day, tell, gathered, opener, do)


def _gathered_world(
    settings: Settings, day: date, tell: Tell, gathered: Gathered, opener: Opener, do: Do
) -> tuple[World, Gathered]:
    policy = policy_of(settings)
    tell(say("step.annuaire"), 0, 0)
    annuaire = _annuaire(settings, policy, gathered, opener, do)
    if annuaire is None:
        return World(day, policy, {}, {}, Register(persons_read=False, cards_read=False)), gathered
    establishments = _structures(settings, policy, gathered, do)
    around = Surroundings(annuaire.structures, establishments, people=people_of(annuaire.accounts.values()))
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
        unread=(*annuaire.unread, *(row for workbook in workbooks for row in workbook.unread)),
        conventions=tuple(one for workbook in workbooks for one in workbook.conventions),
        scopes=tuple(workbook.scope for workbook in workbooks),
        establishments=establishments,
        annuaire_structures=frozenset(annuaire.structures),
        mentioned_before=gathered.past.mentioned,
        left_structures=gathered.past.left,
    )
    return weighed(world, gathered), gathered


def _annuaire(settings: Settings, policy: Policy, gathered: Gathered, opener: Opener, do: Do) -> Annuaire | None:
    """The annuaire; None for one that is not whole."""
    judgements: list[Judged[Annuaire]] = []

    def work() -> Reading:
        reading = _read_annuaire(settings, opener)
        judgements.append(annuaire_of(reading.frame, "annuaire", reading.facts.get("structures", ())))
        return whole_annuaire(reading, judgements[-1], gathered.past, policy)

    reading = do(Step("read", "annuaire"), work, unread)
    judged = judgements[-1]
    gathered.keep(reading, judged.issues, judged.rejected)
    gathered.rows["annuaire"] = rows_of(reading.frame, "account_id")
    return judged.items if reading.report.usable else None


def _read_annuaire(settings: Settings, opener: Opener) -> Reading:
    if settings.annuaire.url:
        reading = read_annuaire_database(_present(settings.database(settings.annuaire.url)), "annuaire")
    else:
        path = settings.path(settings.annuaire.export or "")
        if not path.is_file():
            raise ConfigurationError([say("config.no_export", path=settings.shown(path))])
        shown = settings.shown(path)
        reading = read_steadily([path], lambda: read_annuaire_export(path, "annuaire", shown=shown, opener=opener))
    if not reading.report.usable:
        raise AnnuaireError(say("run.annuaire", path=reading.report.path, found=reading.report.message))
    return reading


def _present(url: str) -> str:
    """The address, unless it is of an SQLite file that is not there: that is a slip in the configuration."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite" and not Path(found.database or "").is_file():
        raise ConfigurationError([say("config.no_database", path=found.database)])
    return url


def _structures(settings: Settings, policy: Policy, gathered: Gathered, do: Do) -> Mapping[str, FinessRow] | None:
    pattern = settings.register_.structures
    if pattern is None:
        return None
    source = "register.structures"

    def work() -> Reading:
        return whole_register(_read_structures(settings, pattern, source), gathered.past, policy)

    reading = do(Step("read", source), work, unread)
    gathered.keep(reading)
    return establishments_of(reading.frame) if reading.report.usable else None


def _read_structures(settings: Settings, pattern: str, source: str) -> Reading:
    try:
        paths = newest_of_each_form(find_all(pattern, settings.root))
    except SourceError as error:
        return refused(SourceReport(source, pattern), error, ())
    return read_steadily(paths, lambda: read_finess(paths, source, shown=pattern))


def newest_of_each_form(found: list[Found]) -> list[Path]:
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
    first = [ahead] if ahead else []
    judgements: list[JudgedWorkbook] = []

    def work() -> Reading:
        found = first.pop() if first else None
        reading = found.reading if found else open_workbook(asked, opener)
        judged = found.judged if found else judge(reading, asked.workbook, against)
        reading, judged = whole_workbook(reading, judged, gathered.past, policy)
        judgements.append(judged)
        return reading

    reading = do(Step("read", asked.source), work, unread)
    judged = judgements[-1]
    told = replace(reading, report=replace(reading.report, notes=(*reading.report.notes, *judged.notes)))
    gathered.keep(told, judged.issues, judged.rejected)
    return judged


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
