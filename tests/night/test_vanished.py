"""An account that vanished from the annuaire proves nothing: for three whole exports, nothing follows from it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from schemas.glyphs import typeset
from tests.night.by_command import Service, only, text_of
from tests.night.small import Files
from tests.night.test_safeguards import DAY, PEOPLE, files
from tests.spec.tables import Person

LEAVER = PEOPLE[12]  # the last assistant of region 24
STAYS = PEOPLE[6]


def after(nights: int) -> date:
    return DAY + timedelta(days=nights)


def without(found: Files, *gone: Person) -> Files:
    """The same, but that these accounts are not in the export."""
    ids = {who.account_id for who in gone}
    return replace(found, annuaire=[one for one in found.annuaire if one.cells["account_id"] not in ids])


def exported(found: Files, night: int) -> Files:
    """The same accounts as a further export has them: its lines come in another order, so its bytes are others."""
    lines = list(found.annuaire)
    return replace(found, annuaire=[*lines[night:], *lines[:night]])


def statuses(service: Service, who: Person) -> set[tuple[str, str]]:
    """(kind, status) of every change that the store knows of an account."""
    with service.store() as store:
        states = store.states().values()
    return {(one.change.kind, one.status) for one in states if one.change.account_id == who.account_id}


PENDING = {("end_assignment", "notified"), ("deactivate_account", "notified")}
LEAVING = files(gone=1)
RETURNED = files(gone=1)


def test_an_end_is_not_done_because_its_account_is_gone_and_is_not_announced_when_it_is_back(tmp_path: Path) -> None:
    service = Service(tmp_path)
    assert service.night(LEAVING, DAY)[0] == 0
    assert statuses(service, LEAVER) == PENDING
    before = service.posts()
    assert service.night(without(LEAVING, LEAVER), after(1))[0] == 0
    assert statuses(service, LEAVER) == PENDING
    assert service.posts()[len(before) :] == ["ADMIN_EFIT"]
    told = text_of(service.mails()[-1])
    assert LEAVER.account_id in told
    assert typeset("1 compte connu ne figure plus dans l'annuaire depuis le 23/11/2026") in told
    assert service.night(RETURNED, after(2))[0] == 0
    assert statuses(service, LEAVER) == PENDING
    assert len(service.posts()) == len(before) + 1
    assert set(service.announcements().values()) == {1}


def test_at_85_percent_of_the_accounts_no_end_is_done_and_none_is_announced_again(tmp_path: Path) -> None:
    """Whether the night waits for it, or goes on: what was pending is pending afterwards."""
    service = Service(tmp_path)
    leaving = files(gone=3)
    service.night(leaving, DAY)
    ends = only(service.changes(), "end_assignment", [who.account_id for who in PEOPLE])
    assert {one["status"] for one in ends} == {"notified"}
    told = service.posts().count("CRH_ST-24")
    service.night(without(leaving, *PEOPLE[10:13]), after(1))
    service.night(leaving, after(2))
    with service.store() as store:
        states = store.states()
    assert {states[one["id"]].status for one in ends} == {"notified"}
    assert service.posts().count("CRH_ST-24") == told
    assert set(service.announcements().values()) == {1}


def test_a_vanished_account_is_not_created_again_nor_its_changes_listed(tmp_path: Path) -> None:
    service = Service(tmp_path)
    moved = files(emails=(STAYS.last_name[-1],))
    service.night(moved, DAY)
    assert statuses(service, STAYS) == {("update_account", "notified")}
    # somebody else's change makes the same updater's report leave: the vanished one's is not in it
    others = files(emails=(STAYS.last_name[-1], "H"))
    service.night(without(others, STAYS), after(1))
    assert not [one for one in service.changes().values() if one["kind"] == "create_account"]
    assert statuses(service, STAYS) == {("update_account", "notified")}
    report = service.root / "out" / "reports" / "CRH_ST-24.xlsx"
    assert "CRH_ST-24" in service.posts()[2:]
    assert STAYS.last_name not in listed(report)
    assert PEOPLE[7].last_name in listed(report)


def listed(report: Path) -> str:
    """All that a report says."""
    book = openpyxl.load_workbook(report)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_missing_from_three_whole_exports_in_a_row_its_changes_are_withdrawn(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.night(LEAVING, DAY)
    gone = without(LEAVING, LEAVER)
    for night in (1, 2):
        assert service.night(exported(gone, night), after(night))[0] == 0
        assert statuses(service, LEAVER) == PENDING
    assert service.night(exported(gone, 3), after(3))[0] == 0
    assert statuses(service, LEAVER) == {("end_assignment", "withdrawn"), ("deactivate_account", "withdrawn")}
    assert typeset("manque à l'annuaire depuis 3 exports complets de suite") in text_of(service.mails()[-1])
    before = len(service.mails())
    assert service.night(gone, after(4))[0] == 0
    assert len(service.mails()) == before
    code, out, _ = service.run("explain", ended(service, LEAVER))
    assert code == 0
    assert typeset("absent de l'annuaire depuis le 23/11/2026") in " ".join(out.split())


def ended(service: Service, who: Person) -> str:
    """The id of the end of somebody's function."""
    with service.store() as store:
        [found] = [
            one.change.id
            for one in store.states().values()
            if (one.change.kind, one.change.account_id) == ("end_assignment", who.account_id)
        ]
    return str(found)


