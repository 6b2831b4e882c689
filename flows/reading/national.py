"""The national files, each told by the ones before it whom to look for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from connectors.bytescan.indexed.held import open_index
from connectors.bytescan.indexed.writing import IndexPlace
from connectors.bytescan.sieve import beginnings
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
    """Read the national files in the order in which each tells whom to look for in the next; none without an
    annuaire.
    """
    if not local.annuaire.report.usable:
        return National()
    files, policy = run.settings.register_, run.policy
    crosswalk = _crosswalk(run, baseline)
    leads = crosswalk.items if crosswalk else {}
    wanted = wanted_by(local, leads)
    if inner := inner_crosswalk(run, leads, wanted.national_ids):
        leads = {**inner, **leads}
        wanted = wanted_by(local, leads)
    judge = partial(judge_cards, policy=policy, baseline=baseline)
    cards = _extract(_ExtractStep(run, files.cards, CARDS, wanted, judge))
    wanted |= wanted_beside(leads, cards.items if cards else ())
    of_persons = partial(judge_persons, policy=policy, baseline=baseline)
    adeli = _extract(_ExtractStep(run, files.adeli, ADELI, wanted, of_persons))
    of_persons = partial(of_persons, floor=files.min_rows)
    persons = _extract(_ExtractStep(run, files.persons, PERSONS, wanted, of_persons))
    beginnings.cache_clear()  # there may be millions of names, and none is looked for any more
    wanted = replace(wanted, names=frozenset())
    files_say = National(wanted, crosswalk, cards, adeli, persons, inner)
    return replace(files_say, directory=ask_directory(run, files_say, baseline))


def _crosswalk(run: Run, baseline: Baseline) -> Source[Leads] | None:
    pattern = run.settings.register_.crosswalk
    if pattern is None:
        return None

    def work() -> Source[Leads]:
        return judge_crosswalk(_read_crosswalk(run.settings.root, pattern), run.policy, baseline)

    return run.steps(Step("read", CROSSWALK), work, unread)


def _read_crosswalk(root: Path, pattern: str) -> Reading:
    try:
        found = find_newest(pattern, root)
    except SourceError as error:
        return refused(SourceReport(CROSSWALK, pattern), error, ())
    return read_steadily([found.path], lambda: read_crosswalk(found.path, CROSSWALK, shown=found.shown))


@dataclass(slots=True)
class _ExtractStep(Generic[T]):
    """One extract, read and judged: where it lies by the configuration, its name, for whom.

    The newest of a pattern, unless it is too old; ADELI is frozen since 2024: its extract never is. What the nights
    before `known` of the very same file for the same people is not read again; `kept`: to be known by those to come.
    """

    run: Run
    pattern: str | None
    source: str
    wanted: Wanted
    judge: Callable[[Text], Source[T]]
    known: Extraction | None = None
    kept: Extraction | None = None

    def __call__(self) -> Source[T]:
        pattern, self.kept = self.pattern or "", None
        try:
            found = find_newest(pattern, self.run.settings.root)
            if goes_stale(self.source):
                _refuse_stale(found, self.run)
        except SourceError as error:
            return self.judge(_refused(self.source, pattern, error))
        reading = self.from_before(found) or read_steadily([found.path], self.reader(found))
        self.kept = reading.facts.get("extraction")
        return self.judge(replace(reading, report=replace(reading.report, stamp=found.day)))

    def from_before(self, found: Found) -> Reading | None:
        """What is known of the very same file: for the same people as it was, for others by its index."""
        contract, known = contract_of(self.source), self.known
        again = read_again(found.path, known, contract, self.wanted, shown=found.shown) if known else None
        if again:
            return again
        index = open_index(self.index, self.source, contract)
        return look_up(found.path, index, known, contract, self.wanted, shown=found.shown) if index else None

    @property
    def index(self) -> IndexPlace:
        return index_place(self.run.settings.state_folder, self.source, writes=self.run.state.store.writes)

    def reader(self, found: Found) -> Callable[[], Reading]:
        steps, name = self.run.steps, say(f"source.{self.source.replace('.', '_')}")
        return partial(
            read_register,
            found.path,
            self.source,
            contract_of(self.source),
            self.wanted,
            shown=found.shown,
            progress=lambda done, total: steps.tell(say("step.register", source=name), done, total),
            spread=steps.spread(Step("read", self.source)),
            piece=self.run.settings.orchestration.part_bytes,
            index=self.index,
        )


def _extract(work: _ExtractStep[T]) -> Source[T] | None:
    """Of a stale or unusable file nothing but its report; None where it is not configured."""
    if work.pattern is None:
        return None
    state = work.run.state
    work.run.steps.indexed()
    work.known = state.recall(work.source)
    found = work.run.steps(Step("read", work.source), work, unread)
    if work.kept:
        state.keep(work.kept)
    return found


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
