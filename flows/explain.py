"""`explain`: everything known of one account, number or change, read like a night and written nowhere."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from connectors.ledger import Ledger
from flows.answer import Answer, Past
from flows.configuration import load_settings
from flows.days import day_or_today
from flows.live import Live, ask_live, check_live
from flows.missing import missing_of
from flows.nightly import admin, named, overrides
from flows.past import look_at_sources
from flows.settings import Settings
from flows.store import open_to_read, store_exists
from flows.telling import Tell
from flows.terminal.console import print_json, progress, stdout
from flows.terminal.explain_screen import print_explanation
from flows.undo import summary
from flows.words import find_words, forget_words, word_document, word_text
from pipelines.argue import Weighing
from pipelines.by_name import bearers
from pipelines.compare import compare
from pipelines.earlier import earlier_of
from pipelines.explain import Explained, Explanation, Subject, explain, find_subject
from pipelines.miss import Missing, with_missing, without_missing
from pipelines.remark_lines import mentions
from pipelines.sources import Sources
from pipelines.survive import Kept
from pipelines.world import World
from schemas.change import Change
from schemas.errors import ConfigurationError
from schemas.identifiers import classify_cpx
from schemas.judgement import Judgement
from schemas.ledger import LedgerDecision
from schemas.lifecycle import ChangeState, LedgerEvent
from schemas.nomenclatures import say
from schemas.vocabulary import Word
from schemas.written import KeptRemark

_NAMED = 10  # people of one name that are told


def play_explain(identifier: str, config: Path, as_of: str | None, *, as_json: bool, live: bool = False) -> int:
    """Answer one question; exit 2 for an identifier that nobody has, and that is no word of this installation."""
    settings = load_settings(config)
    day = day_or_today(as_of)
    if live:
        check_live(settings)
    if words := find_words(settings, identifier):
        return _tell(words, settings, day, as_json=as_json)
    with progress() as tell:
        answer = answer_of(settings, identifier, day, tell, live=live)
    if as_json:
        print_json(_document(answer))
    else:
        print_explanation(answer)
    return 0


def play_forget(text: str, config: Path, *, as_json: bool) -> int:
    """Take a word of this installation back; exit 2 where it is none."""
    words = forget_words(load_settings(config), text)
    if not words:
        raise ConfigurationError([say("word.none", found=text.strip())])
    if as_json:
        print_json({"forgotten": [word_document(one) for one in words]})
    for one in words if not as_json else ():
        stdout().print(say("word.forgotten", wording=one.wording, field=say(f"word.{one.field}")), markup=False)
    return 0


def _tell(words: Sequence[Word], settings: Settings, day: date, *, as_json: bool) -> int:
    if as_json:
        print_json({"words": [word_document(one) for one in words]})
        return 0
    with open_to_read(settings) as ledger:
        _, structures = ledger.annuaire_at(day)
    names = {one.code: one.name for one in structures.values()}
    for one in words:
        stdout().print(word_text(one, names), markup=False)
    return 0


def answer_of(settings: Settings, identifier: str, day: date, tell: Tell, *, live: bool = False) -> Answer:
    """Read the sources as tonight's run would, and the store; `live`: the national directory is asked as well.

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
    changes = {**known, **{change.id: change for change in comparison.changes}}
    subject = _asked_live(identifier) if live and find_subject(identifier, seen, changes) is None else None
    subject = subject or _subject(identifier, seen, changes, missing)
    explanation = explain(subject, seen, comparison, known)
    ids = [one.change.id for one in explanation.changes]
    return Answer(
        identifier.strip(),
        day,
        explanation,
        _past(settings, states, ids),
        tuple(_unused(world.sources)),
        _vanished(subject, missing),
        _judged(settings, subject, ids),
        _about(settings, explanation),
        ask_live(settings, subject.numbers) if live else None,
    )


def _asked_live(text: str) -> Subject | None:
    """A number, of whom the directory may know whom no source of ours has."""
    number = classify_cpx(text)
    return Subject(numbers=frozenset({number.number})) if number.usable else None


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


def _about(settings: Settings, explanation: Explanation) -> tuple[KeptRemark, ...]:
    """What somebody wrote of them without a line: below the lines, or in a mail."""
    if not store_exists(settings):
        return ()
    with open_to_read(settings) as ledger:
        remarks = [one for one in ledger.remarks("") if one.remark.text]
    subject = explanation.subject
    people = [one.change.person for one in explanation.changes]
    names = [view.values.get("last_name", "") for view in explanation.views] + [one.last_name for one in people]
    return tuple(one for one in remarks if mentions(one.remark.text, names, [*subject.accounts, *subject.numbers]))


def _subject(text: str, world: World, changes: Mapping[str, Change], missing: Missing) -> Subject:
    """Of an identifier, else of a name; with several people of that name, their identifiers are told."""
    found = find_subject(text, world, changes)
    if found is not None:
        return found
    if text.strip().upper() in missing.absences:
        return Subject((text.strip().upper(),))
    named = bearers(text, world, changes)
    if len(named) > 1:
        people = ", ".join(say("explain.one_of_them", key=one.key, label=one.label) for one in named[:_NAMED])
        more = ["…"] if len(named) > _NAMED else []
        raise ConfigurationError([say("explain.several", found=text.strip(), people=", ".join([people, *more]))])
    found = find_subject(named[0].key, world, changes) if named else None
    if found is None:
        raise ConfigurationError([say("explain.unknown", found=text.strip())])
    return found


def _judged(settings: Settings, subject: Subject, ids: list[str]) -> tuple[Judgement, ...]:
    """What was decided of these people, taken back or not."""
    if not store_exists(settings):
        return ()
    mine = {*subject.accounts, *subject.numbers}
    with open_to_read(settings) as ledger:
        return tuple(
            one
            for one in ledger.judgements()
            if one.change_id in ids or not mine.isdisjoint((*one.keys, one.account, one.number))
        )


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
        return {
            key: Past(
                states.get(key), tuple(ledger.history(key)), tuple(ledger.decisions(key)), tuple(ledger.remarks(key))
            )
            for key in ids
        }


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
        "judgements": [summary(one) for one in answer.judgements],
        "doubts": [{"reason": one.code, "sentence": one.sentence, "source": one.source} for one in found.doubts],
        "vanished": list(answer.vanished),
        "not_compared": list(found.uncompared),
        "changes": [_change(one, answer.past.get(one.change.id)) for one in found.changes],
        "remarks": [_remark(one) for one in answer.remarks],
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
        "remarks": [_remark(one) for one in (past.remarks if past else ())],
    }


def _remark(found: KeptRemark) -> dict[str, Any]:
    said = found.remark
    return {
        "day": found.day.isoformat(),
        "from": found.sender or None,
        "file": found.file_name,
        "kind": said.kind,
        "sheet": said.sheet,
        "row": said.row,
        "text": said.text,
        "message": said.message,
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
        "said": entry.said,
    }
