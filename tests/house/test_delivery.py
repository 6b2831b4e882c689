"""What `deploy/` promises exists: commands, folders, variables; units that systemd understands."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patient

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
BIN = Path(sys.executable).parent


def test_everything_the_container_copies_is_there():
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (.*)$", text, flags=re.MULTILINE) for name in shlex.split(line)[:-1]]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert "USER efit-annuaire" in text


def test_every_command_of_a_unit_is_one_of_ours():
    commands = [
        Path(line.partition("=")[2].split()[0])
        for unit in UNITS
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    assert len(commands) == 4
    assert [command for command in commands if not (BIN / command.name).is_file()] == []


def test_the_settings_of_prefect_are_settings_it_knows():
    from prefect.settings import Settings
    from prefect.settings.legacy import _get_valid_setting_names

    known = _get_valid_setting_names(Settings)
    lines = (ROOT / "deploy" / "prefect.env").read_text(encoding="utf-8").splitlines()
    named = {line.partition("=")[0] for line in lines if line.startswith("PREFECT_")}
    assert named
    assert named <= set(known)


def test_no_secret_stands_in_what_is_delivered():
    for path in (*UNITS, ROOT / "deploy" / "prefect.env", ROOT / "Containerfile"):
        assert not re.search(r"^(ENV )?\w*(PASSWORD|KEY|AUTH)\w*=\S", path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_systemd_understands_the_unit(tmp_path: Path, unit: Path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine: apt-get install systemd")
    for one in UNITS:
        text = one.read_text(encoding="utf-8")
        text = text.replace("/opt/efit-annuaire/.venv/bin", str(BIN)).replace("/opt/efit-annuaire", str(ROOT))
        (tmp_path / one.name).write_text(text.replace("postgresql.service", ""), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=patient(60))
    told = [line for line in done.stderr.splitlines() if unit.name in line]
    assert told == []
    assert done.returncode == 0, done.stderr
