"""The witness of the store: asked before a run, told before mails leave and once the run is over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from connectors.store import Store
from connectors.store.whose import whose_store
from connectors.system.witness import read_witness, write_witness
from flows.settings.model import Settings
from flows.state.copied import former_folder
from flows.state.installed import note_witness, present, store_place, witness_path
from flows.state.witness_copies import later_copies, later_letters
from schemas.changes.stored import LastNight
from schemas.changes.witness import Announced, Witness, by_change, footprints_of, grouped, sizes_of
from schemas.errors import ConfigurationError, DeliveryError, StoreBehindError, StoreError
from schemas.nomenclatures import say
from schemas.reading.footprint import Footprint
from schemas.reading.source import SourceReport, SourceStatus
from schemas.reading.source_names import STORE

FURTHEST_NIGHT = timedelta(days=180)  # ahead of the clock: beyond it a day by SMTP is a year typed wrongly
BY_THE_CLOCK = timedelta(days=2)  # between a night's day and the day on which it ran: played then, or past midnight


@dataclass(frozen=True, slots=True)
class StoreDoubt:
    """Why the store is not to be trusted; `events`: how many it has."""

    message: str
    path: str
    events: int = 0

    @property
    def report(self) -> SourceReport:
        """As a source that is held: said, counted and released like the others."""
        return SourceReport(STORE, self.path, rows_read=self.events, status=SourceStatus.HELD, message=self.message)


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the witness says, and what else knows of nights (`flows/state/witness_copies.py`).

    `lost`: what was announced, and the store may not know; `copies`: of the witness, that saw the store further;
    `footprints`: of the sources, where the store has forgotten them.
    """

    doubt: StoreDoubt | None = None
    lost: Mapping[str, Announced] = field(default_factory=dict)
    copies: tuple[Path, ...] = ()
    footprints: Mapping[str, Footprint] = field(default_factory=dict)


def ask_witness(settings: Settings, store: Store, out: Path | None = None) -> Testimony:
    """Return what the witness has to say of the store, and what lies elsewhere; nothing when there is to be no witness.

    A store that has gone on since the witness was written agrees: the last run was killed, or another machine's.
    `out`: where this run leaves its results.
    """
    path = witness_path(settings)
    if path is None:
        return Testimony()
    return _with_traces(settings, store, _ask(settings, store, path), out)


def _with_traces(settings: Settings, store: Store, said: Testimony, out: Path | None) -> Testimony:
    copies, doubt = later_copies(settings.root, store, out), said.doubt
    lost: dict[str, Announced] = {}
    for path, copy in copies.items():
        lost |= by_change((*copy.lost, *copy.announced))
        doubt = doubt or _contradicted(settings, store, copy, path)
    if doubt is None and (letters := later_letters(settings, store)):
        values = {"count": len(letters), "name": letters[0].name, "sent": f"{letters[0].sent_at:%d/%m/%Y}"}
        shown = settings.shown(settings.path(settings.mail.outbox or ""))
        doubt = StoreDoubt(say("witness.letters", path=shown, **values), shown, store.head()[0])
    return Testimony(doubt, {**lost, **said.lost}, tuple(copies), said.footprints)


def _ask(settings: Settings, store: Store, path: Path) -> Testimony:
    shown = settings.shown(path)
    try:
        witness = read_witness(path)
    except StoreError as error:
        return Testimony(StoreDoubt(str(error), shown))
    if witness is None or _of_another(settings, store, witness):
        return Testimony()
    if store.remembers(witness.run_id, witness.events, witness.head):
        return Testimony(lost=by_change(witness.lost))
    doubt = _contradicted(settings, store, witness, path)
    known = {} if store.footprints() else footprints_of(witness.sizes)
    return Testimony(doubt, by_change((*witness.lost, *witness.announced)), footprints=known)


def _of_another(settings: Settings, store: Store, witness: Witness) -> bool:
    """Whether it speaks of a store elsewhere whose nights this one never had: then nothing was emptied here."""
    moved = witness.store not in ("", store_place(settings))
    return moved and store.first_run() != witness.first_run


def _contradicted(settings: Settings, store: Store, witness: Witness, path: Path) -> StoreDoubt:
    shown = settings.shown(path)
    runs = store.runs(limit=1)
    events = store.head()[0]
    said = say(
        "witness.older" if runs else "witness.empty",
        path=shown,
        run=witness.run_id,
        expected=f"{witness.as_of:%d/%m/%Y}",
        last=f"{runs[0].as_of:%d/%m/%Y}" if runs else "",
        events=events,
        total=witness.events,
    )
    return StoreDoubt(said, shown, events)


