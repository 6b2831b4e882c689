"""`init`: a configuration to start from that names every key, loads as it is, and says what is still missing."""

import json
import re
import stat
import tomllib
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pydantic import BaseModel

from flows.cli.app import run
from flows.installing.init import FILES, FOLDERS
from flows.settings.load import AT_THE_TOP, SECTIONS, load_settings
from flows.settings.model import Settings
from tests.night.installed import House

TEMPLATE = files("schemas").joinpath("installation", "annuaire.toml").read_text(encoding="utf-8")
_COMMENTED = re.compile(r"^# (?=\[|[a-z_]+ = )", re.MULTILINE)
ONE_OF = {"workbook": {"ets", "national"}, "annuaire": {"url"}, "mail": {"smtp_url"}}  # at most one of these stands


def command(*words: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr)."""
    out, told = StringIO(), StringIO()
    with patch("sys.stdout", out), patch("sys.stderr", told):
        code = run(list(words))
    return code, out.getvalue(), told.getvalue()


def everything() -> dict[str, Any]:
    """The template with every commented key in force."""
    return tomllib.loads(_COMMENTED.sub("", TEMPLATE))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_of_the_settings_is_in_the_template_and_no_other(section: str) -> None:
    model: type[BaseModel] = SECTIONS[section]
    found = everything()[section]
    keys = found[0] if isinstance(found, list) else found
    assert set(keys) == {field.alias or name for name, field in model.model_fields.items()}


def test_every_key_has_its_comment() -> None:
    keys = [line for line in TEMPLATE.splitlines() if re.match(r"(# )?[a-z_]+ = ", line)]
    assert len(keys) == sum(len(model.model_fields) for model in SECTIONS.values()) + len(AT_THE_TOP)
    assert [line for line in keys if " # " not in line.removeprefix("# ")] == []


def test_the_values_shown_for_what_may_be_left_out_are_the_defaults() -> None:
    shown = everything()
    for section in ("policy", "retention"):
        defaults = SECTIONS[section]().model_dump(mode="json")
        assert shown[section] == defaults


def test_every_example_in_the_template_would_be_accepted() -> None:
    data = everything()
    for section, others in ONE_OF.items():
        for key in others:
            (data[section][0] if isinstance(data[section], list) else data[section]).pop(key)
    for section, model in SECTIONS.items():
        for one in data[section] if isinstance(data[section], list) else [data[section]]:
            model.model_validate(one)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    code, out, _ = command("init", str(tmp_path / "chez nous"))
    assert code == 0
    assert "doctor" in out
    return tmp_path / "chez nous"


def test_what_was_written_loads_and_is_closed_to_others(made: Path) -> None:
    settings = load_settings(made / "annuaire.toml")
    assert settings.annuaire.export == "efit/export.xlsx"
    for name in FILES.values():
        assert stat.S_IMODE((made / name).stat().st_mode) == 0o600
    for name in FOLDERS:
        assert stat.S_IMODE((made / name).stat().st_mode) == 0o700


def test_only_the_missing_files_are_amiss(made: Path) -> None:
    code, found = House(made).diagnosis()
    assert code == 1
    failed = {name: [one for one in each if one["verdict"] == "failure"] for name, each in found.items()}
    assert {name for name, each in failed.items() if each} == {"register", "annuaire"}
    told = [one["found"] for each in failed.values() for one in each]
    assert all("aucun fichier" in one or "introuvable" in one for one in told)
    assert {"configuration", "night"} <= set(found)  # the addresses to replace, and that no night was played


def test_a_night_on_it_says_in_french_what_is_missing(made: Path) -> None:
    code, _, told = command("sync", "-c", str(made / "annuaire.toml"))
    assert code == 2
    assert "efit/export.xlsx est introuvable" in told
    assert "Traceback" not in told


def test_nothing_is_overwritten_and_nothing_written_beside(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("à moi")
    code, out, told = command("init", str(tmp_path), "--json")
    assert code == 2
    assert "README.txt existe déjà" in told
    assert json.loads(out)["exit_code"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["README.txt"]
    assert (tmp_path / "README.txt").read_text() == "à moi"


def test_a_folder_that_is_there_and_holds_other_things_is_taken(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("à moi")
    code, out, _ = command("init", str(tmp_path), "--json")
    assert code == 0
    assert set(json.loads(out)["written"]) == {*FILES.values(), *(f"{name}/" for name in FOLDERS)}


def test_a_file_is_no_folder_to_prepare(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    code, _, told = command("init", str(tmp_path / "x"))
    assert (code, "n’est pas un dossier" in told) == (2, True)


def test_the_secrets_shown_are_names_that_are_known(made: Path) -> None:
    text = (made / "secrets.env.example").read_text(encoding="utf-8")
    names = re.findall(r"^# (EFIT_\w+)=", text, re.MULTILINE)
    assert names == [
        "EFIT_MAIL__PASSWORD",
        "EFIT_MAIL__MAILBOX_PASSWORD",
        "EFIT_MAIL__OAUTH__CLIENT_SECRET",
        "EFIT_DIRECTORY__API_KEY",
        "EFIT_MAIL__SMIME_PASSWORD",
        "EFIT_STORE__URL",
        "EFIT_ANNUAIRE__URL",
        "EFIT_SIGNING_KEY",
        "EFIT_SIGNING_KEY_PREVIOUS",
    ]
    for name in names:
        section, _, key = name.removeprefix("EFIT_").lower().partition("__")
        key = key.partition("__")[0]  # a table within a section
        assert (key in SECTIONS[section].model_fields) if key else (section in Settings.model_fields)
