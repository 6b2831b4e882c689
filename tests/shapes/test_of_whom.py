"""A departure of another role, person or row; whether a newcomer has left is asked: nobody goes or comes by it."""

import pytest

from tests.shapes.test_not_whole import newcomer
from tests.shapes.test_strange_words import kinds, with_remark
from tests.shapes.test_told_beside import Grid, asked, grid, only_koenig, told
from tests.shapes.test_written_once import LABELS_AT, of

AT_ELOI = {"D'ORNANO": "Titulaire", "KÖNIG": "Remplaçant"}  # and two assistants


def with_status(of_whom: str, status: str) -> Grid:
    at = LABELS_AT["Statut"]
    return [[*row[:at], status, *row[at + 1 :]] if of(row, "Nom") == of_whom else row for row in grid()]


OTHERS = [
    "Remplaçante partie le 12/10/2026", "suppléant en retraite", "assistante mutée", "Ancien titulaire parti",
    "Parti : Dr KÖNIG", "Départ du Dr KÖNIG",
]  # fmt: skip


@pytest.mark.parametrize("status", OTHERS)
def test_a_status_that_tells_of_another_ends_nobody(status: str) -> None:
    found = told({"Liste": with_status("D'ORNANO", status)})
    assert kinds(found) == ["review"]
    assert set(asked(found)) <= {"", "D'ORNANO", "KÖNIG", "BÉRANGER", "MOULIN"}  # "": of the place


@pytest.mark.parametrize("status", ["Titulaire parti le 12/10/2026", "Parti, remplacé par le Dr KÖNIG"])
def test_a_status_that_tells_of_the_rows_own_person_ends_them(status: str) -> None:
    found = told({"Liste": with_status("D'ORNANO", status)})
    assert {one.person.last_name for one in found.changes if one.kind == "end_assignment"} == {"D'ORNANO"}


def test_a_remark_on_a_colleague_of_another_role_is_asked_of_those_who_have_it() -> None:
    cells = with_remark(grid(lambda _at, row: row.update(status="")), "D'ORNANO", "suppléant parti")
    assert "KÖNIG" in asked(told({"Liste": cells}))


LEFT = {
    "Fin de mandat": "31/12/2024", "Retraite": "2024", "Remplacé par": "Dr D'ORNANO", "Suivi": "a quitté en 2024",
}  # fmt: skip


@pytest.mark.parametrize("header", LEFT)
def test_of_whom_it_is_asked_whether_they_left_nobody_comes(header: str) -> None:
    cells = [[*row, ""] for row in [*grid(), newcomer()]]
    cells[0][-1], cells[-1][-1] = header, LEFT[header]
    assert asked(told({"Liste": cells})) == ["NOUVEL"]


@pytest.mark.parametrize("remark", ["prendra ses fonctions en janvier", "sera là au printemps", "2019 - 2023"])
def test_nobody_comes_who_will_come_or_whose_time_is_over(remark: str) -> None:
    cells = with_remark([*grid(), newcomer()], "NOUVEL", remark)
    assert asked(told({"Liste": cells})) == ["NOUVEL"]


def wide(last: str, said: str, *, own: bool) -> Grid:
    """A row for each hospital; « Observations » or the like behind the last group is the row's. `own`: the groups have
    a column of remarks each.
    """
    fields = ["Nom", "Prénom", "N° CPx", *(["Obs"] if own else [])]
    people: dict[str, Grid] = {}
    for row in grid(only_koenig(status=""))[1:17]:
        people.setdefault(of(row, "FINESS"), []).append(row)
    blank = [""] * (len(fields) - 1)
    found = [["", "", "Titulaire", *blank, "Suppléant", *blank, "Assistant", *blank, ""]]
    found.append(["FINESS", "Établissement", *fields * 3, last])
    for code, theirs in people.items():
        cells = [
            text for row in theirs[:3] for text in (*(of(row, name) for name in fields[:3]), *([""] if own else []))
        ]
        eloi = "KÖNIG" in cells
        found.append([code, of(theirs[0], "Établissement"), *cells, said if eloi or last != "Observations" else ""])
    return found


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("said", ["le suppléant est parti le 12/10/2026", "Parti le 12/10/2026"])
def test_a_remark_behind_the_groups_of_a_wide_sheet_is_of_the_row_and_ends_nobody(said: str, *, own: bool) -> None:
    found = told({"Liste": wide("Observations", said, own=own)})
    ended = {one.person.last_name for one in found.changes if one.kind == "end_assignment"}
    assert ended.isdisjoint({"D'ORNANO", "KÖNIG", "EL MANSOURI"})
    assert any(said in str(one.fields[0].after) for one in found.changes if one.kind == "review")


@pytest.mark.parametrize(("last", "said"), [("Date de fin", "30/06/2026"), ("Courriel", "chv@exemple.org")])
def test_neither_is_any_other_column_behind_them_the_last_groups(last: str, said: str) -> None:
    found = told({"Liste": wide(last, said, own=False)})
    assert not {"left", "contact_changed"} & {one.reasons[0] for one in found.changes}
    assert kinds(found)
