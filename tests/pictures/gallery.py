"""Which pictures the docs have, and how each is drawn from what the walk-through of the guide leaves."""

from pathlib import Path

from connectors.page import page_name, write_page
from tests.browser import opened
from tests.invented_dashboard import invented
from tests.invented_receipt import invented_receipt
from tests.pictures.screen import Scheme, draw_mail, draw_page, draw_terminal
from tests.pictures.sheets import draw_sheets
from tests.walkthrough import ROOT, Walk

TARGET = ROOT / "docs" / "pictures"
# report of which night and updater → sheet → picture
REPORTS = {
    "out/demo/reports/CRH_ST-11.xlsx": {
        "summary": "report-synthese.png",
        "create": "report-creer.png",
        "cards": "report-cartes.png",
        "review": "report-verifier.png",
        "guide": "report-mode-emploi.png",
    },
    "essai/out/reports/CRH_ST-24.xlsx": {"modify": "report-modifier.png", "deactivate": "report-desactiver.png"},
}
MAIL = "CRH_ST-11-*.eml"
EXPLAINED = ".venv/bin/efit-annuaire explain EF0042 -c essai/annuaire.toml --as-of 2026-11-23"
# picture → how the command on it begins
TERMINALS = {
    "terminal-demo.png": "make demo",
    "terminal-status.png": ".venv/bin/efit-annuaire status",
    "terminal-explain.png": ".venv/bin/efit-annuaire explain",
}
# picture → width, height, scheme: sample_data/ has three regions and one night, this is a whole invented country
COUNTRY: dict[str, tuple[int, int, Scheme]] = {
    "dashboard-wide.png": (1280, 2000, "light"),
    "dashboard-dark.png": (1280, 2000, "dark"),
    "dashboard-narrow.png": (400, 2600, "light"),
}
REGION = "dashboard-region.png"
MAILS: dict[str, Scheme] = {"mail-light.png": "light", "mail-dark.png": "dark"}
RECEIPT = "receipt.png"
SHEETS = [name for sheets in REPORTS.values() for name in sheets.values()]
PICTURES = (*SHEETS, *TERMINALS, *COUNTRY, REGION, *MAILS, RECEIPT)


def draw(walk: Walk, folder: Path, chromium: str) -> None:
    """Every picture, from what the walk left; `folder` takes what is needed on the way."""
    for report, pictures in REPORTS.items():
        draw_sheets(walk.folder / report, {key: TARGET / picture for key, picture in pictures.items()}, folder)
    country = folder / "index.html"
    write_page(invented(), country, [one.region for one in invented().regions if one.region])
    [mail] = (walk.folder / "out" / "demo" / "outbox").glob(MAIL)
    printed = [*walk.printed, (EXPLAINED, walk.say(EXPLAINED))]
    with opened(chromium) as browser:
        for picture, scheme in MAILS.items():
            draw_mail(browser, mail, TARGET / picture, scheme, folder)
        (folder / "receipt.eml").write_bytes(invented_receipt().as_bytes())
        draw_mail(browser, folder / "receipt.eml", TARGET / RECEIPT, "light", folder)
        for picture, (width, height, scheme) in COUNTRY.items():
            draw_page(browser, country, TARGET / picture, width=width, height=height, scheme=scheme)
        region = walk.folder / "essai" / "out" / "dashboard" / page_name("24")
        draw_page(browser, region, TARGET / REGION, width=1280, height=1200)
        for picture, begins in TERMINALS.items():
            command, said = next(one for one in printed if one[0].startswith(begins))
            draw_terminal(browser, command, said, TARGET / picture)
