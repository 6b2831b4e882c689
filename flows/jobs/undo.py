"""`undo`: an answer that said who is who is taken back; the question is asked again from the next night on."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

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
            states = store.states() if standing else {}
        _show(standing, states, as_json=as_json)
        return 0
    with open_to_write(settings) as store:
        standing = [one for one in store.judgements() if one.stands]
        states = store.states()
        meant = {one: _meant(one, standing, states) for one in ids}
        if problems := list(_problems(meant)):
            raise ConfigurationError(problems)
        wanted = list(dict.fromkeys(key for keys in meant.values() for key in keys))
        for one in wanted:
            store.undo(one, who(), now(), asked_again(one, states, now().date()))
    if as_json:
        print_json({"undone": wanted})
    for one in wanted if not as_json else ():
        stdout().print(say("undo.done", id=one), markup=False, soft_wrap=True)
    return 0


def _meant(said: str, standing: Sequence[Judgement], states: Mapping[str, ChangeState]) -> list[str]:
    """The questions of a reference, else of an account, a number or an establishment's code, else of a name or a part
    of one, as `explain` takes them.
    """
    wanted, words = said.strip().upper(), set(label_key(said).split())
    found = [one for one in standing if one.change_id == wanted]
    found = found or [one for one in standing if wanted in (one.account.upper(), one.number)]
    found = found or [one for one in standing if wanted in (one.place.upper(), *(key.upper() for key in one.keys))]
    found = found or [one for one in standing if words and words <= set(label_key(_about(one, states)).split())]
    return list(dict.fromkeys(one.change_id for one in found))


def _problems(meant: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for said, keys in meant.items():
        if not keys:
            yield say("undo.unknown", found=said)
        elif len(keys) > 1:
            yield say("undo.several", found=said, ids=", ".join(keys))


def _about(one: Judgement, states: Mapping[str, ChangeState]) -> str:
    """Whom an answer is about: the name, the account; of a structure its code."""
    state = states.get(one.change_id)
    name = person_text(state.change) if state and state.change.person.last_name else one.name.replace("|", " ").upper()
    return " – ".join(filter(None, (name.strip(), one.account or ("" if name.strip() else one.place))))


def _show(standing: Sequence[Judgement], states: Mapping[str, ChangeState], *, as_json: bool) -> None:
    if as_json:
        print_json({"judgements": [summary(one) for one in standing]})
        return
    lines = [judgement_text("undo.line", one, _about(one, states)).replace("\n", "\n  ") for one in standing] or [
        say("undo.none")
    ]
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
