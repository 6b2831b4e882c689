"""The guide for readers: its pages, what each must say, and pictures that can all be made anew."""

import re
from pathlib import Path

import pytest

from schemas.nomenclatures import rows, say
from tests.pictures.gallery import PICTURES, TARGET

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
GUIDE = {"index.md", "premiers-pas.md", "crh-st.md", "titulaire-ets.md", "administrateur.md"}
HEAVIEST = 200_000  # bytes of a picture
PICTURE = re.compile(r"([\w-]+\.png)\)")


def test_the_guide_is_whole() -> None:
    assert {page.name for page in (ROOT / "docs" / "guide").glob("*.md")} >= GUIDE


def test_every_picture_is_shown_can_be_made_and_is_light() -> None:
    shown = {name for page in PAGES for name in PICTURE.findall(page.read_text(encoding="utf-8"))}
    kept = {path.name for path in TARGET.glob("*.png")}
    assert set(PICTURES) <= kept  # others are drawn elsewhere: plots, diagrams
    assert kept - shown == set()
    assert {path.name for path in TARGET.glob("*.png") if path.stat().st_size > HEAVIEST} == set()


@pytest.mark.parametrize("name", sorted(GUIDE - {"premiers-pas.md"} | {"cartes.md"}))
def test_a_page_for_readers_gives_the_hotlines(name: str) -> None:
    said = (ROOT / "docs" / "guide" / name).read_text(encoding="utf-8")
    numbers = re.findall(r"\b0[\d ]{8,}\d\b", say("help.ans") + say("help.efit"))
    assert len(numbers) == 2
    assert all(number in said for number in numbers)


def test_the_page_of_cards_has_every_form_and_card_of_the_procedure() -> None:
    said = (ROOT / "docs" / "guide" / "cartes.md").read_text(encoding="utf-8")
    for case in rows("card_cases"):
        assert case["link"] in said
        assert case["card"].replace("/", " ou ") in said
