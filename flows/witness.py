"""The witness of the store: asked before a run, told before mails leave and once the run is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connectors.ledger import Ledger
from connectors.witness import read_witness, write_witness
from flows.settings import Settings
from schemas.errors import ConfigurationError, DeliveryError, StoreBehindError, StoreError
from schemas.nomenclatures import say
from schemas.source import STORE, SourceReport, SourceStatus
from schemas.witness import Announced, Witness, grouped

_FILE = "witness.json"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the store is not to be trusted, and what its witness knows to have been announced."""

    message: str
    path: str
    events: int = 0
    announced: Mapping[str, Announced] = field(default_factory=dict)

    @property
    def report(self) -> SourceReport:
        """As a source that is held: said, counted and released like the others."""
        return SourceReport(STORE, self.path, rows_read=self.events, status=SourceStatus.HELD, message=self.message)


def witness_path(settings: Settings) -> Path | None:
    """Where the witness lies: `store.witness`, else beside the store; None where « » says that there is none."""
    named = settings.store.witness
    if named is None:
        return settings.state_folder / _FILE
    return settings.path(named) if named else None


def doubt_of(settings: Settings, ledger: Ledger | None) -> Doubt | None:
    """What the witness has to say against the store; None when it agrees, or when there is no witness.

    A store that has gone on since the witness was written agrees: the last run was killed, or another machine's.
    """
    path = witness_path(settings)
    if path is None:
        return None
    shown = settings.shown(path)
    try:
        witness = read_witness(path)
    except StoreError as error:
        return Doubt(str(error), shown)
    if witness is None or (ledger is not None and ledger.remembers(witness.run_id, witness.events, witness.head)):
        return None
    runs = ledger.runs(limit=1) if ledger is not None else []
    events = ledger.head()[0] if ledger is not None else 0
    said = say(
        "witness.older" if runs else "witness.empty",
        path=shown,
        run=witness.run_id,
        expected=f"{witness.as_of:%d/%m/%Y}",
        last=f"{runs[0].as_of:%d/%m/%Y}" if runs else "",
        events=events,
        total=witness.events,
    )
    return Doubt(said, shown, events, witness.by_change)


def check_store(settings: Settings, ledger: Ledger) -> None:
    """Raises StoreBehindError when the store is older than its witness: nothing may be written on it."""
    if doubt := doubt_of(settings, ledger):
        raise StoreBehindError(doubt.message)


def record_witness(settings: Settings, ledger: Ledger, about_to_be: Mapping[str, Announced] | None = None) -> None:
    """Write down the last run, the head of the chain, and what was announced, or is about to be.

    Raises ConfigurationError when the file cannot be written: nothing leaves without it.
    """
    path = witness_path(settings)
    last = ledger.runs(limit=1) if path else []
    if path is None or not last:
        return
    events, head = ledger.head()
    announced = grouped({**ledger.announced(), **(about_to_be or {})})
    witness = Witness(run_id=last[0].run_id, as_of=last[0].as_of, events=events, head=head, announced=announced)
    try:
        write_witness(path, witness)
    except DeliveryError as error:
        raise ConfigurationError([say("witness.unwritable", path=settings.shown(path), found=error)]) from error
