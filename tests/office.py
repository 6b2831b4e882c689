"""LibreOffice, where it is installed: what it makes of a workbook that somebody opens in it and saves."""

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.patience import patient

office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


@cache
def _profile() -> Path:
    """Its settings, made by the first that asks: that takes as long as all the rest."""
    return Path(tempfile.mkdtemp(prefix="office-"))


def saved_by_office(source: Path, to: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in a form (« ods », « xlsx:Calc MS Excel 2007 XML »), into an empty folder."""
    profile = f"-env:UserInstallation={_profile().as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=patient(180))
    (found,) = folder.iterdir()
    return found


def forget_office() -> None:
    """Delete what it keeps."""
    if _profile.cache_info().currsize:
        shutil.rmtree(_profile(), ignore_errors=True)
        _profile.cache_clear()
