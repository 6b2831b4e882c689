"""Secrets that lie open to every account of the machine: said by whoever sends or takes, as `doctor` says it.

`secrets_file` is refused so, at the desk of whoever has just written it. A night is not: nobody would be told anything
for the sake of a file's mode, which a copy or a restore had changed.
"""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from connectors.system.machine import open_to_others
from flows.settings.model import Settings
from flows.settings.passwords import DEFAULT_FILE
from flows.settings.signing import keyring
from flows.state.check_installation import copy_here
from schemas.nomenclatures import say


def said_before(settings: Settings) -> tuple[str, ...]:
    """Return what a command that sends or takes says first, and goes on: it is a copy, its secrets are open."""
    return (*copy_here(settings), *open_secrets(settings))


def open_secrets(settings: Settings) -> tuple[str, ...]:
    """Return which secrets are open and what closes them; () where none is."""
    opened = [str(path) for path in secret_files(settings) if open_to_others(path)]
    if not opened:
        return ()
    return say("open_secrets.found", paths=", ".join(opened)), say(
        "open_secrets.todo", paths=" ".join(map(quote, opened))
    )


def secret_files(settings: Settings) -> Iterator[Path]:
    """Yield the files that hold a key or passwords of ours; `secrets_file` is refused where it is open."""
    yield (key := keyring(settings).path)
    yield key.with_name(key.name + ".previous")
    named = (
        settings.mail.passwords_file or DEFAULT_FILE,
        settings.mail.smime_key,
        *(one.key for one in settings.fetch),
    )
    yield from (settings.path(name) for name in named if name)
