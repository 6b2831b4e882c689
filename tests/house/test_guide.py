"""The pages of the docs link to what is there; every picture on them can be made anew."""

import re
from pathlib import Path
from unicodedata import normalize

import pytest

from schemas.nomenclatures import rows, say
from tests.pictures.gallery import PICTURES, TARGET

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
GUIDE = {"index.md", "premiers-pas.md", "crh-st.md", "titulaire-ets.md", "administrateur.md"}
HEAVIEST = 200_000  # bytes of a picture
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        found = page.parent / target
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found), f"{target}#{anchor}"


def test_the_guide_is_whole() -> None:
    assert {page.name for page in (ROOT / "docs" / "guide").glob("*.md")} >= GUIDE


def test_every_picture_is_shown_can_be_made_and_is_light() -> None:
    shown = {Path(target).name for page in PAGES for target, _ in LINK.findall(page.read_text(encoding="utf-8"))}
    kept = {path.name for path in TARGET.glob("*.png")}
    assert kept == set(PICTURES)
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


def anchors(page: Path) -> set[str]:
    """The headings of a page as a docs site names them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {slug(heading) for heading in headings}


def slug(heading: str) -> str:
    """« Après votre réponse » → « apres-votre-reponse », as Python-Markdown has it."""
    plain = normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
