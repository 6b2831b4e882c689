"""`docs/answers.md` says what becomes of an answer as people write it, and that is what becomes of it."""

import re
from pathlib import Path

import pytest

from schemas.nomenclatures import say
from tests.pipelines.test_spoken_in_doubt import read, taken_for

PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text(encoding="utf-8")
LINES = {
    "À créer": "créer",
    "À modifier": "modifier",
    "À désactiver": "retirer",
    "Cartes": "carte",
    "À vérifier : numéro inconnu": "inconnu",
    "À vérifier : deux titulaires": "titulaires",
    "À vérifier : fermé": "fermé",
    "À vérifier : sans titulaire": "sans titulaire",
}
ROWS = [
    tuple(cell.strip() for cell in row.strip("|").split("|"))
    for row in PAGE.splitlines()
    if row.startswith("| ") and row.strip("|").split("|")[0].strip() in LINES
]
READ_AS = {
    "?": "**asked back**",
    "accepted": "Fait",
    "refused": "Refusé",
    "reported:None": "Reporté (the day is asked)",
    "reported:2026-12-15": "Reporté au 15/12/2026",
    "reported:2026-12-06": say("offer.elsewhere"),
    "stays:EF0120": "Reste titulaire : EF0120",
}


def test_the_page_has_sixty_wordings_and_counts_them_rightly() -> None:
    found = re.search(r"(\d+) wordings: (\d+) taken, (\d+) asked back, 0 taken", PAGE)
    assert found
    asked = sum(row[3] == READ_AS["?"] for row in ROWS)
    assert tuple(map(int, found.groups())) == (len(ROWS), len(ROWS) - asked, asked)
    assert len(ROWS) >= 60


@pytest.mark.parametrize("row", ROWS, ids=[" / ".join(row[:3]) for row in ROWS])
def test_a_wording_of_the_page_is_read_as_the_page_says(row: tuple[str, ...]) -> None:
    line, said, comment, means = LINES[row[0]], *row[1:]
    found = taken_for(line, read(line, said, comment))
    assert READ_AS.get(found) or say(f"offer.{found}") == means
    assert READ_AS.get(found, means) == means
