"""All that `deploy/up` sets up on a server, by one process: most of what each takes is the import of Prefect.

`python -m flows.orchestration.brought_up KIND [OPTION…]`: the pool of that kind, the deployments of
`prefect.yaml`, the nightly one once more with these options of `prefect deploy`, where there are any; the automations.
"""

import sys
from collections.abc import Sequence

from prefect.cli import app

from flows.orchestration.automations import load_automations
from flows.orchestration.pools import load_pool
from flows.orchestration.server.client import played
from flows.run.exits import EXIT_DONE


def deploy(*words: str) -> int:
    """Carry out `prefect deploy` with these words, as typed; the exit code."""
    sys.argv = ["prefect", "--no-prompt", "deploy", *words]
    try:
        app()
    except SystemExit as end:
        return EXIT_DONE if end.code is None else int(end.code)
    return EXIT_DONE


def main(kind: str, options: Sequence[str]) -> int:
    """Set everything up; the exit code of the first that fails."""
    return (
        played(lambda: load_pool(kind))
        or deploy("--all")
        or (deploy("--name", "nightly", *options) if options else EXIT_DONE)
        or played(load_automations)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
