"""A column that visibly moved says nothing of anybody: one question for all of it, and nothing is entered (§6a)."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.spec.night import Night, fields_of, play
from tests.spec.tables import (
    ASSISTANT,
    CRH,
    ES,
    ES_11,
    ES_52,
    OTHER_ES,
    REMPLACANT,
    TITULAIRE,
    Line,
    Person,
    Role,
    account,
    region,
    row,
)

ENTERED = ("create_account", "add_assignment", "end_assignment", "deactivate_account", "update_account")


def clerk(serial: int, last_name: str, first_name: str, number: str) -> Person:
    """Somebody of whom no register tells."""
    return Person(serial, last_name, first_name, "SEC", f"3{ES}/{number}")


CLERKS = [
    clerk(500, "ABRIAL", "Rose", "4100"),
    clerk(501, "BOUVERET", "Sidonie", "7312"),
    clerk(502, "CHAMPLEY", "Thècle", "5518"),
    clerk(503, "DESVIGNE", "Ulla", "9023"),
    clerk(504, "ETCHART", "Vanina", "6647"),
]
HELD: dict[str, Sequence[str]] = {
    "card_expires_on": ["2027-04-07", "2027-06-08", "2027-08-09", "2027-10-10", "2028-01-11"],
    "profession": ["Secrétaire", "Cadre de santé", "Technicien", "Aide-soignant", "Pharmacien"],
    "phone": ["01 99 00 41 07", "01 99 00 52 33", "01 99 00 63 18", "01 99 00 74 92", "01 99 00 85 56"],
    "email": [f"agent{at}@example.org" for at in range(5)],
    "civility": ["Mme", "M.", "Mme", "M.", "M."],
}


def entered(found: Night) -> list[tuple[str, str]]:
    return [(change.kind, change.person.last_name) for change in found.changes if change.kind in ENTERED]


def moved(column: str, told: Sequence[str]) -> Night:
    """Five people, with what the annuaire has of each, and what the workbook has in their rows."""
    cells: list[dict[str, Any]] = [{column: value} for value in HELD[column]] if column in HELD else [{}] * 5
    given: list[dict[str, Any]] = [{"civility": "Mme", column: value} for value in told]
    rows = [row(who, **cell) for who, cell in zip(CLERKS, given, strict=True)]
    return play([account(who, **cell) for who, cell in zip(CLERKS, cells, strict=True)], rows)


def moved_by(column: str, step: int) -> Sequence[str]:
    return [HELD[column][(at - step) % 5] for at in range(5)]


MOVED: dict[str, tuple[str, Sequence[str]]] = {
    "dates, a row down": ("card_expires_on", moved_by("card_expires_on", 1)),
    "dates, a row up": ("card_expires_on", moved_by("card_expires_on", -1)),
    "dates of two rows exchanged": ("card_expires_on", [HELD["card_expires_on"][at] for at in (0, 2, 1, 3, 4)]),
    "a date filled down": ("card_expires_on", ["2027-04-07"] * 5),
    "a date filled down that is past": ("card_expires_on", ["2027-04-07", *["2026-10-01"] * 4]),
    "dates dragged by a day": ("card_expires_on", [f"2027-04-{day:02d}" for day in range(7, 12)]),
    "dates dragged by a month": ("card_expires_on", [f"2027-{month:02d}-07" for month in range(4, 9)]),
    "dates dragged by a year": ("card_expires_on", [f"{year}-04-07" for year in range(2027, 2032)]),
    "professions, a row down": ("profession", moved_by("profession", 1)),
    "a profession filled down": ("profession", ["Secrétaire"] * 5),
    "telephones dragged": ("phone", [f"01 99 00 41 {last:02d}" for last in range(7, 12)]),
    "a new telephone filled down": ("phone", ["01 99 00 99 99"] * 5),
    "a new address filled down": ("email", ["service@example.org"] * 5),
    "a civility filled down": ("civility", ["Mme"] * 5),
    "numbers dragged": ("cpx_number", [f"3{ES}/{number}" for number in range(4100, 4105)]),
}


SLIPS = ["7313", "731", "73122", "3712"]


@pytest.mark.parametrize("told", SLIPS)
def test_a_number_of_no_register_that_is_one_sign_off_is_asked_about_and_stays(told: str) -> None:
    """Which of both is on the card nobody but its holder knows; with the wrong one she cannot log in."""
    she = CLERKS[1]
    found = play([account(she)], [row(she, cpx_number=f"3{ES}/{told}")])
    assert (found.reasons(), entered(found)) == (["line_not_understood"], []), found.table()
    asked = found.one("line_not_understood")
    assert "d’un seul signe" in (fields_of(asked)["detail"][1] or "").replace("'", "’")
    assert "Lire le numéro sur la carte" in asked.guidance
    assert she.account_id in asked.candidates


@pytest.mark.parametrize("told", ["9999", "7321A", "HV-NOUVEAU"])
def test_another_number_of_no_register_is_entered_as_before(told: str) -> None:
    she = CLERKS[1]
    found = play([account(she)], [row(she, cpx_number=f"3{ES}/{told}")])
    assert found.reasons() == ["card_number_differs"], found.table()


@pytest.mark.parametrize("case", MOVED)
def test_a_column_that_moved_is_one_question_and_changes_nobody(case: str) -> None:
    found = moved(*MOVED[case])
    assert (found.reasons(), entered(found)) == (["line_not_understood"], []), found.table()
    asked = found.one("line_not_understood")
    assert (asked.updater.post, asked.updater.scope) == ("CRH_ST", "24")
    assert "BOUVERET Sidonie" in (fields_of(asked)["detail"][1] or "")
    assert CLERKS[1].account_id in {(one.after or "").split(" ")[0] for one in asked.fields if one.field == "candidate"}


def test_nobody_is_told_that_a_card_has_ended_by_a_date_that_was_filled_down() -> None:
    assert moved(*MOVED["a date filled down that is past"]).all("card_expired") == []


def test_both_columns_that_moved_are_a_question_each() -> None:
    dates, phones = MOVED["dates, a row down"][1], MOVED["telephones dragged"][1]
    held = [
        account(who, card_expires_on=day, phone=phone)
        for who, day, phone in zip(CLERKS, HELD["card_expires_on"], HELD["phone"], strict=True)
    ]
    rows = [row(who, card_expires_on=day, phone=phone) for who, day, phone in zip(CLERKS, dates, phones, strict=True)]
    found = play(held, rows)
    assert found.reasons() == ["line_not_understood"] * 2
    assert len({change.id for change in found.changes}) == 2


TRUE: dict[str, tuple[str, Sequence[str], int]] = {
    "one card renewed": ("card_expires_on", ["2029-04-07", *HELD["card_expires_on"][1:]], 1),
    "all cards renewed, each its day": (
        "card_expires_on",
        ["2029-03-13", "2029-05-02", "2029-04-21", "2029-09-30", "2029-07-08"],
        5,
    ),
    "two at a distance renewed together": (
        "card_expires_on",
        ["2029-02-03", *HELD["card_expires_on"][1:4], "2029-02-03"],
        2,
    ),
    "one profession": ("profession", ["Infirmier", *HELD["profession"][1:]], 1),
    "one telephone": ("phone", [*HELD["phone"][:4], "01 99 00 99 99"], 1),
    "new telephones that have nothing to do with each other": (
        "phone",
        ["01 99 00 11 31", "01 99 00 28 02", "01 99 00 90 77", "01 99 00 17 45", "01 99 00 63 64"],
        5,
    ),
}


@pytest.mark.parametrize("case", TRUE)
def test_what_is_new_of_each_is_entered_as_before(case: str) -> None:
    column, told, count = TRUE[case]
    found = moved(column, told)
    assert [kind for kind, _ in entered(found)] == ["update_account"] * count, found.table()
    assert found.all("line_not_understood") == []


@pytest.mark.parametrize("first", ["2027-04-07", "2029-11-30"])
def test_a_date_filled_down_over_one_that_all_others_have_is_a_question(first: str) -> None:
    """It stays in the row that it was drawn from, and the cards of all below were ordered together."""
    dates = [first, *["2028-01-11"] * 4]
    held = [account(who, card_expires_on=day) for who, day in zip(CLERKS, dates, strict=True)]
    found = play(held, [row(who, card_expires_on=first) for who in CLERKS])
    assert (found.reasons(), entered(found)) == (["line_not_understood"], []), found.table()


def test_cards_that_ended_together_and_were_renewed_together_are_renewed() -> None:
    held = [account(who, card_expires_on="2026-12-31") for who in CLERKS]
    found = play(held, [row(who, card_expires_on="2029-12-31") for who in CLERKS])
    assert len(found.all("card_renewed")) == len(CLERKS)


@pytest.mark.parametrize("told", ["31/12/2099", "2039-01-01", "01/01/2100"])
def test_a_day_to_which_no_card_lasts_is_not_taken(told: str) -> None:
    found = moved("card_expires_on", [told, *HELD["card_expires_on"][1:]])
    assert (found.reasons(), found.codes()) == ([], ["CARD_DATE_INVALID"])


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("field", ["first_name", "last_name"])
@pytest.mark.parametrize("order", [(4, 0, 1, 2, 3), (1, 2, 3, 4, 0), (0, 0, 0, 0, 0)])
def test_names_that_moved_are_one_question_and_everybody_keeps_what_they_have(field: str, order: Sequence[int]) -> None:
    names = [getattr(who, field) for who in CLERKS]
    rows = [row(who, **{field: names[at]}) for who, at in zip(CLERKS, order, strict=True)]
    found = play([account(who) for who in CLERKS], rows)
    assert entered(found) == [], found.table()
    assert len(found.changes) <= 2, found.table()


# ── functions, ranks, places ─────────────────────────────────────────────────────────────────────

ROLES: Sequence[Role] = (TITULAIRE, REMPLACANT, ASSISTANT, TITULAIRE, REMPLACANT, ASSISTANT)
STAFF = [
    Person(520 + at, last_name, first_name)
    for at, (last_name, first_name) in enumerate(
        [
            ("FOURNEL", "Ana"),
            ("GRANGIER", "Bruno"),
            ("HERMELIN", "Cléo"),
            ("ISAMBERT", "Denis"),
            ("JOUANNY", "Elsa"),
            ("KERVADEC", "Félix"),
        ]
    )
]
PLACES = (ES, ES, ES, OTHER_ES, OTHER_ES, OTHER_ES)


def posts(roles: Sequence[Role], places: Sequence[str] = PLACES) -> Night:
    """Two hospitals of three people each, and what the workbook gives them."""
    held = [account(who, at, role) for who, at, role in zip(STAFF, PLACES, ROLES, strict=True)]
    rows = [row(who, at, role) for who, at, role in zip(STAFF, places, roles, strict=True)]
    return play(held, rows, mentioned_before={"region:24": frozenset(PLACES)}, kept=False)


MISPLACED: dict[str, tuple[Sequence[Role], Sequence[str]]] = {
    "functions, a row down": ([ROLES[at - 1] for at in range(6)], PLACES),
    "functions, a row up": ([ROLES[(at + 1) % 6] for at in range(6)], PLACES),
    "functions of one hospital": ([ASSISTANT, TITULAIRE, REMPLACANT, *ROLES[3:]], PLACES),
    "one function filled down": ([TITULAIRE] * 6, PLACES),
    "one establishment filled down over the other": (ROLES, [ES] * 6),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_functions_and_places_that_moved_are_one_question_and_end_nobody(case: str) -> None:
    found = posts(*MISPLACED[case])
    assert (found.reasons(), entered(found)) == (["line_not_understood"], []), found.table()


def test_the_remplacant_who_follows_the_titulaire_is_no_column_that_moved() -> None:
    found = posts([REMPLACANT, TITULAIRE, *ROLES[2:]])
    assert sorted(kind for kind, _ in entered(found)) == ["add_assignment"] * 2 + ["end_assignment"] * 2


@pytest.mark.parametrize("heard", [True, False])
def test_three_who_came_from_a_region_that_was_not_heard_are_no_column_that_was_filled_down(heard: bool) -> None:
    """Who is left at the hospitals that they came from, the unread workbook would tell."""
    came = (ES_11, ES_52, ES_11)
    held = [account(who, at) for who, at in zip(STAFF, came, strict=False)]
    books = [region("24", *map(row, STAFF[:3])), region("11", usable=heard), region("52", usable=heard)]
    found = play(held, books=books, kept=False)
    assert bool(found.all("line_not_understood")) is heard, found.table()


def test_who_moves_to_the_other_hospital_moves() -> None:
    found = posts(ROLES, [*PLACES[:2], OTHER_ES, *PLACES[3:]])
    assert [kind for kind, _ in entered(found)] == ["add_assignment", "end_assignment"]


# ── a block pasted over the next hospital ────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [2, 3])
def test_a_block_pasted_over_another_hospital_ends_nobody_there_and_adds_nobody(count: int) -> None:
    held = [account(who, at, role) for who, at, role in zip(STAFF, PLACES, ROLES, strict=True)]
    first = [row(who, ES, role) for who, role in zip(STAFF[:3], ROLES, strict=False)]
    over = [row(who, OTHER_ES, role) for who, role in zip(STAFF[:count], ROLES, strict=False)]
    rest = [row(who, OTHER_ES, role) for who, role in zip(STAFF[3 + count :], ROLES[3 + count :], strict=True)]
    found = play(held, [*first, *over, *rest])
    assert (found.reasons(), entered(found)) == (["line_not_understood"], []), found.table()
    assert STAFF[3].account_id in {(one.after or "").split(" ")[0] for one in found.changes[0].fields}


def test_two_who_take_a_second_post_each_in_a_row_of_its_own_are_no_block() -> None:
    """Rows of others stand between theirs: nobody pastes so, and who is gone there is gone."""
    held = [account(who, at, role) for who, at, role in zip(STAFF, PLACES, ROLES, strict=True)]
    own = [row(who, at, role) for who, at, role in zip(STAFF[:4], PLACES, ROLES, strict=False)]
    found = play(held, [row(STAFF[0], OTHER_ES), *own, row(STAFF[1], OTHER_ES)])
    assert sorted(kind for kind, _ in entered(found)) == [
        *["add_assignment"] * 2,
        *["deactivate_account"] * 2,
        *["end_assignment"] * 2,
    ], found.table()


def test_two_who_work_at_a_second_hospital_beside_its_people_are_added_there() -> None:
    held = [account(who, at, role) for who, at, role in zip(STAFF, PLACES, ROLES, strict=True)]
    own = [row(who, at, role) for who, at, role in zip(STAFF, PLACES, ROLES, strict=True)]
    both: list[Line] = [row(who, OTHER_ES) for who in STAFF[:2]]
    found = play(held, [*own, *both])
    assert [kind for kind, _ in entered(found)] == ["add_assignment"] * 2


def test_two_rows_whose_establishment_slid_keep_nobody_of_another_place() -> None:
    crh, gone = Person(981, "LAMBOT", "Zoé", "10"), Person(982, "MORVAN", "Luc", "10")
    places = (ES, OTHER_ES, ES_52)
    held = [account(who, at) for who, at in zip(STAFF, places, strict=False)]
    held += [account(crh, "24", CRH), account(gone, "24", ("CRH-ST", "Remplaçant"))]
    rows = [row(STAFF[0], ES), row(STAFF[1], ES), row(STAFF[2], OTHER_ES), row(crh, "24", CRH)]
    found = play(held, rows)
    assert {one.account_id for one in found.changes if one.kind == "end_assignment"} == {gone.account_id}
    assert "line_not_understood" in found.reasons()
