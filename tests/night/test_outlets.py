"""A night whose words nobody takes: its mails have left, its exit code is its own, and nobody reads a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.night.by_command import Service
from tests.night.small import write_files
from tests.night.test_crash import FIRST, first_files
from tests.typed import typed

COMMAND = f'"{sys.executable}" -c "from flows.cli.start import main; main()"'
DAY = f"-c annuaire.toml --as-of {FIRST.isoformat()}"
SYNC = f"sync --jobs 1 {DAY}"


def small_country(folder: Path) -> Path:
    """An installation before its first night, which tells of something: processes are what costs here."""
    write_files(Service(folder).root, first_files(), FIRST)
    return folder


def shell(words: str, folder: Path, **environment: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of a line typed in bash; `efit-annuaire` is this product."""
    script = f'efit-annuaire() {{ {COMMAND} "$@"; }}; cd "{folder}"; set -o pipefail; {words}'
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "PYTHONPATH": root, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def plain_night(folder: Path) -> int:
    """The exit code of a night whose words are read."""
    return typed(*SYNC.split(), folder=folder).code


def mails(folder: Path) -> int:
    return len(list((folder / "var" / "outbox").glob("*.eml")))


@pytest.mark.parametrize(
    ("outlet", "why"), [("> /dev/full", "plus de place sur le disque"), (">&-", "sortie fermée"), ("| head -0", "")]
)
def test_a_night_that_nobody_can_read_ends_as_it_was_and_tells_nobody_twice(
    tmp_path: Path, outlet: str, why: str
) -> None:
    folder = small_country(tmp_path)
    code, _, told = shell(f"efit-annuaire {SYNC} {outlet}", folder)
    assert (code, "Traceback" in told) == (0, False)
    assert mails(folder) > 0
    said = [line for line in told.splitlines() if line.startswith("efit-annuaire")]
    assert [why in line for line in said] == ([True] if why else [])
    before = mails(folder)
    assert plain_night(folder) == 0
    assert mails(folder) == before
    assert not (folder / "1").exists()


@pytest.mark.parametrize("words", ["status", "history --json"])
def test_a_look_that_could_not_be_written_is_no_success(tmp_path: Path, words: str) -> None:
    folder = small_country(tmp_path)
    assert plain_night(folder) == 0
    code, _, told = shell(f"efit-annuaire {words} {DAY} > /dev/full", folder)
    assert (code, "Traceback" in told) == (1, False)
    assert "n’a pas pu être écrit en entier (plus de place sur le disque)" in told.replace("\u00a0", " ")
    code, _, told = shell(f"efit-annuaire {words} {DAY} | head -1", folder)
    assert (code, "Traceback" in told, "écrit" in told) == (0, False, False)


def test_a_closed_stderr_costs_a_night_nothing(tmp_path: Path) -> None:
    folder = small_country(tmp_path)
    code, out, _ = shell(f"efit-annuaire {SYNC} --json 2>&-", folder)
    assert (code, json.loads(out)["status"]) == (0, "complete")
    assert shell(f"efit-annuaire {SYNC} >&- 2>&- <&-", folder)[0] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="what root leaves is handed over by root alone")
@pytest.mark.parametrize("words", ["", "--version", "-c"])
def test_root_may_type_nothing_at_all(tmp_path: Path, words: str) -> None:
    code, _, told = shell(f"efit-annuaire {words}", tmp_path)
    assert (code, "Traceback" in told) == (2 if words == "-c" else 0, False)


@pytest.mark.parametrize("locale", ["C", "POSIX", "fr_FR.ISO-8859-15", "C.UTF-8"])
def test_an_installation_in_a_folder_with_an_accent_begins_in_any_locale(tmp_path: Path, locale: str) -> None:
    """The line of `make install` that names the product to Python is read before anything of ours is."""
    product = tmp_path / "annuaire é"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", product / ".venv"], check=True)
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    (line,) = [one for one in makefile.splitlines() if "annuaire_sync.pth" in one]
    (packages,) = product.glob(".venv/lib/*/site-packages")
    (packages / "_editable_impl_efit_annuaire_sync.pth").write_text(f"{product}\n", encoding="utf-8")
    subprocess.run(["sh", "-c", line.strip().removeprefix("@").replace("$$", "$")], cwd=product, check=True)
    (product / "ours.py").write_text("print('là')\n", encoding="utf-8")
    done = subprocess.run(
        [product / ".venv" / "bin" / "python", "-c", "import ours"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "LC_ALL": locale},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_where_python_may_not_take_paths_as_utf8_an_accent_stops_nothing(tmp_path: Path) -> None:
    strict = {"PATH": os.environ["PATH"], "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        f"{COMMAND} demo --out 'démo à voir'", shell=True, cwd=tmp_path, env=strict, capture_output=True, check=False
    )
    said = done.stdout + done.stderr
    assert (done.returncode, b"Traceback" in said) == (0, False), said.decode()
    assert said.isascii()
    assert (tmp_path / "démo à voir" / "changeset.json").is_file()
