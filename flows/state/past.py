"""What the nights before left, to hold tonight's sources against; for the night, and for whoever looks between two."""

from collections.abc import Iterator, Mapping, Sequence

from connectors.store import RunRow, Store
from pipelines.changes.earlier import asked_of
from pipelines.changes.rules.silent_structures import NOT_MENTIONED
from pipelines.reports.pages.dashboard import NIGHTS
from pipelines.sources.baseline import Baseline
from schemas.people.vocabulary import in_effect
from schemas.reading.export_figures import figure_of
from schemas.reading.footprint import Footprint
from schemas.reading.source_names import is_workbook

_RUNS_A_DAY = 4  # the store is asked for so many: a night played again, a night limited to a region


def past_runs(store: Store) -> list[RunRow]:
    """Return the runs that a page may show, the present one among them once it has begun."""
    return store.runs(limit=NIGHTS * _RUNS_A_DAY)


def baseline_of(
    store: Store, names: Sequence[str], ceilings: Mapping[tuple[str, str, str], int] | None = None
) -> Baseline:
    """Return what the store knows of the sources of these names.

    A version before this one remembered their rows alone.
    """
    known = store.footprints()
    older = {name: store.last_source(name) for name in names if name not in known}
    return Baseline(
        footprints={**{name: Footprint(one.rows_read) for name, one in older.items() if one}, **known},
        accounts=store.stood(),
        asked=lambda: asked_of(store.states().values()),
        released=dict(_released(ceilings or {})),
        mentioned=store.mentioned(),
        left=store.accepted_at(NOT_MENTIONED),
        judgements=tuple(one for one in store.judgements() if one.stands),
        words=in_effect(store.words().values()),
        superseded=store.superseded([name for name in names if is_workbook(name)]),
    )


def _released(ceilings: Mapping[tuple[str, str, str], int]) -> Iterator[tuple[str, int]]:
    for (post, scope, what), count in ceilings.items():
        if what == "source":
            yield scope, count
        elif not post:
            yield figure_of(scope, what), count
