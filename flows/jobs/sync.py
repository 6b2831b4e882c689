"""`sync`: the night that is asked for, played and told."""

from dataclasses import dataclass
from pathlib import Path

from connectors.bytescan.ahead import with_hands
from connectors.system.machine import cores
from flows.reading.beside import indexed_beside
from flows.run.days import day_or_today
from flows.run.out import out_problems
from flows.run.request import Request
from flows.run.without_gc import uncollected
from flows.settings.load import load_settings
from flows.settings.model import Settings
from flows.state.check_installation import check_installation
from flows.state.open_secrets import said_before
from flows.terminal.folding import complain
from schemas.errors import ConfigurationError
from schemas.nomenclatures import regions, say


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
    if not request.dry_run:
        complain(said_before(settings))
    with uncollected(), with_hands(jobs or cores()), indexed_beside(settings, writes=not request.dry_run) as indexed:
        # Half of all there is to load, beside which the files are indexed.
        from flows.jobs.night import steps_of, tell_night
        from flows.night.nightly import run_night

        with steps_of(settings, request, indexed) as steps:
            night = run_night(settings, request, steps)
        tell_night(night, settings, request, as_json=as_json)
    return night.exit_code
