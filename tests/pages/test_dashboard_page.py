"""The administrator's page in a real browser: sorted by keyboard, read aloud, printed, asking nobody for anything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from connectors.page import page_name, render, write_page
from pipelines.reports.pages.health import add_up, nothing_of
from schemas.reports.dashboard import Dashboard
from schemas.reports.health import FigureName, Health
from schemas.reports.known_figure import Last
from tests.invented_dashboard import invented

Scheme = Literal["light", "dark"]
Open = Callable[..., Page]
THEN = date(2026, 11, 21)
BRIEF = {"resultTypes": ["violations"]}  # every rule is tried, what none breaks is told with one example


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The national page, with the page of every region beside it."""
    found = invented()
    path = tmp_path_factory.mktemp("dashboard") / "index.html"
    write_page(found, path, [one.region for one in found.regions if one.region])
    write_page(of_region(found), path.with_name(page_name("52")))
    write_page(replace(found, nights=found.nights[-3:]), path.with_name("short.html"))
    write_page(unread(found), path.with_name("unread.html"))
    return path


def unread(found: Dashboard) -> Dashboard:
    """The same country on a night whose cards were not read; it is known how it was before."""
    last: tuple[tuple[FigureName, Last], ...] = (
        ("lost", Last(35, THEN)),
        ("ending", Last(33, THEN)),
        ("losing", Last(68, THEN)),
    )
    regions = tuple(replace(nothing_of(one), last=last) for one in found.regions)
    weeks = tuple(replace(week, regions=()) for week in found.weeks)
    nights = (*found.nights[-4:-1], replace(found.nights[-1], share=None, basis="unknown"))
    total = replace(add_up(regions), last=last)
    return replace(found, total=total, regions=regions, weeks=weeks, nights=nights, cause="registre périmé")


def of_region(found: Dashboard) -> Dashboard:
    """A region's page, of the same figures."""
    here = next(one for one in found.regions if one.region == "52")
    found = replace(found, nights=found.nights[-3:])
    weeks = tuple(replace(week, regions=tuple(r for r in week.regions if r[0] == "52")) for week in found.weeks)
    unused = ("fichier des porteurs de cartes",)
    return replace(found, region="52", total=here, regions=(here,), weeks=weeks, last_status="partial", unused=unused)


@pytest.fixture
def show(window: Callable[..., Page], file: Path) -> Open:
    """Load the page at a width, in light or dark."""

    def show(width: int = 1280, scheme: Scheme = "light", name: str = "index.html", script: bool = True) -> Page:
        page = window(width, 900, scheme, script)
        page.goto(file.with_name(name).as_uri())
        return page

    return show


def test_the_page_asks_nobody_for_anything_and_complains_of_nothing(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    page.get_by_role("button", name="Sans accès").click()
    page.wait_for_load_state("networkidle")
    page.close()
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert said == []


def test_the_policy_lets_no_other_script_run(show: Open) -> None:
    page = show()
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.bad=1'}))"
    )
    assert page.evaluate("window.bad") is None


@pytest.mark.parametrize("name", ["index.html", "region-52.html", "unread.html"])
def test_the_page_never_scrolls_sideways(show: Open, name: str) -> None:
    page = show(name=name)
    page.locator("main summary").click()
    for width in (1280, 700, 400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_printed_page_fits_a_sheet_and_hides_what_paper_cannot_do(show: Open) -> None:
    page = show(794 - 91)  # A4 at 96 dots an inch, less the margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 794 - 91
    assert not page.locator("main details").is_visible()
    assert page.locator("thead button").first.evaluate("e => getComputedStyle(e, '::after').content") == "none"
    assert page.locator(".scroll").first.evaluate("e => getComputedStyle(e).overflowX") == "visible"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def column(page: Page, caption: str, header: str) -> list[str]:
    """The cells of a column of a table, from top to bottom."""
    table = page.get_by_role("table", name=caption)
    headers = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    at = headers.index(header)
    return [row.locator("th, td").nth(at).inner_text().strip() for row in table.locator("tbody tr").all()]


def found(cell: str) -> int:
    """What is counted in « 14 », « ≥ 14 », « 0 sur 402 » and « inconnu »."""
    return int(cell.partition(" sur")[0].removeprefix("≥\u00a0").replace("inconnu", "0"))


REGIONS = "Régions, la plus touchée d’abord"


def test_a_table_is_sorted_by_keyboard_alone(show: Open) -> None:
    page = show()
    heading = page.get_by_role("table", name=REGIONS).locator("thead th", has_text="Sans accès")
    heading.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    counts = [found(text) for text in column(page, REGIONS, "Sans accès")]
    assert counts == sorted(counts, reverse=True)
    page.keyboard.press("Space")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert [found(text) for text in column(page, REGIONS, "Sans accès")] == sorted(counts)
    assert "Sans accès" in page.get_by_role("status").inner_text()


def test_names_are_sorted_as_french_does_and_one_column_at_a_time(show: Open) -> None:
    page = show()
    table = page.get_by_role("table", name=REGIONS)
    table.get_by_role("button", name="Comptes actifs").press("Enter")
    table.get_by_role("button", name="Région").press("Enter")
    names = column(page, REGIONS, "Région")
    assert names.index("Hors région (ANSM, EFS, CTSA, ETS)") < names.index("Île-de-France") < names.index("La Réunion")
    assert table.locator("[aria-sort]").count() == 1


def test_every_heading_is_reached_with_the_tabulator_and_the_content_at_once(show: Open) -> None:
    page = show()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    wanted = page.locator("main button:visible").count()
    page.evaluate(
        """() => { window.reached = new Set();
        document.addEventListener("focusin", e => e.target.matches("thead button") && reached.add(e.target)); }"""
    )
    for _ in range(wanted + 40):  # the links of the map and of its table, and the frames that scroll
        page.keyboard.press("Tab")
    assert page.evaluate("reached.size") == wanted > 20


def test_without_a_script_the_page_says_the_same_and_offers_nothing_dead(show: Open) -> None:
    page, plain = show(), show(script=False)
    assert plain.locator("button").count() == 0
    assert plain.locator("tbody").first.inner_text() == page.locator("tbody").first.inner_text()


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("short.html", "light", 1280),
        ("short.html", "dark", 400),
        ("region-52.html", "dark", 400),
        ("unread.html", "light", 1280),
        ("unread.html", "dark", 400),
    ],
)
def test_axe_finds_nothing_against_the_page(show: Open, name: str, scheme: Scheme, width: int) -> None:
    """Contrasts, names, landmarks, tables: the rules of axe-core, with the folded table open."""
    page = show(width, scheme, name)
    page.locator("main summary").click()
    found: dict[str, Any] = Axe().run(page, options=BRIEF).response
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert "color-contrast" in {one["id"] for one in found["passes"]}


