"""A question of a small country, answered in its report and given back."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.night.by_command import Service
from tests.night.played import HEADER_ROW, column, fill, holds, lines_of
from tests.night.small import Files
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, Line, Person, account, card, registered, row

DAY = date(2026, 11, 22)
NEXT = DAY + timedelta(days=1)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
ANNE = Person(204, "EXEMPLE", "Anne")
REPORT = "out/reports/CRH_ST-24.xlsx"


def files(ends: str = "2028-05-31", lines: Sequence[Line] | None = None) -> Files:
    """A workbook that writes EXAMPLE for EXEMPLE, and gives no number."""
    people = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE), (ANNE, ES, ASSISTANT)]
    accounts = [account(*place) for place in people[:2]] + [account(*people[2], card_expires_on=ends)]
    rows = [row(*place) for place in people[:2]]
    rows += lines if lines is not None else [row(ANNE, ES, ASSISTANT, last_name="EXAMPLE", cpx_number="")]
    cards = [card(HOLDER), card(CHV), card(ANNE, ends)]
    return Files(accounts, {"regions/24.csv": rows}, [registered(who) for who, _, _ in people], cards)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "service")


def the_question(service: Service, sheet: str = "À vérifier") -> str:
    (one,) = lines_of(service.root / REPORT, lambda name: name == sheet)
    return one[1]


def answer(service: Service, said: str, sheet: str = "À vérifier") -> str:
    """Fill in the only line of a sheet and give the report back; the change's id."""
    change_id = the_question(service, sheet)
    returned = service.root / f"{len(list(service.root.glob('*.xlsx')))}.xlsx"
    fill(service.root / REPORT, returned, (sheet, change_id, said, None, ""))
    code, out, err = service.run("decisions", str(returned), "--as-of", DAY.isoformat())
    assert code == 0, out + err
    return change_id


def offered(service: Service, sheet: str = "À vérifier") -> list[str]:
    """The drop-down list of the line, as a spreadsheet program works it out."""
    book = openpyxl.load_workbook(service.root / REPORT)
    page, change_id = book[sheet], the_question(service, sheet)
    line = next(r for r in range(HEADER_ROW + 1, page.max_row + 1) if holds(page, r, change_id))
    at = column(page, "Décision")
    rules = [one for one in page.data_validations.dataValidation if page.cell(line, at).coordinate in one.cells]
    (rule,) = rules
    if not rule.formula1.startswith("OFFSET"):
        return list(rule.formula1.strip('"').split(","))
    hidden = column(page, "Référence signée (ne pas modifier)")
    token = page.cell(line, hidden).value
    assert f"${get_column_letter(hidden)}{HEADER_ROW + 1}" in rule.formula1
    answers = book["Réponses"]
    assert answers.sheet_state == "hidden"
    (found,) = [one for one in answers.iter_rows(values_only=True) if one[0] == token]
    return [str(text) for text in found[2 : 2 + int(str(found[1]))]]


def kinds(service: Service) -> list[tuple[str, str]]:
    return sorted((one["kind"], one["reasons"][0]) for one in service.changes().values())


def receipt(service: Service) -> str:
    """The last receipt that left."""
    found = sorted((service.root / "var" / "outbox").glob("RETOURS-*"), key=lambda path: path.stat().st_mtime_ns)
    body = message_from_bytes(found[-1].read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    return re.sub(r"[ \n]+", " ", str(body.get_content()))
