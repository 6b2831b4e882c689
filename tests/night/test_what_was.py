"""What was is not taken for what is: an old workbook put back, an account given to somebody else, a broken export."""

import csv
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.night.by_command import Service, flat
from tests.night.small import Files, write_files
from tests.night.test_safeguards import DAY, PEOPLE, STAFF, files
from tests.spec.tables import Person, account

BOOK, SHEET = "regions/24.csv", "regions/24.xlsx"
LEAVER, SUCCESSOR = PEOPLE[12], Person(190, "VALLADIER", "Quentin")


def after(nights: int) -> date:
    return DAY + timedelta(days=nights)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """Region 24 keeps a spreadsheet."""
    found = Service(tmp_path)
    found.config.write_text(found.config.read_text(encoding="utf-8").replace(BOOK, SHEET), encoding="utf-8")
    return found


def deposit(service: Service, found: Files, day: date) -> None:
    """Write the files of a night; the workbook of region 24 as a spreadsheet, saved that day."""
    write_files(service.root, found, day)
    book = openpyxl.Workbook()
    book.properties.title = f"{day}"
    with (service.root / BOOK).open(encoding="utf-8", newline="") as text:
        for cells in csv.reader(text, delimiter=";"):
            book.worksheets[0].append(cells)
    book.save(service.root / SHEET)
    (service.root / BOOK).unlink()


def without_the_leaver() -> Files:
    """She has left e-FIT and the workbook."""
    whole = files()
    held = [account(*place, active="Non" if place[0] is LEAVER else "Oui") for place in STAFF]
    rows = [line for line in whole.books[BOOK] or () if line.who is not LEAVER]
    return replace(whole, annuaire=held, books={**whole.books, BOOK: rows})


def put_back(service: Service, old: Path, nights: int) -> tuple[int, str]:
    """The night over today's files, but for the old spreadsheet in place of the last one."""
    deposit(service, without_the_leaver(), after(nights))
    shutil.copyfile(old, service.root / SHEET)
    return service.night(None, after(nights))


def with_an_old_one(service: Service, replaced: int) -> Path:
    """A copy of the spreadsheet of the first night, replaced by another on a later one."""
    deposit(service, files(), DAY)
    assert service.night(None, DAY)[0] == 0
    old = Path(shutil.copy(service.root / SHEET, service.root / "ancien.xlsx"))
    deposit(service, without_the_leaver(), after(replaced))
    assert service.night(None, after(replaced))[0] == 0
    return old


def test_an_old_spreadsheet_put_back_is_said_and_creates_and_ends_nobody(service: Service) -> None:
    old = with_an_old_one(service, 20)
    code, said = put_back(service, old, 40)
    assert code == 3
    assert flat("celui du 22/11/2026, qu'un autre a remplacé depuis") in flat(said)
    assert service.changes() == {}
    [report] = [one for one in service.summary()["sources"] if one["path"] == SHEET]
    assert report["status"] == "held"


def test_let_pass_it_is_read(service: Service) -> None:
    old = with_an_old_one(service, 20)
    put_back(service, old, 40)
    released = service.summary()["run_id"]
    assert service.night(None, after(40), "--release", released)[0] == 0
    assert [one["kind"] for one in service.changes().values()] == ["create_account"]
    assert service.night(None, after(41))[0] == 0


def test_the_last_one_again_is_read_as_ever(service: Service) -> None:
    with_an_old_one(service, 20)
    assert service.night(None, after(21))[0] == 0


def test_a_change_taken_back_within_a_week_is_no_old_file(service: Service) -> None:
    old = with_an_old_one(service, 2)
    assert put_back(service, old, 3)[0] == 0
    assert [one["kind"] for one in service.changes().values()] == ["create_account"]


# ── an account given to somebody else ────────────────────────────────────────────────────────────


