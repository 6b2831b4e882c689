"""Open every source of the night and have it judged; what follows from them all is `pipelines.sources.joining`'s."""

from dataclasses import dataclass
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
from flows.reading.kept_cells import KeptCells
from flows.reading.workbooks import (
    MOST_SHARED,
    Against,
    AskedWorkbook,
    OpenedWorkbook,
    helpers,
    in_defect,
    read_ahead,
    reader_of,
)
from flows.run import defects
from flows.run.run import Run
from flows.run.steps import Step, unread
from flows.run.without_gc import give_large_blocks_back
from flows.settings.model import Settings
from pipelines.sources.annuaire import Annuaire
from pipelines.sources.baseline import Baseline
from pipelines.sources.cells.known_people import people_of
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.judge import judge_annuaire, judge_structures, judge_workbook, unreadable_annuaire
from pipelines.sources.judged_sources import Local, Source, Stock
from pipelines.sources.workbook.row.one_of_each import OneOfEach
from pipelines.sources.workbook.rows import JudgedWorkbook, workbook_of
from schemas.errors import ConfigurationError, SourceError
from schemas.nomenclatures import say
from schemas.reading.source import SourceReport
from schemas.reading.source_names import ANNUAIRE, DIRECTORY, REGISTERS, STRUCTURES, register_key, workbook_name


def source_names(settings: Settings) -> list[str]:
    """Return the names of all sources of a configuration."""
    registers = [name for name in REGISTERS if getattr(settings.register_, register_key(name))]
    registers += [DIRECTORY] if settings.directory.url else []
    return [ANNUAIRE, *registers, *(workbook_name(one.path) for one in settings.workbook)]


def read_local(run: Run, baseline: Baseline, kept: KeptCells) -> Local:
    """Read the annuaire, the stock of establishments, the workbooks; of an annuaire that is not whole nothing else is
    read. The cells of workbooks that may be read once more are `kept`.

    So is one that does not open at all. Raises AnnuaireError when the database of it cannot be reached.
    """
    run.settings.take_effect()
    with Opener() as opener:
        run.steps.say("step.annuaire")
        judged = partial(_judged_annuaire, run, baseline, opener)
        annuaire = run.steps(Step("read", ANNUAIRE), judged, unread)
        if not annuaire.report.usable:
            return Local(annuaire)
        if len(annuaire.items.accounts) > MOST_SHARED:
            give_large_blocks_back()
        alone = Local(annuaire, _structures(run, baseline))
        missed = run.state.missed(run.day, annuaire.items.accounts)
        against = _against(run, baseline, alone)
        asked = asked_of_workbooks(run.settings)
        ones = OneOfEach(annuaire.items.accounts.values())
        ahead = read_ahead(asked, against, helpers(run.steps, len(annuaire.items.accounts)), ones)
        workbooks = []
        for one in asked:
            run.steps.say("step.workbook", path=one.workbook.path)
            judged_workbook = _WorkbookStep(
                run, baseline, against, one, opener, kept, ones, ahead.pop(one.source, None)
            )
            workbooks.append(run.steps(Step("read", one.source), judged_workbook, unread))
        return Local(annuaire, alone.structures, tuple(workbooks), missed)


def _judged_annuaire(run: Run, baseline: Baseline, opener: Opener) -> Source[Annuaire]:
    reading = _read_annuaire(run, opener)
    return judge_annuaire(reading, run.policy, baseline) if reading.report.usable else unreadable_annuaire(reading)


def _read_annuaire(run: Run, opener: Opener) -> Reading:
    settings = run.settings
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
        return judge_structures(_read_structures(run.settings.root, pattern), run.policy, run.day, baseline)

    return run.steps(Step("read", STRUCTURES), work, unread)


def _read_structures(root: Path, pattern: str) -> Reading:
    try:
        paths = newest_of_each_form(find_all(pattern, root))
    except SourceError as error:
        return refused(SourceReport(STRUCTURES, pattern), error, ())
    return read_steadily(paths, lambda: read_finess(paths, STRUCTURES, shown=pattern))


def newest_of_each_form(found: list[Found]) -> list[Path]:
    """Return the last legacy stock and the last FINESS+: a folder that keeps every night's files is not read whole."""
    newest = {"json" if ".json" in one.path.name else "csv": one.path for one in found}
    return [newest[form] for form in sorted(newest)]


def _against(run: Run, baseline: Baseline, known: Local) -> Against:
    return Against(surroundings_of(baseline, known), run.day, run.policy.card_validity_years)


def read_one_workbook(run: Run, baseline: Baseline, asked: AskedWorkbook) -> Source[JudgedWorkbook] | None:
    """Read one workbook as the night would judge it in its place; None while the annuaire is not whole.

    Raises AnnuaireError when the database of the annuaire cannot be reached.
    """
    run.settings.take_effect()
    with Opener() as opener:
        judged = partial(_judged_annuaire, run, baseline, opener)
        annuaire = run.steps(Step("read", ANNUAIRE), judged, unread)
        if not annuaire.report.usable:
            return None
        known = Local(annuaire, _structures(run, baseline))
        run.steps.say("step.workbook", path=asked.workbook.path)
        work = _WorkbookStep(run, baseline, _against(run, baseline, known), asked, opener, KeptCells(), OneOfEach(()))
        return run.steps(Step("read", asked.source), work, unread)


def surroundings_of(baseline: Baseline, known: Local) -> Surroundings:
    """Return what a workbook is read against: the annuaire, the stock, the installation's own words."""
    annuaire = known.annuaire.items
    people = people_of(annuaire.accounts.values())
    return Surroundings(annuaire.structures, known.establishments, people=people, words=baseline.words)


def asked_of_workbooks(settings: Settings) -> list[AskedWorkbook]:
    """Return the workbooks of the configuration, in its order."""
    paths = [(one, settings.path(one.path)) for one in settings.workbook]
    return [AskedWorkbook(one, path, workbook_name(one.path), settings.shown(path)) for one, path in paths]


@dataclass(slots=True)
class _WorkbookStep:
    """One workbook, read and judged. What was read `ahead` is a first try; a further one reads anew, here."""

    run: Run
    baseline: Baseline
    against: Against
    asked: AskedWorkbook
    opener: Opener
    kept: KeptCells
    ones: OneOfEach
    ahead: OpenedWorkbook | None = None

    def __call__(self) -> Source[JudgedWorkbook]:
        ahead, self.ahead = self.ahead, None
        if ahead:
            self.kept.keep(self.asked.source, ahead.packed)
            return judge_workbook(ahead.reading, ahead.judged, self.run.policy, self.baseline)
        try:
            reading = read_steadily([self.asked.path], reader_of(self.asked, self.opener))
            night = self.against.night(self.asked.workbook, reading)
            judged = workbook_of(reading.frame, reading.places, night, reading.written)
        except defects.DEFECTS as error:
            found = in_defect(self.against, self.asked, error)
            return judge_workbook(found.reading, found.judged, self.run.policy, self.baseline)
        self.kept.keep(self.asked.source, self.against.packed(reading, judged))
        self.ones.settle(judged)
        return judge_workbook(reading, judged, self.run.policy, self.baseline)
