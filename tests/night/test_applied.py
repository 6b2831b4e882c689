"""Once the updaters have entered everything, nothing is left to enter; and where all agree there was nothing."""

from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.nomenclatures import rows as table_rows
from tests.night.country import copy_country, night_of
from tests.night.updaters import Row, enter
from tests.spec.night import Night, play
from tests.spec.tables import ASSISTANT, ES, OTHER_ES, REMPLACANT, Line, Person, Role, account, row

LABELS = {line["label"]: line["field"] for line in table_rows("annuaire_columns")}
NOT_TO_ENTER = {"card_alert", "review"}


# ── the invented country ─────────────────────────────────────────────────────────────────────────


def rewrite_export(path: Path, changes: list[dict[str, Any]]) -> None:
    """The export as it stands once the changes are entered."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    fields = [LABELS[str(label)] for label in lines[0]]
    before = [dict(zip(fields, map(as_text, line), strict=True)) for line in lines[1:]]
    after = enter(changes, before)
    sheet.delete_rows(2, len(lines))
    for line in after:
        sheet.append([line[name] for name in fields])
    book.save(path)


def as_text(value: object) -> str:
    """A cell as the export shows it; a date without its hour."""
    return "" if value is None else str(value).removesuffix(" 00:00:00")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """The change sets of a night, and of the next once the first is entered."""
    country = copy_country(tmp_path_factory.mktemp("applied"))
    first = night_of(country)
    rewrite_export(country / "efit" / "export.xlsx", first["changes"])
    return first, night_of(country)


def test_the_first_night_asks_for_every_kind_of_entry(nights: tuple[dict[str, Any], dict[str, Any]]) -> None:
    kinds = {"create_account", "add_assignment", "update_account", "end_assignment", "deactivate_account"}
    assert kinds <= {change["kind"] for change in nights[0]["changes"]}


def test_once_everything_is_entered_nothing_is_left_but_alerts_and_reviews(
    nights: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    left = [(c["kind"], c["reasons"], c["account_id"]) for c in nights[1]["changes"] if c["kind"] not in NOT_TO_ENTER]
    assert left == []


def test_what_is_entered_brings_no_new_alert_and_no_new_review(
    nights: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """What is new is about the accounts that were created: a card that has ended, a number that another has too."""
    first, second = ({c["id"] for c in night["changes"] if c["kind"] in NOT_TO_ENTER} for night in nights)
    new = [c for c in nights[1]["changes"] if c["id"] in second - first]
    assert [(c["reasons"], c["account_id"]) for c in new if not any(is_new(one) for one in about(c))] == []


def about(change: dict[str, Any]) -> list[str]:
    """The accounts that an alert or a review is about."""
    named = [str(field["after"]).split()[0] for field in change["fields"] if field["field"] == "candidate"]
    return [str(change["account_id"]), *named]


def is_new(account: str) -> bool:
    return account.startswith("NOUVEAU")


def test_an_alert_or_review_nobody_acted_on_keeps_its_id(
    nights: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    first, second = (
        Counter(c["id"] for c in night["changes"] if c["kind"] in NOT_TO_ENTER and c["account_id"]) for night in nights
    )
    assert sum((first & second).values()) >= 0.9 * sum(first.values())


# ── any annuaire and any workbook ────────────────────────────────────────────────────────────────

PEOPLE = tuple(
    Person(60 + at, last, first, profession)
    for at, (last, first, profession) in enumerate(
        [("AURORE", "Côme", "10"), ("BRUME", "Ada", "21"), ("CHIMÈRE", "Guy", "60"), ("DÉDALE", "Ines", "10")]
    )
)
Place = tuple[Person, str, Role]
a_place = st.tuples(
    st.sampled_from(PEOPLE), st.sampled_from([ES, OTHER_ES, "24"]), st.sampled_from([ASSISTANT, REMPLACANT])
).filter(lambda place: place[2] == ASSISTANT or (place[0].profession != "60" and place[1] != "24"))
some_places = st.lists(a_place, unique=True, max_size=6)


def annuaire_of(places: list[Place]) -> list[Line]:
    return [account(*place) for place in places]


def workbook_of(places: list[Place]) -> list[Line]:
    return [row(*place) for place in places]


def entered(found: Night, annuaire: list[Line]) -> list[Line]:
    """The annuaire's lines after the updaters; whom a line is about matters no more."""
    empty = dict.fromkeys(account(PEOPLE[0]).cells, "")
    rows: list[Row] = [line.cells for line in annuaire] or [empty]
    after = enter([change.model_dump(mode="json") for change in found.changes], rows)
    by_number = {who.rpps: who for who in PEOPLE}
    return [Line(by_number[line["cpx_number"]], line) for line in after if line["account_id"]]


@given(some_places)
def test_where_all_sources_agree_there_is_no_change(places: list[Place]) -> None:
    assert play(annuaire_of(places), workbook_of(places)).table() == []


@given(some_places, some_places)
def test_entering_the_difference_makes_the_annuaire_agree(before: list[Place], after: list[Place]) -> None:
    # of several people whose function no row has any more it is asked (shapes/test_no_leavers.py): no difference
    assume({function for _, _, (function, _) in before} <= {function for _, _, (function, _) in after})
    annuaire, workbook = annuaire_of(before), workbook_of(after)
    first = play(annuaire, workbook)
    second = play(entered(first, annuaire), workbook)
    assert second.table() == []


@given(some_places, some_places, st.randoms(use_true_random=False))
def test_any_order_of_the_rows_gives_the_same_changes(before: list[Place], after: list[Place], chance: Any) -> None:
    annuaire, workbook = annuaire_of(before), workbook_of(after)
    shuffled = play(chance.sample(annuaire, len(annuaire)), chance.sample(workbook, len(workbook)))
    assert shuffled.changes == play(annuaire, workbook).changes
