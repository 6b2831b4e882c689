"""Wide sheets whose cells hold whole people, and forms above a table: everybody is read as where each has a column."""

from collections.abc import Callable

import pytest

from tests.shapes.book import Cells
from tests.shapes.test_told_beside import Grid, grid, told
from tests.shapes.truth import rows

Person = Cells
CODES = list(dict.fromkeys(str(row["structure_code"]) for row in rows() if len(str(row["structure_code"])) == 9))
PLACED = 20 / 22  # of the functions: those of the région stand on no such sheet
PLAIN = ["FINESS", "Établissement", "CHV titulaire", "CHV suppléant", "Assistant(s)"]
LONG = [*PLAIN[:2], *(f"{one} (Nom Prénom / RPPS / mail)" for one in ("Titulaire", "Suppléant", "Assistants"))]


def whole(one: Person) -> str:
    """« LE GOFF Yann »."""
    return f"{one['last_name']} {one['first_name']}"


MANNERS: dict[str, tuple[Callable[[Person], str], str]] = {
    "on three lines": (lambda one: f"{whole(one)}\nRPPS {one['cpx_number']}\n{one['email']}", "\n"),
    "a number in brackets": (lambda one: f"{one['first_name']} {one['last_name']} ({one['cpx_number']})", "\n"),
    "one behind the other": (lambda one: f"{whole(one)} ({one['cpx_number']})", ", "),
    "parted by strokes": (lambda one: f"Mme {whole(one)} / {one['cpx_number']} / {one['email']}", " ; "),
    "with labels": (lambda one: f"{whole(one)}\nN° CPx : {one['cpx_number']}\nTél : {one['phone']}", "\n\n"),
}


def of(code: str, function: str, rank: str) -> list[Person]:
    found = [one for one in rows() if (one["structure_code"], one["function"], one["rank"]) == (code, function, rank)]
    return [dict(one) for one in found]


def in_cells(header: list[str], write: Callable[[Person], str], between: str) -> Grid:
    found = [header]
    for code in CODES:
        groups = (of(code, "CHV-ST", "Titulaire"), of(code, "CHV-ST", "Remplaçant"), of(code, "Assistant", ""))
        name = str(groups[0][0]["structure_name"])
        found.append([code, name, *(between.join(write(one) for one in group) for group in groups)])
    return found


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("header", [PLAIN, LONG])
def test_people_in_cells_are_each_read_with_their_number(manner: str, header: list[str]) -> None:
    found = told({"ES": in_cells(header, *MANNERS[manner])})
    assert ([one.reasons for one in found.changes], found.used, found.message) == ([], PLACED, "")


def test_somebody_who_is_no_longer_in_a_cell_is_gone_and_a_vacancy_is_nobody() -> None:
    cells = in_cells(PLAIN, *MANNERS["a number in brackets"])
    cells[3][2] = "VACANT"
    found = told({"ES": cells})
    assert {one.person.last_name for one in found.changes} == {"D'ORNANO"}
    assert "absent_from_workbook" in {one.reasons[0] for one in found.changes}


def forms(*labels: str) -> dict[str, Grid]:
    """A sheet for each hospital, what it is called and its number above its table."""
    sheets: dict[str, Grid] = {}
    header = grid(fields=["function", "rank", "last_name", "first_name", "cpx_number", "email"])
    for number, code in enumerate(CODES):
        people = [row for row, one in zip(header[1:], rows(), strict=True) if one["structure_code"] == code]
        name = next(str(one["structure_name"]) for one in rows() if one["structure_code"] == code)
        said = [[label, {"F": code, "É": name}[label[0]]] for label in labels]
        sheets[f"Fiche {number}"] = [["Fiche à renvoyer"], *said, ["Directeur :", "M. NOIR"], [], header[0], *people]
    return sheets


@pytest.mark.parametrize("labels", [("Établissement :", "FINESS :"), ("FINESS :",), ("Établissement",)])
def test_what_a_form_above_the_table_says_of_the_hospital_is_read(labels: tuple[str, ...]) -> None:
    found = told(forms(*labels))
    assert ([one.reasons for one in found.changes], found.used) == ([], PLACED)


LISTED = ["structure_code", "structure_name", "structure_type", "function", "rank", "last_name", "first_name", "status"]


@pytest.mark.parametrize(
    "cards", [["last_name", "first_name", "cpx_number"], ["cpx_number", "card_type", "last_name", "first_name"]]
)
def test_numbers_that_stand_on_a_sheet_of_cards_are_those_of_the_list(cards: list[str]) -> None:
    people, numbers = grid(fields=LISTED), grid(fields=cards)
    found = told({"Liste": people, "Cartes": [numbers[0], *reversed(numbers[1:])]})
    assert (found.changes, found.used, found.message) == ((), 1, "")


def test_a_sheet_of_cards_of_others_gives_nobody_a_number() -> None:
    numbers = [["Nom", "Prénom", "N° CPx"], ["ANCIEN", "Paul", "899700003017"]]
    assert "N° CPx" in told({"Liste": grid(fields=LISTED), "Cartes": numbers}).message


def test_columns_counted_chv_are_of_the_rank_that_the_annuaire_has() -> None:
    header = ["FINESS", "Établissement", *(f"CHV{at} {name}" for at in (1, 2) for name in ("Nom", "Prénom", "RPPS"))]
    cells = [header]
    for code in CODES:
        both = [*of(code, "CHV-ST", "Titulaire"), *of(code, "CHV-ST", "Remplaçant")]
        texts = [str(one[name]) for one in both for name in ("last_name", "first_name", "cpx_number")]
        cells.append([code, str(both[0]["structure_name"]), *texts])
    found = told({"ES": cells})
    assert [one.kind for one in found.changes] == ["review"]  # no assistant at all
    assert found.used == 2 * len(CODES) / 22
