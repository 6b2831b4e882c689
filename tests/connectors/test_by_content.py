"""A list without a header, or with headers of another tool, is read by what its columns hold, and this is said."""

import pytest

from tests.shapes.test_told_beside import grid, told

LABELS_AT = {text: at for at, text in enumerate(grid()[0])}


def test_a_list_without_a_header_is_read_whole() -> None:
    found = told({"Feuil1": grid()[1:]})
    assert (found.changes, found.used) == ((), 1)


def test_so_is_one_below_a_title() -> None:
    found = told({"Feuil1": [["Correspondants de la région"], [], *grid()[1:]]})
    assert (found.changes, found.used) == ((), 1)


@pytest.mark.parametrize(
    "words",
    [
        {"FINESS": "UF", "Établissement": "Libellé UF", "Fonction": "Emploi"},
        {"Fonction": "3. Vous êtes :"},
        {name: f"Q{at}_X" for at, name in enumerate(("FINESS", "Fonction", "Nom", "Prénom"))},
    ],
)
def test_headers_of_another_tool_are_understood_by_their_columns(words: dict[str, str]) -> None:
    cells = grid()
    for name, text in words.items():
        cells[0][LABELS_AT[name]] = text
    found = told({"Feuil1": cells})
    assert (found.changes, found.used) == ((), 1)


def test_a_column_of_which_nobody_can_tell_what_it_is_stays_missing() -> None:
    cells = grid()
    cells[0][LABELS_AT["Fonction"]], cells[0][LABELS_AT["Rang"]] = "Emploi", "Divers"
    for row in cells[1:]:
        row[LABELS_AT["Fonction"]] = "agent"
    assert "Fonction" in told({"Feuil1": cells}).message
