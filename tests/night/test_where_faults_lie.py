"""Whoever reads a complaint looks where the fault is: the variable, the line of the file, the store that is gone."""

import json
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.night.country import TODAY
from tests.night.played import Installation, played

DAY = ("--as-of", TODAY.isoformat())


def told(there: Installation, *words: str, **environment: str) -> tuple[int, list[str]]:
    """(exit code, what is complained of) with these variables."""
    with patch.dict("os.environ", environment):
        code, found = there.json(*words)
    return code, [one.replace("\u00a0", " ") for one in found["errors"]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The invented country after its first night."""
    return played(tmp_path_factory.mktemp("where"))


@pytest.fixture
def there(installed: Installation, tmp_path: Path) -> Installation:
    return installed.copy(tmp_path / "there")


def test_a_wrong_variable_is_named_and_the_file_is_not_blamed(there: Installation) -> None:
    code, problems = told(there, "status", EFIT_POLICY__REMIND_AFTER_DAYS="sept", efit_mail__sendr="x")
    assert code == 2
    assert problems == [
        "Variable d’environnement EFIT_POLICY__REMIND_AFTER_DAYS : « policy.remind_after_days » : valeur « sept » "
        "refusée (un nombre entier est attendu).",
        "Variable d’environnement efit_mail__sendr : clé inconnue « mail.sendr ». Clé la plus proche : « sender ».",
    ]


def test_a_wrong_line_of_the_secrets_is_told_with_its_number(there: Installation) -> None:
    secrets = there.folder / "secrets.env"
    secrets.write_text("# pour le service\n\nEFIT_MAIL__PASSWRD=secret-x\nEFIT_MIAL=1\n", encoding="utf-8")
    secrets.chmod(0o600)
    there.config.write_text(f'secrets_file = "secrets.env"\n{there.config.read_text(encoding="utf-8")}')
    code, problems = told(there, "sync", *DAY)
    assert code == 2
    assert [one.split(" : ")[0] for one in problems] == [
        "secrets.env, ligne 3 (EFIT_MAIL__PASSWRD)",
        "secrets.env, ligne 4 (EFIT_MIAL)",
    ]
    assert "secret-x" not in json.dumps(problems)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[register]\n[register]", "section [register] ouverte deux fois"),
        ("a = 1\na = 2\n", "ligne 2, colonne 6 : clé ou section donnée deux fois"),
        ("a = \n", "ligne 1, colonne 5 : valeur absente ou mal écrite"),
        ('a = "x\n', "ligne 1, colonne 7 : caractère interdit, souvent un guillemet qui manque"),
        ("a = [1", "crochet ] qui manque"),
        ('a = "C:\\données"', "barre \\ seule dans un texte"),
    ],
)
def test_a_text_that_is_no_toml_is_told_in_french(there: Installation, line: str, said: str) -> None:
    there.config.write_text(line, encoding="utf-8")
    code, problems = told(there, "sync")
    assert code == 2
    assert said in problems[0]
    assert not any(word in problems[0] for word in ("at line", "annot", "Invalid", "Expected", "end of"))


def test_true_is_no_number(there: Installation) -> None:
    with there.config.open("a", encoding="utf-8") as file:
        file.write("[retention]\nlogs_months = true\n")
    code, problems = told(there, "status")
    assert code == 2
    assert "« retention.logs_months » : valeur « true » refusée (un nombre entier est attendu)." in problems[0]


def test_a_word_that_the_shell_left_empty_prepares_no_installation(
    there: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ici").mkdir()
    monkeypatch.chdir(tmp_path / "ici")
    assert there.run_alone("init", "") == 2
    assert not list((tmp_path / "ici").iterdir())


@pytest.mark.parametrize("emptied", [False, True])
@pytest.mark.parametrize("words", ["status", "history", "mails", "remind", "explain EF0001", "dashboard", "decisions"])
def test_a_store_that_is_gone_is_no_installation_that_never_played(
    there: Installation, words: str, emptied: bool
) -> None:
    store = there.folder / "var" / "annuaire.db"
    for one in store.parent.glob("annuaire.db*"):
        one.unlink()
    if emptied:
        store.touch()
    code, problems = told(there, *words.split())
    assert code == 4
    assert "Remettre la dernière sauvegarde" in problems[0]
    assert "Lancer d’abord" not in problems[0]
    assert f"{TODAY:%d/%m/%Y}" in problems[0]
    assert store.exists() == emptied
