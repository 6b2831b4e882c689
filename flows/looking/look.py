"""A day's snapshot and differences, and what the store knows: for `explain`, `status`, `dashboard`, which only ask."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from connectors.store import Store
from connectors.store.unwritten import no_store
from flows.reading.snapshot import read_snapshot, recall_baseline
from flows.run.days import day_or_today
from flows.run.progress import Progress
from flows.run.run import Run, looking
from flows.settings.model import Settings
from flows.settings.routing_rules import routing_of
from flows.state.opened import open_to_read, store_exists
from flows.state.remarks import counted
from flows.state.witness import check_not_vanished
from pipelines.changes.compare import Comparison, compare
from pipelines.changes.earlier import earlier_of
from pipelines.lifecycle.vanished_accounts import Missing, with_missing, without_missing
from pipelines.reports.pages.dashboard import PageFacts
from pipelines.reports.pages.facts import KnownState, facts_of
from pipelines.sources.snapshot import Snapshot
from schemas.changes.lifecycle import ChangeState
from schemas.errors import AnnuaireError
from schemas.nomenclatures import say


@dataclass(frozen=True, slots=True)
class Look:
    """What the sources say on a day, and how it differs; nothing of it is written anywhere."""

    snapshot: Snapshot
    comparison: Comparison
    missing: Missing

    @property
    def unused(self) -> list[tuple[str, str]]:
        """(source, why it could not be used)."""
        return [(report.name, report.message) for report in self.snapshot.sources.reports if not report.usable]


@contextmanager
def looking_at(
    settings: Settings, as_of: str | None, tell: Progress, *, before_the_first: bool = False
) -> Iterator[Run]:
    """Open a run that only looks, on a day or today.

    Raises ConfigurationError for a word that is no day, and when no night has been played: unless it may be
    `before_the_first`.
    """
    day = day_or_today(as_of)
    with _store(settings, before_the_first) as store:
        yield looking(settings, day, tell, store)


@contextmanager
def _store(settings: Settings, before_the_first: bool) -> Iterator[Store]:
    check_not_vanished(settings)
    with no_store() if before_the_first and not store_exists(settings) else open_to_read(settings) as store:
        yield store


def look(run: Run, states: Mapping[str, ChangeState], *, with_vanished: bool = False) -> Look:
    """Return the sources as tonight's run would see them, compared as it would. `states`: of the changes.

    `with_vanished`: the accounts that the annuaire has no more, while that proves nothing, stand in the snapshot.

    Raises AnnuaireError when the annuaire cannot be read, or is not whole: nothing can be said then.
    """
    snapshot = read_snapshot(run, recall_baseline(run))
    if snapshot.sources.annuaire_held:
        report = snapshot.sources.held[0]
        raise AnnuaireError(say("run.annuaire", path=report.path, found=report.message))
    routing = routing_of(run.settings, run.day)
    missing = run.state.vanished(snapshot) if with_vanished else Missing()
    seen = with_missing(snapshot, missing) if with_vanished else snapshot
    earlier = earlier_of(states.values(), run.day)
    found = compare(seen, routing.overrides, routing.admin, routing.named, earlier=earlier)
    return Look(seen, without_missing(snapshot, found, missing) if with_vanished else found, missing)


def facts_of_look(run: Run, found: Look, states: Mapping[str, ChangeState]) -> PageFacts:
    """Return what a page is counted from: the differences of the day, and the changes that are open all the same."""
    still_open = (one.change for one in states.values() if one.is_open)
    changes = [*found.comparison.changes, *still_open]
    days = run.settings.policy.remind_after_days
    known = KnownState([*states.values()], run.state.past_runs(), counted(run.state.store, run.day))
    return facts_of(found.snapshot, found.comparison, changes, known, days)
