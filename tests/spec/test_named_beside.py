"""A row that names somebody beside its own person (contract §6a): they keep their post, and are asked about."""

from typing import Any

import pytest

from schemas.changes.change import Change
from tests.spec.night import Night, play
from tests.spec.tables import ES, OTHER_ES, STRUCTURES, Person, account, registered, row

NINA, LUC = Person(201, "DUPRAT", "Nina", "60"), Person(202, "FORESTIER", "Luc", "60")
BROTHER, COUSIN = Person(203, "DUPRAT", "Luc", "60"), Person(204, "FORESTIER", "Paul", "60")
HARM = {"create_account", "end_assignment", "deactivate_account", "update_account", "add_assignment"}
ES_NAME = STRUCTURES[ES].name


def candidates(change: Change) -> list[str]:
    """The key of each, in the order in which they are named."""
    return [(one.after or "").split(" ")[0] for one in change.fields if one.field == "candidate"]


def harmed(found: Night) -> list[tuple[str, str, str]]:
    """What is done to anybody."""
    return [one for one in found.table() if one[0] in HARM]


NAMES: dict[str, tuple[str, str]] = {
    "stroke": ("DUPRAT / FORESTIER", "Nina / Luc"),
    "stroke without spaces": ("DUPRAT/FORESTIER", "Nina/Luc"),
    "comma": ("DUPRAT, FORESTIER", "Nina, Luc"),
    "line break": ("DUPRAT\nFORESTIER", "Nina\nLuc"),
    "and": ("DUPRAT et FORESTIER", "Nina et Luc"),
    "ampersand": ("DUPRAT & FORESTIER", "Nina & Luc"),
    "hyphen": ("DUPRAT - FORESTIER", "Nina - Luc"),
    "nothing between": ("DUPRAT FORESTIER", "Nina Luc"),
    "then": ("DUPRAT puis FORESTIER", "Nina"),
    "first name of one alone": ("DUPRAT / FORESTIER", "Nina"),
    "line break, first name of one alone": ("DUPRAT\nFORESTIER", "Nina"),
    "deputy in brackets": ("DUPRAT (suppléant : FORESTIER)", "Nina"),
    "whole names in one cell": ("DUPRAT Nina / FORESTIER Luc", ""),
    "first names first": ("Nina DUPRAT et Luc FORESTIER", ""),
    "the second in the cell of the first name": ("DUPRAT", "Nina / Luc FORESTIER"),
    "a slip in the second": ("DUPRAT / FORRESTIER", "Nina / Luc"),
}


@pytest.mark.parametrize("shape", NAMES)
@pytest.mark.parametrize("whose", [NINA, LUC])
def test_two_people_in_the_cells_of_one_name_both_keep_their_post_and_are_asked_about(
    shape: str, whose: Person
) -> None:
    last, first = NAMES[shape]
    found = play([account(NINA), account(LUC)], [row(whose, last_name=last, first_name=first)])
    other = LUC if whose is NINA else NINA
    assert not harmed(found)
    assert other.account_id in {key for change in found.changes for key in candidates(change)}


CELLS: dict[str, dict[str, Any]] = {
    "two numbers": {"cpx_number": f"{NINA.rpps} / {LUC.rpps}"},
    "two numbers on two lines": {"cpx_number": f"{NINA.rpps}\n{LUC.rpps}"},
    "two numbers with names": {"cpx_number": f"{NINA.rpps} (DUPRAT) {LUC.rpps} (FORESTIER)"},
    "two addresses": {"email": f"{NINA.email} ; {LUC.email}"},
    "a remark with name and number": {"comment": f"Suppléant : Luc FORESTIER, {LUC.rpps}"},
    "a remark with the number alone": {"comment": f"Suppléant : {LUC.rpps}"},
    "a remark with the name": {"comment": "Suppléant : Luc Forestier"},
    "a remark with the name in capitals": {"comment": "en binôme avec FORESTIER"},
    "a remark with a title": {"comment": "Remplaçant : M. Forestier"},
    "a remark with an initial": {"comment": "voir aussi L. Forestier"},
    "a name beside a telephone": {"phone": "01 99 00 12 34 (Luc FORESTIER : 01 99 00 56 78)"},
    "a name beside an address": {"email": f"{NINA.email} (Luc FORESTIER : service@example.org)"},
    "a name beside the establishment": {"structure_name": f"{ES_NAME} (suppléant Luc FORESTIER)"},
    "a name beside the status": {"status": "Actif, suppléant : Luc FORESTIER"},
    "a name beside the function": {"function": "Assistant (suppléant Luc FORESTIER)"},
}


