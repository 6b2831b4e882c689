"""One installation: whoever types a command with another environment plays no second service beside the first."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.night.by_command import Service, called_new, flat
from tests.night.test_safeguards import DAY, files

FIRST, SECOND = files(emails=("O",)), files(emails=("O", "P"))
TOMORROW = DAY + timedelta(days=1)
KEY, OTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """One night of the service, whose store lies elsewhere and whose key comes from its environment."""
    found = Service(tmp_path / "maison", attachments="plain")
    monkeypatch.setenv("EFIT_STORE__URL", f"sqlite:///{tmp_path / 'base' / 'annuaire.db'}")
    monkeypatch.setenv("EFIT_SIGNING_KEY", KEY)
    assert found.night(FIRST, DAY)[0] == 0
    return found


def files_of(service: Service) -> dict[Path, int]:
    """Every file and when it was written; to look into an SQLite file makes a -wal and a -shm beside it."""
    everything = (
        path for path in service.root.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    )
    return {path: path.stat().st_mtime_ns for path in everything}


def stopped(service: Service, *words: str) -> str:
    """What a command says that stops, having written and sent nothing."""
    before = files_of(service)
    code, out, told = service.run(*words)
    assert (code, out) == (2, "")
    assert files_of(service) == before
    return flat(told)


@pytest.mark.parametrize("words", [("sync", "--as-of", TOMORROW.isoformat()), ("decisions",), ("status",), ("remind",)])
def test_a_command_without_the_environment_of_the_service_stops_and_names_what_it_lacks(
    service: Service, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.delenv("EFIT_STORE__URL")
    monkeypatch.delenv("EFIT_SIGNING_KEY")
    if words == ("decisions",):
        words = (*words, str(service.report("ADMIN_EFIT")))
    told = stopped(service, *words)
    assert "Il manque à l’environnement ce que le service avait : EFIT_SIGNING_KEY, EFIT_STORE__URL" in told
    assert "où il n’y a rien" in told
    assert not (service.root / "var" / "annuaire.db").exists()


def test_with_the_environment_of_the_service_the_next_night_says_nothing_twice(service: Service) -> None:
    assert service.night(SECOND, TOMORROW)[0] == 0
    assert set(called_new(service.mails()).values()) == {1}


def test_the_same_secrets_in_the_file_are_no_less_than_in_the_environment(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = service.root / "secrets.env"
    secrets.write_text(f"EFIT_STORE__URL={os.environ['EFIT_STORE__URL']}\nEFIT_SIGNING_KEY={KEY}\n")
    secrets.chmod(0o600)
    service.config.write_text('secrets_file = "secrets.env"\n' + service.config.read_text())
    monkeypatch.delenv("EFIT_STORE__URL")
    monkeypatch.delenv("EFIT_SIGNING_KEY")
    assert service.night(SECOND, TOMORROW)[0] == 0
    assert set(called_new(service.mails()).values()) == {1}


def test_another_store_on_the_same_way_out_is_a_second_service_and_stops(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EFIT_STORE__URL", f"sqlite:///{tmp_path / 'autre' / 'annuaire.db'}")
    told = stopped(service, "sync", "--as-of", TOMORROW.isoformat())
    assert "EFIT_STORE__URL" in told
    assert "témoin" in told


def test_a_trial_with_a_store_and_an_outbox_of_its_own_is_played_and_tells_nobody_of_the_service(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = len(service.mails())
    monkeypatch.setenv("EFIT_STORE__URL", f"sqlite:///{tmp_path / 'essai' / 'annuaire.db'}")
    monkeypatch.setenv("EFIT_MAIL__OUTBOX", str(tmp_path / "essai" / "envois"))
    assert service.night(FIRST, TOMORROW)[0] == 0
    assert len(service.mails()) == before
    assert list((tmp_path / "essai" / "envois").glob("*.eml"))


def test_a_night_with_another_key_stops_unless_the_one_before_is_named(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFIT_SIGNING_KEY", OTHER)
    told = stopped(service, "sync", "--as-of", TOMORROW.isoformat())
    assert "pas celle de cette installation" in told
    assert OTHER not in told
    monkeypatch.setenv("EFIT_SIGNING_KEY_PREVIOUS", KEY)
    assert service.night(SECOND, TOMORROW)[0] == 0


@pytest.mark.parametrize("command", [("sync", "--as-of", TOMORROW.isoformat()), ("status",), ("remind",)])
def test_a_key_strayed_into_a_shell_does_not_take_the_place_of_the_one_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    service = Service(tmp_path, attachments="plain")
    service.night(FIRST, DAY)
    monkeypatch.setenv("EFIT_SIGNING_KEY", OTHER)
    assert "pas celle de cette installation" in stopped(service, *command)
    monkeypatch.delenv("EFIT_SIGNING_KEY")
    assert service.night(SECOND, TOMORROW)[0] == 0


def test_a_key_taken_from_its_file_into_the_environment_is_replaced_once_its_file_is_named_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(tmp_path, attachments="plain")
    service.night(FIRST, DAY)
    kept = tmp_path / "var" / "signing.key"
    kept.rename(kept.with_name("signing.key.previous"))
    monkeypatch.setenv("EFIT_SIGNING_KEY", OTHER)
    assert service.night(SECOND, TOMORROW)[0] == 0


def test_no_new_key_is_drawn_where_one_was_used_until_somebody_says_that_it_is_lost(tmp_path: Path) -> None:
    service = Service(tmp_path, attachments="plain")
    service.night(FIRST, DAY)
    (tmp_path / "var" / "signing.key").unlink()
    told = stopped(service, "sync", "--as-of", TOMORROW.isoformat())
    assert not (tmp_path / "var" / "signing.key").exists()
    line = re.search(r'signing_key_lost = "[0-9a-f]+"', told)
    assert line
    service.config.write_text(f"{line[0]}\n{service.config.read_text()}")
    assert service.night(SECOND, TOMORROW)[0] == 0
    assert (tmp_path / "var" / "signing.key").exists()


def test_another_configuration_may_not_write_into_the_store_of_the_first(tmp_path: Path) -> None:
    service = Service(tmp_path / "une", attachments="plain")
    service.config.write_text('installation = "premiere"\n' + service.config.read_text())
    service.night(FIRST, DAY)
    other = Service(tmp_path / "deux", more=f'[store]\nurl = "sqlite:///{tmp_path / "une" / "var" / "annuaire.db"}"')
    other.config.write_text('installation = "seconde"\n' + other.config.read_text())
    code, _, told = other.run("status")
    assert code == 2
    assert "premiere" in told
    assert "seconde" in told


def test_every_mail_names_the_installation_that_it_is_from(service: Service) -> None:
    assert service.mails()
    assert len({one["X-Annuaire-Installation"] for one in service.mails()}) == 1
    assert all(KEY not in one.as_string() for one in service.mails())


def test_doctor_compares_what_the_last_night_saw_with_what_it_sees(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFIT_POLICY__REMIND_AFTER_DAYS", "7")
    monkeypatch.setenv("EFIT_MAIL__PASSWORD", "un secret")
    _, text, _ = service.run("doctor")
    assert "mail.password, policy.remind_after_days" in flat(text)
    assert "un secret" not in text
    monkeypatch.delenv("EFIT_SIGNING_KEY")
    code, text, _ = service.run("doctor")
    assert code == 2
    assert "EFIT_SIGNING_KEY" in text
