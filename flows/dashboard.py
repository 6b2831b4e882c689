"""`dashboard`: the administrator's pages, whenever they are wanted; counts only, no name."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from flows.configuration import load_settings
from flows.days import day_or_today
from flows.nightly import admin, named, overrides
from flows.pages import FOLDER, facts_of, pages_of, past_runs, write_pages
from flows.past import look_at_sources
from flows.store import open_to_read
from flows.terminal.console import print_json, progress, stdout
from pipelines.compare import compare
from pipelines.earlier import earlier_of
from pipelines.health import access_document
from pipelines.phrase import source_text
from schemas.dashboard import Dashboard
from schemas.health import FIGURES, Health
from schemas.nomenclatures import say
from schemas.source import SourceReport
from schemas.typography import say_count

EXIT_PARTIAL = 3


def play_dashboard(config: Path, out: Path | None, *, as_of: str | None, as_json: bool) -> int:
    """Read the sources and the store, write the pages; 3 when a source could not be used, the rest being complete.

    Raises ConfigurationError when no night has been played, AnnuaireError when the annuaire cannot be read.
    """
    settings = load_settings(config)
    day = day_or_today(as_of)
    folder = out or settings.root / "out" / FOLDER
    with open_to_read(settings) as ledger:
        states = [*ledger.states(as_of=day if as_of else None).values()]
        runs = past_runs(ledger)
        with progress() as tell:
            world = look_at_sources(settings, day, tell, ledger)
    staff = overrides(settings), admin(settings), named(settings, world.day)
    comparison = compare(world, *staff, earlier=earlier_of(states))
    open_changes = [*comparison.changes, *(one.change for one in states if one.is_open)]
    facts = facts_of(settings, world, comparison, open_changes, states, runs)
    paths = write_pages(facts, folder)
    unused = [report for report in world.sources.reports if not report.usable]
    if as_json:
        print_json(_document(pages_of(facts)[""], paths, unused))
    else:
        _print(paths, unused)
    return EXIT_PARTIAL if unused else 0


def _print(paths: list[Path], unused: list[SourceReport]) -> None:
    console = stdout()
    console.print(say("dashboard.written", path=paths[0]), markup=False, soft_wrap=True)
    if len(paths) > 1:
        console.print(say_count("dashboard.written_regions", len(paths) - 1))
    for one in unused:
        console.print(say("dashboard.unused_source", source=source_text(one.name), found=one.message), markup=False)


def _document(page: Dashboard, paths: list[Path], unused: list[SourceReport]) -> dict[str, Any]:
    """The figures of the country's page, with what is reckoned from them."""
    plain: dict[str, Any] = _plain(asdict(page))
    plain["total"] = _health(page.total)
    plain["known"] = access_document(page.total, page.cause)
    plain["regions"] = [_health(one) for one in page.regions]
    plain["weeks"] = [
        {"week": _plain(one.monday), "accounts": one.count, "regions": dict(one.regions)} for one in page.weeks
    ]
    plain["unused"] = [{"source": one.name, "message": one.message} for one in unused]
    return plain | {"pages": [str(path) for path in paths]}


def _health(one: Health) -> dict[str, Any]:
    """As counted, and as may be said: a figure of which too little is known is null, a partly known one a minimum."""
    found: dict[str, Any] = _plain(asdict(one))
    found["because"], found["last"] = dict(one.because), {name: _plain(asdict(last)) for name, last in one.last}
    figures: dict[str, Any] = {name: one.figure(name).document() for name in FIGURES}
    return found | {
        **{name: figure["value"] for name, figure in figures.items()},
        "figures": figures,
        "state": one.state,
        "accounts": one.accounts,
        "known_share": one.known_share,
        "share": one.share,
    }


def _plain(value: object) -> Any:
    """As JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.model_dump() if hasattr(value, "model_dump") else value
