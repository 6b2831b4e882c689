"""What costs trust in a second: the version, a terminal of another encoding, a folder that is a file, a full disk."""

import json
import tomllib
from pathlib import Path
from unittest.mock import patch

import pytest

from connectors.system.machine import Disk
from flows.cli.app import run
from flows.state.run_state import now
from schemas.errors import DeliveryError
from tests.night.by_command import Service, flat
from tests.night.country import TODAY, copy_country
from tests.night.played import Installation
from tests.night.test_safeguards import files
from tests.typed import typed

ROOT = Path(__file__).parents[2]
DAY = ("--as-of", TODAY.isoformat())


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """The invented country before its first night."""
    return Installation(copy_country(tmp_path))


def outside(*words: str, encoding: str = "utf-8") -> tuple[int, bytes, bytes]:
    """(exit code, stdout, stderr) of the command, in a terminal of that encoding."""
    done = typed(*words, environment={"PYTHONIOENCODING": encoding})
    return done.code, done.out, done.err


def test_the_version_is_that_of_the_package() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert outside("--version")[:2] == (0, f"{declared}\n".encode())


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-15", "cp850", "utf-8"])
def test_a_night_prints_in_a_terminal_of_any_encoding(fresh: Installation, encoding: str) -> None:
    code, out, told = outside("sync", "-c", str(fresh.config), *DAY, encoding=encoding)
    assert (code, b"Traceback" in told) == (0, False)
    text = out.decode(encoding)
    assert ("Écarts" if encoding != "ascii" else "Ecarts") in text
    assert "?" not in text.replace("’ ?", "")
    assert list((fresh.folder / "var" / "outbox").glob("*.eml"))


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-15", "utf-8"])
def test_json_is_the_same_document_in_any_encoding(encoding: str) -> None:
    code, out, _ = outside("sync", "-c", "nulle-part-é.toml", "--json", encoding=encoding)
    assert code == 2
    assert "n’est pas" in json.loads(out.decode(encoding))["errors"][0] or "être lu" in json.loads(out)["errors"][0]


@pytest.mark.parametrize("below", [(), ("dossier",)])
def test_a_folder_of_results_that_is_a_file_is_said_before_anything_is_read(
    fresh: Installation, tmp_path: Path, below: tuple[str, ...]
) -> None:
    file = tmp_path / "resultats"
    file.write_text("à moi")
    code, found = fresh.json("sync", "--out", str(file.joinpath(*below)), *DAY)
    assert code == 2
    assert found["errors"] == [f"--out {file}\u00a0: c’est un fichier, un dossier est attendu. Donner un autre chemin, "
                               "ou déplacer ce fichier."]  # fmt: skip
    assert file.read_text() == "à moi"
    assert not (fresh.folder / "var").exists()


@pytest.mark.parametrize("command", ["dashboard", "passwords", "remind"])
def test_every_folder_that_is_a_file_is_said_so(fresh: Installation, tmp_path: Path, command: str) -> None:
    file = tmp_path / "resultats"
    file.write_text("à moi")
    code, found = fresh.json(command, "--out", str(file))
    assert code == 2
    assert "c’est un fichier" in found["errors"][0]
    assert file.read_text() == "à moi"


def nothing_was_told(there: Installation) -> bool:
    return not list((there.folder / "var").rglob("*.eml"))


def test_a_disk_that_fills_up_is_found_before_a_mail_leaves(fresh: Installation) -> None:
    """The next night tells everything: nothing counts as told."""
    with patch("flows.night.outputs.disks", return_value=[Disk((fresh.folder,), 1000)]):
        code, found = fresh.json("sync", *DAY)
    assert code == 1
    assert "Plus assez de place" in found["errors"][0]
    assert nothing_was_told(fresh)
    assert fresh.run("sync", *DAY)[0] == 0
    assert not nothing_was_told(fresh)
    statuses = {change["status"] for change in fresh.changeset()["changes"]}
    assert statuses == {"notified"}


def test_results_that_cannot_be_written_are_found_before_a_mail_leaves(fresh: Installation) -> None:
    (fresh.folder / "out").mkdir()
    with patch("flows.night.outputs.write_rejects", side_effect=DeliveryError("plein")):
        code, found = fresh.json("sync", *DAY)
    assert (code, found["errors"]) == (1, ["plein"])
    assert nothing_was_told(fresh)


def test_the_room_that_was_taken_is_given_back(fresh: Installation) -> None:
    assert fresh.run("sync", *DAY)[0] == 0
    assert [path.name for path in (fresh.folder / "out").glob(".*")] == [".witness.json"]


def test_a_log_that_the_disk_refuses_keeps_no_mail_from_leaving(tmp_path: Path) -> None:
    service = Service(tmp_path, attachments="plain")
    log = tmp_path / "var" / "log" / f"{now():%Y-%m-%d}.jsonl"
    log.parent.mkdir(parents=True)
    log.symlink_to("/dev/full")
    code, said = service.night(files(emails=("O",)), TODAY)
    assert (code, len(service.mails()) > 0) == (0, True)
    assert flat("Le journal du service, à côté de la base, n’a pas pu être écrit en entier (plus de place") in flat(
        said
    )


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["sync", *DAY], "flows.night.nightly.read_snapshot"),
        (["status"], "flows.jobs.status.load_settings"),
        (["fetch"], "flows.jobs.fetch.load_settings"),
    ],
)
def test_whoever_interrupts_a_command_is_told_that_it_goes_on_when_it_is_typed_again(
    fresh: Installation, words: list[str], where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with patch(where, side_effect=KeyboardInterrupt):
        code = run([*words, "--config", str(fresh.config)])
    told = flat(capsys.readouterr().err)
    assert (code, told.count("Interrompu"), "la même commande" in told) == (1, 1, True)
