"""The administrator's pages, where they are written."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.page import INDEX, page_name, remove_others, write_page
from pipelines.reports.pages.dashboard import PageFacts
from pipelines.reports.pages.facts import pages_of
from schemas.changes.change import RunStatus

FOLDER = "dashboard"


def write_night(facts: PageFacts, run_id: str, status: RunStatus, counts: Mapping[str, Any], out: Path) -> None:
    """Write the pages of a night under `out`, the run among those of the past as it is about to be closed.

    Before it is closed: a night that is killed here is played again, pages and all.
    """
    runs = [replace(run, status=status, counts=counts) if run.run_id == run_id else run for run in facts.runs]
    write_pages(replace(facts, runs=runs), out / FOLDER)


def write_pages(facts: PageFacts, folder: Path) -> list[Path]:
    """Write the country's page and one for each region that has something; pages of an earlier run are replaced.

    Raises DeliveryError when the disk or the rights refuse.
    """
    pages = pages_of(facts)
    names = {code: page_name(code) if code else INDEX for code in pages}
    for code, page in pages.items():
        write_page(page, folder / names[code], [other for other in pages if other])
    remove_others(folder, pages)
    return [folder / name for name in names.values()]
