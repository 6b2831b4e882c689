"""Titles, sheets, statuses and dates that sound of leaving, of people who stay: nobody is ended."""

from collections.abc import Mapping

import pytest

from tests.shapes.test_told_beside import KOENIG, Grid, asked, grid, told
from tests.shapes.truth import Told

PLACES = [
    ("Départ 01", "Départ 69"), ("Départ. 18", "Départ. 28", "Départ. 37"), ("Ex-Auvergne", "Ex Rhône-Alpes"),
    ("Ancienne région Centre", "Liste"), ("Anciens CHRU", "Autres"), ("Ancien périmètre", "Nouveau périmètre"),
    ("Ex-hôpital militaire", "Suite"), ("DÉPARTS 42-43", "Autres"),
]  # fmt: skip
TITLES = [
    "Merci de barrer les personnes parties", "Mouvements (arrivées et départs) au 20/11/2026", "Départ", "Départs",
    "Mise à jour suite aux départs de 2026", "Ex Bourgogne",
]  # fmt: skip


def parted(names: tuple[str, ...]) -> dict[str, Grid]:
    whole = grid()
    size = -(-len(whole[1:]) // len(names))
    return {name: [whole[0], *whole[1:][at * size : (at + 1) * size]] for at, name in enumerate(names)}


def stays(found: Told) -> bool:
    return (asked(found), found.used) == ([], 1)


@pytest.mark.parametrize("names", PLACES)
def test_a_sheet_named_after_a_place_is_of_today(names: tuple[str, ...]) -> None:
    assert stays(told(parted(names)))


@pytest.mark.parametrize("title", TITLES)
def test_a_title_above_the_whole_table_ends_nobody_whom_it_calls_active(title: str) -> None:
    assert stays(told({"Feuil1": [[title], *grid()]}))
    assert stays(told({"Feuil1": [[title], [], *grid()]}))


@pytest.mark.parametrize("section", ["Départ. 01", "DÉPARTS 42-43", "Ex-Auvergne", "Ancien secteur nord"])
def test_a_section_named_after_a_place_is_no_section_of_leavers(section: str) -> None:
    cells = grid()
    assert stays(told({"Feuil1": [*cells[:9], [section], *cells[9:]]}))


def test_a_sheet_of_leavers_that_holds_most_people_and_no_word_of_it_is_one_question() -> None:
    def silent(_at: int, row: dict[str, object]) -> None:
        row["status"] = ""

    whole = grid(silent)
    sheets: Mapping[str, Grid] = {"Liste": whole[:9], "Anciens": [whole[0], *whole[9:]]}
    found = told(sheets)
    assert [one.reasons[0] for one in found.harmful] == []
    assert [one.reasons[0] for one in found.changes] == ["line_not_understood"]


def test_few_on_a_sheet_of_leavers_left() -> None:
    whole = grid()
    found = told(
        {"Liste": [row for at, row in enumerate(whole) if at != KOENIG + 1], "Partis": [whole[0], whole[KOENIG + 1]]}
    )
    assert {one.person.last_name for one in found.changes} == {"KÖNIG"}
    assert {one.kind for one in found.changes} == {"end_assignment", "deactivate_account"}


@pytest.mark.parametrize("header", ["Date de fin", "Date de départ (validité)", "Fin"])
@pytest.mark.parametrize("end", ["31/12/2025", "15/01/2025"])
def test_ends_that_have_come_for_nearly_everybody_active_are_no_ends(header: str, end: str) -> None:
    fields = ["structure_code", "structure_name", "structure_type", "function", "rank", "last_name",
                                "first_name", "profession", "cpx_number", "card_type", "card_expires_on", "email",
"status"]  # fmt: skip
    cells = grid(fields=fields)
    at = fields.index("card_expires_on")
    for number, row in enumerate(cells):
        row[at] = header if not number else end
    assert [one.kind for one in told({"Liste": cells}).harmful if one.kind != "update_account"] == []
