"""Open every source of the night and have it judged; what follows from them all is `pipelines.sources.joining`'s."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

from connectors.sources.annuaire import read_annuaire_database
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.sources.catalogue import Found, find_all
from connectors.sources.finess import read_finess
from connectors.sources.guard import Opener
from connectors.sources.result import Reading, refused
from connectors.sources.steady import read_steadily
from flows.reading.workbooks import Against, AskedWorkbook, OpenedWorkbook, judge_lines, open_workbook, read_ahead
from flows.run.run import Run
from flows.run.steps import Step, unread
from flows.settings.model import Settings
from pipelines.sources.annuaire import Annuaire
from pipelines.sources.baseline import Baseline
from pipelines.sources.cells.known import people_of
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.judge import judge_annuaire, judge_structures, judge_workbook, unreadable_annuaire
from pipelines.sources.judged_sources import Local, Source, Stock
from pipelines.sources.workbook.rows import JudgedWorkbook
from schemas.errors import ConfigurationError, SourceError
from schemas.nomenclatures import say
from schemas.reading.source import SourceReport
from schemas.reading.source_names import ANNUAIRE, DIRECTORY, REGISTERS, STRUCTURES, register_key, workbook_name


def source_names(settings: Settings) -> list[str]:
    """The names of all sources of a configuration."""
    registers = [name for name in REGISTERS if getattr(settings.register_, register_key(name))]
    registers += [DIRECTORY] if settings.directory.url else []
    return [ANNUAIRE, *registers, *(workbook_name(one.path) for one in settings.workbook)]


def read_local(run: Run, baseline: Baseline) -> Local:
    """The annuaire, the stock of establishments, the workbooks; of an annuaire that is not whole nothing else is read.

    So is one that does not open at all. Raises AnnuaireError when the database of it cannot be reached.
    """
    run.settings.take_effect()
    with Opener() as opener:
        run.steps.say("step.annuaire")
        annuaire = _annuaire(run, baseline, opener)
        if not annuaire.report.usable:
            return Local(annuaire)
        alone = Local(annuaire, _structures(run, baseline))
        missed = run.state.missed(run.day, annuaire.items.accounts)
        return Local(annuaire, alone.structures, _workbooks(run, baseline, alone, opener), missed)


def _annuaire(run: Run, baseline: Baseline, opener: Opener) -> Source[Annuaire]:
    def work() -> Source[Annuaire]:
        reading = _read_annuaire(run.settings, opener)
        if not reading.report.usable:
            return unreadable_annuaire(reading)
        return judge_annuaire(reading, run.policy, baseline)

    return run.steps(Step("read", ANNUAIRE), work, unread)


def _read_annuaire(settings: Settings, opener: Opener) -> Reading:
    if settings.annuaire.url:
        reading = read_annuaire_database(_present(settings.database(settings.annuaire.url)), ANNUAIRE)
    else:
        path = settings.path(settings.annuaire.export or "")
        if not path.is_file():
            raise ConfigurationError([say("config.no_export", path=settings.shown(path))])
        shown = settings.shown(path)
        reading = read_steadily([path], lambda: read_annuaire_export(path, ANNUAIRE, shown=shown, opener=opener))
    return reading


def _present(url: str) -> str:
    """The address, unless it is of an SQLite file that is not there: that is a slip in the configuration."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite" and not Path(found.database or "").is_file():
        raise ConfigurationError([say("config.no_database", path=found.database)])
    return url


def _structures(run: Run, baseline: Baseline) -> Source[Stock] | None:
    pattern = run.settings.register_.structures
    if pattern is None:
        return None

    def work() -> Source[Stock]:
        return judge_structures(_read_structures(run.settings, pattern), run.policy, run.day, baseline)

    return run.steps(Step("read", STRUCTURES), work, unread)


def _read_structures(settings: Settings, pattern: str) -> Reading:
    try:
        paths = newest_of_each_form(find_all(pattern, settings.root))
    except SourceError as error:
        return refused(SourceReport(STRUCTURES, pattern), error, ())
    return read_steadily(paths, lambda: read_finess(paths, STRUCTURES, shown=pattern))


def newest_of_each_form(found: list[Found]) -> list[Path]:
    """The last legacy stock and the last FINESS+: a folder that keeps every night's files is not read whole."""
    newest = {"json" if ".json" in one.path.name else "csv": one.path for one in found}
    return [newest[form] for form in sorted(newest)]


def _workbooks(run: Run, baseline: Baseline, known: Local, opener: Opener) -> tuple[Source[JudgedWorkbook], ...]:
    against = _against(run, baseline, known)
    asked = asked_of_workbooks(run.settings)
    ahead = read_ahead(asked, against, run.steps.spread(Step("validate", "workbooks")))
    here = partial(open_here, against, opener)
    return tuple(_workbook(run, baseline, one, ahead.get(one.source), here) for one in asked)


def open_here(against: Against, opener: Opener, asked: AskedWorkbook) -> OpenedWorkbook:
    """A workbook read and judged in this process."""
    reading = open_workbook(asked, opener)
    return OpenedWorkbook(reading, judge_lines(reading, asked.workbook, against))


def _against(run: Run, baseline: Baseline, known: Local) -> Against:
    return Against(surroundings_of(baseline, known), run.day, run.policy.card_validity_years)


def read_one_workbook(run: Run, baseline: Baseline, asked: AskedWorkbook) -> Source[JudgedWorkbook] | None:
    """One workbook as the night would judge it in its place; None while the annuaire is not whole.

    Raises AnnuaireError when the database of the annuaire cannot be reached.
    """
    run.settings.take_effect()
    with Opener() as opener:
        annuaire = _annuaire(run, baseline, opener)
        if not annuaire.report.usable:
            return None
        known = Local(annuaire, _structures(run, baseline))
        return _workbook(run, baseline, asked, None, partial(open_here, _against(run, baseline, known), opener))


def surroundings_of(baseline: Baseline, known: Local) -> Surroundings:
    """What a workbook is read against: the annuaire, the stock, the installation's own words."""
    annuaire = known.annuaire.items
    people = people_of(annuaire.accounts.values())
    return Surroundings(annuaire.structures, known.establishments, people=people, words=baseline.words)


def asked_of_workbooks(settings: Settings) -> list[AskedWorkbook]:
    """The workbooks of the configuration, in its order."""
    paths = [(one, settings.path(one.path)) for one in settings.workbook]
    return [AskedWorkbook(one, path, workbook_name(one.path), settings.shown(path)) for one, path in paths]


def _workbook(
    run: Run,
    baseline: Baseline,
    asked: AskedWorkbook,
    ahead: OpenedWorkbook | None,
    read: Callable[[AskedWorkbook], OpenedWorkbook],
) -> Source[JudgedWorkbook]:
    """What was read ahead is a first try; a further one reads anew, here."""
    run.steps.say("step.workbook", path=asked.workbook.path)
    first = [ahead] if ahead else []

    def work() -> Source[JudgedWorkbook]:
        found = first.pop() if first else read(asked)
        return judge_workbook(found.reading, found.judged, run.policy, baseline)

    return run.steps(Step("read", asked.source), work, unread)
