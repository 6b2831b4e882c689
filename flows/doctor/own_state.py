"""Our own state: the store, the last night, the key that signs the reports."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.system.database import shown_url
from flows.doctor.examination import Visit
from flows.settings.model import SHORTEST_KEY
from flows.settings.signing import keyring
from pipelines.lifecycle.hold_texts import held_last
from pipelines.phrase import source_text
from schemas.changes.stored import LockHolder, RunRow, StoreState
from schemas.errors import StoreError
from schemas.glyphs import pair
from schemas.nomenclatures import say
from schemas.reports.checkup import Finding, failure, ok, warning
from schemas.typography import span_text

LONGEST_NIGHT = timedelta(hours=3)
LATE_AFTER = timedelta(hours=26)  # a night a day, and two hours for a slow one


def check_store(visit: Visit) -> Iterator[Finding]:
    """Check that it answers, its tables are ours, it can be written, nobody holds it for long, its history is whole."""
    if visit.doubt:
        yield failure(visit.doubt.message, say("doctor.store_behind_todo"))
    match visit.store:
        case None:
            shown = shown_url(visit.settings.store.url, say("store.name"))
            yield ok(say("doctor.store_none", url=shown))
        case StoreError() as error:
            yield failure(str(error), say("doctor.store_todo"))
        case StoreState() as state:
            yield from _store(visit, state)


def _store(visit: Visit, state: StoreState) -> Iterator[Finding]:
    if state.read_only:
        yield failure(say("doctor.store_read_only"), say("doctor.store_read_only_todo"))
    if state.broken is not None:
        yield failure(say("doctor.store_broken", seq=state.broken), say("doctor.store_broken_todo"))
    if not state.up_to_date:
        yield warning(say("doctor.store_outdated"), say("doctor.store_outdated_todo"))
    elif state.holder:
        yield _holder(visit, state.holder)
    elif not state.read_only and state.broken is None:
        yield ok(say("doctor.store_ok"))


def _holder(visit: Visit, holder: LockHolder) -> Finding:
    span = visit.now - holder.since
    values = {"pid": holder.pid, "host": holder.host, "span": span_text(span)}
    if not holder.alive:
        return warning(say("doctor.store_left", **values), say("doctor.store_left_todo"))
    if span > LONGEST_NIGHT:
        return warning(say("doctor.store_long", **values), say("doctor.store_long_todo"))
    return ok(say("doctor.store_busy", **values))


def check_night(visit: Visit) -> Iterator[Finding]:
    """Check the last run, how it ended, and how long ago one ended well."""
    state = visit.known
    if visit.store is None or (state and state.up_to_date and state.last is None):
        yield warning(say("doctor.night_none"), say("doctor.night_none_todo"))
    if state is None or state.last is None:
        return
    yield from _last_success(visit, state)
    yield from _last_run(state.last, busy=state.holder is not None and state.holder.alive)
    if state.unsent:
        yield warning(say("doctor.night_unsent", count=state.unsent), say("doctor.night_unsent_todo"))
    if state.unknown:
        yield warning(say("doctor.night_unknown", count=state.unknown), say("doctor.night_unknown_todo"))


def _last_success(visit: Visit, state: StoreState) -> Iterator[Finding]:
    night = state.last_success
    if night is None:
        yield warning(say("doctor.night_never"), say("doctor.night_late_todo"))
        return
    span = visit.now - night.finished_at
    values = {"day": f"{night.as_of:%d/%m/%Y}", "span": span_text(span)}
    if span > LATE_AFTER:
        yield warning(say("doctor.night_late", **values), say("doctor.night_late_todo"))
    elif night.status == "complete":
        yield ok(say("doctor.night", status=say(f"doctor.status_{night.status}"), **values))


def _last_run(run: RunRow, *, busy: bool) -> Iterator[Finding]:
    day = f"{run.as_of:%d/%m/%Y}"
    held = "; ".join((*held_last(run.counts), *_unused(run)))
    if run.status == "held":
        found = say("doctor.night_held_why", day=day, held=held) if held else say("doctor.night_held", day=day)
        release = say("run.release", run=run.run_id)
        yield warning(found, say("doctor.night_held_todo", release=release))
    elif run.status == "partial":
        why = held or say("doctor.night_partly_sent")
        yield warning(say("doctor.night_partly", day=day, why=why), say("doctor.night_partly_todo"))
    elif run.status == "failed" or (run.status == "running" and not busy):
        yield warning(say("doctor.night_killed", day=day), say("doctor.night_killed_todo"))


def _unused(run: RunRow) -> Iterator[str]:
    """What a run could not use, or not whole."""
    return (pair(source_text(one.name), one.message) for one in run.sources if one.status != "ok" and one.message)


def check_key(visit: Visit) -> Iterator[Finding]:
    """Check the key with which decisions are known to be on our own files."""
    given = visit.settings.signing_key
    path = keyring(visit.settings).path
    shown = visit.settings.shown(path)
    if given:
        yield _long_enough(given, say("doctor.key_given"))
        return
    try:
        yield _long_enough(path.read_text(encoding="ascii"), say("doctor.key_file", path=shown))
    except FileNotFoundError:
        if visit.known and visit.known.last_success:
            yield failure(say("doctor.key_lost", path=shown), say("doctor.key_lost_todo"))
        else:
            yield ok(say("doctor.key_none", path=shown))
    except (OSError, UnicodeDecodeError):
        yield failure(say("doctor.key_unreadable", path=shown), say("doctor.key_unreadable_todo"))


def _long_enough(key: str, otherwise: str) -> Finding:
    if len(key.strip()) < SHORTEST_KEY:
        return failure(say("doctor.key_short", length=SHORTEST_KEY), say("doctor.key_short_todo"))
    return ok(otherwise)
