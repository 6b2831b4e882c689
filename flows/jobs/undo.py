"""`undo`: an answer that said who is who is taken back; the question is asked again from the next night on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from connectors.store import Store
from flows.settings.load import load_settings
from flows.state.opened import open_to_read, open_to_write
from flows.state.run_state import now, who
from flows.terminal.console import print_json, stdout
from flows.terminal.judgement_line import judgement_text
from pipelines.judgements import asked_again
from pipelines.phrase import person_text
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import ChangeState
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.words import label_key


def play_undo(config: Path, ids: Sequence[str], *, as_json: bool) -> int:
    """Take these answers back, or list those that stand. Raises ConfigurationError for a reference that none bears."""
    settings = load_settings(config)
    if not ids:
        with open_to_read(settings) as store:
            standing = [one for one in store.judgements() if one.stands]
            known = _known(store) if standing else _Known()
        _show(standing, known, as_json=as_json)
        return 0
    with open_to_write(settings) as store:
        standing = [one for one in store.judgements() if one.stands]
        known = _known(store)
        meant = {one: _meant(one, standing, known) for one in ids}
        if problems := list(_problems(meant)):
            raise ConfigurationError(problems)
        wanted = list(dict.fromkeys(key for keys in meant.values() for key in keys))
        for one in wanted:
            store.undo(one, who(), now(), asked_again(one, known.states, now().date()))
    if as_json:
        print_json({"undone": wanted})
    for one in wanted if not as_json else ():
        stdout().print(say("undo.done", id=one), markup=False, soft_wrap=True)
    return 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the answers are about: the changes, the names of the establishments, when each was given."""

    states: Mapping[str, ChangeState] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, date] = field(default_factory=dict)


def _known(store: Store) -> _Known:
    _, structures = store.annuaire_at(now().date())
    names = {code: one.name for code, one in structures.items()}
    return _Known(store.states(), names, {key: one.day for key, one in store.last_answers().items()})


def _meant(said: str, standing: Sequence[Judgement], known: _Known) -> list[str]:
    """The questions of a reference, else of an account, a number or an establishment's code, else of a name or a part
    of one, as `explain` takes them.
    """
    wanted, words = said.strip().upper(), set(label_key(said).split())
    found = [one for one in standing if one.change_id == wanted]
    found = found or [one for one in standing if wanted in (one.account.upper(), one.number)]
    found = found or [one for one in standing if wanted in (one.place.upper(), *(key.upper() for key in one.keys))]
    found = found or [one for one in standing if words and words <= set(label_key(_about(one, known)).split())]
    return list(dict.fromkeys(one.change_id for one in found))


def _problems(meant: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for said, keys in meant.items():
        if not keys:
            yield say("undo.unknown", found=said)
        elif len(keys) > 1:
            yield say("undo.several", found=said, ids=", ".join(keys))


def _about(one: Judgement, known: _Known) -> str:
    """Whom an answer is about: the name, the account; of a structure its name and code."""
    state = known.states.get(one.change_id)
    name = person_text(state.change) if state and state.change.person.last_name else one.name.replace("|", " ").upper()
    if name.strip() and one.about != "structure":
        return " – ".join(filter(None, (name.strip(), one.account)))
    return one.account or " ".join(filter(None, (known.names.get(one.place, ""), one.place)))


def _show(standing: Sequence[Judgement], known: _Known, *, as_json: bool) -> None:
    if as_json:
        print_json({"judgements": [summary(one) for one in standing]})
        return
    told = (judgement_text("undo.line", one, _about(one, known), known.answered.get(one.change_id)) for one in standing)
    lines = [one.replace("\n", "\n  ") for one in told] or [say("undo.none")]
    for line in lines:
        stdout().print(line, markup=False, soft_wrap=True)


def summary(one: Judgement) -> dict[str, Any]:
    """Return it as `--json` has it."""
    return {
        "change_id": one.change_id,
        "about": one.about,
        "choice": one.choice,
        "keys": list(one.keys),
        "day": one.day.isoformat(),
        "said": one.said,
        "post": one.by.name if one.by else None,
        "undone_on": one.undone_on.isoformat() if one.undone_on else None,
    }
