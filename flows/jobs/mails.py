"""`mails`: the mails of which nobody knows whether they arrived, and what a human says became of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.settings.load import load_settings
from flows.state.opened import open_to_read, open_to_write
from flows.state.run_state import now, who
from flows.terminal.console import print_json, stdout
from flows.terminal.mails_screen import print_unknown
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.reports.mail import MailRow


def play_mails(config: Path, arrived: Sequence[str], lost: Sequence[str], *, as_json: bool) -> int:
    """Show them, or settle those that are named. Raises ConfigurationError for a name that none of them bears."""
    settings = load_settings(config)
    if not arrived and not lost:
        with open_to_read(settings) as store:
            found = [summary(row) for row in store.unknown_mails()]
        if as_json:
            print_json({"unknown_mails": found})
        else:
            print_unknown(stdout(), found)
        return 0
    with open_to_write(settings) as store:
        known = {row.message_id.strip("<>"): row for row in store.unknown_mails()}
        said = _said(arrived, lost, known)
        for message_id, has_arrived in said.items():
            store.settle_mail(known[message_id], arrived=has_arrived, by=who(), now=now())
    settled: dict[str, list[str]] = {"arrived": [], "lost": []}
    for message_id, has_arrived in said.items():
        settled["arrived" if has_arrived else "lost"].append(message_id)
    if as_json:
        print_json(settled)
    for outcome, ids in settled.items() if not as_json else ():
        for message_id in ids:
            stdout().print(say(f"mails.{outcome}", id=message_id), markup=False, soft_wrap=True)
    return 0


def _said(arrived: Sequence[str], lost: Sequence[str], known: dict[str, MailRow]) -> dict[str, bool]:
    """Message-ID without its brackets → it arrived. All wrong words are told at once."""
    ids = [[text.strip().strip("<>") for text in texts] for texts in (arrived, lost)]
    problems = [say("mails.not_found", found=one) for one in dict.fromkeys([*ids[0], *ids[1]]) if one not in known]
    problems += [say("mails.both", found=one) for one in dict.fromkeys(ids[0]) if one in ids[1]]
    if problems:
        raise ConfigurationError(problems)
    return dict.fromkeys(ids[0], True) | dict.fromkeys(ids[1], False)


def summary(row: MailRow) -> dict[str, Any]:
    """Return it as `--json` has it: no address."""
    return {
        "message_id": row.message_id.strip("<>"),
        **row.updater.model_dump(),
        "day": row.day.isoformat(),
        "run_id": row.run_id,
        "changes": len(row.change_ids),
    }
