"""A night of a day before the last one, or far ahead of the machine: the clock was put back, or the day was typed
wrongly. Nothing is concluded.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.state.run_state import now
from tests.night.by_command import OUTBOX, Service, flat
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


NO_SERVER = 'smtp_url = "smtp://127.0.0.1:9"\nsmtp_attempts = 1'  # it would be asked: then the night is done in part


def ahead(days: int) -> date:
    return now().astimezone().date() + timedelta(days=days)


def test_where_nights_follow_the_clock_a_year_typed_wrongly_writes_to_nobody(tmp_path: Path) -> None:
    service = Service(tmp_path, mail=NO_SERVER)
    assert service.night(FIRST, ahead(0))[0] == 3
    code, said = service.night(FIRST, ahead(365))
    assert code == 4
    assert flat("à cette date, des cartes encore valables seraient dites finies") in flat(said).lower()
    assert "127.0.0.1" not in said
    assert service.run("remind", "--as-of", str(ahead(365)))[0] == 4
    assert service.night(FIRST, ahead(1))[0] == 3  # the right night after is no earlier one


def test_a_day_far_ahead_is_played_where_somebody_lets_it_out(tmp_path: Path) -> None:
    service = Service(tmp_path, mail=NO_SERVER)
    assert service.night(FIRST, ahead(0))[0] == 3
    assert service.night(FIRST, ahead(200))[0] == 4
    assert service.run("sync", "--as-of", str(ahead(200)), "--release", held_run(service))[0] == 3


@pytest.mark.parametrize(("mail", "days"), [(NO_SERVER, 180), (OUTBOX, 400)])
def test_a_day_that_is_near_and_an_outbox_are_not_held(tmp_path: Path, mail: str, days: int) -> None:
    service = Service(tmp_path, mail=mail)
    assert service.night(FIRST, ahead(0))[0] == (3 if mail == NO_SERVER else 0)
    assert service.night(FIRST, ahead(days))[0] == 3  # the server, or data too old by then


@pytest.mark.parametrize("first", [-3, 400])
def test_whoever_plays_nights_by_their_days_all_along_is_never_held(tmp_path: Path, first: int) -> None:
    service = Service(tmp_path, mail=NO_SERVER)
    for days in (first, first + 275, first + 335, first + 800):  # a card's reminders, and long after
        code, said = service.night(FIRST, ahead(days))
        assert code == 3, said


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_of_no_calendar_of_ours_is_refused(tmp_path: Path, day: str) -> None:
    service = Service(tmp_path)
    code, _, said = service.run("sync", "--as-of", day)
    assert code == 2
    assert flat("une année de 1900 à 2199 est attendue") in flat(said)
