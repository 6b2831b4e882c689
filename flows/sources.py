"""Open every source of the night and have it judged; what follows from them all is `pipelines.snapshot`'s."""

from dataclasses import dataclass, field
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
from flows.memory import Memory, NoMemory
from flows.settings import Settings, policy_of
from flows.steps import Do, Step, plainly, unread
from flows.telling import Tell
from flows.workbooks import Against, Asked, Opened, judge_lines, open_workbook, read_ahead
from pipelines.baseline import NOTHING_BEFORE, Baseline
from pipelines.judge import judge_annuaire, judge_structures, judge_workbook
from pipelines.sources import Local, Source, Stock
from pipelines.validate.annuaire import Annuaire
from pipelines.validate.known import people_of
from pipelines.validate.place import Surroundings
from pipelines.validate.workbook import JudgedWorkbook
from pipelines.world import Policy
from schemas.errors import AnnuaireError, ConfigurationError, SourceError
from schemas.nomenclatures import say
from schemas.source import SourceReport
from schemas.source_names import ANNUAIRE, DIRECTORY, REGISTERS, STRUCTURES, register_key, workbook_name


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs, whichever source it is: the settings, the day, what sources are held against; who watches,
    who carries out the steps, and what is remembered of the last time.
    """

    settings: Settings
    day: date
    tell: Tell
    baseline: Baseline = NOTHING_BEFORE
    do: Do = plainly
    memory: Memory = field(default_factory=NoMemory)

    @property
    def policy(self) -> Policy:
        """The decisions of the deployment."""
        return policy_of(self.settings)


def source_names(settings: Settings) -> list[str]:
    """The names of all sources of a configuration."""
    registers = [name for name in REGISTERS if getattr(settings.register_, register_key(name))]
    registers += [DIRECTORY] if settings.directory.url else []
    return [ANNUAIRE, *registers, *(workbook_name(one.path) for one in settings.workbook)]


def read_local(reader: Reader) -> Local:
    """The annuaire, the stock of establishments, the workbooks; of an annuaire that is not whole nothing else is read.

    Raises AnnuaireError when the annuaire cannot be read: without it there is nothing to compare with.
    """
    reader.settings.take_effect()
    with Opener() as opener:
        reader.tell(say("step.annuaire"), 0, 0)
        annuaire = _annuaire(reader, opener)
        if not annuaire.report.usable:
            return Local(annuaire)
        alone = Local(annuaire, _structures(reader))
        missed = reader.memory.missed(reader.day, annuaire.items.accounts)
        return Local(annuaire, alone.structures, _workbooks(reader, alone, opener), missed)


def _annuaire(reader: Reader, opener: Opener) -> Source[Annuaire]:
    def work() -> Source[Annuaire]:
        return judge_annuaire(_read_annuaire(reader.settings, opener), reader.policy, reader.baseline)

    return reader.do(Step("read", ANNUAIRE), work, unread)


def _read_annuaire(settings: Settings, opener: Opener) -> Reading:
    if settings.annuaire.url:
        reading = read_annuaire_database(_present(settings.database(settings.annuaire.url)), ANNUAIRE)
    else:
        path = settings.path(settings.annuaire.export or "")
        if not path.is_file():
            raise ConfigurationError([say("config.no_export", path=settings.shown(path))])
        shown = settings.shown(path)
        reading = read_steadily([path], lambda: read_annuaire_export(path, ANNUAIRE, shown=shown, opener=opener))
    if not reading.report.usable:
        raise AnnuaireError(say("run.annuaire", path=reading.report.path, found=reading.report.message))
    return reading


def _present(url: str) -> str:
    """The address, unless it is of an SQLite file that is not there: that is a slip in the configuration."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite" and not Path(found.database or "").is_file():
        raise ConfigurationError([say("config.no_database", path=found.database)])
    return url


def _structures(reader: Reader) -> Source[Stock] | None:
    pattern = reader.settings.register_.structures
    if pattern is None:
        return None

    def work() -> Source[Stock]:
        return judge_structures(_read_structures(reader.settings, pattern), reader.policy, reader.day, reader.baseline)

    return reader.do(Step("read", STRUCTURES), work, unread)


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


def _workbooks(reader: Reader, known: Local, opener: Opener) -> tuple[Source[JudgedWorkbook], ...]:
    against = Against(surroundings_of(reader, known), reader.day, reader.policy.card_validity_years)
    asked = asked_of_workbooks(reader.settings)
    ahead = read_ahead(asked, against, reader.do.spread(Step("validate", "workbooks")))
    return tuple(_workbook(reader, one, ahead.get(one.source), against, opener) for one in asked)


def read_one_workbook(reader: Reader, asked: Asked) -> Source[JudgedWorkbook] | None:
    """One workbook as the night would judge it in its place; None while the annuaire is not whole.

    Raises AnnuaireError when the annuaire cannot be read.
    """
    reader.settings.take_effect()
    with Opener() as opener:
        annuaire = _annuaire(reader, opener)
        if not annuaire.report.usable:
            return None
        known = Local(annuaire, _structures(reader))
        against = Against(surroundings_of(reader, known), reader.day, reader.policy.card_validity_years)
        return _workbook(reader, asked, None, against, opener)


def surroundings_of(reader: Reader, known: Local) -> Surroundings:
    """What a workbook is read against: the annuaire, the stock, the installation's own words."""
    annuaire = known.annuaire.items
    people = people_of(annuaire.accounts.values())
    return Surroundings(annuaire.structures, known.establishments, people=people, words=reader.baseline.words)


def asked_of_workbooks(settings: Settings) -> list[Asked]:
    """The workbooks of the configuration, in its order."""
    paths = [(one, settings.path(one.path)) for one in settings.workbook]
    return [Asked(one, path, workbook_name(one.path), settings.shown(path)) for one, path in paths]


def _workbook(
    reader: Reader, asked: Asked, ahead: Opened | None, against: Against, opener: Opener
) -> Source[JudgedWorkbook]:
    """What was read ahead is a first try; a further one reads anew, here."""
    reader.tell(say("step.workbook", path=asked.workbook.path), 0, 0)
    first = [ahead] if ahead else []

    def work() -> Source[JudgedWorkbook]:
        if first:
            found = first.pop()
        else:
            reading = open_workbook(asked, opener)
            found = Opened(reading, judge_lines(reading, asked.workbook, against))
        return judge_workbook(found.reading, found.judged, reader.policy, reader.baseline)

    return reader.do(Step("read", asked.source), work, unread)
