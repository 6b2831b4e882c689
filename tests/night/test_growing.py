"""A file that grows more slowly than it is read: nothing is concluded from what was not in it yet."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.sources import steady
from connectors.sources.steady import Patience, fresh_for, look, one_patience, read_steadily
from flows.night import tonight
from pipelines.lifecycle.findings import find_changes
from tests.connectors.test_steady import reading_of
from tests.night.commanded import BOOK_52, EXPORT, Service
from tests.patience import patient
from tests.spec.tables import ES_52, Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(7)]
ACCOUNTS = [account(who, ES_52) for who in STAFF]
ROWS = [row(who, ES_52) for who in STAFF]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    made = Service(tmp_path)
    made.write(ACCOUNTS, ROWS)
    return made


def meanwhile(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Something happens to the files between their reading and what is concluded from it."""

    def find(*words: Any, **more: Any) -> Any:
        work()
        return find_changes(*words, **more)

    monkeypatch.setattr(tonight, "find_changes", find)


def half(service: Service, name: str, keep: int) -> list[bytes]:
    """Leave the first rows of a file; the others, in order."""
    lines = service.file(name).read_bytes().splitlines(keepends=True)
    service.file(name).write_bytes(b"".join(lines[:keep]))
    return lines[keep:]


def append(service: Service, name: str, rest: list[bytes], at_once: int) -> None:
    with service.file(name).open("ab") as file:
        for _ in range(at_once):
            if rest:
                file.write(rest.pop(0))


@pytest.mark.parametrize(("name", "keep"), [(BOOK_52, 4), (EXPORT, 6)], ids=["workbook", "annuaire"])
def test_a_file_that_was_finished_after_it_was_read_is_read_again(
    service: Service, monkeypatch: pytest.MonkeyPatch, name: str, keep: int
) -> None:
    rest = half(service, name, keep)
    meanwhile(monkeypatch, lambda: append(service, name, rest, 99))
    code, run = service.night()
    assert (code, run["counts"]["changes"], sum(service.mails().values())) == (0, 0, 0)


def test_a_workbook_that_grows_with_every_look_ends_nobody_and_is_said(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = half(service, BOOK_52, 3)
    meanwhile(monkeypatch, lambda: append(service, BOOK_52, rest, 1))
    code, _ = service.night()
    assert (code, service.changeset()["changes"]) == (3, [])
    assert service.sources()[f"workbook:{BOOK_52}"] == "held"
    assert service.mails() == {"ADMIN_EFIT": 1}
    assert "en cours d’écriture" in service.letters("ADMIN_EFIT")


def test_an_annuaire_that_grows_with_every_look_holds_the_night(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = half(service, EXPORT, 6)
    meanwhile(monkeypatch, lambda: append(service, EXPORT, rest, 1))
    code, run = service.night()
    assert (code, [one["scope"] for one in run["held"]]) == (4, ["annuaire"])


def test_what_was_announced_is_neither_withdrawn_nor_new_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven accounts less one: her creation is pending when the workbook is written anew, row by row."""
    service.write(ACCOUNTS[:-1], ROWS)
    assert service.night()[0] == 0
    assert (service.reasons(), service.statuses()) == ({"missing_account": 1}, {"notified": 1})
    sent = service.mails()
    service.write(ACCOUNTS[:-1], ROWS)
    rest = half(service, BOOK_52, service.file(BOOK_52).read_bytes().count(b"\n") - 1)
    assert len(rest) == 1
    meanwhile(monkeypatch, lambda: append(service, BOOK_52, rest, 1))
    code, _ = service.night()
    assert (code, service.statuses(), service.mails()) == (0, {"notified": 1}, sent)
    with service.store() as store:
        [change] = store.states()
        assert [event.event.after for event in store.history(change)] == ["new", "notified"]


def test_a_row_every_few_seconds_is_waited_for_where_somebody_would_lose_something(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slower than the look after a reading, quicker than what an end asks for."""
    monkeypatch.setattr(steady, "QUIET", 0.25)
    rest = half(service, BOOK_52, 4)

    def write() -> None:
        while rest:
            time.sleep(0.8)
            append(service, BOOK_52, rest, 2)

    writing = threading.Thread(target=write)
    writing.start()
    code, _ = service.night()
    unwritten = list(rest)
    writing.join()
    assert (code, service.changeset()["changes"], unwritten) == (0, [], [])


def test_the_history_says_that_the_first_reading_came_to_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = half(service, BOOK_52, 4)
    meanwhile(monkeypatch, lambda: append(service, BOOK_52, rest, 99))
    service.night()
    with service.store() as store:
        assert [run.status for run in store.runs()] == ["complete", "failed"]


def test_a_dry_run_is_as_careful(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = half(service, BOOK_52, 4)
    meanwhile(monkeypatch, lambda: append(service, BOOK_52, rest, 99))
    code, run = service.night("--dry-run")
    assert (code, run["counts"]["changes"]) == (0, 0)


def test_nobody_waits_for_a_file_of_yesterday(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n", encoding="utf-8")
    assert 0 < fresh_for(look(path), 5.0) <= 5.0
    written = path.stat().st_mtime
    os.utime(path, (written - 6, written - 6))
    assert fresh_for(look(path), 5.0) == 0
    os.utime(path, (written + 3600, written + 3600))  # the clock of a file server
    assert fresh_for(look(path), 5.0) == 0
    assert fresh_for(look(tmp_path / "nowhere"), 5.0) == 0


def test_all_files_of_a_night_wait_ten_seconds_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "PAUSE", 0.02)
    seconds = patient(0.3)
    monkeypatch.setattr(steady, "PATIENCE", seconds)
    paths = [tmp_path / f"{name}.csv" for name in "abc"]
    started = time.monotonic()
    with one_patience() as patience:
        for path in paths:
            path.write_text("a\n", encoding="utf-8")

            def read(path: Path = path) -> Any:
                with path.open("a", encoding="utf-8") as file:
                    file.write("b\n")
                return reading_of(path)

            assert not read_steadily([path], read).report.steady
    assert time.monotonic() - started < 2.7 * seconds
    assert not patience.wait(0.3)
    assert Patience().wait(0.0)