def check_not_vanished(settings: Settings) -> None:
    """Check that a store is there where its witness knows of one. Raises StoreBehindError: nobody may take it for an
    installation that has not played yet.
    """
    path = witness_path(settings)
    try:
        witness = read_witness(path) if path else None
        first_run = whose_store(settings.database(settings.store.url)).first_run
    except StoreError:  # a store that does not answer says so itself when it is opened; whoever looks needs no witness
        return
    if path is None or witness is None or witness.store not in ("", store_place(settings)):
        return
    there = settings.store_file is None or settings.store_file.exists()
    if witness.run_id and not first_run and (settings.store_file is None or not settings.store_file.is_dir()):
        raise StoreBehindError(
            say(
                "witness.emptied" if there else "witness.vanished",
                store=store_place(settings),
                path=settings.shown(path),
                run=witness.run_id,
                day=f"{witness.as_of:%d/%m/%Y}",
            )
        )


def ask_clock(settings: Settings, store: Store, day: date) -> StoreDoubt | None:
    """Return why a night of this day is not to be believed; None where it is.

    A later one was played, so the clock was put back, or the day was typed wrongly: what has ended since would come
    back, and be announced anew the night after. Or the day is far from come, where nights follow the clock.
    """
    last = store.last_night()
    if last and day < last.as_of:
        said = say("witness.clock", day=f"{day:%d/%m/%Y}", last=f"{last.as_of:%d/%m/%Y}", run=last.run_id)
    else:
        said = far_ahead(settings, last, day)
    return StoreDoubt(said, "", store.head()[0]) if said else None


def far_ahead(settings: Settings, last: LastNight | None, day: date) -> str:
    """Return why people may not be written to as if it were this day; "" where they may.

    Where the last night was of the day on which it ran, people would be told of cards that still hold, and every right
    night until then would be an earlier one. Whoever plays nights by their days all along, a first one, or into an
    outbox, which writes to nobody, may look ahead.
    """
    today = datetime.now().astimezone().date()
    if not settings.mail.smtp_url or last is None or day - today <= FURTHEST_NIGHT:
        return ""
    if abs(last.finished_at.astimezone().date() - last.as_of) > BY_THE_CLOCK:
        return ""
    return say("witness.ahead", day=f"{day:%d/%m/%Y}", today=f"{today:%d/%m/%Y}", last=f"{last.as_of:%d/%m/%Y}")


def check_store(settings: Settings, store: Store) -> Mapping[str, Announced]:
    """Check what is still lost. Raises StoreBehindError when the store is older than its witness: nothing may be
    written.
    """
    testimony = ask_witness(settings, store)
    if testimony.doubt:
        raise StoreBehindError(testimony.doubt.message)
    return testimony.lost


def record_witness(
    settings: Settings,
    store: Store,
    lost: Mapping[str, Announced],
    about_to_be: Mapping[str, Announced] | None = None,
    copies: Collection[Path] = (),
    *,
    night: bool = False,
) -> None:
    """Write down the last run, the head of the chain, what was announced, or is about to be, and what is still `lost`.

    `copies`: where else; `night`: this is how the service sees its installation. Raises ConfigurationError when the
    file cannot be written: nothing leaves without it.
    """
    seen = store.installation()
    if night:
        former = former_folder(settings, seen)
        seen = present(settings).model_copy(update={"copied_from": former})
        store.remember_installation(seen)
    path = witness_path(settings)
    there = store.witnessed() if path else None
    if path is None or there is None:
        return
    witness = Witness(
        run_id=there.run_id,
        as_of=there.as_of,
        events=there.events,
        head=there.head,
        first_run=there.first_run,
        store=store_place(settings),
        announced=grouped({**there.announced, **(about_to_be or {})}),
        lost=grouped(lost),
        installation=seen,
        sizes=sizes_of(there.footprints),
    )
    for place in (path, *sorted(copies)):
        try:
            write_witness(place, witness)
        except DeliveryError as error:
            raise ConfigurationError([say("witness.unwritable", path=settings.shown(place), found=error)]) from error
    if night:
        note_witness(settings)
