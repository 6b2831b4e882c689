"""The sheets of a report as LibreOffice prints them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pypdfium2 as pdfium

from schemas.glyphs import typeset
from schemas.nomenclatures import say
from tests.office import saved_by_office
from tests.pictures.image import cropped, save

OFFICE = shutil.which("soffice")
SHEETS = ("summary", "create", "modify", "deactivate", "cards", "review", "guide")
POINTS = 72
DOTS = 120  # to the inch: an A4 page is 1,400 pixels wide
FOOTER = 0.065  # of the height of a page; the same on each
HEAD = 0.11  # of the same: where a title stands, below the margin


def printed(report: Path, folder: Path) -> Path:
    """The report as a PDF in a folder of its own in this one."""
    return saved_by_office(report, "pdf", folder / f"{report.stem}-pdf")


def draw_sheets(report: Path, pictures: Mapping[str, Path], folder: Path) -> None:
    """The first page of each sheet asked for (a key of SHEETS → its picture)."""
    document = pdfium.PdfDocument(printed(report, folder))
    first = _first_pages(document)
    for key, path in pictures.items():
        page = document[first[key]].render(scale=DOTS / POINTS).to_pil().convert("RGB")
        whole = key == "summary"  # one A4 page: shown as it comes out of the printer
        save(page if whole else cropped(page.crop((0, 0, page.width, int(page.height * (1 - FOOTER))))), path)
    document.close()


def _first_pages(document: pdfium.PdfDocument) -> dict[str, int]:
    """On which page each sheet begins: its title stands at the top; at that of « Synthèse » the report's."""
    found = {"summary": 0}
    for at, page in enumerate(document):
        top = page.get_textpage().get_text_bounded(bottom=page.get_height() * (1 - HEAD)).lstrip()
        for key in SHEETS[1:]:
            if top.startswith(typeset(say(f"sheet.{key}"))):
                found.setdefault(key, at)
    return found
