"""What `mails` shows in a terminal: the mails whose fate is unknown, each with its updater."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console

from schemas.nomenclatures import post_said, say
from schemas.typography import say_count


def print_unknown(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Print each with its updater, day and Message-ID; then what to do."""
    if not found:
        console.print(say("mails.none"))
        return
    console.print(f"[bold]{say('mails.title')}[/]")
    for one in found:
        updater = post_said(one["post"], one["scope"])
        counts = say_count("count.unknown", one["changes"])
        console.print(
            say("mails.row", day=f"{date.fromisoformat(one['day']):%d/%m/%Y}", updater=updater, counts=counts),
            markup=False,
        )
        console.print(say("mails.id", id=one["message_id"]), markup=False, soft_wrap=True)
    console.print(say("mails.advice"), markup=False)
