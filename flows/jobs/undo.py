"""`undo`: an answer that said who is who is taken back; the question is asked again from the next night on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.settings.load import load_settings
from flows.state.opened import open_to_read, open_to_write
from flows.state.run_state import now, who
from flows.terminal.console import print_json, stdout
from flows.terminal.judgement_line import judgement_text
from schemas.changes.judgement import Judgement
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say


def play_undo(config: Path, ids: Sequence[str], *, as_json: bool) -> int:
    """Take these answers back, or list those that stand. Raises ConfigurationError for a reference that none bears."""
    settings = load_settings(config)
    if not ids:
        with open_to_read(settings) as store:
            standing = [one for one in store.judgements() if one.stands]
        _show(standing, as_json=as_json)
        return 0
    wanted = list(dict.fromkeys(one.strip().upper() for one in ids))
    with open_to_write(settings) as store:
        known = {one.change_id for one in store.judgements() if one.stands}
        if problems := [say("undo.unknown", found=one) for one in wanted if one not in known]:
            raise ConfigurationError(problems)
        for one in wanted:
            store.undo(one, who(), now())
    if as_json:
        print_json({"undone": wanted})
    for one in wanted if not as_json else ():
        stdout().print(say("undo.done", id=one), markup=False, soft_wrap=True)
    return 0


def _show(standing: Sequence[Judgement], *, as_json: bool) -> None:
    if as_json:
        print_json({"judgements": [summary(one) for one in standing]})
        return
    lines = [judgement_text("undo.line", one) for one in standing] or [say("undo.none")]
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
