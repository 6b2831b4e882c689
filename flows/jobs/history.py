"""`history`: the past runs; the annuaire and the open changes of a day; what lies between two nights."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from connectors.store import Store
from flows.run.days import day_or_today
from flows.settings.load import load_settings
from flows.state.opened import open_to_read
from flows.terminal.console import print_json
from flows.terminal.history_screen import print_between, print_day, print_runs
from pipelines.extracts.annuaire_delta import between, moves
from schemas.changes.change import Updater
from schemas.changes.lifecycle import ChangeState
from schemas.changes.stored import RunRow
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.people.assignment import Account


def play_history(config: Path, *, as_of: str | None, diff: tuple[str, str] | None, as_json: bool) -> int:
    """Show one of the three readings. Raises ConfigurationError for a day or run that is none, or two questions at
    once.
    """
    if as_of and diff:
        raise ConfigurationError([say("past.both")])
    settings = load_settings(config)
    with open_to_read(settings) as store:
        if diff:
            document = _between(store, diff)
        elif as_of:
            document = _day(store, day_or_today(as_of))
        else:
            document = {"runs": [_run(one) for one in store.runs()]}
    if as_json:
        print_json(document)
    else:
        (print_between if diff else print_day if as_of else print_runs)(document)
    return 0


def _run(one: RunRow) -> dict[str, Any]:
    return {
        "run_id": one.run_id,
        "as_of": one.as_of.isoformat(),
        "status": one.status,
        "started_at": one.started_at.isoformat(),
        "finished_at": one.finished_at.isoformat() if one.finished_at else None,
        "software": one.software,
        "rules_digest": one.rules_digest,
        "inputs_digest": one.inputs_digest,
        "counts": dict(one.counts),
        "sources": [asdict(source) | {"stamp": source.stamp and source.stamp.isoformat()} for source in one.sources],
    }


def _day(store: Store, day: date) -> dict[str, Any]:
    accounts, structures = store.annuaire_at(day)
    known = _last_night(store, day)
    return {
        "as_of": day.isoformat(),
        "known_on": known.isoformat() if known else None,
        "recorded": bool(accounts or structures),
        "counts": {
            "active": sum(1 for one in accounts.values() if one.active),
            "inactive": sum(1 for one in accounts.values() if not one.active),
            "structures": dict(sorted(Counter(one.type for one in structures.values()).items())),
        },
        "accounts": [_account(one) for one in accounts.values()],
        "structures": [asdict(one) for one in structures.values()],
        "changes": [_change(state) for state in _open(store, day).values()],
    }


def _last_night(store: Store, day: date) -> date | None:
    """The day of the last night that anything is known of; of `day` itself where later ones were played: between two
    nights nothing has changed that anybody knows of.
    """
    nights = [run.as_of for run in store.runs() if run.status in ("complete", "partial")]
    return min(day, max(nights)) if nights and min(nights) <= day else None


def _account(one: Account) -> dict[str, Any]:
    """As the annuaire had it: the number as it stood there."""
    expires = one.card_expires_on.isoformat() if one.card_expires_on else None
    return asdict(one) | {"number": one.number.raw, "card_expires_on": expires}


def _open(store: Store, day: date) -> Mapping[str, ChangeState]:
    return {key: state for key, state in store.states(as_of=day).items() if state.is_open}


def _change(state: ChangeState) -> dict[str, Any]:
    content: dict[str, Any] = state.change.model_dump(mode="json")
    told = state.told_to
    if told is not None and told != state.change.updater.ref:  # it has gone to another post since
        content["updater"] = Updater(post=told.post, scope=told.scope).model_dump(mode="json")
    return content | {"status": state.status, "first_seen": state.first_seen.isoformat()}


def _between(store: Store, nights: tuple[str, str]) -> dict[str, Any]:
    runs = store.runs()
    first, last = sorted(_night(text, runs) for text in nights)
    found = between(store.annuaire_at(first), store.annuaire_at(last))
    states = {**store.states(as_of=first), **(later := store.states(as_of=last))}
    moved = moves(store.states(as_of=first), later)
    return {
        "before": first.isoformat(),
        "after": last.isoformat(),
        **asdict(found),
        "changes": [
            {"id": key, "kind": states[key].change.kind, "before": then, "after": now} for key, then, now in moved
        ],
    }


def _night(text: str, runs: list[RunRow]) -> date:
    """A day, or the day of a run."""
    run = next((one for one in runs if one.run_id == text), None)
    if run is not None:
        return run.as_of
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError([say("past.no_run", found=text)]) from None
