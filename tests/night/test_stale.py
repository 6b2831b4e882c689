"""Extracts that nobody renewed: they sit out, and nobody pays for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tests.night.by_command import Service
from tests.night.country import copy_country, night_of
from tests.night.small import Files
from tests.night.test_safeguards import DAY, PEOPLE, files


def test_file_stale_keeps_old_extracts_out_and_concludes_nothing_from_them(tmp_path: Path) -> None:
    """Ten days later the same extracts are too old: no number is unknown, no card alert of a registered person."""
    found = night_of(copy_country(tmp_path), date(2026, 12, 2))
    stale = {source["name"] for source in found["sources"] if source["status"] == "stale"}
    assert stale == {"register.persons", "register.cards"}
    assert {one["source"] for one in found["rejects"] if one["code"] == "FILE_STALE"} == stale
    assert [c for c in found["changes"] if "not_in_register" in c["reasons"]] == []
    alerts = [c for c in found["changes"] if c["kind"] == "card_alert" and c["account_id"]]
    assert [c["person"]["national_id"] for c in alerts if c["person"]["national_id"].startswith("8")] == []


def test_whose_a_shared_number_is_is_asked_once_also_when_the_register_no_longer_tells(tmp_path: Path) -> None:
    """It tells that the number is the other account's; too old, it tells nothing, and nobody is asked a second time."""
    service, found = Service(tmp_path), files()
    right, wrong = PEOPLE[5], PEOPLE[6]
    copied = [
        replace(one, cells={**one.cells, "cpx_number": right.rpps})
        if one.cells["account_id"] == wrong.account_id
        else one
        for one in found.annuaire
    ]
    found = replace(found, annuaire=copied)
    service.night(found, DAY)
    assert asked(service) == [(wrong.account_id, "notified")]
    told = len(service.posts())
    service.night(replace(found, persons=None, cards=None), DAY + timedelta(days=9))
    assert asked(service) == [(wrong.account_id, "notified")]
    assert "CRH_ST-24" not in service.posts()[told:]


def asked(service: Service) -> list[tuple[str, str]]:
    """(account, status) of each open question of a shared number."""
    return [(c["account_id"], c["status"]) for c in service.changes().values() if "shared_number" in c["reasons"]]


def test_a_night_without_registers_asks_nothing_anew_and_closes_nobody_who_is_in_question(tmp_path: Path) -> None:
    """Numbers pasted, left out, mistyped, of somebody else: what was asked when the register was there stands."""
    service, found = Service(tmp_path), with_cells("regions/24.csv", LINES)
    service.night(found, DAY)
    asked_before = {key for key, one in service.changes().items() if one["kind"] == "review"}
    assert len(asked_before) >= 2
    told = len(service.posts())
    service.night(replace(found, persons=None, cards=None), DAY + timedelta(days=9))
    tonight = service.changes()
    assert {key for key, one in tonight.items() if one["kind"] == "review"} == asked_before
    assert [one for one in tonight.values() if one["kind"] in ("end_assignment", "deactivate_account")] == []
    assert service.posts()[told:] == ["ADMIN_EFIT"]  # who is told why, and since when
    service.night(found, DAY + timedelta(days=10))
    assert {key for key, one in service.changes().items() if one["kind"] == "review"} == asked_before
    assert set(service.announcements().values()) == {1}


def test_a_first_night_without_registers_asks_of_nobody_who_they_are(tmp_path: Path) -> None:
    service, found = Service(tmp_path), with_cells("regions/24.csv", LINES)
    service.night(replace(found, persons=None, cards=None), DAY)
    assert [one for one in service.changes().values() if one["kind"] in ("review", "create_account")] == []


LINES = {
    PEOPLE[6].last_name: {"cpx_number": PEOPLE[14].rpps},
    PEOPLE[7].last_name: {"cpx_number": ""},
    PEOPLE[8].last_name: {"cpx_number": PEOPLE[9].rpps, "first_name": "Odile"},
    PEOPLE[10].last_name: {"cpx_number": "", "last_name": "FICTIF-K", "email": "", "phone": ""},
}


def with_cells(book: str, cells: Mapping[str, Mapping[str, str]]) -> Files:
    """Everybody agrees, but for these cells of the lines of these people."""
    found = files()
    lines = found.books[book] or ()
    other = [replace(one, cells={**one.cells, **cells.get(one.cells["last_name"], {})}) for one in lines]
    return replace(found, books={**found.books, book: other})