def given(who: Person | None) -> Files:
    """The leaver is in no workbook; her account is hers, or somebody else's by now, who is in none either."""
    left = without_the_leaver()
    mine = account(LEAVER, STAFF[12][1], STAFF[12][2])
    if who:
        cells = {"last_name": who.last_name, "first_name": who.first_name, "cpx_number": who.rpps, "email": who.email}
        mine = replace(mine, cells={**mine.cells, **cells, "civility": "M."})
    return replace(left, annuaire=[*(account(*place) for place in STAFF if place[0] is not LEAVER), mine])


def ends(service: Service) -> dict[str, str]:
    """Id → status of what ends a function."""
    return {key: one["status"] for key, one in service.changes().items() if one["kind"] == "end_assignment"}


def test_what_was_answered_of_a_former_holder_is_not_said_of_whoever_has_the_account_now(service: Service) -> None:
    deposit(service, given(None), DAY)
    service.night(None, DAY)
    [(asked, _)] = ends(service).items()
    service.answer(service.report("CRH_ST-24"), after(1), {asked: ("Refusé", None)})
    deposit(service, given(None), after(2))
    service.night(None, after(2))
    assert ends(service) == {asked: "refused"}
    sent = len(service.mails())
    for nights in (10, 11):
        deposit(service, given(SUCCESSOR), after(nights))
        service.night(None, after(nights))
        [(anew, status)] = ends(service).items()
        assert (anew != asked, status) == (True, "notified")
        assert service.changes()[anew]["person"]["last_name"] == SUCCESSOR.last_name
    assert len(service.mails()) == sent + 1
    assert service.announcements()[anew] == 1


def test_a_first_name_in_common_makes_nobody_the_former_holder(service: Service) -> None:
    """Whoever has the account now is called Marie as well, and registered under a number of her own."""
    deposit(service, given(None), DAY)
    service.night(None, DAY)
    [(asked, _)] = ends(service).items()
    service.answer(service.report("CRH_ST-24"), after(1), {asked: ("Refusé", None)})
    deposit(service, given(replace(SUCCESSOR, first_name=LEAVER.first_name)), after(10))
    service.night(None, after(10))
    [(anew, status)] = ends(service).items()
    assert (anew != asked, status) == (True, "notified")


def test_who_takes_another_last_name_keeps_what_was_answered(service: Service) -> None:
    deposit(service, given(None), DAY)
    service.night(None, DAY)
    [(asked, _)] = ends(service).items()
    service.answer(service.report("CRH_ST-24"), after(1), {asked: ("Refusé", None)})
    married = replace(LEAVER, last_name="VALLADIER")
    deposit(service, given(married), after(10))
    service.night(None, after(10))
    assert ends(service) in ({asked: "refused"}, {})


# ── an export that does not open ─────────────────────────────────────────────────────────────────


def broken(root: Path, how: str) -> None:
    export = root / "efit" / "export.csv"
    text = export.read_text(encoding="utf-8")
    if how == "without its column « Actif »":
        export.write_text(text.replace("Actif", "Remarque", 1), encoding="utf-8")
    elif how == "no text at all":
        export.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 4)
    else:
        export.write_text("", encoding="utf-8")


@pytest.mark.parametrize("how", ["without its column « Actif »", "no text at all", "empty"])
def test_an_export_that_cannot_be_read_holds_the_night_and_nothing_is_lost(service: Service, how: str) -> None:
    deposit(service, files(emails=("F",)), DAY)
    service.night(None, DAY)
    before, sent = service.changes(), len(service.mails())
    deposit(service, files(emails=("F",)), after(1))
    broken(service.root, how)
    code, said = service.night(None, after(1))
    assert (code, service.summary()["status"]) == (4, "held"), said
    assert service.changes().keys() == before.keys()
    assert len(service.mails()) == sent
    [report] = [one for one in service.summary()["sources"] if one["name"] == "annuaire"]
    assert report["status"] == "held"
    assert service.night(None, after(1), "--release", service.summary()["run_id"])[0] == 4
    deposit(service, files(emails=("F",)), after(2))
    assert service.night(None, after(2))[0] == 0
    assert service.changes().keys() == before.keys()
