"""`explain`: everything known of one account, number or change, read like a night and written nowhere."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from connectors.store import Store
from flows.jobs.undo import summary
from flows.looking.explained import Answer, Past
from flows.looking.live import Live, ask_live, check_live
from flows.looking.look import Look, look, looking_at
from flows.looking.plain_json import plain
from flows.looking.words import find_words, forget_words, word_document, word_text
from flows.run.exits import EXIT_DONE, EXIT_PARTIAL
from flows.run.run import Run
from flows.settings.load import load_settings
from flows.terminal.console import print_json, progress, stdout
from flows.terminal.explain_screen import print_explanation
from pipelines.lifecycle.vanished_accounts import Missing
from pipelines.matching.explanation import Weighing
from pipelines.reports.explaining.by_name import bearers
from pipelines.reports.explaining.explain import Explained, Explanation, Subject, explain, find_subject
from pipelines.reports.remark_lines import mentions
from schemas.changes.change import Change
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import StoredEvent
from schemas.changes.remark import KeptRemark
from schemas.changes.stored import StoredDecision
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.people.identifiers import classify_cpx
from schemas.people.vocabulary import Word
from schemas.reading.source_names import DIRECTORY

_NAMED = 10  # people of one name that are told


def play_explain(identifier: str, config: Path, as_of: str | None, *, as_json: bool, live: bool = False) -> int:
    """Answer one question; exit 2 for an identifier that nobody has, and that is no word of this installation, 3 where
    the directory, asked `live`, does not answer.
    """
    settings = load_settings(config)
    if live:
        check_live(settings)
    words = find_words(settings, identifier)
    with progress() as tell, looking_at(settings, as_of, tell, before_the_first=True) as run:
        if words:
            return _tell(words, run, as_json=as_json)
        answer = answer_of(run, identifier, live=live)
    if as_json:
        print_json(_document(answer))
    else:
        print_explanation(answer)
    return EXIT_PARTIAL if answer.live and not answer.live.answered else EXIT_DONE


def play_forget(text: str, config: Path, *, as_json: bool) -> int:
    """Take a word of this installation back. Raises ConfigurationError where it is none."""
    words = forget_words(load_settings(config), text)
    if not words:
        raise ConfigurationError([say("word.none", found=text.strip())])
    if as_json:
        print_json({"forgotten": [word_document(one) for one in words]})
    for one in words if not as_json else ():
        stdout().print(say("word.forgotten", wording=one.wording, field=say(f"word.{one.field}")), markup=False)
    return 0


def _tell(words: Sequence[Word], run: Run, *, as_json: bool) -> int:
    if as_json:
        print_json({"words": [word_document(one) for one in words]})
        return 0
    names = {one.code: one.name for one in run.state.structures(run.day).values()}
    for one in words:
        stdout().print(word_text(one, names), markup=False)
    return 0


def answer_of(run: Run, identifier: str, *, live: bool = False) -> Answer:
    """Look at the sources as tonight's run would, and into the store; `live`: the national directory is asked as well.

    Raises AnnuaireError when the annuaire cannot be read, ConfigurationError for an unknown identifier.
    """
    store, states = run.state.store, run.state.store.states()
    found = look(run, states, with_vanished=True)
    known = {key: state.change for key, state in states.items()}
    changes = {**known, **{change.id: change for change in found.comparison.changes}}
    subject = _asked_live(identifier) if live and find_subject(identifier, found.snapshot, changes) is None else None
    subject = subject or _subject(identifier, found, changes)
    explanation = explain(subject, found.snapshot, found.comparison, known)
    ids = [one.change.id for one in explanation.changes]
    past = {
        key: Past(states.get(key), tuple(store.history(key)), tuple(store.decisions(key)), tuple(store.remarks(key)))
        for key in ids
    }
    return Answer(
        identifier.strip(),
        run.day,
        explanation,
        past,
        tuple(found.unused),
        _vanished(subject, found.missing),
        _judged(store, subject, ids),
        _about(store, explanation),
        _live_answer(run, subject, found) if live else None,
    )


def _live_answer(run: Run, subject: Subject, found: Look) -> Live:
    """What the directory says of them now; where it has not answered for the sources, it is not waited for again."""
    patient = DIRECTORY not in dict(found.unused)
    return ask_live(run.settings, subject.numbers, run.steps.tell, patient=patient)


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


def _about(store: Store, explanation: Explanation) -> tuple[KeptRemark, ...]:
    """What somebody wrote of them without a line: below the lines, or in a mail."""
    remarks = [one for one in store.remarks("") if one.remark.text]
    subject = explanation.subject
    people = [one.change.person for one in explanation.changes]
    names = [view.values.get("last_name", "") for view in explanation.views] + [one.last_name for one in people]
    return tuple(one for one in remarks if mentions(one.remark.text, names, [*subject.accounts, *subject.numbers]))


def _subject(text: str, found: Look, changes: Mapping[str, Change]) -> Subject:
    """Of an identifier, else of a name; with several people of that name, their identifiers are told."""
    subject = find_subject(text, found.snapshot, changes)
    if subject is not None:
        return subject
    if text.strip().upper() in found.missing.absences:
        return Subject((text.strip().upper(),))
    named = bearers(text, found.snapshot, changes)
    if len(named) > 1:
        people = ", ".join(say("explain.one_of_them", key=one.key, label=one.label) for one in named[:_NAMED])
        more = ["…"] if len(named) > _NAMED else []
        raise ConfigurationError([say("explain.several", found=text.strip(), people=", ".join([people, *more]))])
    subject = find_subject(named[0].key, found.snapshot, changes) if named else None
    if subject is None:
        raise ConfigurationError([say("explain.unknown", found=text.strip())])
    return subject


def _judged(store: Store, subject: Subject, ids: list[str]) -> tuple[Judgement, ...]:
    """What was decided of these people, taken back or not."""
    mine = {*subject.accounts, *subject.numbers}
    return tuple(
        one
        for one in store.judgements()
        if one.change_id in ids or not mine.isdisjoint((*one.keys, one.account, one.number))
    )


def _document(answer: Answer) -> dict[str, Any]:
    found = answer.explanation
    return {
        "asked": answer.asked,
        "as_of": answer.day.isoformat(),
        "account_ids": list(found.subject.accounts),
        "national_ids": sorted(found.subject.numbers),
        "sources": [plain(view) for view in found.views],
        "unused_sources": [{"source": name, "message": message} for name, message in answer.unused],
        **({"live": _live(answer.live)} if answer.live else {}),
        "golden": [plain(one) for one in found.kept],
        "matches": list(found.matches),
        "evidence": [_weighing(one) for one in found.weighed],
        "judgements": [summary(one) for one in answer.judgements],
        "doubts": [{"reason": one.code, "sentence": one.sentence, "source": one.source} for one in found.doubts],
        "vanished": list(answer.vanished),
        "not_compared": list(found.uncompared),
        "changes": [_change(one, answer.past.get(one.change.id)) for one in found.changes],
        "remarks": [_remark(one) for one in answer.remarks],
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


def _live(one: Live) -> dict[str, Any]:
    views = [plain(view) for view in one.views]
    return {"asked_at": one.asked_at.isoformat(), "sources": views, "message": one.message}


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


def _event(found: StoredEvent) -> dict[str, Any]:
    return {"number": found.seq, **plain(found.event, without={"change_id"}), "run_id": found.run_id}


def _decision(found: StoredDecision) -> dict[str, Any]:
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
