"""A stranger's first half hour, as the guide tells it: the page is followed word for word."""

import json
from email import message_from_bytes, policy
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock

from connectors.store import open_store
from schemas.nomenclatures import say
from tests.night.played import HEADER_ROW
from tests.walkthrough import PAGE, Filled, Said, Typed, Walk, place_of, steps_of


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """The page, followed to its end: it fails here where the page says what is not so."""
    walk = Walk(tmp_path_factory.mktemp("walk") / "depot")
    walk.follow(steps_of(PAGE.read_text(encoding="utf-8")))
    return walk


def test_the_page_is_followed_to_its_end_and_the_answer_is_counted(walk: Walk) -> None:
    steps = [step for step in steps_of(PAGE.read_text(encoding="utf-8")) if not isinstance(step, Said)]
    kinds = [Typed, Typed, Typed, Filled, Typed, Filled, Typed, Typed]
    assert [type(step) for step in steps] == kinds  # nothing on the page was overlooked
    [change] = changes_of(walk, "EXEMPLE-KELJASVOR")
    assert [field["field"] for field in change["fields"]] == ["phone"]
    with open_store(f"sqlite:///{walk.folder / 'essai/var/annuaire.db'}") as store:
        assert store.states()[change["id"]].status == "accepted"


def test_the_second_night_marks_the_changed_digits_and_writes_to_one_updater(walk: Walk) -> None:
    book = openpyxl.load_workbook(walk.folder / "essai/out/reports/CRH_ST-24.xlsx", rich_text=True)
    sheet = book["À modifier"]
    at, _ = place_of(sheet, lambda text: "EXEMPLE-KELJASVOR" in text)
    row = {str(head.value): cell.value for head, cell in zip(sheet[HEADER_ROW], sheet[at], strict=True)}
    assert [marked(row[head]) for head in (say("column.before"), say("column.after"))] == ["42", "99"]
    assert "Nouveau" in row.values()
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in walk.mails()]
    receipts = [mail for mail in mails if mail["Message-ID"].startswith("<RETOURS-")]
    assert len(mails) - len(receipts) == 6
    assert ["1 réponse prise" in mail["Subject"] for mail in receipts] == [True]
    assert sum("région 24" in mail["Subject"] for mail in mails if mail not in receipts) == 2


def changes_of(walk: Walk, last_name: str) -> list[dict[str, Any]]:
    found = json.loads((walk.folder / "essai/out/changeset.json").read_text(encoding="utf-8"))["changes"]
    return [change for change in found if change["person"]["last_name"] == last_name]


def marked(value: object) -> str:
    """What stands out in a cell."""
    assert isinstance(value, CellRichText)
    return "".join(part.text for part in value if isinstance(part, TextBlock) and (part.font.b or part.font.strike))
