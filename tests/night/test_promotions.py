"""A remplaçant becomes titulaire: two lines of a report, and one decision, from the answer to the night after."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest

from tests.night.by_command import Service, flat
from tests.night.played import fill
from tests.night.small import Files
from tests.spec.tables import CRH, ES, TITULAIRE, Person, account, card, registered, row

DAY = date(2026, 11, 22)
NEXT = DAY + timedelta(days=1)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
RISING = Person(202, "DEUXIEME-FICTIF", "Bao")
REPORT = "out/reports/CRH_ST-24.xlsx"
SHEET = {"add_assignment": "À créer", "end_assignment": "À désactiver"}


def files(*ranks: str) -> Files:
    """Somebody whom the annuaire has with these ranks, and the workbook as titulaire."""
    held = [account(RISING, ES, TITULAIRE, rank=rank) for rank in ranks]
    return Files(
        [account(HOLDER, "24", CRH), *held],
        {"regions/24.csv": [row(HOLDER, "24", CRH), row(RISING, ES, TITULAIRE)]},
        [registered(HOLDER), registered(RISING)],
        [card(HOLDER), card(RISING)],
    )


@pytest.fixture
def service(tmp_path: Path) -> Service:
    found = Service(tmp_path / "service")
    found.night(files("Remplaçant"), DAY)
    return found


def of_rank(service: Service) -> dict[str, str]:
    return {one["kind"]: key for key, one in service.changes().items() if one["kind"] in SHEET}


def answer(service: Service, *said: tuple[str, str]) -> tuple[int, str]:
    """(kind, what is written) on its line; what the command says."""
    ids = of_rank(service)
    returned = service.root / f"{len(list(service.root.glob('*.xlsx')))}.xlsx"
    fill(service.root / REPORT, returned, *((SHEET[kind], ids[kind], word, None, "") for kind, word in said))
    code, out, err = service.run("decisions", str(returned), "--as-of", DAY.isoformat())
    return code, out + err


def statuses(service: Service) -> Mapping[str, str]:
    """Of both lines, by kind."""
    with service.store() as store:
        return {one.change.kind: one.status for one in store.states().values() if one.change.kind in SHEET}


def text_of(service: Service, name: str) -> str:
    book = openpyxl.load_workbook(service.root / REPORT)
    return "\n".join(str(cell.value) for line in book[name].iter_rows() for cell in line if cell.value)


@pytest.mark.parametrize("kind", SHEET)
@pytest.mark.parametrize(("said", "status"), [("Fait", "accepted"), ("Refusé", "refused")])
def test_one_answer_on_either_line_settles_both(service: Service, kind: str, said: str, status: str) -> None:
    ids = of_rank(service)
    code, told = answer(service, (kind, said))
    assert code == 0
    other = next(one for one in SHEET if one != kind)
    assert ids[other] in told
    assert statuses(service) == dict.fromkeys(SHEET, status)
    (receipt,) = [one for one in (service.root / "var/outbox").glob("*.eml") if b"prise" in one.read_bytes()]
    body = message_from_bytes(receipt.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert "réglée en même temps" in body.get_content()
    service.night(files("Remplaçant"), NEXT)
    assert pending(service).isdisjoint(SHEET)
    _, explained, _ = service.run("explain", ids[other], "--as-of", NEXT.isoformat())
    assert f"avec l’écart {ids[kind]}" in flat(explained)


def pending(service: Service) -> set[str]:
    """The kinds that wait for somebody."""
    return {one["kind"] for one in service.changes().values() if one["status"] in ("new", "notified")}


def test_both_lines_say_that_one_answer_is_enough(service: Service) -> None:
    for sheet in SHEET.values():
        assert "Une seule réponse suffit" in text_of(service, sheet)


def test_what_is_put_off_is_put_off_on_both_lines_and_comes_back_on_both(service: Service) -> None:
    answer(service, ("end_assignment", "reporté au 1/12"))
    assert statuses(service) == dict.fromkeys(SHEET, "postponed")
    service.night(files("Remplaçant"), date(2026, 12, 1))
    assert statuses(service) == dict.fromkeys(SHEET, "notified")


def test_two_answers_that_differ_are_asked_back_and_neither_counts(service: Service) -> None:
    code, told = answer(service, ("add_assignment", "Fait"), ("end_assignment", "Refusé"))
    assert code == 3
    assert flat(told).count("ne font qu’une") == 2
    assert statuses(service) == dict.fromkeys(SHEET, "notified")


def test_who_thinks_better_of_it_on_the_other_line_changes_both(service: Service) -> None:
    answer(service, ("add_assignment", "Refusé"))
    answer(service, ("end_assignment", "Fait"))
    assert statuses(service) == dict.fromkeys(SHEET, "accepted")


def test_the_annuaire_with_both_ranks_still_asks_for_the_end_alone(service: Service) -> None:
    answer(service, ("add_assignment", "Fait"))
    service.night(files("Remplaçant", "Titulaire"), NEXT)
    assert statuses(service) == {"add_assignment": "done", "end_assignment": "accepted"}
    service.night(files("Titulaire"), NEXT + timedelta(days=1))
    assert set(statuses(service).values()) == {"done"}


def test_who_waits_is_one_number_before_and_after(service: Service) -> None:
    def waiting() -> int:
        _, out, _ = service.run("status", "--json")
        return int(json.loads(out)["waiting"])

    before = waiting()
    answer(service, ("end_assignment", "Fait"))
    assert waiting() == before - 2
