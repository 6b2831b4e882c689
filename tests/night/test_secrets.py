"""One file of secrets for the service, the worker and the shell: read by every command, closed to others."""

import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings.load import load_settings
from schemas.errors import ConfigurationError
from tests.house.test_names import ROOT


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "annuaire.toml"
    path.write_text('secrets_file = "secrets.env"\n[annuaire]\nexport = "e.csv"\n[mail]\nsmtp_retry_seconds = 7\n')
    return path


def write(config: Path, text: str, mode: int = 0o600) -> None:
    path = config.parent / "secrets.env"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def problems(config: Path) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(config)
    return " ".join(refused.value.problems)


def test_every_command_takes_the_secrets_of_the_file(config: Path) -> None:
    write(
        config,
        "# le compte d'envoi\nEFIT_MAIL__PASSWORD=Ouvre-toi, sésame = $7\nexport EFIT_SIGNING_KEY='"
        + "0" * 64
        + "'\nEFIT_STORE__URL=\nPREFECT_API_AUTH_STRING=a:b\n\n; fin\n",
    )
    settings = load_settings(config)
    assert settings.mail.password == "Ouvre-toi, sésame = $7"
    assert settings.signing_key == "0" * 64
    assert settings.store.url == "sqlite:///var/annuaire.db"
    assert settings.mail.smtp_retry_seconds == 7


def test_the_environment_goes_before_the_file_and_the_file_before_the_configuration(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(config, "EFIT_MAIL__PASSWORD=du fichier\nEFIT_MAIL__SMTP_RETRY_SECONDS=9\n")
    monkeypatch.setenv("EFIT_MAIL__PASSWORD", "du shell")
    settings = load_settings(config)
    assert settings.mail.password == "du shell"
    assert settings.mail.smtp_retry_seconds == 9


def test_a_base_named_in_the_file_takes_the_place_of_the_export(config: Path) -> None:
    write(config, "EFIT_ANNUAIRE__URL=postgresql+psycopg://l:motdepasse@serveur/efit\n")
    assert load_settings(config).annuaire.export is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(config: Path, mode: int) -> None:
    write(config, "EFIT_MAIL__PASSWORD=x\n", mode)
    told = problems(config)
    assert f"chmod 600 {config.parent / 'secrets.env'}" in told


def test_a_file_that_is_not_there_is_said_with_its_key(config: Path) -> None:
    assert "secrets_file" in problems(config)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("EFIT_MAIL__PASSWORD\n", "ligne 1"),
        ("\nsésame ouvre-toi\n", "ligne 2"),
        ("EFIT_MAIL__PASSWORD=sés\0ame\n", "ligne 1"),
        ("EFIT_MALI__PASSWORD=x\n", "EFIT_MAIL"),
        ("EFIT_SIGNING_KEY=courte-et-secrete\n", "signing_key"),
    ],
)
def test_a_mistake_in_it_is_told_without_its_value(config: Path, text: str, told: str) -> None:
    write(config, text)
    said = problems(config)
    assert told in said
    assert "sésame" not in said
    assert "courte-et-secrete" not in said


def test_the_environment_may_name_another_file(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "autre.env"
    other.write_text("EFIT_MAIL__PASSWORD=autre\n")
    other.chmod(0o600)
    monkeypatch.setenv("EFIT_SECRETS_FILE", str(other))
    assert load_settings(config).mail.password == "autre"


def test_a_credential_of_systemd_serves_as_the_file_and_elsewhere_its_lack_is_said(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that is not root is let in by an access list, and sees its group's rights."""
    config.write_text('secrets_file = "$CREDENTIALS_DIRECTORY/annuaire"\n[annuaire]\nexport = "e.csv"\n')
    assert "deploy/service" in problems(config)
    credential = tmp_path / "credentials" / "annuaire"
    credential.parent.mkdir()
    credential.write_text("EFIT_MAIL__PASSWORD=de systemd\n")
    credential.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credential.parent))
    assert load_settings(config).mail.password == "de systemd"
    credential.chmod(0o444)
    assert "lisible par d’autres" in problems(config)


def test_a_command_typed_by_hand_has_what_the_units_have(tmp_path: Path) -> None:
    """`deploy/service`, run by the service's own user: what its units read from their two files, and its programs."""
    (tmp_path / "secrets.env").write_text("EFIT_MAIL__PASSWORD=un $mot 'de' passe\nPREFECT_API_AUTH_STRING=\"a:b\"\n")
    environment = {"SERVICE_HOME": str(tmp_path), "SERVICE_USER": getpass.getuser(), "PATH": os.environ["PATH"]}
    environment["UP_BIN"] = str(Path(sys.executable).parent)
    told = subprocess.run([ROOT / "deploy" / "service", "env"], env=environment, capture_output=True, text=True)
    lines = told.stdout.splitlines()
    assert "EFIT_MAIL__PASSWORD=un $mot 'de' passe" in lines
    assert "PREFECT_API_AUTH_STRING=a:b" in lines
    assert "EFIT_CONFIG=/var/lib/efit-annuaire/annuaire.toml" in lines
    named = subprocess.run([ROOT / "deploy" / "service", "pas-là"], env=environment, capture_output=True, text=True)
    assert (named.returncode, "pas-là" in named.stderr) == (2, True)


def test_a_pipe_for_secrets_is_refused_at_once(config: Path) -> None:
    os.mkfifo(config.parent / "secrets.env", 0o600)
    assert "fichier ordinaire" in problems(config)
