"""What each command does once its words are understood: settings in, an exit code out."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from connectors.bytescan.ahead import with_hands
from connectors.excel.template import write_template
from connectors.sources.annuaire import load_annuaire, migrate_annuaire
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.system.machine import cores
from flows.night.nightly import run_night
from flows.run.days import day_or_today
from flows.run.log import Log, file_log
from flows.run.out import check_out, out_problems
from flows.run.request import Request
from flows.run.run import Steps
from flows.settings.load import load_settings
from flows.settings.model import Settings
from flows.state.check_installation import check_installation
from flows.state.installed import SAMPLE
from flows.terminal.console import print_json, print_night, progress, stdout
from schemas.errors import AnnuaireError, ConfigurationError
from schemas.nomenclatures import ets, regions, say
from schemas.reading.source_names import ANNUAIRE

SAMPLE_DAY = date(2026, 11, 22)


def demo_night(out: Path) -> tuple[Settings, Request]:
    """Return the night on the invented country: state and mails stay under `out`. Raises ConfigurationError."""
    config = SAMPLE / "annuaire.toml"
    if not config.is_file():
        raise ConfigurationError([say("cli.no_sample")])
    check_out(out)
    settings = load_settings(config)
    mail = settings.mail.model_copy(update={"outbox": str((out / "outbox").resolve()), "smtp_url": None})
    store = settings.store.model_copy(update={"url": f"sqlite:///{(out / 'var' / 'annuaire.db').resolve()}"})
    settings = settings.model_copy(update={"mail": mail, "store": store})
    return settings, Request(SAMPLE_DAY, out)


@dataclass(frozen=True, slots=True)
class SyncWords:
    """What was typed after `sync`."""

    as_of: str | None
    out: Path | None
    dry_run: bool
    regions: tuple[str, ...]
    release: str | None
    jobs: int | None = None


def sync_night(config: Path, words: SyncWords) -> tuple[Settings, Request]:
    """Return the night that is asked for.

    Raises ConfigurationError with all that is wrong, in words and file, at once.
    """
    problems: list[str] = []
    day = None
    try:
        day = day_or_today(words.as_of)
    except ConfigurationError as error:
        problems += error.problems
    problems += out_problems(words.out)
    problems += [say("cli.no_jobs", found=words.jobs)] if words.jobs is not None and words.jobs < 1 else []
    strangers = [say("config.region_option", found=code) for code in words.regions if code not in regions()]
    try:
        settings = load_settings(config)
    except ConfigurationError as error:
        raise ConfigurationError([*problems, *strangers, *error.problems]) from error
    # again: the configuration may have regions of its own
    problems += [say("config.region_option", found=code) for code in words.regions if code not in regions()]
    if problems or day is None:
        raise ConfigurationError(problems)
    out = words.out or settings.root / "out"
    return settings, Request(day, out, dry_run=words.dry_run, regions=words.regions, release=words.release)


def play(asked: tuple[Settings, Request], jobs: int | None = None, *, as_json: bool) -> int:
    """Play the night that is asked for, and tell how it ended; `jobs`: the cores to read national files with."""
    settings, request = asked
    check_installation(settings)  # before a journal is begun where the service has none
    log = nullcontext() if request.dry_run else file_log(settings.state_folder)
    with with_hands(jobs or cores()), progress() as tell, log as sink:
        night = run_night(settings, request, Steps(tell=tell, log=Log((sink,) if sink else ())))
    if as_json:
        print_json(night.summary)
    else:
        print_night(night, request.out, "" if request.dry_run else _mail_place(settings, request.out))
    return night.exit_code


def _mail_place(settings: Settings, out: Path) -> str:
    """Where the messages lie, said from here where the reports are."""
    if settings.mail.smtp_url or not settings.mail.outbox:
        return ""
    place, here = settings.path(settings.mail.outbox), Path.cwd()
    return str(place if out.is_absolute() or not place.is_relative_to(here) else place.relative_to(here))


def play_template(file: Path, region: str | None, config: Path | None = None, *, as_json: bool) -> int:
    """Write the standard workbook; `config`: for a region or an ETS that the deployment declares itself.

    Raises ConfigurationError for a region or a file name that will not do.
    """
    problems = []
    if config:
        load_settings(config)
    if region is not None and region not in regions() and region not in ets():
        problems.append(say("config.region_option", found=region))
    if file.suffix.lower() != ".xlsx":
        problems.append(say("cli.not_xlsx", path=file))
    if problems:
        raise ConfigurationError(problems)
    try:
        write_template(file, region=region)
    except OSError as error:
        raise ConfigurationError([say("config.no_store", path=file.parent)]) from error
    if as_json:
        print_json({"path": str(file), "region": region})
    else:
        stdout().print(say("cli.template_written", path=file), markup=False, soft_wrap=True)
    return 0


def play_load(export: Path, url: str, *, as_json: bool) -> int:
    """Load an export into a database, its content replaced in one transaction. Raises AnnuaireError."""
    reading = read_annuaire_export(export, ANNUAIRE, shown=str(export))
    if not reading.report.usable:
        raise AnnuaireError(say("run.annuaire", path=export, found=reading.report.message))
    migrate_annuaire(url)
    counts = load_annuaire(reading.frame, url)
    if as_json:
        print_json(counts)
    else:
        stdout().print(say("cli.loaded", **counts), markup=False)
    return 0