def test_a_reader_hears_the_state_of_each_tile_in_words(show: Open) -> None:
    page = show()
    tile = page.get_by_role("link", name="Pays de la Loire 3 structures bloquées 94,9 %")
    assert tile.get_attribute("href") == "region-52.html"
    signs = {use.get_attribute("href") for use in page.locator(".map use").all()}
    states = {one.get_attribute("class") for one in page.locator(".map li").all()}
    assert len(signs) == len({next(c for c in found.split() if c.startswith("s-")) for found in states if found}) == 7


def test_the_page_is_french_and_says_who_what_and_since_when(show: Open) -> None:
    page = show()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.title() == "Annuaire e-FIT\u00a0: tableau de bord, 22/11/2026"
    text = page.locator("main").inner_text()
    assert "35 comptes sans accès aujourd’hui" in text
    assert "33 le perdront d’ici 30 jours, le premier le 26/11/2026" in text
    assert "CRH-ST de la région Pays de la Loire (52)\u00a0: 15 (la plus ancienne a 47 jours)" in text
    assert "2\u202f214\u202f307" in text
    assert "84 terminées, 2 en partie, 2 retenues, 1 interrompue, 1 jour sans nuit." in text


def test_the_page_of_a_region_warns_and_names_no_other_region(show: Open) -> None:
    page = show(name="region-52.html")
    assert page.locator("h1").inner_text() == "Annuaire e-FIT\u00a0: Pays de la Loire"
    warnings = page.locator(".warning").all_inner_texts()
    assert [text.strip() for text in warnings] == [
        "La dernière nuit s’est terminée en partie.",
        "Non utilisé lors de cette lecture\u00a0: fichier des porteurs de cartes.",
    ]
    assert page.locator(".map").count() == 0
    assert "Bretagne" not in page.locator("#semaines + .scroll").inner_text()


def test_a_page_of_which_nothing_is_known_has_neither_naught_nor_percentage_nor_green(show: Open) -> None:
    page = show(name="unread.html")
    brief = page.locator(".answers").inner_text()
    assert "comptes sans accès aujourd’hui\u00a0: inconnu (dernier chiffre connu\u00a0: 35 au 21/11/2026)" in brief
    assert page.locator(".answer.s-good, .tile.s-good, .dense .s-good").count() == 0
    tiles = page.locator(".map .tile:not(.s-empty)")
    assert tiles.count() == 17
    assert all("s-unknown hatched" in (one.get_attribute("class") or "") for one in tiles.all())
    assert "%" not in page.locator(".map").inner_text()
    assert set(column(page, REGIONS, "Accès assurés")) == {"inconnu"}
    assert set(column(page, REGIONS, "Sans accès")) == {"inconnu"}
    weeks = page.locator(".weeks tbody tr").all_inner_texts()
    assert len(weeks) == 1
    assert weeks[0].startswith("Inconnu")
    assert "inconnu depuis le 22/11/2026" in page.locator("#qualite ~ figure").first.inner_text()


def test_a_share_says_of_how_many_it_is(show: Open) -> None:
    cells = dict(zip(column(show(), REGIONS, "Région"), column(show(), REGIONS, "Accès assurés"), strict=True))
    assert " ".join(cells["Pays de la Loire"].split()) == "94,9 % (263 sur 277)"
    assert cells["Guadeloupe"] == "100\u00a0%"
    assert cells["Guyane"] == "inconnu"


def test_equal_figures_give_equal_pages() -> None:
    assert render(invented()) == render(invented())


def test_what_comes_from_a_file_name_is_never_markup() -> None:
    nasty = replace(invented().sources[0], label="<script>alert(1)</script>")
    text = render(replace(invented(), sources=(nasty,)))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_an_installation_without_a_past_has_a_page_too() -> None:
    empty = replace(
        invented(), regions=(), total=Health(""), nights=(), waiting=(), rejects=(), sources=(), last_success=None
    )
    text = render(empty)
    for said in (
        "Aucune nuit n’a encore réussi.",
        "Rien n’est en attente.",
        "Aucune région n’appelle d’attention.",
    ):
        assert said in text
