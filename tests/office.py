"""LibreOffice, where it is installed: what it makes of a workbook that somebody opens in it and saves.

It takes longer to begin than to save a book, so one is kept open (`tests/office_kept.py`), where it has what that
needs.
"""

import os
import select
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.patience import patient

office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
_PYTHON = "/usr/bin/python3"  # Debian's, which has `uno` with it
_running: "list[subprocess.Popen[bytes]]" = []


@cache
def _profile() -> Path:
    """Its settings, made by the first that asks, and the one that is kept open with them."""
    profile = Path(tempfile.mkdtemp(prefix="office-"))
    if Path(_PYTHON).exists():
        seconds = patient(30)
        script, pipe = str(Path(__file__).with_name("office_kept.py")), f"tests-{os.getpid()}"
        command = [_PYTHON, "-I", script, profile.as_uri(), pipe, str(seconds)]
        kept = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        _running.append(kept)
        assert kept.stdout
        select.select([kept.stdout], [], [], 2 * seconds)  # where it cannot each begins for itself
    return profile


def saved_by_office(source: Path, to: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in a form (« ods », « xlsx:Calc MS Excel 2007 XML »), into an empty folder."""
    profile = f"-env:UserInstallation={_profile().as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=patient(180))
    (found,) = folder.iterdir()
    return found


def forget_office() -> None:
    """Delete what it keeps."""
    while _running:
        _running.pop().communicate()
    if _profile.cache_info().currsize:
        shutil.rmtree(_profile(), ignore_errors=True)
        _profile.cache_clear()
