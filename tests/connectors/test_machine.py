"""The machine: room, fonts, rights; and what `doctor` makes of a full disk, a wrong zone, missing fonts."""

from pathlib import Path
from shutil import disk_usage
from types import SimpleNamespace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from connectors.bytescan.compiled import build, compiled
from connectors.system.machine import disks, existing, folder_size, font_for, is_writable, open_to_others
from flows.doctor import machine
from flows.doctor.examination import Visit
from flows.state.run_state import now
from schemas.reports.checkup import CheckVerdict, Finding
from tests.night.small import PERSONS, settings_of


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    return Visit(tmp_path / "annuaire.toml", settings_of(tmp_path), now())


def test_a_folder_that_is_to_be_made_lies_on_the_disk_of_the_one_above(tmp_path: Path) -> None:
    wanted = tmp_path / "var" / "outbox"
    assert existing(wanted) == tmp_path
    [disk] = disks([wanted, tmp_path / "out"])
    assert disk.folders == (wanted, tmp_path / "out")
    assert disk.free == pytest.approx(disk_usage(tmp_path).free, rel=0.2)
    assert is_writable(wanted)
    assert not wanted.exists()


def test_a_file_is_no_folder_to_write_in(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    assert not is_writable(tmp_path / "var" / "outbox")


def test_a_file_is_open_to_others_by_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("x")
    for mode, others in ((0o600, False), (0o640, False), (0o644, True), (0o602, True)):
        path.chmod(mode)
        assert open_to_others(path) is others
    assert not open_to_others(tmp_path / "nowhere")
    assert folder_size(tmp_path) == 1


def test_without_fontconfig_no_font_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert font_for("Arial") is None


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(10**12, CheckVerdict.OK), (200_000_000, CheckVerdict.WARNING), (1_000_000, CheckVerdict.FAILURE)],
)
def test_room_is_wanted_for_a_night_and_for_the_extracts_that_come_next(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, free: int, verdict: CheckVerdict
) -> None:
    extract = visit.settings.root / PERSONS.format(f"{visit.day:%Y%m%d}")
    extract.parent.mkdir()
    with extract.open("wb") as file:
        file.truncate(800_000_000)
    monkeypatch.setattr("connectors.system.machine.shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    [found] = machine.check_disk(visit)
    assert found.verdict is verdict
    assert bool(found.todo) is (verdict is not CheckVerdict.OK)


def clock(visit: Visit) -> list[Finding]:
    return list(machine.check_clock(visit))


def test_a_machine_without_time_zones_is_told(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(key: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(key)

    monkeypatch.setattr(machine, "ZoneInfo", unknown)
    [found] = clock(visit)
    assert (found.verdict, "tzdata" in found.todo) == (CheckVerdict.FAILURE, True)


@pytest.mark.parametrize(
    ("font", "verdict"), [("Liberation Sans", "ok"), ("DejaVu Sans", "warning"), (None, "warning")]
)
def test_a_missing_font_is_only_worth_a_word(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, font: str | None, verdict: str
) -> None:
    monkeypatch.setattr(machine, "font_for", lambda _: font)
    [found] = machine.check_fonts(visit)
    assert found.verdict.value == verdict


def test_after_an_update_that_nobody_compiled_it_is_said_how(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "HERE", tmp_path)
    (tmp_path / "glance-0123456789ab-any.so").touch()
    compiled.cache_clear()
    try:
        [found] = machine.check_reading(visit)
    finally:
        compiled.cache_clear()
    assert (found.verdict, "make install" in found.todo) == (CheckVerdict.WARNING, True)


def test_without_anything_compiled_nothing_is_to_be_done(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "HERE", tmp_path)
    compiled.cache_clear()
    try:
        [found] = machine.check_reading(visit)
    finally:
        compiled.cache_clear()
    assert found.verdict is CheckVerdict.OK
