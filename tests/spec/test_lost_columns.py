"""When a column of a source is lost, when a workbook is another one, and what an empty value says (contract §6a)."""

import pandas as pd
import pytest

from pipelines.policy import Policy, hardly_legible
from pipelines.sources.lost_columns import COLUMN, column_label, filled_of, lost_columns
from pipelines.sources.workbook.belongs import INSIDE, KNOWN, another
from schemas.nomenclatures import reasons
from schemas.reading.filled import Filled, from_text, rests_on, to_text, value_columns
from tests.spec.night import play
from tests.spec.tables import ANNE, LUC, OTHER_ES, account, registered, row


def cards(ends: int, opposed: tuple[int, ...] = (), rows: range = range(10)) -> pd.DataFrame:
    """A file of cards of which so many have an end, and these are under opposition."""
    table = [
        [f"{number:010}", "2028-05-31" if at < ends else "", "2026-10-01" if number in opposed else ""]
        for at, number in enumerate(rows)
    ]
    return pd.DataFrame(table, columns=["serial", "ends_on", "opposed_on"], dtype=object)


def lost(before: pd.DataFrame | None, now: pd.DataFrame) -> set[str]:
    kind = "register_cards"
    then = {} if before is None else filled_of(before, kind)
    remembered = from_text(to_text(then))
    return {one.name.removeprefix(COLUMN) for one in lost_columns(kind, remembered, filled_of(now, kind))}


LOST = [
    ("all of them are empty", cards(10), cards(0), {"ends_on"}),
    ("eight of ten are left", cards(10), cards(8), set()),
    ("seven of ten are left", cards(10), cards(7), {"ends_on"}),
    ("two are gone, and there were three", cards(3, rows=range(3)), cards(1, rows=range(3)), set()),
    ("it was never filled", cards(0), cards(0), set()),
    ("the rows are gone, and their values with them", cards(10), cards(5, rows=range(5)), set()),
    ("there are more rows, and no more values", cards(10), cards(10, rows=range(20)), set()),
    ("nothing is remembered, and no row has a value", None, cards(0), {"ends_on"}),
    ("nothing is remembered, and there are few rows", None, cards(0, rows=range(4)), set()),
    ("nothing is remembered, and one row has a value", None, cards(1), set()),
    ("no card is under opposition any more", cards(10, (1, 2)), cards(10), {"opposed_on"}),
    ("one card is not under opposition any more", cards(10, (1,)), cards(10), set()),
    ("the opposed cards are gone", cards(10, (1, 2)), cards(7, rows=range(3, 10)), set()),
    ("other cards are opposed", cards(10, (1, 2)), cards(10, (3, 4, 5)), {"opposed_on"}),
    ("a third card is opposed", cards(10, (1, 2)), cards(10, (1, 2, 3)), set()),
    ("nobody ever was opposed", None, cards(10), set()),
]


@pytest.mark.parametrize(("_case", "before", "now", "expected"), LOST, ids=[one[0] for one in LOST])
def test_a_column_is_lost(_case: str, before: pd.DataFrame | None, now: pd.DataFrame, expected: set[str]) -> None:
    assert lost(before, now) == expected


ANOTHER = [
    ("never used, and about its own places", {}, (9, 10), (0, 10), ""),
    ("never used, and half elsewhere", {}, (5, 10), (0, 10), ""),
    ("never used, and mostly elsewhere", {}, (4, 10), (10, 10), INSIDE),
    ("never used, and four rows", {}, (0, 4), (4, 4), ""),
    ("a fifth more elsewhere than before", (10, 10, 10), (7, 10), (10, 10), INSIDE),
    ("mostly elsewhere as ever", (4, 10, 10), (2, 10), (10, 10), ""),
    ("newcomers beside those who were", (10, 10, 10), (30, 30), (10, 30), ""),
    ("strangers alone", (10, 10, 10), (10, 10), (0, 10), KNOWN),
    ("strangers alone, and fewer", (10, 10, 10), (6, 6), (0, 6), KNOWN),
    ("newcomers, as the last time", (10, 0, 10), (10, 10), (0, 10), ""),
    ("half of the people left", (10, 10, 10), (5, 5), (5, 5), ""),
]


@pytest.mark.parametrize(("_case", "then", "inside", "known", "expected"), ANOTHER, ids=[one[0] for one in ANOTHER])
def test_a_workbook_is_another_one(
    _case: str,
    then: dict[str, Filled] | tuple[int, int, int],
    inside: tuple[int, int],
    known: tuple[int, int],
    expected: str,
) -> None:
    """`then`: rows about its places, rows about people who are known, rows; `inside`, `known`: of so many tonight."""
    before = then if isinstance(then, dict) else {INSIDE: Filled(then[2], then[0]), KNOWN: Filled(then[2], then[1])}
    now = {name: Filled(total, count) for name, (count, total) in ((INSIDE, inside), (KNOWN, known))}
    assert another(before, now) == expected


@pytest.mark.parametrize(
    ("rejected", "total", "expected"), [(0, 0, False), (1, 1, False), (2, 2, True), (43, 44, False), (60, 200, True)]
)
def test_a_file_of_which_nothing_or_too_little_can_be_read_is_of_no_use(
    rejected: int, total: int, expected: bool
) -> None:
    assert hardly_legible(rejected, total, Policy()) is expected


def test_every_column_has_a_name_and_every_reason_is_one() -> None:
    for kind in ("annuaire", "workbook", "register_persons", "register_cards"):
        for one in value_columns(kind):
            assert column_label(kind, one.field)
            assert one.reasons <= reasons().keys()
            assert bool(one.reasons) is (one.loss == "unknown")
    card = {"register.cards.opposed_on", "register.cards.content_id"}
    assert rests_on("card_opposed") == card
    of_cards = {code for code, row in reasons().items() if "register.cards" in row["read_in"].split("|")}
    for code in of_cards - {"missing_account"}:  # who has no account gets one, whatever card they have
        assert rests_on(code) == card, f"value_columns.csv forgets {code}"


EMPTY = [
    {"first_name": ""},
    {"last_name": ""},
    {"first_name": "", "last_name": ""},
    {"profession": ""},
    {"civility": ""},
]


@pytest.mark.parametrize("cells", EMPTY)
def test_an_empty_value_of_the_register_changes_nothing(cells: dict[str, str]) -> None:
    staff, rows = [account(ANNE), account(LUC)], [row(ANNE), row(LUC)]
    spoilt = registered(ANNE, **cells)
    assert play(staff, rows, register=[spoilt, registered(LUC)]).table() == []
    other = registered(ANNE, finess_site=OTHER_ES)  # a second activity of hers, which has the value
    assert play(staff, rows, register=[spoilt, other, registered(LUC)]).table() == []


EMPTIED = ["email", "phone", "card_expires_on", "card_type", "civility", "first_name", "profession"]


@pytest.mark.parametrize("field", EMPTIED)
def test_an_empty_cell_of_a_workbook_changes_nothing(field: str) -> None:
    assert play([account(ANNE), account(LUC)], [row(ANNE, **{field: ""}), row(LUC)]).table() == []  # type: ignore[arg-type]
