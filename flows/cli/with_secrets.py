"""Run a command with the variables of files, as systemd's `EnvironmentFile=` gives them to the service.

`python -m flows.cli.with_secrets FILE… -- COMMAND…`; a file named with a « - » in front may be missing. The environment
goes before the files here as in the units it goes after them: what somebody types, he means.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.settings.secret_variables import file_variables
from flows.terminal.folding import complain
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say


def main(words: Sequence[str]) -> int:
    """Become the command; 2 where a file cannot be used or there is no such command."""
    cut = words.index("--") if "--" in words else len(words)
    files, command = words[:cut], words[cut + 1 :]
    found: dict[str, str] = {}
    try:
        for name in files:
            path = Path(name.removeprefix("-"))
            if not name.startswith("-") or os.path.lexists(path):  # what cannot be looked at is said by who needs it
                found |= file_variables(path, str(path))
    except ConfigurationError as error:
        complain(error.problems)
        return 2
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**found, **os.environ, "PATH": beside}
    try:
        os.execvpe(command[0], [*command], environment)
    except (OSError, IndexError):
        complain([say("config.no_command", found=" ".join(command[:1]))])
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
