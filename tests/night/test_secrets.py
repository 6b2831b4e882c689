"""One file of secrets for the service, the worker and the shell: read by every command, closed to others."""

from pathlib import Path

import pytest

from flows.configuration import load_settings
from schemas.errors import ConfigurationError


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
    assert "chmod 600 secrets.env" in told


def test_a_file_that_is_not_there_is_said_with_its_key(config: Path) -> None:
    assert "secrets_file" in problems(config)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("EFIT_MAIL__PASSWORD\n", "ligne 1"),
        ("\nsésame ouvre-toi\n", "ligne 2"),
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
