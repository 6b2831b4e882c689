"""`fetch`: what `[[fetch]]` names, brought in now; the night does the same first (flows/fetching/arrivals.py)."""

from collections.abc import Sequence
from pathlib import Path

from flows.night.source_lines import fetch_summary
from flows.run.exits import EXIT_DONE, EXIT_PARTIAL
from flows.settings.load import load_settings
from flows.terminal.console import print_json, progress, stdout
from flows.terminal.fetch_screen import fetch_lines


def play_fetch(config: Path, names: Sequence[str], *, as_json: bool) -> int:
    """Bring in all, or those that are named. 0 all came or nothing is new, 3 one did not come (contract §1)."""
    from flows.fetching.bring_in import bring_in, chosen, files_missing
    from flows.fetching.indexing import index_arrivals

    settings = load_settings(config)
    asked = chosen(settings.fetch, names)
    files_missing(settings, asked)
    with progress() as tell:
        brought = bring_in(settings, asked, tell)
        index_arrivals(settings, brought, tell)
    if as_json:
        print_json({"fetched": [fetch_summary(one) for one in brought]})
    else:
        console = stdout()
        for line in fetch_lines(brought):
            console.print(line, markup=False)
    return EXIT_PARTIAL if any(one.outcome == "failed" for one in brought) else EXIT_DONE
