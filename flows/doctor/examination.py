"""What the checks look at: the configuration, the moment, and the store as it was found once."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from connectors.store import look_at_store
from connectors.store.checkup import inspect_store
from connectors.store.unwritten import no_store
from flows.reading.local import source_names
from flows.settings.model import Settings
from flows.state.past import baseline_of
from flows.state.witness import StoreDoubt, ask_witness
from pipelines.sources.baseline import NOTHING_BEFORE, Baseline
from schemas.changes.stored import StoreState
from schemas.errors import StoreError
from schemas.nomenclatures import say


@dataclass(frozen=True)
class Visit:
    """One examination. `now` is in UTC."""

    config: Path
    settings: Settings
    now: datetime

    @property
    def day(self) -> date:
        """Today, as `sync` takes it."""
        return self.now.astimezone().date()

    @property
    def out(self) -> Path:
        """Where a night writes when it is not told otherwise."""
        return self.settings.root / "out"

    @cached_property
    def store(self) -> StoreState | StoreError | None:
        """The store, None where no night has made it yet, or why it could not be looked at."""
        try:
            return inspect_store(self.settings.store_url)
        except StoreError as error:
            return error

    @cached_property
    def doubt(self) -> StoreDoubt | None:
        """What the witness has to say against a store that could be looked at, or is not there."""
        if self.store is None:
            with no_store() as nothing:
                return ask_witness(self.settings, nothing).doubt
        if not self.known or not self.known.up_to_date:
            return None
        with look_at_store(self.settings.store_url) as store:
            return ask_witness(self.settings, store).doubt

    @cached_property
    def past(self) -> Baseline:
        """What the nights before left to hold the sources against; nothing where the store cannot be asked."""
        if not self.known or not self.known.up_to_date:
            return NOTHING_BEFORE
        with look_at_store(self.settings.store_url) as store:
            found = baseline_of(store, source_names(self.settings))
            asked = found.asked()
        return replace(found, asked=lambda: asked)

    @property
    def known(self) -> StoreState | None:
        """The store where it could be looked at."""
        return self.store if isinstance(self.store, StoreState) else None


def age_text(days: int) -> str:
    """Return « du jour », « d'hier », « de 5 jours »."""
    return say({0: "doctor.file_of_today", 1: "doctor.file_of_yesterday"}.get(days, "doctor.file_of_days"), days=days)