@pytest.mark.parametrize("cell", CELLS)
def test_whoever_another_cell_names_keeps_the_post_and_is_asked_about(cell: str) -> None:
    found = play([account(NINA), account(LUC)], [row(NINA, **CELLS[cell])])
    assert not harmed(found), found.table()
    assert LUC.account_id in {key for change in found.changes for key in candidates(change)}


ASIDE = "a name beside the function"  # the row is set aside: whoever it names is asked about, and protected
SHAPES = [one for one in CELLS if one != ASIDE]


@pytest.mark.parametrize("cell", [*SHAPES, *NAMES])
def test_nothing_is_asked_of_whom_a_line_of_their_own_tells(cell: str) -> None:
    cells: dict[str, Any] = CELLS.get(cell) or dict(zip(("last_name", "first_name"), NAMES[cell], strict=True))
    assert play([account(NINA), account(LUC)], [row(NINA, **cells), row(LUC)]).table() == []


@pytest.mark.parametrize("cell", SHAPES)
def test_a_certain_leaver_leaves_though_another_row_names_them(cell: str) -> None:
    found = play([account(NINA), account(LUC)], [row(NINA, **CELLS[cell]), row(LUC, status="Parti")])
    assert [one.account_id for one in found.all("left")] == [LUC.account_id]
    assert [one.account_id for one in found.all("no_assignment_left")] == [LUC.account_id]


def test_whoever_is_named_by_number_elsewhere_keeps_the_account_and_no_function_there() -> None:
    found = play([account(NINA), account(LUC, OTHER_ES)], [row(NINA, comment=f"avec {LUC.rpps}")])
    assert [one[:2] for one in harmed(found)] == [("end_assignment", "absent_from_workbook")]


def test_a_row_of_somebody_gone_protects_whom_it_names_beside() -> None:
    found = play([account(NINA), account(LUC)], [row(NINA, status="Partie", comment="Remplacée par Luc FORESTIER")])
    assert {one[2] for one in harmed(found)} == {"DUPRAT Nina"}
    assert found.one("ambiguous_match").account_id == LUC.account_id


@pytest.mark.parametrize("cells", [{"function": "?"}, {"structure_code": "12"}, {"status": "à voir"}])
@pytest.mark.parametrize("name", NAMES)
def test_a_row_left_out_protects_everybody_whom_it_names(cells: dict[str, Any], name: str) -> None:
    last, first = NAMES[name]
    found = play([account(NINA), account(LUC)], [row(NINA, last_name=last, first_name=first, **cells)])
    assert not harmed(found), found.table()


LEAVERS: dict[str, tuple[Person, dict[str, Any]]] = {
    "a brother": (BROTHER, {}),
    "a brother, of whom nobody speaks": (BROTHER, {"comment": "DUPRAT Nina est en congé"}),
    "a word that is somebody's name": (Person(205, "PETIT", "Luc"), {"comment": "petit mi-temps"}),
    "a remark in capitals": (Person(205, "PETIT", "Luc"), {"comment": "PETIT MI-TEMPS"}),
    "the name of the establishment": (Person(206, "ESSAI", "Luc"), {}),
    "a maiden name": (COUSIN, {"last_name": "DUPRAT (née BONNET)"}),
    "a compound name": (COUSIN, {"last_name": "DUPRAT-BONNET", "first_name": "Nina-Rose"}),
    "a telephone": (COUSIN, {"phone": "01 99 00 12 34 / 06 99 00 12 34"}),
}


