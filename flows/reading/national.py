"""The national files, each told by the ones before it whom to look for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from connectors.bytescan.indexed.held import open_index
from connectors.bytescan.indexed.writing import IndexPlace
from connectors.sources.catalogue import Found, age_in_days, find_newest
from connectors.sources.crosswalk import read_crosswalk
from connectors.sources.lookup import look_up
from connectors.sources.register import read_again, read_register
from connectors.sources.result import Reading, refused
from connectors.sources.steady import read_steadily
from flows.reading.directory import ask_directory
from flows.reading.inner_crosswalk import inner_crosswalk
from flows.run.run import Run
from flows.run.steps import Step, unread
from flows.settings.model import Settings
from flows.state.indexes import index_place
from pipelines.sources.baseline import Baseline
from pipelines.sources.joining import wanted_beside, wanted_by
from pipelines.sources.judge import judge_cards, judge_crosswalk, judge_persons
from pipelines.sources.judged_sources import Leads, Local, National, Source, Text
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reading.extraction import Extraction
from schemas.reading.source import SourceReport, SourceStatus, Wanted
from schemas.reading.source_names import ADELI, CARDS, CROSSWALK, PERSONS, contract_of, goes_stale

T = TypeVar("T")


def read_national(run: Run, baseline: Baseline, local: Local) -> National:
    """The national files in the order in which each tells whom to look for in the next; none without an annuaire."""
    if not local.annuaire.report.usable:
        return National()
    files, policy = run.settings.register_, run.policy
    crosswalk = _crosswalk(run, baseline)
    leads = crosswalk.items if crosswalk else {}
    inner = inner_crosswalk(leads, run.settings, wanted_by(local, leads).national_ids)
    leads = {**inner, **leads}
    wanted = wanted_by(local, leads)
    cards = _extract(AskedOfExtract(run, files.cards, CARDS, wanted), lambda text: judge_cards(text, policy, baseline))
    wanted |= wanted_beside(leads, cards.items if cards else ())
    adeli = _extract(
        AskedOfExtract(run, files.adeli, ADELI, wanted), lambda text: judge_persons(text, policy, baseline)
    )
    persons = _extract(
        AskedOfExtract(run, files.persons, PERSONS, wanted),
        lambda text: judge_persons(text, policy, baseline, files.min_rows),
    )
    files_say = National(wanted, crosswalk, cards, adeli, persons, inner)
    return replace(files_say, directory=ask_directory(run, files_say))


def _crosswalk(run: Run, baseline: Baseline) -> Source[Leads] | None:
    pattern = run.settings.register_.crosswalk
    if pattern is None:
        return None

    def work() -> Source[Leads]:
        return judge_crosswalk(_read_crosswalk(run.settings, pattern), run.policy, baseline)

    return run.steps(Step("read", CROSSWALK), work, unread)


def _read_crosswalk(settings: Settings, pattern: str) -> Reading:
    try:
        found = find_newest(pattern, settings.root)
    except SourceError as error:
        return refused(SourceReport(CROSSWALK, pattern), error, ())
    return read_steadily([found.path], lambda: read_crosswalk(found.path, CROSSWALK, shown=found.shown))


@dataclass(frozen=True, slots=True)
class AskedOfExtract:
    """One extract to read: where it lies by the configuration, its name, for whom."""

    run: Run
    pattern: str | None
    source: str
    wanted: Wanted


def _extract(asked: AskedOfExtract, judge: Callable[[Text], Source[T]]) -> Source[T] | None:
    """Of a stale or unusable file nothing but its report; None where it is not configured."""
    if asked.pattern is None:
        return None
    run, step = asked.run, Step("read", asked.source)
    known = run.state.recall(asked.source)
    kept: list[Extraction | None] = []

    def work() -> Source[T]:
        reading = _read_extract(asked, known)
        kept.append(reading.facts.get("extraction"))
        return judge(reading)

    found = run.steps(step, work, unread)
    if kept[-1]:
        run.state.keep(kept[-1])
    return found


def _read_extract(asked: AskedOfExtract, known: Extraction | None) -> Reading:
    """The newest extract of a pattern, unless it is too old. ADELI is frozen since 2024: its extract never is.

    What is `known` of the very same file for the same people is not read again.
    """
    settings, pattern, source = asked.run.settings, asked.pattern or "", asked.source
    try:
        found = find_newest(pattern, settings.root)
        if goes_stale(source):
            _refuse_stale(found, asked.run)
    except SourceError as error:
        return _refused(source, pattern, error)
    again = _from_before(found, asked, known)
    if again:
        return replace(again, report=replace(again.report, stamp=found.day))
    name = say(f"source.{source.replace('.', '_')}")
    read = partial(
        read_register,
        found.path,
        source,
        contract_of(source),
        asked.wanted,
        shown=found.shown,
        progress=lambda done, total: asked.run.steps.tell(say("step.register", source=name), done, total),
        spread=asked.run.steps.spread(Step("read", source)),
        piece=settings.orchestration.part_bytes,
        index=_index_of(asked),
    )
    reading = read_steadily([found.path], read)
    return replace(reading, report=replace(reading.report, stamp=found.day))


def _from_before(found: Found, asked: AskedOfExtract, known: Extraction | None) -> Reading | None:
    """What is known of the very same file: for the same people as it was, for others by its index."""
    name, source = contract_of(asked.source), asked.source
    again = read_again(found.path, known, name, asked.wanted, shown=found.shown) if known else None
    if again:
        return again
    index = open_index(_index_of(asked), source, name)
    return look_up(found.path, index, known, name, asked.wanted, shown=found.shown) if index else None


def _index_of(asked: AskedOfExtract) -> IndexPlace:
    return index_place(asked.run.settings, asked.source, writes=asked.run.state.store.writes)


def _refuse_stale(found: Found, run: Run) -> None:
    limit = run.settings.register_.max_age_days
    if age_in_days(found, run.day) > limit:
        message = say("issue.FILE_STALE", found=f"{found.day:%d/%m/%Y}", expected=limit)
        raise SourceError("FILE_STALE", message, found.shown)


def _refused(source: str, pattern: str, error: SourceError) -> Reading:
    reading = refused(SourceReport(source, error.location or pattern), error, ())
    if error.code != "FILE_STALE":
        return reading
    return replace(reading, report=replace(reading.report, status=SourceStatus.STALE))
