"""Whatever is wrong with an installation: every command says it in one JSON document, in French, with its exit code."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from flows.cli.app import run
from tests.night.country import TODAY
from tests.night.played import Installation, played

ENGLISH = ("not a database", "at line", "unable to", "No such file", "Traceback", "Error")


def no_toml(there: Installation) -> None:
    there.config.write_text("a = [", encoding="utf-8")


def no_configuration(there: Installation) -> None:
    there.config.unlink()


def a_damaged_store(there: Installation) -> None:
    for one in (there.folder / "var").glob("annuaire.db-*"):
        one.unlink()
    (there.folder / "var" / "annuaire.db").write_bytes(b"garbage" * 5000)


def a_folder_as_a_store(there: Installation) -> None:
    for one in (there.folder / "var").glob("annuaire.db*"):
        one.unlink()
    (there.folder / "var" / "annuaire.db").mkdir()


def a_store_of_no_kind(there: Installation) -> None:
    with there.config.open("a", encoding="utf-8") as file:
        file.write('\n[store]\nurl = "bidule"\n')


COMMANDS = (
    f"sync --as-of {TODAY}",
    f"sync --dry-run --as-of {TODAY}",
    "decisions",
    "explain EF0001",
    "status",
    "history",
    f"history --as-of {TODAY}",
    "mails",
    "undo abc",
    "remind",
    "dashboard",
    "purge --before 2020-01-01",
    "doctor",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The invented country after its first night."""
    return played(tmp_path_factory.mktemp("errors"))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(no_toml, 2), (no_configuration, 2), (a_damaged_store, 1), (a_folder_as_a_store, 1), (a_store_of_no_kind, 2)],
)
def test_every_command_tells_it_in_one_document_and_in_french(
    installed: Installation, tmp_path: Path, spoil: Callable[[Installation], None], code: int
) -> None:
    there = installed.copy(tmp_path / "there")
    (there.inbox / "retour.xlsx").write_bytes(b"PK")  # so that `decisions` has something to do
    spoil(there)
    for command in COMMANDS:
        out, err = StringIO(), StringIO()
        with patch("sys.stdout", out), patch("sys.stderr", err):
            found = run([*command.split(), "--json", "--config", str(there.config)])
        said = out.getvalue()
        document = json.loads(said)
        if command == f"sync --dry-run --as-of {TODAY}" and spoil is a_folder_as_a_store:
            assert found == 4  # it makes none: the witness speaks
            continue
        assert found in ((1, 2) if command == "doctor" else (code,)), (command, said)
        assert command == "doctor" or document["errors"], command
        assert not [word for word in ENGLISH if word in said + err.getvalue()], (command, said)
