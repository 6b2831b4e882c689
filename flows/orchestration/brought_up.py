"""All that `deploy/up` sets up on a server, by one process: most of what each takes is the import of Prefect.

`python -m flows.orchestration.brought_up KIND [OPTION…]`: the pool of that kind, the deployments of
`prefect.yaml`, the nightly one once more with these options of `prefect deploy`, where there are any; the automations.
Where all of it stands as it was left, nothing is done, and Prefect is not imported.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.orchestration.server.standing import record_standing, stands
from flows.run.exits import EXIT_DONE

NOTE = "brought_up.note"  # in PREFECT_HOME


def deploy(*words: str) -> int:
    """Carry out `prefect deploy` with these words, as typed; the exit code."""
    from prefect.cli import app  # a second and more: only where something is to be set up

    sys.argv = ["prefect", "--no-prompt", "deploy", *words]
    try:
        app()
    except SystemExit as end:
        return EXIT_DONE if end.code is None else int(end.code)
    return EXIT_DONE


def set_up(kind: str, options: Sequence[str]) -> int:
    """Set everything up; the exit code of the first that fails."""
    from flows.orchestration.automations import load_automations  # the same second
    from flows.orchestration.pools import load_pool
    from flows.orchestration.server.client import played

    return (
        played(lambda: load_pool(kind))
        or deploy("--all")
        or (deploy("--name", "nightly", *options) if options else EXIT_DONE)
        or played(load_automations)
    )


def main(kind: str, options: Sequence[str]) -> int:
    """Set up what does not stand; the exit code."""
    home = os.environ.get("PREFECT_HOME")
    if home is None:
        return set_up(kind, options)
    note = Path(home) / NOTE
    if stands(note, kind, options):
        return EXIT_DONE
    note.unlink(missing_ok=True)  # killed in between, nothing is certain
    code = set_up(kind, options)
    if code == EXIT_DONE:
        record_standing(note, kind, options)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
