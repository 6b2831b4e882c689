"""What the nights before left, to hold tonight's sources against; for the night, and for whoever looks between two."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from connectors.ledger import Ledger
from flows.reading import read_snapshot
from flows.settings import Settings
from flows.sources import Reader, source_names
from flows.telling import Tell
from pipelines.baseline import NOTHING_BEFORE, Baseline
from pipelines.earlier import asked_of
from pipelines.rules.silence import NOT_MENTIONED
from pipelines.world import World
from schemas.errors import AnnuaireError
from schemas.footprint import Footprint
from schemas.nomenclatures import say
from schemas.stood import HOLDINGS, figure_of


def baseline_of(
    ledger: Ledger, names: Sequence[str], ceilings: Mapping[tuple[str, str, str], int] | None = None
) -> Baseline:
    """What the store knows of the sources of these names. A version before this one remembered their rows alone."""
    known = ledger.footprints()
    older = {name: ledger.last_source(name) for name in names if name not in known}
    return Baseline(
        footprints={**{name: Footprint(one.rows_read) for name, one in older.items() if one}, **known},
        accounts=ledger.stood(),
        asked=lambda: asked_of(ledger.states().values()),
        released=dict(_released(ceilings or {})),
        mentioned=ledger.mentioned(),
        left=ledger.accepted_at(NOT_MENTIONED),
    )


def _released(ceilings: Mapping[tuple[str, str, str], int]) -> Iterator[tuple[str, int]]:
    for (_, scope, what), count in ceilings.items():
        if what == "source":
            yield scope, count
        elif what in HOLDINGS:
            yield figure_of(scope, what), count


def look_at_sources(settings: Settings, day: date, tell: Tell, ledger: Ledger | None) -> World:
    """The sources as tonight's run would see them, for whoever only asks.

    Raises AnnuaireError when the annuaire cannot be read, or is not whole: nothing can be said then.
    """
    baseline = baseline_of(ledger, source_names(settings)) if ledger is not None else NOTHING_BEFORE
    world = read_snapshot(Reader(settings, day, tell, baseline))
    if world.sources.annuaire_held:
        report = world.sources.held[0]
        raise AnnuaireError(say("run.annuaire", path=report.path, found=report.message))
    return world
