"""A row with the FINESS number of one establishment and the name of another: nobody moves for a number dragged down."""

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import (
    ANNE,
    ES,
    ES_11,
    ES_52,
    OTHER_ES,
    STRUCTURES,
    TITULAIRE,
    Line,
    Person,
    account,
    registered,
    row,
)

INES, OMAR, LENA = Person(71, "FICTIVE", "Inès"), Person(72, "MODÈLE", "Omar"), Person(73, "EXEMPLAIRE", "Léna")


def named(line: Line, code: str) -> Line:
    """The row with the name of another establishment."""
    return Line(line.who, {**line.cells, "structure_name": STRUCTURES[code].name})


def told(found: Night) -> list[tuple[str, str]]:
    return sorted((one.kind, one.reasons[0]) for one in found.changes)


@pytest.mark.parametrize("wrong", [OTHER_ES, ES_11, ES_52], ids=["of the region", "of another", "of one more"])
def test_one_row_with_the_number_of_another_hospital_moves_nobody(wrong: str) -> None:
    """Account, register and name say where she is; the annuaire knows the other one too."""
    other = account(LENA, wrong)
    found = play([account(ANNE), other], [named(row(ANNE, wrong), ES), row(LENA, wrong)], register=[registered(ANNE)])
    assert [one for one in found.changes if one.account_id == ANNE.account_id or "ANNE" in one.person.first_name] == []
    assert [one for one in found.changes if one.kind in ("add_assignment", "create_account")] == []


def test_a_number_dragged_down_over_the_next_hospital_moves_nobody() -> None:
    here = [account(ANNE, ES, TITULAIRE), account(INES), account(OMAR, OTHER_ES), account(LENA, OTHER_ES)]
    rows = [row(ANNE, ES, TITULAIRE), row(INES), named(row(OMAR), OTHER_ES), named(row(LENA), OTHER_ES)]
    assert told(play(here, rows)) == []


def test_two_hospitals_whose_numbers_are_exchanged_move_nobody() -> None:
    here = [account(ANNE), account(INES), account(OMAR, OTHER_ES), account(LENA, OTHER_ES)]
    rows = [
        *(named(row(who, OTHER_ES), ES) for who in (ANNE, INES)),
        *(named(row(who, ES), OTHER_ES) for who in (OMAR, LENA)),
    ]
    assert told(play(here, rows)) == []


def test_a_newcomer_is_at_the_one_of_two_hospitals_that_the_workbook_is_for() -> None:
    here = [account(LENA, ES_11), account(INES)]
    found = play(here, [named(row(ANNE, ES_11), ES), row(INES)], register=[registered(ANNE), registered(INES)])
    change = found.one("missing_account")
    assert change.assignment.structure_code == ES
    assert change.updater.scope != "11"


def test_of_a_newcomer_at_one_of_two_hospitals_of_the_region_it_is_asked_which_one() -> None:
    here = [account(LENA, OTHER_ES), account(INES)]
    found = play(here, [named(row(ANNE, OTHER_ES), ES), row(LENA, OTHER_ES), row(INES)])
    assert told(found) == [("review", "line_not_understood")]
    assert STRUCTURES[ES].name in (found.one("line_not_understood").fields[0].after or "")


@pytest.mark.parametrize("name", ["CH d'Essai", "C.H. d'essai", "CH D ESSAI", "Ancien nom du CH", ""])
def test_a_number_with_its_own_name_or_one_that_nobody_has_says_where(name: str) -> None:
    line = Line(ANNE, {**row(ANNE).cells, "structure_name": name})
    found = play([account(ANNE), account(LENA, OTHER_ES)], [line, row(LENA, OTHER_ES)])
    assert told(found) == []


def test_who_really_moves_with_number_and_name_is_added_there_and_ended_here() -> None:
    found = play([account(ANNE), account(LENA, OTHER_ES)], [named(row(ANNE, OTHER_ES), OTHER_ES), row(LENA, OTHER_ES)])
    assert [reason for _, reason in told(found)] == ["missing_assignment", "absent_from_workbook"]


def test_rows_of_people_whom_nobody_knows_follow_the_others_that_say_the_same_two_places() -> None:
    here = [account(INES, OTHER_ES), account(OMAR, OTHER_ES), account(LENA)]
    rows = [named(row(who), OTHER_ES) for who in (INES, OMAR, ANNE)]
    found = play(here, [*rows, row(LENA)], register=[registered(one) for one in (ANNE, INES, OMAR, LENA)])
    assert found.one("missing_account").assignment.structure_code == OTHER_ES
    assert len(found.changes) == 1


# ── several hospitals of one name ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "namesake", [ES_11, ES_52, OTHER_ES], ids=["of another region", "of one more", "of the region"]
)
@pytest.mark.parametrize("wrong", [OTHER_ES, ES_11])
def test_a_wrong_number_beside_a_name_that_several_hospitals_have_moves_nobody(wrong: str, namesake: str) -> None:
    """« Clinique Saint-Joseph » is everywhere: hers is where the annuaire has her."""
    if wrong == namesake:
        namesake = ES_52
    others = [account(LENA, wrong), account(OMAR, namesake, structure_name=STRUCTURES[ES].name)]
    books = [
        named(row(ANNE, wrong), ES),
        *(row(one.who, OTHER_ES) for one in others if one.cells["structure_code"] == OTHER_ES),
    ]
    found = play([account(ANNE), *others], books, register=[registered(ANNE)])
    assert [one for one in found.changes if one.account_id == ANNE.account_id] == [], found.table()
    assert [one for one in found.changes if one.kind in ("add_assignment", "create_account")] == []


def test_of_a_newcomer_beside_a_name_that_two_hospitals_of_the_region_have_it_is_asked_which_one() -> None:
    here = [account(LENA, ES_11), account(INES), account(OMAR, OTHER_ES, structure_name=STRUCTURES[ES].name)]
    found = play(here, [named(row(ANNE, ES_11), ES), row(INES), row(OMAR, OTHER_ES)])
    assert told(found) == [("review", "line_not_understood")]
