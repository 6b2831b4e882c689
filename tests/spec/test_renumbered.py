"""A hospital that changed its FINESS, or went into another one, is asked about as that, once; nobody moves (§6a)."""

from typing import Any

import pytest

from schemas.people.structure import Structure
from tests.spec.night import Night, fields_of, play
from tests.spec.tables import (
    ASSISTANT,
    ES,
    OTHER_ES,
    REMPLACANT,
    STRUCTURES,
    TITULAIRE,
    Person,
    account,
    finess,
    registered,
    row,
)

NEW = finess("45", 99)
STAFF = [Person(660, "ABRIAL", "Rose"), Person(661, "BOUVERET", "Sidonie"), Person(662, "CHAMPLEY", "Thècle")]
ROLES = [TITULAIRE, REMPLACANT, ASSISTANT]
SPOKEN = {"region:24": frozenset({OTHER_ES})}


@pytest.fixture(autouse=True)
def new_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stock has the new number, under the old name."""
    known = {**STRUCTURES, NEW: Structure(NEW, "ES", STRUCTURES[OTHER_ES].name, "24")}
    for module in ("tests.spec.tables", "tests.spec.night"):
        monkeypatch.setattr(f"{module}.STRUCTURES", known)


def renumbered(to: str, count: int = 3, name: str = "", **around: Any) -> Night:
    """All people of a hospital stand under another FINESS."""
    held = [account(who, OTHER_ES, role) for who, role in zip(STAFF[:count], ROLES, strict=False)]
    rows = [
        row(who, to, role, structure_type="ES", structure_name=name)
        for who, role in zip(STAFF[:count], ROLES, strict=False)
    ]
    register = [registered(who, finess_site=to) for who in STAFF[:count]]
    return play(held, rows, register=register, mentioned_before=SPOKEN, **around)


def told(found: Night) -> str:
    """The only question, of which nothing else follows."""
    assert [change.reasons for change in found.changes] == [("line_not_understood",)], found.table()
    assert set(found.changes[0].candidates) >= {STAFF[0].account_id}
    return (fields_of(found.changes[0])["detail"][1] or "").replace("’", "'").replace("\xa0", " ")


def test_a_hospital_of_which_the_stock_knows_that_the_old_number_is_closed_has_perhaps_changed_it() -> None:
    said = told(renumbered(NEW, closed=[OTHER_ES]))
    assert said.startswith("Le FINESS de « Clinique du Modèle » a-t-il changé ?")
    assert f"Le répertoire FINESS donne {OTHER_ES} comme fermé." in said


def test_who_works_at_a_hospital_that_closed_and_stands_under_another_is_asked_about_with_all_the_others() -> None:
    keeper = Person(663, "DESVIGNE", "Ulla")
    held = [account(who, OTHER_ES, role) for who, role in zip(STAFF, ROLES, strict=True)]
    rows = [row(who, ES, role) for who, role in zip(STAFF[1:], ROLES[1:], strict=True)]
    found = play([*held, account(keeper, ES, TITULAIRE)], [*rows, row(keeper, ES, TITULAIRE)], closed=[OTHER_ES])
    said = told(found)
    assert said.startswith("« Clinique du Modèle » a-t-il été regroupé avec « CH d'Essai » ?")
    assert STAFF[0].account_id in found.changes[0].candidates


def test_a_workbook_that_has_the_number_of_before_is_not_accused_of_a_column_that_moved() -> None:
    said = told(renumbered(ES, closed=[ES]))
    assert "le classeur a peut-être encore l'ancien numéro" in said


def test_who_alone_moves_from_a_hospital_that_closed_moves() -> None:
    mover, keeper = Person(664, "ETCHART", "Vanina"), Person(663, "DESVIGNE", "Ulla")
    held = [account(mover, OTHER_ES), account(keeper, ES, TITULAIRE)]
    found = play(held, [row(mover, ES), row(keeper, ES, TITULAIRE)], closed=[OTHER_ES])
    assert "missing_assignment" in found.reasons(), found.table()


@pytest.mark.parametrize("step", [1, -1])
def test_establishments_of_three_hospitals_that_moved_by_a_row_are_one_question_and_move_nobody(step: int) -> None:
    """Two people stand at another hospital, each at the border of theirs: two do not move so, cells do."""
    places = (ES, ES, OTHER_ES, OTHER_ES, NEW, NEW)
    keepers = [*STAFF, *(Person(670 + at, name, "Zoé") for at, name in enumerate(("FERRIOL", "GUYARD", "HOSTIN")))]
    held = [account(who, at) for who, at in zip(keepers, places, strict=True)]
    told = [places[max(0, min(5, at - step))] for at in range(6)]
    found = play(held, [row(who, at) for who, at in zip(keepers, told, strict=True)])
    assert (found.reasons(), [c.kind for c in found.changes if c.kind != "review"]) == (["line_not_understood"], []), (
        found.table()
    )
