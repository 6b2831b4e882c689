"""`explain`: everything known of one account, number or change, read like a night and written nowhere."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from connectors.ledger import Ledger
from flows.answer import Answer, Past
from flows.configuration import load_settings
from flows.days import day_or_today
from flows.live import Live, ask_live, check_live
from flows.nightly import admin, named, overrides
from flows.past import look_at_sources
from flows.settings import Settings
from flows.store import open_to_read, store_exists
from flows.telling import Tell
from flows.terminal.console import print_json, progress
from flows.terminal.explain_screen import print_explanation
from pipelines.argue import Weighing
from pipelines.compare import compare
from pipelines.earlier import earlier_of
from pipelines.explain import Explained, Subject, explain, find_subject
from pipelines.sources import Sources
from pipelines.survive import Kept
from schemas.errors import ConfigurationError
from schemas.identifiers import classify_cpx
from schemas.ledger import LedgerDecision
from schemas.lifecycle import ChangeState, LedgerEvent
from schemas.nomenclatures import say


def play_explain(identifier: str, config: Path, *, as_of: str | None, as_json: bool, live: bool = False) -> int:
    """Answer one question; exit 2 for an identifier that nobody has."""
    settings = load_settings(config)
    day = day_or_today(as_of)
    if live:
        check_live(settings)
    with progress() as tell:
        answer = answer_of(settings, identifier, day, tell, live=live)
    if as_json:
        print_json(_document(answer))
    else:
        print_explanation(answer)
    return 0


def answer_of(settings: Settings, identifier: str, day: date, tell: Tell, *, live: bool = False) -> Answer:
    """Read the sources as tonight's run would, and the store; `live`: the national directory is asked as well.

    Raises AnnuaireError when the annuaire cannot be read, ConfigurationError for an unknown identifier.
    """
    with _ledger(settings) as ledger:
        world = look_at_sources(settings, day, tell, ledger)
    states = _states(settings)
    staff = overrides(settings), admin(settings), named(settings, world.day)
    comparison = compare(world, *staff, earlier=earlier_of(states.values()))
    known = {key: state.change for key, state in states.items()}
    subject = find_subject(identifier, world, {**known, **{change.id: change for change in comparison.changes}})
    if subject is None and live and (number := classify_cpx(identifier)).usable:
        subject = Subject(numbers=frozenset({number.number}))  # the directory may know whom no source of ours has
    if subject is None:
        raise ConfigurationError([say("explain.unknown", found=identifier.strip())])
    explanation = explain(subject, world, comparison, known)
    past = _past(settings, states, [one.change.id for one in explanation.changes])
    now_said = ask_live(settings, subject.numbers) if live else None
    return Answer(identifier.strip(), day, explanation, past, tuple(_unused(world.sources)), now_said)


@contextmanager
def _ledger(settings: Settings) -> Iterator[Ledger | None]:
    """What the nights before left; None before the first."""
    if not store_exists(settings):
        yield None
        return
    with open_to_read(settings) as ledger:
        yield ledger


def _states(settings: Settings) -> dict[str, ChangeState]:
    if not store_exists(settings):
        return {}
    with open_to_read(settings) as ledger:
        return ledger.states()


def _past(settings: Settings, states: Mapping[str, ChangeState], ids: list[str]) -> dict[str, Past]:
    if not store_exists(settings):
        return {}
    with open_to_read(settings) as ledger:
        return {key: Past(states.get(key), tuple(ledger.history(key)), tuple(ledger.decisions(key))) for key in ids}


def _unused(sources: Sources) -> Iterator[tuple[str, str]]:
    return ((report.name, report.message) for report in sources.reports if not report.usable)


def _document(answer: Answer) -> dict[str, Any]:
    found = answer.explanation
    return {
        "asked": answer.asked,
        "as_of": answer.day.isoformat(),
        "account_ids": list(found.subject.accounts),
        "national_ids": sorted(found.subject.numbers),
        "sources": [{"source": view.source, "place": view.place, "values": view.values} for view in found.views],
        "unused_sources": [{"source": name, "message": message} for name, message in answer.unused],
        **({"live": _live(answer.live)} if answer.live else {}),
        "golden": [_kept(one) for one in found.kept],
        "matches": list(found.matches),
        "evidence": [_weighing(one) for one in found.weighed],
        "doubts": [{"reason": one.code, "sentence": one.sentence, "source": one.source} for one in found.doubts],
        "changes": [_change(one, answer.past.get(one.change.id)) for one in found.changes],
    }


def _live(one: Live) -> dict[str, Any]:
    views = [{"source": view.source, "place": view.place, "values": view.values} for view in one.views]
    return {"asked_at": one.asked_at.isoformat(), "sources": views, "message": one.message}


def _kept(one: Kept) -> dict[str, Any]:
    others = [{"value": other.value, "source": other.source} for other in one.others]
    return {
        "account_id": one.account_id,
        "field": one.field,
        "value": one.value,
        "source": one.source,
        "others": others,
    }


def _weighing(one: Weighing) -> dict[str, Any]:
    said = dict(one.likeness.evidence.levels())
    return {
        "place": one.place,
        "candidate": one.key,
        "levels": {compared: level for compared, level in said.items() if level != "missing"},
        "score": one.likeness.score,
        "probability": round(one.likeness.probability, 4),
    }


def _change(one: Explained, past: Past | None) -> dict[str, Any]:
    state = past.state if past else None
    content = one.change.model_dump(mode="json")
    if state:
        content |= {"status": state.status, "first_seen": state.first_seen.isoformat()}
    return content | {
        "tonight": one.tonight,
        "rules": [{"reason": rule.code, "sentence": rule.sentence, "source": rule.source} for rule in one.rules],
        "why_this_updater": list(one.updater),
        "told_on": state.told_on.isoformat() if state and state.told_on else None,
        "history": [_event(event) for event in (past.events if past else ())],
        "decisions": [_decision(decision) for decision in (past.decisions if past else ())],
    }


def _event(found: LedgerEvent) -> dict[str, Any]:
    event = found.event
    return {
        "number": found.seq,
        "day": event.day.isoformat(),
        "before": event.before,
        "after": event.after,
        "by": event.by,
        "note": event.note,
        "run_id": found.run_id,
    }


def _decision(found: LedgerDecision) -> dict[str, Any]:
    entry = found.entry
    return {
        "at": found.at.isoformat(),
        "verdict": entry.verdict,
        "postponed_to": entry.postponed_to.isoformat() if entry.postponed_to else None,
        "comment": entry.comment,
        "file": entry.file_name,
        "file_digest": entry.file_digest,
        "outcome": entry.outcome,
        "reason": entry.reason,
    }
