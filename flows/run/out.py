"""The folder that `--out` names: nothing is read before it is known to be one that can be written."""

import os
from pathlib import Path

from schemas.errors import ConfigurationError
from schemas.nomenclatures import say


def out_problems(out: Path | None) -> list[str]:
    """Return what is wrong with the folder of `--out`, before anything is read: it is a file, or lies under one, or
    nothing can be written there.
    """
    there = [one for one in (out.absolute(), *out.absolute().parents) if one.exists()] if out else []
    if not there:
        return []
    if not there[0].is_dir():
        return [say("cli.out_is_file", path=there[0])]
    return [] if os.access(there[0], os.W_OK | os.X_OK) else [say("cli.out_unwritable", path=out, folder=there[0])]


def check_out(out: Path | None) -> None:
    """Refuse a folder that is none. Raises ConfigurationError."""
    if problems := out_problems(out):
        raise ConfigurationError(problems)
