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
from flows.missing import missing_of
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
from pipelines.miss import Missing, with_missing, without_missing
from pipelines.sources import Sources
from pipelines.survive import Kept
from schemas.errors import ConfigurationError
from schemas.ledger import LedgerDecision
from schemas.lifecycle import ChangeState, LedgerEvent
from schemas.nomenclatures import say


def play_explain(identifier: str, config: Path, *, as_of: str | None, as_json: bool) -> int:
    """Answer one question; exit 2 for an identifier that nobody has."""
    settings = load_settings(config)
    day = day_or_today(as_of)
    with progress() as tell:
        answer = answer_of(settings, identifier, day, tell)
    if as_json:
        print_json(_document(answer))
    else:
        print_explanation(answer)
    return 0


def answer_of(settings: Settings, identifier: str, day: date, tell: Tell) -> Answer:
    """Read the sources as tonight's run would, and the store.

    Raises AnnuaireError when the annuaire cannot be read, ConfigurationError for an unknown identifier.
    """
    with _ledger(settings) as ledger:
        world = look_at_sources(settings, day, tell, ledger)
        missing = missing_of(ledger, day, world.accounts).known_by(world.register)
    states = _states(settings)
    staff = overrides(settings), admin(settings), named(settings, world.day)
    seen = with_missing(world, missing)
    comparison = without_missing(world, compare(seen, *staff, earlier=earlier_of(states.values())), missing)
    known = {key: state.change for key, state in states.items()}
    subject = find_subject(identifier, seen, {**known, **{change.id: change for change in comparison.changes}})
    if subject is None and identifier.strip().upper() in missing.absences:
        subject = Subject((identifier.strip().upper(),))
    if subject is None:
        raise ConfigurationError([say("explain.unknown", found=identifier.strip())])
    explanation = explain(subject, seen, comparison, known)
    past = _past(settings, states, [one.change.id for one in explanation.changes])
    return Answer(
        identifier.strip(), day, explanation, past, tuple(_unused(world.sources)), _vanished(subject, missing)
    )


def _vanished(subject: Subject, missing: Missing) -> tuple[str, ...]:
    """Of the accounts asked about, those that the annuaire has no more."""
    known = {**missing.former, **missing.accounts}
    found = []
    for key in subject.accounts:
        if absence := missing.absences.get(key):
            one = known.get(key)
            name = f"{one.last_name} {one.first_name}".strip() if one else ""
            facts = {"account": key, "name": f" ({name})" if name else "", "since": f"{absence.since:%d/%m/%Y}"}
            found.append(say(f"explain.{'gone' if absence.gone else 'vanished'}", **facts, exports=absence.exports))
    return tuple(found)


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
        "golden": [_kept(one) for one in found.kept],
        "matches": list(found.matches),
        "evidence": [_weighing(one) for one in found.weighed],
        "doubts": [{"reason": one.code, "sentence": one.sentence, "source": one.source} for one in found.doubts],
        "vanished": list(answer.vanished),
        "not_compared": list(found.uncompared),
        "changes": [_change(one, answer.past.get(one.change.id)) for one in found.changes],
    }


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
