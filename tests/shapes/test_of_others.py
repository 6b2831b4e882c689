"""A departure told on a row of somebody else than its person is never the row's own; whom it means is asked about."""

import openpyxl
import pytest

from tests.shapes.test_told_beside import Grid, asked, grid, told
from tests.shapes.truth import Told

HEADS = [*grid()[0], "Commentaire", "Date de fin de fonction"]
MARTIN, LE_GOFF, BERANGER = 1, 2, 3  # titulaire, remplaçant, the first of two assistants of one hospital


def said(row: int, column: str, text: str) -> Grid:
    cells = [HEADS, *([*one, "", ""] for one in grid()[1:])]
    cells[row][HEADS.index(column)] = text
    return cells


def questions(found: Told) -> list[str]:
    """Whom the questions about departures are about; "" of a place."""
    of_words = [one for one in found.changes if one.reasons[0] == "line_not_understood"]
    return [one.person.last_name for one in of_words if "départ" in str(one.fields[0].after)]


@pytest.mark.parametrize(
    "text",
    [
        "La remplaçante a quitté l'hôpital",
        "adjoint : muté à Lyon",
        "démission du suppléant",
        "mutation suppléante",
        "Départ de M. LE GOFF",
        "Décès : M. Yann LE GOFF",
        "retraite du Dr Le Goff le 01/09/2026",
    ],
)
@pytest.mark.parametrize("column", ["Statut", "Commentaire"])
@pytest.mark.parametrize("row", [MARTIN, BERANGER])
def test_whom_a_post_or_a_name_means_is_asked_about(text: str, column: str, row: int) -> None:
    assert asked(told({"Liste": said(row, column, text)})) == ["LE GOFF"]


def test_where_two_have_the_post_it_is_asked_who_of_the_place() -> None:
    found = told({"Liste": said(MARTIN, "Statut", "Une assistante a démissionné")})
    assert asked(found) == [""]
    assert "de qui est-ce le départ" in str(found.changes[0].fields[0].after)


def test_a_status_that_names_somebody_unknown_ends_nobody() -> None:
    assert asked(told({"Liste": said(MARTIN, "Statut", "Parti : Dr CORBIÈRE")})) == [""]


def test_a_remark_about_somebody_whom_no_row_has_is_of_the_past() -> None:
    assert told({"Liste": said(MARTIN, "Commentaire", "départ du Dr CORBIÈRE en 2023")}).changes == ()


@pytest.mark.parametrize("text", ["Adjoint parti", "LE GOFF Yann : retraité", "Suppléant muté le 01/09/2026"])
def test_of_their_own_post_or_name_the_row_s_person_leaves(text: str) -> None:
    gone = {one.person.last_name for one in told({"Liste": said(LE_GOFF, "Statut", text)}).changes}
    assert gone == {"LE GOFF"}


@pytest.mark.parametrize("text", ["Ex-titulaire partie", "Ancien titulaire, muté"])
def test_the_one_before_in_that_very_post_is_asked_about(text: str) -> None:
    assert asked(told({"Liste": said(MARTIN, "Statut", text)})) == ["MARTIN"]


def test_what_is_told_of_others_and_is_to_come_is_no_departure() -> None:
    assert told({"Liste": said(MARTIN, "Commentaire", "le suppléant quitte ses fonctions le 31/03/2027")}).changes == ()


def test_a_title_tells_of_two_of_one_name_which_is_meant() -> None:
    cells = said(MARTIN, "Nom", "LEROY")
    cells[MARTIN][HEADS.index("Civilité")] = "M."
    cells[4][HEADS.index("Civilité")] = "Mme"
    cells[MARTIN][HEADS.index("Commentaire")] = "Mme LEROY a démissionné"
    assert "LEROY Claire" in str([one.fields[0].after for one in told({"Liste": cells}).changes])


# ── cells that are of no single person ───────────────────────────────────────────────────────────


def merged(column: str, text: str) -> list[str]:
    """The cell of the first hospital's people, merged over them."""

    def paint(book: openpyxl.Workbook) -> None:
        at = HEADS.index(column) + 1
        book.worksheets[0].merge_cells(start_row=2, end_row=5, start_column=at, end_column=at)

    return asked(told({"Liste": said(MARTIN, column, text)}, paint))


@pytest.mark.parametrize(
    ("column", "text", "whom"),
    [
        ("Statut", "Remplaçant muté le 01/09/2026", "LE GOFF"),
        ("Statut", "Assistante partie", ""),
        ("Statut", "Parti", ""),
        ("Date de fin de fonction", "30/09/2026", ""),
        ("Commentaire", "M. LE GOFF a démissionné", "LE GOFF"),
        ("Commentaire", "Le Goff Yann a quitté l'hôpital", "LE GOFF"),
    ],
)
def test_a_cell_merged_over_several_people_ends_none_of_them(column: str, text: str, whom: str) -> None:
    assert merged(column, text) == [whom]


def test_a_cell_merged_over_several_people_who_are_there_asks_nothing() -> None:
    assert (merged("Statut", "Actif"), merged("Commentaire", "RAS")) == ([], [])


GROUPS = ("Titulaire", "Suppléant", "Assistant")
OF_ONE = ("last_name", "first_name", "cpx_number")


def wide(heads: list[str], texts: list[str], *, own: bool = False) -> Grid:
    """A row a hospital: three groups, then columns of the row; `own`: each group has a remark of its own."""
    people, names = grid()[1:], [*OF_ONE, *(["Obs"] if own else [])]
    labels = ["Nom", "Prénom", "N° CPS", *(["Obs"] if own else [])]
    top = ["", "", *(text for group in GROUPS for text in (group, *[""] * (len(names) - 1))), *[""] * len(heads)]
    found = [top, ["FINESS", "Établissement", *labels * 3, *heads]]
    columns = [HEADS.index(one) for one in ("Nom", "Prénom", "N° CPx")]
    for at in range(0, len(people) - 3, 4):
        row = [people[at][HEADS.index("FINESS")], people[at][HEADS.index("Établissement")]]
        for one in people[at : at + 3]:
            row += [*(one[column] for column in columns), *([""] if own else [])]
        found.append([*row, *(texts if at == 0 else [""] * len(heads))])
    return found


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(
    ("head", "text", "whom"),
    [
        ("Observations", "la suppléante a quitté l'hôpital", "LE GOFF"),
        ("Observations", "Mutation de M. MARTIN", "MARTIN"),
        ("Observations", "plus de remplaçant depuis septembre", "LE GOFF"),
        ("Observations", "Retraité depuis le 30/06/2026", ""),
        ("Statut", "Parti", ""),
        ("Statut", "Adjoint démissionnaire", "LE GOFF"),
        ("Date de fin de fonction", "30/06/2026", ""),
    ],
)
def test_a_column_behind_all_groups_is_not_the_last_one_s(head: str, text: str, whom: str, *, own: bool) -> None:
    found = told({"Liste": wide([head], [text], own=own)})
    assert questions(found) == [whom]
    assert [one for one in found.changes if one.kind == "end_assignment" and one.reasons[0] == "left"] == []


def test_an_address_behind_all_groups_is_nobody_s() -> None:
    found = told({"Liste": wide(["Mail", "Téléphone"], ["hv@hopital.example.org", "01 99 00 11 22"])})
    assert [one for one in found.changes if one.kind == "update_account"] == []
