"""`remind`: what was announced long ago is told again from our own state, once, and the night knows of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.jobs.remind import Reminders, remind, reminders_text
from schemas.errors import ConfigurationError
from tests.night.small import settings_of, write_files
from tests.night.surfaces import summary_of
from tests.night.test_safeguards import DAY, files, mails, play

FORTNIGHT = DAY + timedelta(days=14)


def remind_of(root: Path, day=FORTNIGHT) -> Reminders:
    return remind(settings_of(root), day, root / "out")


@pytest.fixture
def told(tmp_path):
    """A night has told region 52 of an address that changed."""
    play(tmp_path, files(emails=("O",)))
    assert mails(tmp_path) == ["CRH_ST-52"]
    return tmp_path


def test_what_was_told_yesterday_is_not_reminded_of(told):
    assert remind_of(told, DAY + timedelta(days=1)).changes == ()
    assert mails(told) == ["CRH_ST-52"]


def test_what_has_waited_for_two_weeks_is_told_again_once_though_no_source_is_there(told):
    for source in (*told.rglob("*.txt"), *told.rglob("*.csv")):
        source.unlink()
    first = remind_of(told)
    assert [(one.updater.scope, one.sent, one.error) for one in first.deliveries] == [("52", True, "")]
    assert mails(told) == ["CRH_ST-52", "CRH_ST-52"]
    again = remind_of(told)
    assert again.changes == ()
    assert "1 écart en retard a déjà été rappelé, le dernier le 06/12/2026" in reminders_text(again, 14)
    assert mails(told) == ["CRH_ST-52", "CRH_ST-52"]
    assert (told / "out" / "reminders" / "reports" / "CRH_ST-52.xlsx").is_file()


def test_a_reminder_reads_no_source_and_says_what_was_known_of_the_accesses(told):
    remind_of(told)
    said = summary_of(told / "out" / "reminders" / "reports" / "CRH_ST-52.xlsx")
    assert "inconnu (sources non relues pour un rappel)" in said
    assert "Derniers chiffres connus, au 22/11/2026" in said
    assert "Aucun compte ne perd son accès" not in said
    assert "Aucun accès à e-FIT" not in said


def test_the_night_after_a_reminder_does_not_remind_again(told):
    remind_of(told)
    play(told, files(emails=("O",)), FORTNIGHT + timedelta(days=1))
    assert mails(told) == ["CRH_ST-52", "CRH_ST-52"]


def test_what_nobody_was_told_of_is_not_reminded_of(tmp_path):
    play(tmp_path, files(gone=6))  # held
    assert remind_of(tmp_path).changes == ()
    assert mails(tmp_path) == []


def test_before_the_first_night_there_is_nothing_to_remind_of(tmp_path):
    write_files(tmp_path, files(), DAY)
    with pytest.raises(ConfigurationError):
        remind_of(tmp_path)


def test_what_was_told_on_several_days_is_reminded_of_in_one_mail_and_then_together(tmp_path):
    """Three addresses that changed a few days apart, never answered: six weeks of nights, two reminders."""
    letters, sent = "", {}
    for night in range(43):
        day = DAY + timedelta(days=night)
        letters += {0: "N", 3: "O", 9: "P"}.get(night, "")
        before = len(mails(tmp_path))
        play(tmp_path, files(emails=tuple(letters)), day)
        if len(mails(tmp_path)) > before:
            sent[night] = len(mails(tmp_path)) - before
    assert sent == {0: 1, 3: 1, 9: 1, 14: 1, 28: 1, 42: 1}


def test_a_reminder_by_hand_starts_the_clock_of_all_of_them(tmp_path):
    play(tmp_path, files(emails=("N",)))
    play(tmp_path, files(emails=("N", "O")), DAY + timedelta(days=5))
    assert [one.updater.scope for one in remind_of(tmp_path).deliveries] == ["52"]
    assert len(remind_of(tmp_path, DAY + timedelta(days=19)).changes) == 0
    assert len(remind_of(tmp_path, DAY + timedelta(days=28)).changes) == 2
