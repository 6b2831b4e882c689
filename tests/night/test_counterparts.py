"""A first night over files that were cut at the end of a line: only the other sources can tell."""

from pathlib import Path

import pytest

from pipelines.sources.wholeness.counterparts import FEWEST, Lack
from tests.night.commanded import BOOK_24, DAY, EXPORT, Service
from tests.spec.tables import Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at // 6)}{chr(65 + at % 6)}", "Ode") for at in range(30)]
ACCOUNTS, ROWS = [account(who) for who in STAFF], [row(who) for who in STAFF]


def keep_lines(path: Path, share: float) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: int(len(lines) * share)]))


@pytest.fixture
def service(tmp_path: Path) -> Service:
    made = Service(tmp_path)
    made.write(ACCOUNTS, ROWS)
    return made


@pytest.mark.parametrize(
    ("pattern", "source"), [("PS_*", "register.persons"), ("Porteurs*", "register.cards")], ids=["persons", "cards"]
)
def test_a_national_file_cut_at_a_line_holds_a_first_night_until_released(
    service: Service, pattern: str, source: str
) -> None:
    [extract] = service.folder.glob(f"rpps/{pattern}")
    keep_lines(extract, 0.5)
    code, run = service.night()
    assert (code, [one["scope"] for one in run["held"]]) == (4, [source])
    assert (service.mails(), service.reasons()["not_in_register"], service.reasons()["card_missing"]) == ({}, 0, 0)
    [told] = [one["message"] for one in service.changeset()["sources"] if one["name"] == source]
    assert "tronqué" in told
    service.day = DAY
    code, _ = service.night("--release", run["run_id"])
    assert (code, service.sources()[source]) == (0, "ok")


def test_an_export_cut_at_a_line_is_said_to_the_administrator(service: Service) -> None:
    keep_lines(service.file(EXPORT), 0.5)
    code, run = service.night()
    assert (code, run["held"]) == (0, [])  # a first night may create as many as it likes (contract §2)
    assert service.reasons()["missing_account"] >= FEWEST
    assert "l’export est sans doute tronqué" in service.letters("ADMIN_EFIT")
    service.night()
    assert service.letters("ADMIN_EFIT").count("sans doute tronqué") == 1


def test_a_workbook_that_would_end_many_waits_on_a_first_night_too(service: Service) -> None:
    keep_lines(service.file(BOOK_24), 0.5)
    code, run = service.night()
    assert [(one["scope"], one["what"]) for one in run["held"]] == [("24", "deactivations")]
    assert code in (3, 4)


def test_a_few_who_are_missing_are_no_evidence(tmp_path: Path) -> None:
    made = Service(tmp_path)
    made.write(ACCOUNTS[:3], ROWS[:3])
    [extract] = made.folder.glob("rpps/PS_*")
    keep_lines(extract, 0.6)
    assert made.night()[0] == 0
    assert made.reasons()["not_in_register"] > 0


def test_it_takes_ten_and_more_than_a_third() -> None:
    assert not Lack(9, 9).doubtful
    assert not Lack(10, 30).doubtful
    assert Lack(11, 30).doubtful


def test_what_was_used_once_is_held_against_its_own_past(service: Service) -> None:
    assert service.night()[0] == 0
    service.write(ACCOUNTS, ROWS)
    [extract] = service.folder.glob(f"rpps/PS_*_{service.day:%Y%m%d}*")
    keep_lines(extract, 0.5)
    _, run = service.night()
    [told] = [one["message"] for one in service.changeset()["sources"] if one["name"] == "register.persons"]
    assert "attendues" in told
    assert run["status"] == "held"
