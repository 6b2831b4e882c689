"""The sources as tonight's run would see them, for whoever only asks."""

from datetime import date

from connectors.ledger import Ledger
from flows.past import baseline_of
from flows.reading import read_snapshot
from flows.run import looking
from flows.settings import Settings
from flows.sources import source_names
from flows.telling import Tell
from pipelines.baseline import NOTHING_BEFORE
from pipelines.world import World
from schemas.errors import AnnuaireError
from schemas.nomenclatures import say


def look_at_sources(settings: Settings, day: date, tell: Tell, ledger: Ledger | None) -> World:
    """The sources as tonight's run would see them, for whoever only asks.

    Raises AnnuaireError when the annuaire cannot be read, or is not whole: nothing can be said then.
    """
    baseline = baseline_of(ledger, source_names(settings)) if ledger is not None else NOTHING_BEFORE
    world = read_snapshot(looking(settings, day, tell, ledger), baseline)
    if world.sources.annuaire_held:
        report = world.sources.held[0]
        raise AnnuaireError(say("run.annuaire", path=report.path, found=report.message))
    return world