@pytest.mark.parametrize("case", LEAVERS)
def test_a_real_leaver_whom_no_row_names_still_leaves(case: str) -> None:
    gone, cells = LEAVERS[case]
    found = play([account(NINA), account(gone)], [row(NINA, **cells)], register=[registered(NINA), registered(gone)])
    assert [one.account_id for one in found.all("absent_from_workbook")] == [gone.account_id]
    assert [one.account_id for one in found.all("no_assignment_left")] == [gone.account_id]


DEPARTURES: dict[str, dict[str, Any]] = {
    "replaced by, in brackets": {"first_name": "Nina (remplacée par FORESTIER Luc)"},
    "replaced by, in the last name": {"last_name": "DUPRAT (remplacé par FORESTIER)"},
    "replaced by, without brackets": {"last_name": "DUPRAT remplacée par FORESTIER"},
    "gone, in brackets": {"first_name": "Nina (partie)"},
    "gone, after a dash": {"last_name": "DUPRAT - partie le 01/09/2026"},
    "retired": {"first_name": "Nina en retraite"},
    "retired, with a comma": {"last_name": "DUPRAT, retraitée"},
}


@pytest.mark.parametrize("has_account", [True, False])
@pytest.mark.parametrize("case", DEPARTURES)
def test_a_departure_told_in_the_cell_of_a_name_is_asked_about_and_concludes_nothing(
    case: str, has_account: bool
) -> None:
    annuaire = [account(NINA), *([account(LUC)] if has_account and "FORESTIER" in str(DEPARTURES[case]) else [])]
    found = play(annuaire, [row(NINA, **DEPARTURES[case])])
    assert not harmed(found), found.table()
    assert NINA.account_id in candidates(found.one("line_not_understood"))


def test_a_departure_that_the_status_tells_too_is_one() -> None:
    found = play([account(NINA)], [row(NINA, **DEPARTURES["replaced by, in brackets"], status="Partie")])
    assert found.reasons() == ["left", "no_assignment_left"]


@pytest.mark.parametrize(
    "cells",
    [
        {"last_name": "DUPRAT (née BONNET)"},
        {"last_name": "DUPRAT (ex BONNET)"},
        {"last_name": "DUPRAT ép. BONNET"},
        {"first_name": "Nina (P)"},
        {"first_name": "Nina (Ninon)"},
        {"last_name": "DUPRAT (Dr)"},
        {"last_name": "DUPRAT/BONNET"},
    ],
)
def test_what_is_part_of_a_name_tells_of_no_departure_and_of_nobody_else(cells: dict[str, Any]) -> None:
    assert play([account(NINA)], [row(NINA, **cells)]).all("line_not_understood") == []


STRANGERS = [one for one in NAMES if one not in ("nothing between", "then", "deputy in brackets")]


@pytest.mark.parametrize("shape", [one for one in STRANGERS if "alone" not in one and "second" not in one])
def test_whoever_shares_a_row_and_has_no_account_is_asked_about(shape: str) -> None:
    last, first = NAMES[shape]
    found = play([account(NINA)], [row(NINA, last_name=last, first_name=first)], register=[registered(NINA)])
    assert not harmed(found), found.table()
    assert "FORESTIER" in str(found.one("line_not_understood").fields)


def test_twins_who_share_an_address_are_not_named_by_each_others_line() -> None:
    """Her line gives the address that her own account has: who is absent beside her has left."""
    shared: dict[str, Any] = {"email": "desmarais@example.org", "phone": "01 99 00 77 77"}
    one, other = Person(39, "DESMARAIS", "Jeanne"), Person(40, "DESMARAIS", "Julie")
    found = play([account(one, **shared), account(other, **shared)], [row(other, **shared)])
    assert found.reasons() == ["absent_from_workbook", "no_assignment_left"], found.table()