def test_the_count_starts_anew_when_the_account_was_back_in_between(tmp_path: Path) -> None:
    service = Service(tmp_path)
    gone = without(LEAVING, LEAVER)
    for night, found in enumerate((LEAVING, gone, gone, LEAVING, gone, gone)):
        service.night(exported(found, night), after(night))
        assert statuses(service, LEAVER) == PENDING
    service.night(exported(gone, 6), after(6))
    assert statuses(service, LEAVER) == {("end_assignment", "withdrawn"), ("deactivate_account", "withdrawn")}
    assert set(service.announcements().values()) == {1}


def test_the_same_night_again_and_a_dry_run_count_no_second_export(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.night(LEAVING, DAY)
    gone = without(LEAVING, LEAVER)
    for words in ((), (), ("--dry-run",), ()):
        service.night(gone, after(1), *words)
    service.night(gone, after(2))
    assert statuses(service, LEAVER) == PENDING


def test_one_export_that_lies_there_for_a_week_is_one_export(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.night(LEAVING, DAY)
    gone = without(LEAVING, LEAVER)
    for night in range(1, 8):
        service.night(gone, after(night))
        assert statuses(service, LEAVER) == PENDING
    assert typeset("1 export complet sans lui") in text_of(service.mails()[-1])
    service.night(exported(gone, 1), after(8))
    service.night(gone, after(9))  # the old one, put back: nothing new
    assert statuses(service, LEAVER) == PENDING
    service.night(exported(gone, 2), after(10))
    assert statuses(service, LEAVER) == {("end_assignment", "withdrawn"), ("deactivate_account", "withdrawn")}


def test_who_vanishes_later_is_counted_from_there(tmp_path: Path) -> None:
    """The export that lacked the first one alone says nothing of the second."""
    service = Service(tmp_path)
    service.night(files(gone=2), DAY)
    one, both = without(files(gone=2), PEOPLE[11]), without(files(gone=2), PEOPLE[11], LEAVER)
    for night, found in enumerate((one, exported(one, 1), both, exported(both, 1)), start=1):
        service.night(found, after(night))
    assert "withdrawn" in {status for _, status in statuses(service, PEOPLE[11])}
    assert statuses(service, LEAVER) == PENDING


def test_what_was_answered_done_is_done_once_the_account_is_gone_for_good(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.night(LEAVING, DAY)
    [asked] = only(service.changes(), "deactivate_account", [LEAVER.account_id])
    service.answer(service.report("CRH_ST-24"), DAY, {asked["id"]: ("Fait", None)})
    for night in (1, 2, 3):
        service.night(exported(without(LEAVING, LEAVER), night), after(night))
    # « Fait » on the deactivation answers the end that leads to it (schemas/tables/pairs.csv)
    assert statuses(service, LEAVER) == {("end_assignment", "done"), ("deactivate_account", "done")}


def test_a_vanished_account_is_not_reminded_of(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.night(LEAVING, DAY)
    service.night(without(LEAVING, LEAVER), after(1))
    before = len(service.mails())
    assert service.run("remind", "--as-of", after(30).isoformat())[0] == 0
    assert len(service.mails()) == before
    service.night(LEAVING, after(2))
    assert service.run("remind", "--as-of", after(30).isoformat())[0] == 0
    assert service.posts()[before:] == ["CRH_ST-24"]


@pytest.mark.parametrize("who", [PEOPLE[0], PEOPLE[3]], ids=["the CRH-ST", "a titulaire"])
def test_a_holder_who_vanished_leaves_no_post_vacant_and_accuses_no_structure(tmp_path: Path, who: Person) -> None:
    service = Service(tmp_path)
    service.night(files(), DAY)
    service.night(without(files(emails=("F",)), who), after(1))
    assert [(one["reasons"][0], one["updater"]["post"]) for one in service.changes().values()] == [
        ("contact_changed", "CRH_ST")
    ]
    assert PEOPLE[0].email in [str(one["To"]) for one in service.mails()]


TITULAIRE = PEOPLE[3]  # of ES


def with_number_of(found: Files, who: Person, other: Person) -> Files:
    """`other`'s account carries `who`'s number."""
    lines = [
        replace(one, cells={**one.cells, "cpx_number": who.number}) if one.who == other else one
        for one in found.annuaire
    ]
    return replace(found, annuaire=lines)


def told_of(service: Service, who: Person) -> list[str]:
    """The kinds of the changes of tonight that bear a name."""
    return [one["kind"] for one in service.changes().values() if one["person"]["last_name"] == who.last_name]


def test_on_the_day_of_a_first_night_played_again_nobody_is_created_and_no_structure_accused(tmp_path: Path) -> None:
    """The store knows them from this very day, and would forget them with it."""
    service = Service(tmp_path)
    assert service.night(files(), DAY)[0] == 0
    less = without(files(), TITULAIRE)
    for _ in range(3):
        service.night(less, DAY)
        assert service.changes() == {}
        assert service.summary()["counts"]["waiting_for_vanished"] == {"creations": 1, "structures": 1}
    assert service.posts() == ["ADMIN_EFIT"]
    told = text_of(service.mails()[-1])
    assert typeset("1 compte connu ne figure plus dans l'annuaire depuis le 22/11/2026") in told
    assert typeset("1 personne d'un classeur sans compte ce soir porte le nom ou le numéro d'un compte") in told
    assert typeset("1 structure n'a plus de titulaire dans l'export parce que son compte a disparu") in told
    service.night(exported(less, 1), after(1))
    assert service.changes() == {}
    service.night(exported(less, 2), after(2))  # the third export
    kinds = {(one["kind"], one["reasons"][0]) for one in service.changes().values()}
    assert ("create_account", "missing_account") in kinds
    assert ("review", "no_titulaire") in kinds


def test_whoever_vanished_is_not_created_though_another_account_carries_the_number(tmp_path: Path) -> None:
    service = Service(tmp_path)
    found = with_number_of(files(), STAYS, PEOPLE[7])
    service.night(found, DAY)
    service.night(without(found, STAYS), after(1))
    assert not [one for one in service.changes().values() if one["kind"] in ("create_account", "add_assignment")]


def test_a_titulaire_whose_number_another_account_has_leaves_no_structure_accused(tmp_path: Path) -> None:
    service = Service(tmp_path)
    found = with_number_of(files(), TITULAIRE, PEOPLE[7])
    service.night(found, DAY)
    service.night(without(found, TITULAIRE), after(1))
    assert not [one for one in service.changes().values() if "no_titulaire" in one["reasons"]]
    assert "create_account" not in told_of(service, TITULAIRE)


def test_an_account_that_was_off_and_vanished_is_not_created_anew(tmp_path: Path) -> None:
    """It would have been reactivated: which of the two is to be done, nobody knows."""
    service = Service(tmp_path)
    off = [replace(one, cells={**one.cells, "active": "Non"}) if one.who == STAYS else one for one in files().annuaire]
    before = replace(files(), annuaire=off)
    before = replace(
        before, books={name: [one for one in rows or () if one.who != STAYS] for name, rows in before.books.items()}
    )
    service.night(before, DAY)
    service.night(without(files(), STAYS), after(1))
    assert told_of(service, STAYS) == []
