"""Open every source of the night, judge what is in it, keep the account of its rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from connectors.annuaire import read_annuaire_database
from connectors.catalogue import Found, age_in_days, find_all, find_newest
from connectors.readers.annuaire_export import read_annuaire_export
from connectors.readers.crosswalk import read_crosswalk
from connectors.readers.finess import read_finess
from connectors.readers.register import read_register
from connectors.readers.result import Reading, refused
from connectors.readers.workbook import read_workbook
from flows.settings import Settings, WorkbookSettings
from pipelines.consolidate import Register, consolidate, settle_serial
from pipelines.expect import below_floor, shrunk, too_many_rejects
from pipelines.names import full_key
from pipelines.validate.annuaire import Annuaire, annuaire_of
from pipelines.validate.judged import Judged
from pipelines.validate.place import Surroundings
from pipelines.validate.register import card_links, cards_of, crosswalk_of, establishments_of, persons_of
from pipelines.validate.workbook import JudgedWorkbook, workbook_of
from pipelines.world import Policy, World, with_workbook_structures
from schemas.assignment import Account
from schemas.errors import AnnuaireError, ConfigurationError, SourceError
from schemas.identifiers import CpxReading, NumberKind
from schemas.issue import Issue, issue
from schemas.nomenclatures import say
from schemas.source import SourceReport, SourceStatus, Wanted, WorkbookScope
from schemas.structure import FinessRow
from schemas.workbook import WorkbookLine

Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Gathered:
    """What was read: the reports of the sources in order, and every reject and repair.

    `before`: rows of each source when it was last used; `released`: held sources that a human let pass.
    """

    reports: list[SourceReport] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    before: Mapping[str, int] = field(default_factory=dict)
    released: frozenset[str] = frozenset()

    @property
    def floor_failed(self) -> bool:
        """A register is so much smaller than it should be that the whole night waits."""
        return any(one.status is SourceStatus.HELD and one.name.startswith("register.") for one in self.reports)

    @property
    def unusable(self) -> frozenset[str]:
        """Names of the sources that sit out tonight."""
        return frozenset(report.name for report in self.reports if not report.usable)

    def keep(self, reading: Reading, issues: Iterable[Issue] = (), rejected: int = 0) -> None:
        """Add a source: rows that judging quarantined move from accepted to rejected."""
        report = reading.report
        self.reports.append(
            replace(
                report,
                rows_accepted=report.rows_accepted - rejected,
                rows_rejected=report.rows_rejected + rejected,
            )
        )
        self.issues.extend(reading.issues)
        self.issues.extend(issues)


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
) -> tuple[World, Gathered]:
    """Read the annuaire, the workbooks, then the national files for those who concern us.

    Raises AnnuaireError when the annuaire cannot be read: without it there is nothing to compare with.
    """
    gathered = Gathered(before=before or {}, released=released)
    policy = Policy(**settings.policy.model_dump(exclude={"remind_after_days"}))
    tell(say("step.annuaire"), 0, 0)
    annuaire = _annuaire(settings, gathered)
    establishments = _structures(settings, gathered)
    around = Surroundings(annuaire.structures, establishments)
    workbooks = [_workbook(settings, workbook, around, day, policy, gathered, tell) for workbook in settings.workbook]
    lines = [line for workbook in workbooks for line in workbook.lines]
    register = _register(settings, day, annuaire.accounts, lines, gathered, tell)
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


def _annuaire(settings: Settings, gathered: Gathered) -> Annuaire:
    if settings.annuaire.url:
        reading = read_annuaire_database(settings.annuaire.url, "annuaire")
    else:
        path = settings.path(settings.annuaire.export or "")
        if not path.is_file():
            raise ConfigurationError([say("config.no_export", path=settings.shown(path))])
        reading = read_annuaire_export(path, "annuaire", shown=settings.shown(path))
    if not reading.report.usable:
        raise AnnuaireError(say("run.annuaire", path=reading.report.path, found=reading.report.message))
    judged = annuaire_of(reading.frame, "annuaire", reading.facts.get("structures", ()))
    gathered.keep(reading, judged.issues, judged.rejected)
    return judged.items


def _structures(settings: Settings, gathered: Gathered) -> Mapping[str, FinessRow] | None:
    pattern = settings.register_.structures
    if pattern is None:
        return None
    source = "register.structures"
    try:
        paths = _newest_of_each_form(find_all(pattern, settings.root))
    except SourceError as error:
        gathered.keep(refused(SourceReport(source, pattern), error, ()))
        return None
    reading = read_finess(paths, source, shown=pattern)
    gathered.keep(reading)
    return establishments_of(reading.frame) if reading.report.usable else None


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
) -> JudgedWorkbook:
    path = settings.path(workbook.path)
    source = f"workbook:{workbook.path}"
    tell(say("step.workbook", path=workbook.path), 0, 0)
    reading = read_workbook(
        path,
        source,
        shown=settings.shown(path),
        sheet=workbook.sheet,
        header_row=workbook.header_row,
        columns=workbook.columns,
        layout=workbook.layout,
    )
    reading = _plausible_workbook(reading, policy, gathered)
    kind = "region" if workbook.region else "ets" if workbook.ets else "national"
    scope = WorkbookScope(source, kind, workbook.region or workbook.ets or "", workbook.complete, reading.report.usable)
    judged = workbook_of(
        reading.frame, reading.places, scope, around, day=day, card_validity_years=policy.card_validity_years
    )
    gathered.keep(reading, judged.issues, judged.rejected)
    return judged


def _plausible_workbook(reading: Reading, policy: Policy, gathered: Gathered) -> Reading:
    """A workbook that shrank, or that is mostly unreadable, sits out until somebody has looked."""
    report = reading.report
    if not report.usable or report.name in gathered.released:
        return reading
    last = gathered.before.get(report.name)
    if shrunk(report.rows_read, last, policy):
        return _held(reading, say("run.shrunk", rows=report.rows_read, before=last))
    if too_many_rejects(report, policy):
        return _held(reading, say("run.rejected", rows=report.rows_rejected, total=report.rows_read))
    return reading


def _held(reading: Reading, message: str) -> Reading:
    report = reading.report.failed(message, SourceStatus.HELD)
    return replace(reading, report=report, frame=reading.frame.iloc[0:0])


def _register(
    settings: Settings,
    day: date,
    accounts: Mapping[str, Account],
    lines: list[WorkbookLine],
    gathered: Gathered,
    tell: Tell,
) -> Register:
    """The national files in the order in which each tells whom to look for in the next."""
    crosswalk = _crosswalk(settings, gathered)
    wanted = wanted_of([one.number for one in accounts.values()] + [line.number for line in lines], crosswalk)
    names = [(one.last_name, one.first_name) for one in accounts.values()]
    names += [(line.last_name, line.first_name) for line in lines]
    wanted |= Wanted(names=frozenset(full_key(*name) for name in names))
    files = settings.register_
    cards, card_reading = _extract(
        settings, files.cards, "register.cards", "register_cards", wanted, day, gathered, tell
    )
    judged_cards = cards_of(cards.frame, "register.cards") if cards else Judged(())
    links = crosswalk | card_links(judged_cards.items)
    wanted |= Wanted(frozenset(card.holder for card in judged_cards.items) | frozenset(links.values()))
    if cards:
        gathered.keep(cards, judged_cards.issues, judged_cards.rejected)
    people = {}
    unread: set[str] = set(cards.facts.get("unread", ())) if cards else set()
    persons_read = False
    for pattern, source in ((files.adeli, "register.adeli"), (files.persons, "register.persons")):
        reading, read = _extract(settings, pattern, source, "register_persons", wanted, day, gathered, tell)
        if reading:
            judged = persons_of(reading.frame, source)
            gathered.keep(reading, judged.issues, judged.rejected)
            people.update(judged.items)
            unread |= set(reading.facts.get("unread", ()))
        if pattern is not None and not read and source == "register.adeli":
            unread |= {number for number in wanted.national_ids if number.startswith("0")}
        persons_read = read  # the persons file is the last of the two
    return consolidate(
        people,
        judged_cards.items,
        links,
        persons_read=persons_read,
        cards_read=card_reading,
        configured=files.persons is not None,
        unread=unread,
    )


def wanted_of(numbers: Iterable[CpxReading], links: Mapping[str, str]) -> Wanted:
    """Whom to look for: every number as it is and resolved, every serial."""
    ids: set[str] = set()
    serials: set[str] = set()
    for reading in numbers:
        if reading.kind is NumberKind.SERIAL:
            serials.add(reading.number)
        elif reading.usable:
            ids |= {reading.number, links.get(reading.number, reading.number)}
    return Wanted(frozenset(ids), frozenset(serials))


def _crosswalk(settings: Settings, gathered: Gathered) -> dict[str, str]:
    pattern = settings.register_.crosswalk
    if pattern is None:
        return {}
    source = "register.crosswalk"
    try:
        found = find_newest(pattern, settings.root)
    except SourceError as error:
        gathered.keep(refused(SourceReport(source, pattern), error, ()))
        return {}
    reading = read_crosswalk(found.path, source, shown=found.shown)
    judged = crosswalk_of(reading.frame, source)
    gathered.keep(reading, judged.issues, judged.rejected)
    return judged.items


def _extract(
    settings: Settings,
    pattern: str | None,
    source: str,
    contract_name: str,
    wanted: Wanted,
    day: date,
    gathered: Gathered,
    tell: Tell,
) -> tuple[Reading | None, bool]:
    """(the reading, whether it may be concluded from); a stale or unusable file is reported and not used.

    ADELI is frozen since 2024: its extract is never too old.
    """
    if pattern is None:
        return None, False
    try:
        found = find_newest(pattern, settings.root)
        if source != "register.adeli":
            _refuse_stale(found, day, settings.register_.max_age_days)
    except SourceError as error:
        gathered.keep(_refused(source, pattern, error))
        return None, False
    name = say(f"source.{source.replace('.', '_')}")
    reading = read_register(
        found.path,
        source,
        contract_name,
        wanted,
        shown=found.shown,
        progress=lambda done, total: tell(say("step.register", source=name), done, total),
    )
    reading = replace(reading, report=replace(reading.report, stamp=found.day))
    floor = settings.register_.min_rows if source == "register.persons" else 0
    last = gathered.before.get(source)
    policy = Policy(**settings.policy.model_dump(exclude={"remind_after_days"}))
    rows = reading.report.rows_read
    checked = source != "register.adeli" and source not in gathered.released and reading.report.usable
    if checked and below_floor(rows, last, floor, policy):
        reading = _held(reading, say("run.floor", rows=rows, before=last or floor))
    if not reading.report.usable:
        gathered.keep(reading)
        return None, False
    return reading, True


def _refuse_stale(found: Found, day: date, max_age_days: int) -> None:
    if age_in_days(found, day) > max_age_days:
        message = say("issue.FILE_STALE", found=f"{found.day:%d/%m/%Y}", expected=max_age_days)
        raise SourceError("FILE_STALE", message, found.shown)


def _refused(source: str, pattern: str, error: SourceError) -> Reading:
    reading = refused(SourceReport(source, error.location or pattern), error, ())
    if error.code != "FILE_STALE":
        return reading
    return replace(reading, report=replace(reading.report, status=SourceStatus.STALE))


def _settled_line(line: WorkbookLine, register: Register, gathered: Gathered) -> WorkbookLine:
    reading, problem = _settled(line.number, register, line.source, line.location)
    if problem:
        gathered.issues.append(problem)
    return replace(line, number=reading)


def _settled_account(account: Account, register: Register, gathered: Gathered) -> Account:
    reading, problem = _settled(account.number, register, "annuaire", account.account_id)
    if problem:
        gathered.issues.append(problem)
    return replace(account, number=reading)


def _settled(reading: CpxReading, register: Register, source: str, location: str) -> tuple[CpxReading, Issue | None]:
    settled, code = settle_serial(reading, register)
    if not code:
        return settled, None
    settled = replace(settled, codes=(*settled.codes, code))
    return settled, issue(source, location, "cpx_number", code, found=reading.raw, repaired=settled.number)
