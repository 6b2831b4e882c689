"""`dashboard`: the administrator's pages, whenever they are wanted; counts only, no name."""

from pathlib import Path
from typing import Any

from flows.looking.look import facts_of_look, look, looking_at
from flows.looking.plain_json import plain
from flows.night.pages import FOLDER, write_pages
from flows.run.exits import EXIT_PARTIAL
from flows.run.out import check_out
from flows.settings.load import load_settings
from flows.terminal.console import print_json, progress, stdout
from pipelines.phrase import source_text
from pipelines.reports.pages.facts import pages_of
from pipelines.reports.pages.health import access_document
from schemas.nomenclatures import say
from schemas.reports.dashboard import Dashboard, EndingWeek
from schemas.reports.health import FIGURES, Health
from schemas.typography import say_count


def play_dashboard(config: Path, out: Path | None, *, as_of: str | None, as_json: bool) -> int:
    """Read the sources and the store, write the pages; 3 when a source could not be used, the rest being complete.

    Raises ConfigurationError when no night has been played, AnnuaireError when the annuaire cannot be read.
    """
    check_out(out)
    settings = load_settings(config)
    folder = out or settings.root / "out" / FOLDER
    with progress() as tell, looking_at(settings, as_of, tell) as run:
        states = run.state.store.states(as_of=run.day if as_of else None)
        found = look(run, states)
        facts = facts_of_look(run, found, states)
    paths = write_pages(facts, folder)
    if as_json:
        print_json(_document(pages_of(facts)[""], paths, found.unused))
    else:
        _print(paths, found.unused)
    return EXIT_PARTIAL if found.unused else 0


def _print(paths: list[Path], unused: list[tuple[str, str]]) -> None:
    console = stdout()
    console.print(say("dashboard.written", path=paths[0]), markup=False, soft_wrap=True)
    if len(paths) > 1:
        console.print(say_count("dashboard.written_regions", len(paths) - 1))
    for name, message in unused:
        console.print(say("dashboard.unused_source", source=source_text(name), found=message), markup=False)


def _document(page: Dashboard, paths: list[Path], unused: list[tuple[str, str]]) -> dict[str, Any]:
    """The figures of the country's page, with what is reckoned from them."""
    return {
        **plain(page),
        "total": _health(page.total),
        "known": access_document(page.total, page.cause),
        "regions": [_health(one) for one in page.regions],
        "weeks": [_week(one) for one in page.weeks],
        "unused": [{"source": name, "message": message} for name, message in unused],
        "pages": [str(path) for path in paths],
    }


def _week(one: EndingWeek) -> dict[str, Any]:
    return {"week": plain(one)["monday"], "accounts": one.count, "regions": dict(one.regions)}


def _health(one: Health) -> dict[str, Any]:
    """As counted, and as may be said: a figure of which too little is known is null, a partly known one a minimum."""
    found: dict[str, Any] = plain(one)
    found["because"], found["last"] = dict(one.because), {name: plain(last) for name, last in one.last}
    figures: dict[str, Any] = {name: one.figure(name).document() for name in FIGURES}
    return found | {
        **{name: figure["value"] for name, figure in figures.items()},
        "figures": figures,
        "state": one.state,
        "accounts": one.accounts,
        "known_share": one.known_share,
        "share": one.share,
    }
