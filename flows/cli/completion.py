"""What a shell needs to complete `efit-annuaire` on the tab key: cyclopts writes it, from the commands themselves."""

import sys
from typing import Literal, get_args

from cyclopts import App

from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

Shell = Literal["bash", "zsh", "fish"]
# What cyclopts writes in English beside the flags that every command has.
_OURS = {"Display this message and exit.": "cli.help", "Display application version.": "cli.version"}


def completion_script(app: App, shell: str) -> str:
    """Return the script, to be read by the shell. Raises ConfigurationError for a shell that cyclopts does not know."""
    known: dict[str, Shell] = {name: name for name in get_args(Shell)}
    if shell not in known:
        raise ConfigurationError([say("cli.unknown_shell", found=shell)])
    script = app.generate_completion(shell=known[shell])
    for english, key in _OURS.items():
        script = script.replace(english, say(key))
    return script


def print_completion(app: App, shell: str) -> int:
    """Print to stdout, and nothing else."""
    sys.stdout.write(completion_script(app, shell))
    return 0
