"""A night of a day before the last one: the clock was put back, or the day was typed wrongly. Nothing is concluded."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.night.by_command import Service, flat
from tests.night.test_restored import held_run
from tests.night.test_safeguards import DAY, files

FIRST, SECOND = files(emails=("O",)), files(emails=("O", "P"))
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def test_a_night_of_an_earlier_day_waits_and_the_next_one_announces_nothing_again(tmp_path: Path) -> None:
    service = Service(tmp_path, attachments="plain")
    assert service.night(FIRST, DAY)[0] == 0
    before = len(service.mails())
    code, said = service.night(SECOND, YESTERDAY)
    assert (code, len(service.mails())) == (4, before)
    assert flat("La nuit demandée est celle du 21/11/2026, alors que celle du 22/11/2026 est déjà passée") in flat(said)
    assert service.night(FIRST, TOMORROW)[0] == 0
    assert len(service.mails()) == before


def test_a_night_of_an_earlier_day_is_played_where_somebody_lets_it_out(tmp_path: Path) -> None:
    service = Service(tmp_path, attachments="plain")
    assert service.night(FIRST, DAY)[0] == 0
    assert service.night(SECOND, YESTERDAY)[0] == 4
    before = len(service.mails())
    assert service.run("sync", "--as-of", str(YESTERDAY), "--release", held_run(service))[0] == 0
    assert len(service.mails()) > before


def test_a_dry_run_may_look_at_any_day(tmp_path: Path) -> None:
    service = Service(tmp_path, attachments="plain")
    assert service.night(FIRST, DAY)[0] == 0
    assert service.run("sync", "--dry-run", "--as-of", str(YESTERDAY), "--out", str(tmp_path / "look"))[0] == 0


def test_the_same_day_again_is_no_earlier_one(tmp_path: Path) -> None:
    service = Service(tmp_path, attachments="plain")
    assert service.night(FIRST, DAY)[0] == 0
    assert service.night(replace(FIRST), DAY)[0] == 0
