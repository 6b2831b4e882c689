"""The tab key in real shells: each reads what `efit-annuaire completion` writes, and is asked what follows."""

import os
import pty
import re
import select
import shutil
import subprocess
from pathlib import Path
from time import monotonic

import pytest

from flows.cli.app import run
from tests.patience import patient

PATIENCE = patient(20)  # seconds until a line is shown
_UNSEEN = re.compile(
    r"\x1b\[[0-9;?]*[a-zA-Z]|\x00"
)  # where a terminal writes, and what keeps a slow one from falling behind

BASH = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_efit_annuaire
printf '%s\n' "${COMPREPLY[@]}"
"""
FISH = 'source $argv[1]; complete --do-complete "$argv[2]"'


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Path:
    """What the command writes for the shell of the test; skipped where that shell is not installed."""
    shell = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here; .ci/run installs it")
    assert run(["completion", shell]) == 0
    path = tmp_path / "_cyclopts_efit-annuaire"  # the one name that zsh takes: that of the function in it
    path.write_text(capsys.readouterr().out)
    return path


each_shell = pytest.mark.parametrize("script", ["bash", "zsh", "fish"], indirect=True, ids=str)


@each_shell
def test_the_script_is_what_the_shell_takes_and_says_nothing_in_english(
    script: Path, request: pytest.FixtureRequest
) -> None:
    shell = request.node.callspec.params["script"]
    subprocess.run([shell, "-n", script], check=True)
    assert "Display" not in script.read_text()


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["st"], {"status"}),
        (["sync", "--re"], {"--region", "--release"}),
        (["annuaire", ""], {"load"}),
        (["d"], {"dashboard", "decisions", "delta", "demo", "doctor"}),
    ],
)
def test_bash_completes(script: Path, words: list[str], offered: set[str]) -> None:
    asked = ["bash", "--norc", "-c", BASH, "bash", str(script), "efit-annuaire", *words]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert set(said.split()) == offered


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.parametrize(
    ("line", "offered", "why"),
    [("st", "status", "en attente"), ("sync --rel", "--release", "Laisser partir"), ("annuaire l", "load", "Charger")],
)
def test_fish_completes_and_says_why(script: Path, line: str, offered: str, why: str) -> None:
    asked = ["fish", "--no-config", "-c", FISH, str(script), f"efit-annuaire {line}"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    word, _, description = said.strip().partition("\t")
    assert (word, why in description) == (offered, True)


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_completes_on_the_tab_key(script: Path) -> None:
    """zsh completes in its line editor alone: it is given a terminal, and the keys are typed."""
    ready = f"fpath=({script.parent} $fpath); autoload -Uz compinit; compinit -u -D; PS1='> '; echo re''ady\n"
    steps = [(ready, "ready"), ("efit-annuaire stat\t", "us "), ("--js\t", "--json")]
    said = _typed(["zsh", "-f", "-i"], steps, script.parent)
    assert re.fullmatch(r".*efit-annuaire stat\W*us\W+--json\W*", said, re.DOTALL)


def _typed(command: list[str], steps: list[tuple[str, str]], folder: Path) -> str:
    """What a terminal shows: the keys of each step are typed once the words of the one before are there."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, {"PATH": os.environ["PATH"], "TERM": "vt100", "HOME": str(folder)})
    shown = ""
    try:
        for keys, until in steps:
            os.write(terminal, keys.encode())
            shown = _shown(terminal, shown, until)
        return shown
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


def _shown(terminal: int, before: str, until: str) -> str:
    end = monotonic() + PATIENCE
    while until not in before and monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            before += _UNSEEN.sub("", os.read(terminal, 4096).decode(errors="replace"))
    return before
