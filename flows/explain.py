"""`explain`: everything known of one account, number or change, read like a night and written nowhere."""

from pathlib import Path
from typing import Any

from flows.answer import Answer, Past
from flows.configuration import load_settings
from flows.documents import plain
from flows.look import look, looking_at
from flows.run import Run
from flows.terminal.console import print_json, progress
from flows.terminal.explain_screen import print_explanation
from pipelines.argue import Weighing
from pipelines.explain import Explained, Subject, explain, find_subject
from pipelines.miss import Missing
from schemas.errors import ConfigurationError
from schemas.ledger import LedgerDecision
from schemas.lifecycle import LedgerEvent
from schemas.nomenclatures import say


def play_explain(identifier: str, config: Path, *, as_of: str | None, as_json: bool) -> int:
    """Answer one question; exit 2 for an identifier that nobody has."""
    settings = load_settings(config)
    with progress() as tell, looking_at(settings, as_of, tell, before_the_first=True) as run:
        answer = answer_of(run, identifier)
    if as_json:
        print_json(_document(answer))
    else:
        print_explanation(answer)
    return 0


def answer_of(run: Run, identifier: str) -> Answer:
    """Look at the sources as tonight's run would, and into the store.

    Raises AnnuaireError when the annuaire cannot be read, ConfigurationError for an unknown identifier.
    """
    ledger, states = run.store.ledger, run.store.ledger.states()
    found = look(run, states, with_vanished=True)
    known = {key: state.change for key, state in states.items()}
    tonight = {change.id: change for change in found.comparison.changes}
    subject = find_subject(identifier, found.snapshot, {**known, **tonight})
    if subject is None and identifier.strip().upper() in found.missing.absences:
        subject = Subject((identifier.strip().upper(),))
    if subject is None:
        raise ConfigurationError([say("explain.unknown", found=identifier.strip())])
    explanation = explain(subject, found.snapshot, found.comparison, known)
    ids = [one.change.id for one in explanation.changes]
    past = {key: Past(states.get(key), tuple(ledger.history(key)), tuple(ledger.decisions(key))) for key in ids}
    gone = _vanished(subject, found.missing)
    return Answer(identifier.strip(), run.day, explanation, past, tuple(found.unused), gone)


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


def _document(answer: Answer) -> dict[str, Any]:
    found = answer.explanation
    return {
        "asked": answer.asked,
        "as_of": answer.day.isoformat(),
        "account_ids": list(found.subject.accounts),
        "national_ids": sorted(found.subject.numbers),
        "sources": [plain(view) for view in found.views],
        "unused_sources": [{"source": name, "message": message} for name, message in answer.unused],
        "golden": [plain(one) for one in found.kept],
        "matches": list(found.matches),
        "evidence": [_weighing(one) for one in found.weighed],
        "doubts": [{"reason": one.code, "sentence": one.sentence, "source": one.source} for one in found.doubts],
        "vanished": list(answer.vanished),
        "not_compared": list(found.uncompared),
        "changes": [_change(one, answer.past.get(one.change.id)) for one in found.changes],
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
    return {"number": found.seq, **plain(found.event, without={"change_id"}), "run_id": found.run_id}


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
