"""The pictures of the docs can be made anew: each way of drawing, tried on invented people."""

from datetime import UTC, datetime
from pathlib import Path

import numpy
import pytest
from PIL import Image
from playwright.sync_api import Browser

from connectors.excel.report import write_report
from connectors.mail.letter import compose
from schemas.reports.report import Report
from tests.invented_report import invented_report
from tests.pictures.screen import draw_mail, draw_terminal
from tests.pictures.sheets import OFFICE, SHEETS, draw_sheets

SENT = datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
NEAR = 12  # of 255, in each of red, green and blue
DARK, PAPER, ALARM = (20, 24, 29), (255, 255, 255), (155, 28, 28)


@pytest.fixture(scope="module")
def report() -> Report:
    return invented_report()


def share(picture: Path, colour: tuple[int, int, int]) -> float:
    """How much of a picture has this colour, or one that is nearly it."""
    drawn = numpy.asarray(Image.open(picture).convert("RGB"), dtype=int)
    return float((abs(drawn - colour) < NEAR).all(axis=2).mean())


def test_a_mail_is_drawn_in_the_light_and_in_the_dark(browser: Browser, report: Report, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    sent = compose(report, sender="a@example.org", admin="b@example.org", sent_at=SENT, mode="none")
    mail.write_bytes(sent.as_bytes())
    draw_mail(browser, mail, tmp_path / "light.png", "light", tmp_path)
    draw_mail(browser, mail, tmp_path / "dark.png", "dark", tmp_path)
    assert share(tmp_path / "light.png", PAPER) > 0.5
    assert share(tmp_path / "light.png", DARK) < 0.05
    assert share(tmp_path / "dark.png", PAPER) < 0.05
    assert share(tmp_path / "dark.png", DARK) + share(tmp_path / "dark.png", (27, 33, 41)) > 0.5
    for name in ("light.png", "dark.png"):
        assert share(tmp_path / name, ALARM) > 0.02  # what happens if nothing is done


def test_a_terminal_is_drawn_with_its_colours(browser: Browser, tmp_path: Path) -> None:
    draw_terminal(browser, "efit-annuaire status", "En attente\n\x1b[41m          \x1b[0m\n", tmp_path / "terminal.png")
    assert share(tmp_path / "terminal.png", DARK) > 0.5
    assert share(tmp_path / "terminal.png", (240, 113, 120)) > 0.01


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice on this machine: apt-get install libreoffice-calc")
def test_every_sheet_prints_and_is_drawn(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "report.xlsx")
    pictures = {key: tmp_path / f"{key}.png" for key in SHEETS}
    draw_sheets(tmp_path / "report.xlsx", pictures, tmp_path)
    for key, picture in pictures.items():
        assert share(picture, PAPER) > 0.2, key
    for key in ("create", "modify", "deactivate", "cards", "review"):
        assert share(pictures[key], (255, 248, 204)) > 0.03, key  # the yellow columns are where one answers
    with Image.open(pictures["summary"]) as page:  # one A4 page, landscape
        assert page.width / page.height == pytest.approx(297 / 210, abs=0.01)
